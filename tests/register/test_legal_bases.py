"""The legal basis: valid for this municipality, round and day, or the parties are not brought together."""

import datetime as dt

import pytest

from werkbank.errors import LegalBasisError, RegisterError
from werkbank.files.yaml import yaml_text
from werkbank.register import load_legal_bases, require_legal_basis

DAY = dt.date(2026, 3, 1)
BASIS = {
    "id": "besluit-1",
    "kind": "enforcement_bottleneck",
    "body": "Stuurgroep",
    "decided": dt.date(2026, 1, 15),
    "valid_until": dt.date(2026, 12, 31),
    "municipalities": ["urk", "almere"],
    "rounds": ["2026-1"],
    "purpose": "Het samenbrengen van de risicomatrices.",
    "retention_until": dt.date(2027, 12, 31),
}


@pytest.fixture
def bases(tmp_path):
    def write(*entries, text=None):
        path = tmp_path / "legal_bases.yaml"
        path.write_text(yaml_text({"legal_bases": list(entries)}) if text is None else text)
        return path

    return write


def refused(path, id="besluit-1", municipality="urk", round="2026-1", day=DAY):
    with pytest.raises(LegalBasisError) as caught:
        require_legal_basis(path, id, municipality, round, day)
    assert municipality in caught.value.message
    assert "secretariaat" in caught.value.message, "whom to ask"
    return [finding.rule for finding in caught.value.findings]


def faulty(path):
    with pytest.raises(RegisterError) as caught:
        load_legal_bases(path)
    assert all(finding.file == "legal_bases.yaml" for finding in caught.value.findings)
    return [(finding.rule, finding.line) for finding in caught.value.findings]


@pytest.mark.parametrize("day", [dt.date(2026, 1, 15), DAY, dt.date(2026, 12, 31)])
def test_a_valid_basis_is_returned(bases, day):
    """From the day of the decision up to and including the last day."""
    basis = require_legal_basis(bases(BASIS | {"releases": []}), "besluit-1", "urk", "2026-1", day)
    assert (basis.id, basis.municipalities, basis.rounds) == ("besluit-1", ("urk", "almere"), ("2026-1",))
    assert basis.releases == {}


@pytest.mark.parametrize("decided", ["15 januari 2026", "15-01-2026", "2026-01-15"])
def test_a_day_in_words_is_that_day(bases, decided):
    assert load_legal_bases(bases(BASIS | {"decided": decided}))[0].decided == BASIS["decided"]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"municipality": "dronten"}, "legal-basis-area"),
        ({"municipality": "Urk"}, "legal-basis-area"),
        ({"round": "2025-1"}, "legal-basis-round"),
        ({"round": ""}, "legal-basis-round"),
        ({"day": dt.date(2026, 1, 14)}, "legal-basis-not-yet"),
        ({"day": dt.date(2027, 1, 1)}, "legal-basis-expired"),
        ({"id": "besluit-2"}, "legal-basis-missing"),
        ({"id": ""}, "legal-basis-missing"),
        ({"id": "Voorbeeld"}, "legal-basis-example"),
    ],
)
def test_a_basis_that_does_not_hold_is_refused(bases, change, rule):
    """Another area, another round, too early, too late, or not recorded: each with its own reason.

    The example of a new workspace is none, however it was filled in further: a decision has a name of its own.
    """
    assert refused(bases(BASIS, BASIS | {"id": "Voorbeeld"}), **change) == [rule]


def test_every_reason_is_named_at_once(bases):
    """Area, round, date and retention in one message; what may no longer be kept is no basis either."""
    assert refused(bases(BASIS | {"retention_until": dt.date(2026, 2, 1)})) == ["legal-basis-retention"]
    path = bases(BASIS | {"retention_until": dt.date(2026, 12, 31)})
    told = refused(path, municipality="dronten", round="2024-1", day=dt.date(2030, 1, 1))
    assert told == [f"legal-basis-{what}" for what in ("area", "round", "expired", "retention")]


def test_without_a_file_there_is_no_basis(tmp_path):
    """Nothing recorded is nothing allowed; it is not an error of the file."""
    assert load_legal_bases(tmp_path / "legal_bases.yaml") == ()
    assert refused(tmp_path / "legal_bases.yaml") == ["legal-basis-missing"]
    assert load_legal_bases(tmp_path) == ()


def test_a_near_miss_is_asked_about(bases):
    with pytest.raises(LegalBasisError) as caught:
        require_legal_basis(bases(BASIS), "besluit1", "urk", "2026-1", DAY)
    assert caught.value.findings[0].remedy == "bedoelt u “besluit-1”?"


def test_several_bases_are_kept_apart_and_two_of_one_name_are_refused(bases):
    """The one that was asked for decides, whatever others allow; a later one never replaces another in silence."""
    path = bases(BASIS, BASIS | {"id": "besluit-2", "municipalities": ["dronten"]})
    assert require_legal_basis(path, "besluit-2", "dronten", "2026-1", DAY).id == "besluit-2"
    assert refused(path, municipality="dronten") == ["legal-basis-area"]
    assert faulty(bases(BASIS, BASIS | {"municipalities": ["dronten"]})) == [("doubled-legal-basis", 14)]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        *(
            ({"decided": day}, "wrong-type")
            for day in (0, 20260115, 2026.0, True, "vorige week", "30 februari 2026", None)
        ),
        ({"valid_until": dt.date(2025, 12, 31)}, "wrong-value"),
        ({"retention_until": dt.date(2025, 12, 31)}, "wrong-value"),
        ({"municipalities": []}, "wrong-value"),
        ({"municipalities": "urk"}, "wrong-type"),
        ({"rounds": []}, "wrong-value"),
        ({"rounds": ["2026-1", 2026]}, "wrong-type"),
        ({"purpose": "          x"}, "wrong-value"),
        ({"kind": "mandate"}, "wrong-value"),
        ({"id": "  "}, "wrong-value"),
        ({"id": 5}, "wrong-type"),
        ({"body": ""}, "wrong-value"),
        ({"releases": ["police_cells"]}, "wrong-value"),  # as it was written before it was by audience
        ({"valid_untill": dt.date(2026, 1, 1)}, "unknown-key"),
    ],
)
def test_a_fault_in_the_record_is_named(bases, change, rule):
    """A date is a date, a list a list; nothing is guessed where the law is concerned."""
    assert [found for found, _ in faulty(bases(BASIS | change))] == [rule]


@pytest.mark.parametrize(
    "text", ["", "legal_bases:", "legal_bases: 3", "legal_bases: [3]", "- x", "x: [", "a: 1\na: 2"]
)
def test_a_file_of_another_shape_is_refused_with_its_faults(bases, text):
    """Empty, a number, a list, no YAML: findings, never a traceback."""
    assert faulty(bases(text=text))


def test_every_fault_of_the_file_is_named_at_once(bases):
    text = "legal_bases:\n- id: besluit-1\n  kind: x\n  decided: 5\n  decided: 6\n- id: besluit-1\n  purpos: kort\n"
    found = faulty(bases(text=text))
    assert {("yaml-duplicate-key", 5), ("wrong-value", 3), ("unknown-key", 7), ("doubled-legal-basis", 6)} <= set(found)
    assert [rule for rule, _ in found].count("missing-key") >= 10
