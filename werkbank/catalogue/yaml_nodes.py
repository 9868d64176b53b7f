"""Turns YAML text into plain values that remember their lines, and names every fault on the way.

Built on the parser's events, not on its constructor, so nothing in a file can make an object, expand an
alias or overwrite an earlier key: anchors, aliases, tags and duplicate keys are faults.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, cast

import yaml

__all__ = ["Mark", "NodeFault", "Path", "Tree", "read_tree"]

Path = tuple[str | int, ...]

_PLAIN_TAGS = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null", "timestamp"))
_GROUP_TAGS = frozenset({None, "!", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"})
_DEEPEST = 20
_WHOLE = re.compile(r"[-+]?\d+")
_SYNTAX_REMEDY = "kijk hier en een regel hoger naar inspringing, dubbele punt, haakjes en aanhalingstekens"

# libyaml is some ten times as fast; without it the pure Python parser gives the same events.
_Loader = cast("type[yaml.SafeLoader]", getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a value stands, and how it was written if it is a single value."""

    line: int
    text: str | None = None


@dataclass(frozen=True, slots=True)
class NodeFault:
    """Something the file may not hold, with its line and the Dutch words for it."""

    rule: str
    line: int
    found: str
    allowed: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Tree:
    """The plain value of a file, a mark per path in it, and the faults; `complete` if read to the end."""

    data: Any
    marks: dict[Path, Mark]
    faults: tuple[NodeFault, ...]
    complete: bool


class _TooDeepError(Exception):
    """More levels than any file of ours has."""


def read_tree(text: str) -> Tree:
    """The values of one YAML document; a syntax error ends the reading and is itself a fault."""
    builder = _Builder()
    try:
        data = builder.document(text)
    except yaml.YAMLError as problem:
        # The reader of YAML has a limit of its own, which it comes upon while it looks ahead.
        is_deep = "nesting depth" in str(getattr(problem, "problem", ""))
        builder.faults.append(_depth_fault(builder.line) if is_deep else _syntax_fault(problem, text))
    except _TooDeepError:
        builder.faults.append(_depth_fault(builder.line))
    else:
        return Tree(data, builder.marks, tuple(builder.faults), complete=True)
    return Tree({}, {}, tuple(builder.faults), complete=False)


def _depth_fault(line: int) -> NodeFault:
    words = "te veel niveaus in elkaar", f"ten hoogste {_DEEPEST} niveaus", "maak het bestand vlakker"
    return NodeFault("yaml-too-deep", line, *words)


def _syntax_fault(problem: yaml.YAMLError, text: str) -> NodeFault:
    mark = getattr(problem, "problem_mark", None)
    before = text.encode()[: getattr(problem, "position", 0)]
    line = mark.line + 1 if mark is not None else before.count(b"\n") + 1
    found, remedy = "dit is geen geldige YAML", _SYNTAX_REMEDY
    if mark is None:
        found, remedy = "een teken dat niet in een tekstbestand hoort", "verwijder het teken"
    elif "\t" in "".join(text.splitlines()[line - 1 : line]):
        remedy = "vervang de tab door spaties"
    return NodeFault("yaml-syntax", line, found, "“sleutel: waarde”, ingesprongen met spaties", remedy)


