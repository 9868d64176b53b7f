"""What no text for a civil servant holds: signs and words by which it shows that a machine made it."""

import re

import lxml.html
from lxml import etree

_NOUNS = {
    "terrein": "terreinen", "bedrijventerrein": "bedrijventerreinen", "gemeente": "gemeenten", "cel": "cellen",
    "stap": "stappen", "partij": "partijen", "fout": "fouten", "oordeel": "oordelen", "interventie": "interventies",
    "indicator": "indicatoren", "doorrekening": "doorrekeningen", "werkmap": "werkmappen",
    "risicomatrix": "risicomatrices", "opmerking": "opmerkingen", "groep": "groepen", "fenomeen": "fenomenen",
}  # fmt: skip
_ENGLISH = (
    "the and with from unknown level police municipality threat opportunity resilience coverage loading warning "
    "missing shown park parks judgement share weight first none null true false undefined nan inf"
)
_MANY, _ONE = "|".join(_NOUNS.values()), "|".join(_NOUNS)
_SINGULAR, _PLURAL = "is|heeft|staat|komt|kan|wordt|telt|doet", "zijn|hebben|staan|komen|kunnen|worden|tellen|doen"
FAULTS = {
    "hyphen for a minus": re.compile(r"(?<![\w‑–/.-])-\d"),
    "two spaces": re.compile(r"\S {2,}\S"),
    "space before a sign": re.compile(r"\w [,;:.](?:\s|$)"),
    "two signs": re.compile(r"(?<!\.)\.\.(?!\.)|,,|;;|\. ?,|, ?\.(?!\d)"),
    "one with a plural": re.compile(rf"(?<![\d.,−-])\b1 (?:{_MANY})\b"),
    "more with a singular": re.compile(rf"(?<![\w.,−-])(?!1 )\d+(?:[.,]\d+)* (?:{_ONE})\b"),
    "plural with a singular verb": re.compile(rf"(?:^|[.:;] )(?:De |Deze |[\d.]+ )(?:{_MANY}) (?:{_SINGULAR})\b"),
    "singular with a plural verb": re.compile(rf"(?:^|[.:;] )(?:De |Deze |Dit |Het |1 )(?:{_ONE}) (?:{_PLURAL})\b"),
    "English": re.compile(rf"(?<![\w./_-])(?:{_ENGLISH.replace(' ', '|')})(?![\w./_-]\w)\b", re.IGNORECASE),
}
TOLD = ("alt", "title", "aria-label", "data-label")
WITHIN = {"a", "abbr", "b", "em", "i", "span", "strong", "sub", "sup", "small"}


def faults(texts):
    """What is wrong, with some of the words around it; each once."""
    return sorted({(name, hit) for text in texts for name, hit in _faults(text)})


def _faults(text):
    for name, pattern in FAULTS.items():
        for found in pattern.finditer(text):
            yield name, text[max(0, found.start() - 30) : found.end() + 30]


def page_texts(html):
    """What is read of a page, on the screen and by a screen reader; a line at a time, codes and file names left out."""
    return [line.strip() for line in "".join(_read(lxml.html.document_fromstring(html))).splitlines()]


def _read(node, silent=False):
    """Text runs on through what stands within a line, and ends where a block does."""
    silent = silent or node.tag in {"style", "script", "code"} or "code" in node.classes
    edge = "" if node.tag in WITHIN and "unseen" not in node.classes else "\n"
    yield from (edge, *(f"\n{node.get(name)}\n" for name in TOLD if node.get(name)), "" if silent else node.text or "")
    for child in node.iterchildren(tag=etree.Element):
        yield from _read(child, silent)
        yield "" if silent else child.tail or ""
    yield edge
