"""What a notebook shows of our values: HTML in which nothing can act, and the same in words where there is no HTML."""

import dataclasses

import pandas as pd
import pytest
from IPython.lib.pretty import pretty

import werkbank as wb
from werkbank.assessment.decisions import select_in_demo
from werkbank.register.notes import Note, Seen
from werkbank.report.html import refuse_active

HOSTILE = "<img src=x onerror=alert(1)></td></table><script>alert(2)</script>"


@pytest.fixture(scope="module")
def shown(demo_workspace, tmp_path_factory):
    """One value of every kind that a public function gives, with a hostile name wherever a name can be."""
    import shutil

    own = tmp_path_factory.mktemp("representations") / "w"
    shutil.copytree(demo_workspace, own)
    path = own / "data" / "parks.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Duizendblad", HOSTILE), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WERKBANK_WORKSPACE", str(own))
        select_in_demo("urk")
        parameters = wb.load_parameters("urk")
        urk = wb.assess(parameters)
        other = wb.assess(wb.load_parameters("urk", method={"high": 50, "power": {"threat": 1}}))
        yield {
            "Assessment": urk,
            "Advice": urk.advice,
            "Catalogue": wb.load_catalogue(),
            "Chapter": wb.report.ranking_table(urk),
            "Comparison": urk.compare(other),
            "Development": wb.compare_rounds("urk"),
            "Explanation": urk.explain("URK-04"),
            "Finding": wb.Finding(
                rule="r", severity="error", found=HOSTILE, allowed=HOSTILE, remedy=HOSTILE, file=HOSTILE
            ),
            "Method": parameters.method,
            "Note": Note(1, "2026-03-02T09:30:00+00:00", HOSTILE, HOSTILE, HOSTILE, Seen("", "", "")),
            "Parameters": parameters.model_copy(update={"name": HOSTILE, "deviation_reason": HOSTILE}),
            "ProjectPlan": wb.project_plan(urk, "URK-04"),
            "RiskMatrix": wb.load_round("urk"),
            **scored(),
        }


def scored():
    units = pd.DataFrame({HOSTILE: [1.0, 2.0], "b": [2.0, None]}, index=[HOSTILE, "y"])
    choices = {"points": dict.fromkeys(units, (0, 50, 100)), "rules": dict.fromkeys(units, "mean")}
    both = wb.scoring.combine({"one": units}, best_judge={}, **choices)
    rows = [("total", "", 1), ("threat", "total", 1), (HOSTILE, "threat", 1), ("b", "threat", 1)]
    structure = pd.DataFrame(rows, columns=["code", "parent", "weight"])
    return {
        "Combined": both,
        "RankAcceptability": wb.scoring.rank_acceptability(
            units.fillna(0), pd.DataFrame([[0.5, 0.5]], columns=units.columns)
        ),
        "RiskScores": wb.scoring.score_risk(both, structure),
        "Scores": wb.scoring.aggregate(units, wb.scoring.equal_weights(units.columns)),
    }


KINDS = (
    "Advice", "Assessment", "Catalogue", "Chapter", "Combined", "Comparison", "Development", "Explanation", "Finding", "Method",
    "Note", "Parameters", "ProjectPlan", "RankAcceptability", "RiskMatrix", "RiskScores", "Scores",
)  # fmt: skip


def html_of(value):
    bundle = getattr(value, "_repr_mimebundle_", dict)()
    return bundle[0]["text/html"] if bundle else value._repr_html_()


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_in_the_html_can_act_or_reach_outside(shown, kind):
    html = html_of(shown[kind])
    assert "<script" not in html
    assert "<img" not in html
    refuse_active(html)


@pytest.mark.parametrize("kind", KINDS)
def test_in_words_it_is_short_and_names_no_field_of_the_inside(shown, kind):
    """A console shows a value in words, not as a heap of its fields."""
    words = pretty(shown[kind])
    assert 0 < len(words) < 3_000
    assert "DataFrame" not in words
    assert "_parks" not in words


def test_hostile_names_stay_readable(shown):
    for kind in ("Assessment", "Explanation", "Scores", "Combined", "RankAcceptability", "Note", "Finding"):
        assert "&lt;script&gt;" in html_of(shown[kind]), kind


def test_a_long_table_shows_its_beginning_and_says_how_much_more_there_is():
    units = pd.DataFrame({"a": range(30)}, dtype=float)
    html = wb.scoring.aggregate(units, wb.scoring.equal_weights(["a"]))._repr_html_()
    assert html.count("<tr>") == 20
    assert "10 more" in html


def test_an_error_in_a_notebook_is_a_sentence_and_not_the_code_that_noticed_it(shown):
    with pytest.raises(wb.WerkbankError) as caught:
        wb.assess("urkk")
    assert caught.value._render_traceback_() == [str(caught.value)]


def test_a_comparison_says_what_differs(shown):
    comparison = shown["Comparison"]
    assert "Dit is anders: de methode." in comparison._repr_html_()
    assert str(comparison).splitlines()[0] == "Dit is anders: de methode."
    assert dataclasses.is_dataclass(comparison)