class _Builder:
    """Walks the events of one document once."""

    loader: yaml.SafeLoader

    def __init__(self) -> None:
        self.marks: dict[Path, Mark] = {}
        self.faults: list[NodeFault] = []
        self.line = 1

    def document(self, text: str) -> Any:
        """The value of the only document, None if the file is empty."""
        self.loader = _Loader(text)
        self._next()
        if isinstance(self._next(), yaml.StreamEndEvent):
            return None
        value = self._value(self._next(), ())
        self._next()
        if not isinstance(self._next(), yaml.StreamEndEvent):
            found = "een tweede document in hetzelfde bestand (“---”)"
            self._fault("yaml-documents", found, "één document", "voeg ze samen")
        return value

    def _next(self) -> Any:
        event = self.loader.get_event()  # type: ignore[no-untyped-call]
        self.line = event.start_mark.line + 1
        return event

    def _fault(self, rule: str, found: str, allowed: str, remedy: str) -> None:
        self.faults.append(NodeFault(rule, self.line, found, allowed, remedy))

    def _value(self, event: Any, path: Path) -> Any:
        if len(path) > _DEEPEST:
            raise _TooDeepError
        self.marks.setdefault(path, Mark(self.line))
        if getattr(event, "anchor", None) is not None:
            sign = "*" if isinstance(event, yaml.AliasEvent) else "&"
            found = f"een verwijzing (“{sign}”)"
            self._fault("yaml-anchor", found, "alleen gewone waarden", "schrijf de waarde uit")
        if isinstance(event, yaml.AliasEvent):
            return None
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, path)
        self._refuse_tag(event.tag, _GROUP_TAGS)
        return self._mapping(path) if isinstance(event, yaml.MappingStartEvent) else self._sequence(path)

    def _refuse_tag(self, tag: str | None, allowed: Collection[str | None]) -> bool:
        if tag in allowed:
            return False
        self._fault("yaml-tag", "een typeaanduiding (“!…”)", "alleen gewone waarden", "verwijder de aanduiding")
        return True

    def _scalar(self, event: Any, path: Path) -> Any:
        # The line of a value is that of its key, unless it has none.
        self.marks[path] = Mark(self.marks[path].line, event.value)
        tag = event.tag
        if tag in {None, "!"}:
            tag = self.loader.resolve(yaml.ScalarNode, event.value, event.implicit)  # type: ignore[no-untyped-call]
        if self._refuse_tag(tag, _PLAIN_TAGS):
            return None
        try:
            return self.loader.construct_object(yaml.ScalarNode(tag, event.value))
        except (ValueError, ArithmeticError, LookupError):
            remedy = "verbeter de waarde, of zet er aanhalingstekens om als het tekst is"
            self._fault("yaml-value", "een datum of getal dat niet bestaat", "een bestaande waarde", remedy)
            return None

    def _sequence(self, path: Path) -> list[Any]:
        values: list[Any] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            values.append(self._value(event, (*path, len(values))))
        return values

    def _mapping(self, path: Path) -> dict[str, Any]:
        values: dict[str, Any] = {}
        before = Mark(0)
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            line = self.line
            key = self._key(event, path, before)
            if key in values:
                self._twice(key, self.marks[*path, key].line)
            if key is None or key in values:
                # Read on, so that faults inside are named too, at a path that nothing else has.
                self._value(self._next(), (*path, f"\0{line}"))
                continue
            self.marks[*path, key] = Mark(line)
            values[key] = self._value(self._next(), (*path, key))
            before = self.marks[*path, key]
        return values

    def _twice(self, key: str | None, first: int) -> None:
        found = f"de sleutel “{key}” staat er twee keer (ook op regel {first})"
        self._fault("yaml-duplicate-key", found, "elke sleutel één keer", "verwijder een van beide")

    def _key(self, event: Any, path: Path, before: Mark) -> str | None:
        """The text of a key, None for what isn't text: `yes`, `no`, a bare number, a list.

        `before` is the value before it: after a whole number on the same line, a bare number is a decimal comma.
        """
        line = self.line
        key = self._value(event, (*path, f"\0key {line}"))
        self.line = line
        whole, digits = before.text or "", str(getattr(event, "value", ""))
        if isinstance(key, int) and digits.isdigit() and before.line == line and _WHOLE.fullmatch(whole):
            found = f"een getal met een komma ({whole},{digits})"
            self._fault("yaml-decimal-comma", found, "een punt in het getal", f"schrijf {whole}.{digits} met een punt")
            return None
        if not isinstance(key, str):
            remedy = "zet de sleutel tussen aanhalingstekens"
            self._fault("yaml-key", "een sleutel die geen tekst is", "een woord", remedy)
            return None
        return key
