"""The district's context can be kept and handed over: what is assessed with it is the same to the last byte."""

import datetime as dt

import pytest

import werkbank as wb
from werkbank.assessment.district import HANDED_OVER, context_key, context_of, contexts_document, handed_over
from werkbank.assessment.inputs import read_inputs
from werkbank.errors import OutputError
from werkbank.files.canonical import canonical_json


@pytest.fixture
def kept(demo_workspace, tmp_path):
    """The demo's context in a file, and its key."""
    parameters, inputs = of("urk")
    context = context_of(parameters, inputs.catalogue, inputs.parks, inputs.basis)
    key = context_key(parameters, inputs.catalogue, inputs.basis)
    path = tmp_path / "district_context.json"
    path.write_text(canonical_json(contexts_document({key: context})), encoding="utf-8")
    return path


def of(slug, **overrides):
    parameters = wb.load_parameters(slug, **overrides)
    return parameters, read_inputs(parameters, dt.date.today())


@pytest.mark.parametrize("slug", ["urk", "almere"])
def test_with_the_context_of_another_municipality_every_byte_is_the_same(kept, monkeypatch, slug):
    own = wb.assess(slug).to_json()
    monkeypatch.setenv(HANDED_OVER, str(kept))
    # The district's workbooks are not read again.
    monkeypatch.setattr("werkbank.assessment.flow.district_context", None)
    assert wb.assess(slug).to_json() == own


def test_another_method_has_no_context_there_and_without_a_batch_there_is_none(kept, monkeypatch):
    monkeypatch.setenv(HANDED_OVER, str(kept))
    assert handed_over(*of("urk", method={"power": {"threat": 3}})) is None
    assert handed_over(*of("urk", parties=("police",))) is None
    monkeypatch.delenv(HANDED_OVER, raising=False)
    assert handed_over(*of("urk")) is None


@pytest.mark.parametrize("text", ["", "{}", '{"contexts": []}', "[1]", None])
def test_a_file_that_is_no_context_or_was_changed_is_refused_and_never_ignored(kept, monkeypatch, text):
    changed = kept.read_text().replace('"correlation": 0.', '"correlation": 0.1')
    kept.write_text(changed if text is None else text)
    monkeypatch.setenv(HANDED_OVER, str(kept))
    with pytest.raises(OutputError, match=r"district_context\.json"):
        handed_over(*of("urk"))
