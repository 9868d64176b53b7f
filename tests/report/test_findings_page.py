"""The page for a supplier: what to mend in plain Dutch, step by step; one file that cannot act; nothing unescaped."""

from __future__ import annotations

import pytest

from tests.report.reading import main_of as text
from werkbank.collecting.replies import SHOWN, render_findings
from werkbank.errors import Finding
from werkbank.matrix.rules import RULES
from werkbank.matrix.template import Reply


def finding(cell="D6", rule="level-outside-scale", severity="error", **more):
    words = {"found": "“9”", "allowed": "0 tot en met 3", "remedy": "kies een waarde"}
    return Finding(**(words | {"rule": rule, "severity": severity, "sheet": "Matrix", "cell": cell} | more))


def page(*findings, workbook="urk_politie_bevindingen.xlsx", read=True, **changes):
    words = {"file": "urk_politie.xlsx", "municipality": "Urk", "party": "politie", "round": "2026-1",
             "label": "ALLEEN POLITIE", "fictional": True, "return_as": "urk_politie.xlsx",
             "parks": {"URK-02": "Dodaars"}, "indicators": {"V02": "Drugslab"}}  # fmt: skip
    return render_findings(Reply(findings=findings, **(words | changes)), workbook=workbook, read=read)


def test_errors_come_before_what_is_to_be_looked_at_and_steps_are_numbered_through():
    said = text(page(finding("A2", "hidden-row", "warning"), finding(), finding("C1", "company-name", "remark")))
    titles = [RULES[rule].title for rule in ("level-outside-scale", "hidden-row", "company-name")]
    steps = [f"Stap {number} {title}" for number, title in enumerate(titles, start=1)]
    places = [said.index(part) for part in ("Verbeteren", steps[0], "Nakijken", steps[1], "Ter informatie", steps[2])]
    assert places == sorted(places)


def test_a_step_says_what_it_means_where_it_is_and_what_to_do():
    """“Bedoelt u …?” differs per place, and stands beside its own cell."""
    said = text(page(finding(park_id="URK-02", indicator="V02"), finding("D9")))
    for part in (
        RULES["level-outside-scale"].meaning, "(2 plekken)", "Matrix, D6", "Matrix, D9", "URK-02 Dodaars",
        "V02 Drugslab", "“9”", "Wat te doen: Kies een waarde.", "Toegestaan: 0 tot en met 3.", "level-outside-scale",
    ):  # fmt: skip
        assert part in said
    assert "kies een waarde uit de lijst" not in said, "what to do is said once"
    said = text(page(finding(remedy="bedoelt u “URK-01”?"), finding("D9", remedy="bedoelt u “URK-02”?")))
    assert said.index("Matrix, D6") < said.index("URK-01") < said.index("Matrix, D9") < said.index("URK-02")
    assert "Wat te doen:" not in said


@pytest.mark.parametrize(
    ("findings", "sentence"),
    [
        ([finding()], "Er is 1 fout om te verbeteren."),
        ([finding(), finding("D7")], "Er zijn 2 fouten om te verbeteren."),
        ([finding(), finding("D7", severity="warning")], "Er zijn 1 fout om te verbeteren en 1 punt om na te kijken."),
        ([finding(severity="remark")], "Er is 1 opmerking."),
    ],
)
def test_the_first_sentence_counts_what_there_is_to_do(findings, sentence):
    assert sentence in text(page(*findings))


def test_it_leads_to_the_marked_workbook_or_says_without_one_what_to_do_all_the_same():
    """Also who is not known as a supplier gets a page."""
    html = page(finding())
    assert 'href="urk_politie_bevindingen.xlsx"' in html
    assert "Sla op als urk_politie.xlsx" in text(html)
    html = page(finding(None, "damaged-workbook", sheet=None), workbook=None, read=False)
    assert 'href="urk' not in html
    assert "Van urk_politie.xlsx telt nu niets mee" in text(html)
    assert "hele bestand" in text(html)
    html = page(finding(), municipality="", party="", return_as="", fictional=False)
    assert "afzender onbekend" in html
    assert "FICTIEVE" not in html


def test_very_many_places_are_counted_after_the_first():
    many = [finding(f"D{row}") for row in range(1, SHOWN + 8)]
    said = text(page(*many))
    assert f"D{SHOWN}" in said
    assert f"D{SHOWN + 1} " not in said
    assert "En nog 7 plekken; zie het blad Bevindingen." in said
