"""Why a part is given or not: one rule decides, whatever the data says."""

import pytest

import werkbank as wb
from werkbank.errors import ParametersError
from werkbank.register.legal_bases import releases_explained
from werkbank.sharing.who import why

CATALOGUE = wb.load_catalogue()
PARTS = sorted({field for each in CATALOGUE.audiences for field in each.fields} | {*releases_explained()} - {"cells"})
PARTIES = ("police", "municipality")


@pytest.fixture(scope="module")
def full(demo_workspace):
    return wb.assess("urk")


@pytest.mark.parametrize("audience", CATALOGUE.audiences, ids=lambda one: one.id)
def test_what_is_said_to_be_given_is_what_the_gate_gives(full, audience):
    """Of every part, for every audience: the ruling agrees with the fields after the releases."""
    from werkbank.sharing import entitled

    seen = entitled(audience, full.legal_basis, CATALOGUE, PARTIES)
    rulings = {part: why(part, audience, full.legal_basis, CATALOGUE, PARTIES) for part in PARTS}
    nowhere = audience.areas == "none"
    assert {part for part, one in rulings.items() if one.given} == {
        part for part in seen.fields if not nowhere or part == "counts"
    }
    for party in PARTIES:
        ruling = why(f"{party}_cells", audience, full.legal_basis, CATALOGUE, PARTIES)
        assert ruling.given == (party in seen.parties)


@pytest.mark.parametrize(
    ("part", "audience", "said"),
    [
        ("totals", "municipality", ["totals (klassen van de totaalscores): ja.", "de grondslag geeft", "cellen van politie"]),
        ("police_cells", "municipality", [": nee.", "kan het vrijgeven, maar doet dat niet", "Wpg art. 18, 19 en 20"]),
        ("police_cells", "steering", [": nee.", "wat niet is genoemd, krijgt niemand"]),
        ("counts", "public", [": ja.", "Wpg art. 22"]),
        ("scores", "public", [": nee.", "niets over een afzonderlijk terrein"]),
    ],
)  # fmt: skip
def test_the_command_names_the_rule_those_passed_over_and_the_article(demo_workspace, run, part, audience, said):
    code, out, _ = run("why", part, "--audience", audience, "-m", "urk")
    assert code == 0
    assert all(one in out for one in said), out
    assert ("Gaat niet op:" in out) == (": nee." not in out or audience != "public")


def test_a_part_that_does_not_exist_is_refused_with_the_nearest():
    with pytest.raises(ParametersError, match="bedoelt u “totals”"):
        why("total", CATALOGUE.audience("police"), None, CATALOGUE, PARTIES)
