"""One registry holds every rule code; it is whole, nothing in it is idle, and the page in docs says the same."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import werkbank
from werkbank.demo import write_demo
from werkbank.errors import Finding
from werkbank.matrix import load_matrix
from werkbank.matrix.layout import Place
from werkbank.matrix.rules import RULES, finding, rules_page
from werkbank.parks.register import load_parks
from werkbank.settings.catalogue import load_catalogue

PACKAGE = Path(werkbank.__file__).parent
PAGE = PACKAGE.parent / "docs" / "controleregels.md"
CODE = re.compile(r"[a-z]+(-[a-z]+)+")
SEVERITIES = {"error", "warning", "remark"}
NO_CODES = {
    "config-item",
    "dd-mm-yyyy",
    "encryption-data",
    "low-high",
    "map-entry",
    "plus-minus",
    "s-hertogenbosch",
    "yes-no",
}
"""What in the modules looks like a code and is none: formats and names of other kinds."""


def modules(*folders):
    """Every module that can give a finding, but not the registry's own."""
    for folder in folders:
        yield from (path for path in sorted((PACKAGE / folder).rglob("*.py")) if not path.name.startswith("rule"))


def trees(*folders):
    for path in modules(*folders):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def texts(tree) -> Iterator[str]:
    """Every literal text, but for docstrings and types."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def beginnings(tree) -> Iterator[str]:
    """The literal beginning of every text that is put together, as in f"unknown-{kind}"."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            yield str(node.values[0].value)


def test_every_code_in_the_modules_is_registered():
    """A text like a code that is none is named in NO_CODES."""
    used = {(path.name, text) for path, tree in trees("matrix") for text in texts(tree) if CODE.fullmatch(text)}
    assert sorted((name, code) for name, code in used if code not in RULES and code not in NO_CODES) == []


def test_every_registered_code_is_used():
    """In a module of matrix, or of collecting, which speaks of returns that are not there."""
    used, begun = set(), set()
    for _, tree in trees("matrix", "collecting"):
        used.update(texts(tree))
        begun.update(text for text in beginnings(tree) if re.fullmatch(r"[a-z]+-", text))
    idle = [code for code in RULES if code not in used and not code.startswith(tuple(begun))]
    assert idle == []


def named_severities(call) -> Iterator[tuple[str, str]]:
    """Code and severity, where a call names both."""
    values = [*call.args, *(keyword.value for keyword in call.keywords)]
    said = [each.value for each in values if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    for place, code in enumerate(said):
        if code in RULES:
            # A severity stands behind its code; before it "remark" is the name of a column.
            yield from ((code, text) for text in said[place:] if text in SEVERITIES)
            return


def test_a_severity_that_a_module_names_is_the_registered_one():
    wrong = [
        (path.name, code, severity)
        for path, tree in trees("matrix")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for code, severity in named_severities(node)
        if severity not in RULES[code].severities
    ]
    assert wrong == []


@pytest.fixture(scope="module")
def faulty(tmp_path_factory):
    """The findings of a fictional round with faults of every kind."""
    folder = tmp_path_factory.mktemp("faulty") / "data"
    catalogue = load_catalogue()
    write_demo(folder, catalogue=catalogue, faults=True)
    parks = load_parks(folder / "parks.csv")
    return load_matrix(folder / "matrices" / "2026-1", catalogue, parks, round="2026-1").findings


def test_a_finding_has_the_severity_of_its_rule(faulty):
    assert len({each.rule for each in faulty}) > 60
    wrong = {(each.rule, each.severity) for each in faulty if each.severity not in RULES[each.rule].severities}
    assert wrong == set()


def test_a_finding_is_made_with_its_severity_and_place():
    made = finding(
        "hidden-row",
        found="a",
        allowed="b",
        remedy="c",
        place=Place("f.xlsx", "Matrix", "C4"),
        park_id="P",
        indicator="V01",
    )
    assert made == Finding(
        rule="hidden-row", severity="warning", found="a", allowed="b", remedy="c", file="f.xlsx", sheet="Matrix",
        cell="C4", park_id="P", indicator="V01",
    )  # fmt: skip


def test_a_code_that_is_not_registered_makes_no_finding():
    with pytest.raises(KeyError):
        finding("no-such-rule", found="", allowed="", remedy="")


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.code)
def test_a_rule_says_in_dutch_what_it_means_and_what_to_do(rule):
    """A short title, and one or two whole sentences; a code never stands in a text."""
    assert 5 <= len(rule.title) <= 60
    assert rule.explanation[0].isupper()
    assert rule.explanation.endswith(".")
    assert len(rule.explanation) <= 330
    assert "  " not in rule.explanation
    assert "|" not in rule.title + rule.explanation
    assert not CODE.fullmatch(rule.title)
    # Where what to do is told apart, nothing else of the explanation is lost with it.
    assert ";" not in rule.meaning
    assert re.match(r"[A-ZÉ0-9].*[^.]\.$", rule.meaning.replace("n.v.t.", "nvt."))
    assert {*re.findall(r"\w+", rule.meaning)} <= {*re.findall(r"\w+", rule.explanation)}


def test_what_a_rule_means_is_told_without_what_to_do():
    for code, meaning in (
        ("not-a-level", "Wat hier staat is geen niveau, onbekend of n.v.t."),
        ("unseen-value", ("In de cel staat een waarde, maar de opmaak of de instelling van het blad laat haar niet zien, "
                          "dus niemand heeft haar kunnen controleren. Zij telt als leeg.")),
        ("unknown-party", "Noch de bestandsnaam noch de werkmap zegt welke partij heeft ingevuld."),
        ("broken-geojson", "Het bestand is geen GeoJSON. Een kaart naast een register wordt dan overgeslagen."),
    ):  # fmt: skip
        assert RULES[code].meaning == meaning


def test_every_explanation_says_what_to_do_or_that_nothing_needs_doing():
    """By a verb that asks something of the reader."""
    asks = re.compile(
        r"\b(?:controleer|verbeter|haal|kies|vraag|lever|gebruik|vul|noem|open|sla|kijk|zet|geef|schrijf|splits|maak|voeg|"
        r"omschrijf|laat|beoordeel|kort|exporteer|zoek|herstel|teken|werk|hoeft|bespreekt)\b",
        re.IGNORECASE,
    )
    assert [rule.code for rule in RULES.values() if not asks.search(rule.explanation)] == []


def test_titles_are_all_different():
    titles = [rule.title for rule in RULES.values()]
    assert [title for title in titles if titles.count(title) > 1] == []


def test_the_page_in_docs_is_that_of_the_registry():
    """Made anew with: python -c "from werkbank.matrix.rules import rules_page; print(rules_page(), end='')"."""
    assert PAGE.read_text(encoding="utf-8") == rules_page()


def test_the_page_has_every_rule_once():
    page = rules_page()
    assert [code for code in RULES if page.count(f"| `{code}` |") != 1] == []
