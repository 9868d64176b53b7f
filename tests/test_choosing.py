"""Municipalities and audiences by what people call them."""

import shutil

import pytest

from werkbank.assessment.choosing import chosen_audience, chosen_municipalities, chosen_round
from werkbank.errors import ParametersError
from werkbank.settings.catalogue import load_catalogue


@pytest.fixture(autouse=True)
def _workspace(demo_workspace):
    """The fictional district."""


def refusal(call, *arguments):
    with pytest.raises(ParametersError) as caught:
        call(*arguments)
    return str(caught.value)


def test_each_is_chosen_once_in_the_order_of_the_words_and_capitals_make_no_difference():
    assert chosen_municipalities(["urk", "Almere", "Urk", "URK", " urk "]) == ("urk", "almere")
    assert chosen_municipalities([]) == ()


def test_a_municipality_is_known_by_its_name_too(demo_workspace, tmp_path, monkeypatch):
    """ "De Ronde Venen" lives in de-ronde-venen.yaml."""
    (tmp_path / "parameters").mkdir()
    shutil.copy(demo_workspace / "parameters" / "district.yaml", tmp_path / "parameters")
    own = "municipality: de-ronde-venen\ncode: GM0736\nname: De Ronde Venen\n"
    (tmp_path / "parameters" / "de-ronde-venen.yaml").write_text(own)
    monkeypatch.setenv("WERKBANK_WORKSPACE", str(tmp_path))
    assert chosen_municipalities(["de ronde venen"]) == ("de-ronde-venen",)


def test_a_round_is_that_of_the_parameters_or_one_of_which_returns_came(own_workspace):
    (own_workspace / "data" / "matrices" / "2024-1b").mkdir()
    assert [chosen_round(word) for word in ("2026-1", " 2025-1", "2024-1B")] == ["2026-1", "2025-1", "2024-1b"]
    told = refusal(chosen_round, "2026")
    assert told == "Ronde “2026” is er niet. Bedoelt u “2026-1”? Er zijn: 2024-1, 2024-1b, 2025-1 en 2026-1."


@pytest.mark.parametrize("word", ["urk, dronten", "urk,dronten", "Urk;dronten", "urk en dronten", "urk dronten"])
def test_several_in_one_word_are_asked_for_one_by_one(word):
    """Not "bedoelt u dronten?", which would leave the other out."""
    assert "Noem elke gemeente apart: -m urk -m dronten" in refusal(chosen_municipalities, [word])


def test_every_unknown_one_is_named_in_whole_sentences():
    told = refusal(chosen_municipalities, ["lelistad", "amsterdam", "urk", "dronte"])
    assert told.startswith("Onbekende gemeente: “lelistad”, “amsterdam” en “dronte”. Bedoelt u “lelystad”? ")
    assert "Bedoelt u “dronten”? Er zijn: almere, " in told
    assert "  " not in told
    assert "bedoelt" not in told


def test_a_district_without_municipalities_says_so(tmp_path, monkeypatch):
    """With parameters that cannot be read the audience is still known: what is wrong is said when they are needed."""
    (tmp_path / "parameters").mkdir()
    (tmp_path / "parameters" / "district.yaml").touch()
    monkeypatch.setenv("WERKBANK_WORKSPACE", str(tmp_path))
    assert "zoals parameters/almelo.yaml" in refusal(chosen_municipalities, ["urk"])
    for name in ("district.yaml", "urk.yaml"):
        (tmp_path / "parameters" / name).write_text("x: 1")
    assert chosen_audience("gemeente") == "municipality"


def test_an_audience_is_known_by_its_code_and_its_dutch_name_and_another_is_refused_with_those_that_are():
    assert [chosen_audience(word) for word in ("riec", "RIEC")] == ["riec"] * 2
    assert [chosen_audience(word) for word in ("municipality", "gemeente")] == ["municipality"] * 2
    for word, told in (("krant", "Er is geen doelgroep “krant”."), ("gemeentee", "Bedoelt u “gemeente”?")):
        message = refusal(chosen_audience, word)
        assert f"{told} Er zijn: " in message
        assert all(audience.id in message for audience in load_catalogue().audiences)
