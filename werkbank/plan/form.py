"""A file that came back as fields by key: what people typed, and where; of a Word file also all that stands around it.

In Word a field is a table row: a control in the left cell says which, and the whole right cell is what people typed. A
tracked change is read as accepted.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from werkbank.errors import OutputError
from werkbank.matrix.layout import Place
from werkbank.wording import disk_fault

PROPERTIES = "docProps/custom.xml"
PARTS = re.compile(r"word/(?:document|header|footer|footnotes|endnotes|comments)\d*\.xml|docProps/custom\.xml")
"""Where in a Word file people may type, and where it says what it is."""
_LARGEST = 50_000_000
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_ARROW = "F0E0"
"""What a word processor makes of -->, in the letters of Wingdings."""
_PIECES = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_SKIPPED = {"p", "del", "moveFrom", "instrText", "delText"}
_PICTURES = {"drawing", "pict", "object"}
_TRACKED = {"ins", "del", "moveFrom", "moveTo"}


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the value of one field, and where, if that can be told.

    `odd` where that is another thing than is to be seen, `picture` where there is more than text.
    """

    text: str
    tracked: bool = False
    picture: bool = False
    odd: bool = False
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """A file as fields by key, the lines outside them, and its comments, each with the key of its field or nothing."""

    rows: Mapping[str, tuple[Typed, ...]]
    outside: tuple[str, ...] = ()
    comments: tuple[tuple[str, str], ...] = ()


def word_parts(file: Path) -> dict[str, bytes]:
    """The parts of a Word file in which people may have typed. Raises OutputError where it is none."""
    parts = office_parts(file)
    if not any(name.startswith("word/document") for name in parts):
        raise OutputError(
            f"{file.name} is geen Word-bestand (.docx); er is niets gelezen. Bewaar het in Word of LibreOffice als "
            "Word-document (.docx), zonder wachtwoord."
        )
    return parts


def office_parts(file: Path) -> dict[str, bytes]:
    """Of a Word file those parts, of a workbook only its properties; none where it is neither. Raises OutputError."""
    try:
        with zipfile.ZipFile(file) as archive:
            found = [part for part in archive.infolist() if PARTS.fullmatch(part.filename)]
            if sum(part.file_size for part in found) > _LARGEST:
                raise OutputError(f"{file.name} is te groot om te lezen.")
            return {part.filename: archive.read(part) for part in found}
    except OSError as error:
        raise OutputError(f"{file.name} is niet te lezen ({disk_fault(error)}).") from error
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError):
        return {}


def parsed(part: bytes, name: str) -> Any:
    """A part as a tree. Raises OutputError where it is damaged."""
    try:
        return etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except etree.XMLSyntaxError as error:
        raise OutputError(f"{name} is beschadigd; er is niets gelezen.") from error


def read_form(parts: Mapping[str, bytes], name: str = "het bestand") -> Form:
    """The rows of a Word file and all that stands around them. Raises OutputError where it is damaged."""
    trees = {part: parsed(content, name) for part, content in parts.items() if part.startswith("word/")}
    main = next(tree for part, tree in trees.items() if part.startswith("word/document"))
    _without_removed(main)
    keys = _keys_of_rows(main)
    rows: dict[str, list[Typed]] = {}
    values = []
    for row, found in keys.items():
        cell = _value_of(row, found)
        if cell is not None:
            values.append(cell)
            rows.setdefault(next(iter(found)), []).append(_typed(cell))
    inside = set(values)
    outside = _lines(one for one in _named(main, "p") if not inside.intersection(one.iterancestors()))
    # A page number differs with who counts the pages, and a word processor repeats what stands at the head.
    beside = [tree for part, tree in sorted(trees.items()) if not part.startswith(("word/document", "word/comments"))]
    outside += dict.fromkeys(re.sub(r"\d+", "0", line) for tree in beside for line in _lines(_named(tree, "p")))
    comments = next((tree for part, tree in trees.items() if part.startswith("word/comments")), ())
    return Form(
        {key: tuple(found) for key, found in rows.items()}, tuple(outside), tuple(_comments(main, comments, keys))
    )


def _local(node: Any) -> str:
    """The name of an element, whatever its namespace: there are two for the same words."""
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def _named(tree: Any, *names: str) -> Iterator[Any]:
    return (node for node in tree.iter() if _local(node) in names)


def _has(tree: Any, *names: str) -> bool:
    return next(_named(tree, *names), None) is not None  # an element without children is false


def _attribute(node: Any, name: str) -> str:
    return next((value for key, value in node.attrib.items() if key.rpartition("}")[2] == name), "")


def _without_removed(main: Any) -> None:
    """Rows that somebody deleted under tracked changes go, and what stands twice for an older program."""
    removed = list(_named(main, "Fallback"))
    removed += [row for row in _named(main, "tr") for own in row if _local(own) == "trPr" and _has(own, "del")]
    for node in removed:
        node.getparent().remove(node)


def _keys_of_rows(main: Any) -> dict[Any, dict[str, Any]]:
    """Row → the keys of the controls in it, each with its cell."""
    found: dict[Any, dict[str, Any]] = {}
    for control in _named(main, "sdt"):
        tag = next((_attribute(own, "val") for own in _named(control, "tag")), "")
        around = [node for node in control.iterancestors() if _local(node) in ("tc", "tr")]
        if tag and [_local(node) for node in around[:2]] == ["tc", "tr"]:
            found.setdefault(around[1], {})[tag] = around[0]
    return found


def _value_of(row: Any, keys: Mapping[str, Any]) -> Any:
    """The cell behind the one with the control; None where the row has several controls, or no such cell."""
    cells = [one for one in _named(row, "tc") if next(up for up in one.iterancestors() if _local(up) == "tr") is row]
    place = cells.index(next(iter(keys.values()))) + 1
    return cells[place] if len(keys) == 1 and place < len(cells) else None


def _typed(cell: Any) -> Typed:
    lines = _lines(_named(cell, "p"))
    return Typed("\n".join(lines), _has(cell, *_TRACKED), _has(cell, *_PICTURES))


def _lines(paragraphs: Iterable[Any]) -> list[str]:
    """What paragraphs say, a line each, without empty ones; a paragraph of which the end was deleted goes on."""
    text = ""
    for one in paragraphs:
        text += "".join(_pieces(one))
        ends = [mark for own in one if _local(own) == "pPr" for mark in own if _local(mark) == "rPr"]
        text += "" if any(_local(mark) == "del" for own in ends for mark in own) else "\n"
    lines = (" ".join(line.translate(_UNSEEN).split()) for line in text.split("\n"))
    return [line for line in lines if line]


def _pieces(node: Any) -> Iterator[str]:
    """The text of a paragraph as if every tracked change was accepted; a paragraph within it is one of its own."""
    for own in node:
        name = _local(own)
        if name == "t":
            yield own.text or ""
        elif name == "sym":
            yield "→" if _attribute(own, "char") == _ARROW else "•"
        elif name in _PIECES:
            yield _PIECES[name]
        elif name not in _SKIPPED:
            yield from _pieces(own)


def _comments(main: Any, comments: Any, keys: Mapping[Any, Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Every comment with the key of the row that it is about, or nothing; its author stays behind."""
    places: dict[str, str] = {}
    for anchor in _named(main, "commentRangeStart", "commentReference"):
        rows = (keys[up] for up in anchor.iterancestors() if up in keys)
        places.setdefault(_attribute(anchor, "id"), next(iter(next(rows, {})), ""))
    for one in comments:
        if _local(one) == "comment" and (text := "\n".join(_lines(_named(one, "p")))):
            yield places.get(_attribute(one, "id"), ""), text
