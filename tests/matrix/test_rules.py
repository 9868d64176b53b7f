"""One registry holds every rule code; it is whole, nothing in it is idle, and the page in docs says the same."""

import ast
import re
from pathlib import Path

import pytest

import werkbank
from werkbank.errors import Finding
from werkbank.matrix.layout import Place
from werkbank.matrix.rules import RULES, finding, rules_page

PACKAGE = Path(werkbank.__file__).parent
PAGE = PACKAGE.parent / "docs" / "controleregels.md"
CODE = re.compile(r"[a-z]+(-[a-z]+)+")
NO_CODES = set(
    "dd-mm-yyyy meta-inf s-hertogenbosch".split()  # noqa: SIM905
)
"""What in the modules looks like a code and is none: formats and names of other kinds."""


def trees(*folders):
    """Every module that can give a finding, but not the registry's own."""
    for path in (path for folder in folders for path in sorted((PACKAGE / folder).rglob("*.py"))):
        if not path.name.startswith("rule"):
            yield path.name, list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def texts(nodes):
    """Every literal text, but for types; what stands behind a code and a stroke is another way of saying it."""
    found = (node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return {text.partition("/")[0] for text in found}


def beginnings(nodes):
    """The literal beginning of every code that is put together, as in f"unknown-{kind}"."""
    begun = [node.values[0] for node in nodes if isinstance(node, ast.JoinedStr)]
    return {text for text in texts(begun) if re.fullmatch(r"[a-z-]+-", text)}


def test_every_code_in_the_modules_is_registered():
    """A text like a code that is none is named in NO_CODES."""
    used = {(name, text) for name, nodes in trees("matrix", "parks") for text in texts(nodes) if CODE.fullmatch(text)}
    assert sorted((name, code) for name, code in used if code not in RULES and code not in NO_CODES) == []


def test_every_registered_code_is_used():
    """In a module of matrix, or of collecting, which speaks of returns that are not there."""
    known = [(texts(nodes), beginnings(nodes)) for _, nodes in trees("matrix", "collecting", "parks")]
    used, begun = (set().union(*each) for each in zip(*known, strict=True))
    assert [code for code in RULES if code not in used and not code.startswith(tuple(begun))] == []


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
    """Made anew with: python -c "from werkbank.matrix.rules import rules_page; print(rules_page(), end='')"."""
    titles = [rule.title for rule in RULES.values()]
    assert [title for title in titles if titles.count(title) > 1] == []
    assert PAGE.read_text(encoding="utf-8") == rules_page()
    assert [code for code in RULES if rules_page().count(f"| `{code}` |") != 1] == []
