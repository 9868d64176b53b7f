"""What a notebook shows of our values: HTML in which nothing can act, and the same in words where there is no HTML."""

import re
import shutil

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
                rule="r", severity="error", **dict.fromkeys(("found", "allowed", "remedy", "file"), HOSTILE)
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
        "RankAcceptability": wb.scoring.rank_acceptability(units.fillna(0), pd.DataFrame(0.5, [0], units.columns)),
        "RiskScores": wb.scoring.score_risk(both, structure),
        "Scores": wb.scoring.aggregate(units, wb.scoring.equal_weights(units.columns)),
    }


def html_of(value):
    bundle = getattr(value, "_repr_mimebundle_", dict)()
    return bundle[0]["text/html"] if bundle else value._repr_html_()


def test_nothing_in_the_html_can_act_and_in_words_it_names_no_field_of_the_inside(shown):
    """A console shows a value in words, not as a heap of its fields."""
    for kind, value in shown.items():
        html, words = html_of(value), pretty(value)
        assert not re.search("<(script|img)", html), kind
        refuse_active(html)
        assert 0 < len(words) < 4_000, kind
        assert not re.search("DataFrame|_parks", words), kind
    # Hostile names stay readable.
    for kind in ("Assessment", "Explanation", "Scores", "Combined", "RankAcceptability", "Note", "Finding"):
        assert "&lt;script&gt;" in html_of(shown[kind]), kind


def test_a_long_table_shows_its_beginning_and_says_how_much_more_there_is():
    units = pd.DataFrame({"a": range(30)}, dtype=float)
    html = wb.scoring.aggregate(units, wb.scoring.equal_weights(["a"]))._repr_html_()
    assert html.count("<tr>") == 20
    assert "10 more" in html


def test_a_comparison_says_what_differs_and_an_error_is_a_sentence(shown):
    comparison = shown["Comparison"]
    assert "Dit is anders: de methode." in comparison._repr_html_()
    assert str(comparison).splitlines()[0] == "Dit is anders: de methode."
    with pytest.raises(wb.WerkbankError) as caught:
        wb.assess("urkk")
    assert caught.value._render_traceback_() == [str(caught.value)]
