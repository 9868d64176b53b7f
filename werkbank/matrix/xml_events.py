"""Reading XML from files that anyone may have made: by events, so that nothing is kept, and without entities.

A document type is refused as a whole: no workbook has one, and it is where entities and references to elsewhere begin.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

# The parser under every other in Python; what is dangerous about it is refused below.
from xml.parsers import expat

__all__ = ["BrokenXmlError", "Start", "parse_xml"]

Start = Callable[[str, dict[str, str]], None]
"""Takes the name of an element, as `namespace}name`, and its attributes."""


class BrokenXmlError(ValueError):
    """The XML is damaged, or holds what no workbook holds."""


def parse_xml(
    content: bytes, start: Start, end: Callable[[str], None], text: Callable[[str], None] | None = None
) -> None:
    """Call `start`, `end` and `text` for everything in the XML, in order. Raises BrokenXmlError."""
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise BrokenXmlError("broken XML") from error


def _refuse(*_: object) -> NoReturn:
    raise BrokenXmlError("a document type in a workbook")
