"""One registry holds every rule code; it is whole, nothing in it is idle, and the page in docs says the same."""

import ast
import re
import runpy
from pathlib import Path

import pytest

import werkbank
from werkbank.errors import Finding
from werkbank.matrix.layout import Place
from werkbank.matrix.rules import RULES, finding

PACKAGE = Path(werkbank.__file__).parent
PAGE = PACKAGE.parent / "docs" / "controleregels.md"
CODE = re.compile(r"[a-z]+(-[a-z]+)+")
NO_CODES = {"dd-mm-yyyy", "meta-inf", "s-hertogenbosch"}
"""What in the modules looks like a code and is none: formats and names of other kinds."""


def literals(*folders):
    """Of every module that can give a finding, but the registry's own: its literal texts, and the beginnings of codes.

    What stands behind a code and a stroke is another way of saying it; a beginning is put together, as in
    f"unknown-{kind}".
    """
    found = set(), set()
    for path in (path for folder in folders for path in (PACKAGE / folder).rglob("*.py") if path.stem != "rules"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found[0].add(node.value.partition("/")[0])
            elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                found[1].add(node.values[0].value)
    return found


def test_every_code_in_the_modules_is_registered_and_every_registered_code_is_used():
    """A text like a code that is none is named in NO_CODES; collecting speaks of returns that are not there."""
    own, begun = literals("matrix", "parks")
    assert {text for text in own if CODE.fullmatch(text)} - {*RULES} - NO_CODES == set()
    used = own | literals("collecting")[0]
    begun = tuple(text for text in begun if re.fullmatch(r"[a-z-]+-", text))
    assert [code for code in RULES if code not in used and not code.startswith(begun)] == []


def test_a_finding_is_made_with_the_severity_and_the_words_of_its_rule():
    """What its place tells goes before; the gravest severity holds unless told otherwise."""
    place = Place("f.xlsx", "Matrix", "C4")
    assert finding("hidden-row", "a", allowed="b", remedy="c", place=place, park_id="P", indicator="V01") == Finding(
        rule="hidden-row", severity="warning", found="a", allowed="b", remedy="c", file="f.xlsx", sheet="Matrix",
        cell="C4", park_id="P", indicator="V01",
    )  # fmt: skip
    said = RULES["nothing-filled-in"]
    made = finding("nothing-filled-in")
    assert (made.found, made.allowed, made.remedy) == (said.found, said.allowed, said.remedy)
    assert [finding("unknown-park", severity=severity).severity for severity in (None, "warning")] == [
        "error", "warning",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "severity", "fault"), [("no-such-rule", None, KeyError), ("hidden-row", "error", ValueError)]
)
def test_a_code_or_severity_that_is_not_registered_makes_no_finding(code, severity, fault):
    with pytest.raises(fault):
        finding(code, severity=severity)


ASKS = re.compile(
    r"\b(?:controleer|verbeter|haal|kies|vraag|lever|gebruik|vul|noem|open|sla|kijk|zet|geef|schrijf|splits|maak|voeg|"
    r"omschrijf|laat|beoordeel|kort|exporteer|zoek|herstel|teken|werk|hoeft|bespreekt)\b",
    re.IGNORECASE,
)
"""Verbs that ask something of the reader, or say that nothing needs doing."""


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.code)
def test_a_rule_says_in_dutch_what_it_means_and_what_to_do(rule):
    """A short title, and one or two whole sentences; a code never stands in a text."""
    assert 5 <= len(rule.title) <= 60
    assert rule.explanation[0].isupper()
    assert rule.explanation.endswith(".")
    assert len(rule.explanation) <= 330
    assert ASKS.search(rule.explanation)
    assert "  " not in rule.explanation
    assert "|" not in rule.title + rule.explanation
    assert not CODE.fullmatch(rule.title)
    # What it means can stand apart, and what to do follows on it in one sentence.
    assert ";" not in rule.meaning
    assert re.match(r"[A-ZÉ0-9].*[^.]\.$", rule.meaning.replace("n.v.t.", "nvt."))
    assert rule.do[0].islower()
    assert not rule.do.endswith(".")


def test_titles_are_all_different_and_the_page_in_docs_has_every_rule_once():
    """Made anew with: python tools/make_rules.py."""
    titles = [rule.title for rule in RULES.values()]
    assert [title for title in titles if titles.count(title) > 1] == []
    page = runpy.run_path(str(PAGE.parents[1] / "tools" / "make_rules.py"))["page"]()
    assert PAGE.read_text(encoding="utf-8") == page
    assert [code for code in RULES if page.count(f"| `{code}` |") != 1] == []
