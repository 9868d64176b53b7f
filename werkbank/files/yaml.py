"""Turns YAML text into plain values that remember their lines, and names every fault on the way.

Built on the parser's events, not on its constructor, so nothing in a file can make an object, expand an
alias or overwrite an earlier key: anchors, aliases, tags and duplicate keys are faults.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import types
import typing
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any, TypeVar, cast

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from werkbank.errors import CatalogueError, Finding, WerkbankError
from werkbank.wording import Listed, count, did_you_mean, listing, nearest

__all__ = [
    "CODE_PATTERN",
    "NO_SUCH_KEY",
    "Complaint",
    "Document",
    "FileModel",
    "Mark",
    "NodeFault",
    "Path",
    "Tree",
    "complain",
    "describe",
    "findings_of",
    "read_tree",
    "read_yaml",
    "validate",
]

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


CODE_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9_.-]*$"
"""What a code looks like: safe in a file name, a URL and a CSV."""

_PATTERNS = {
    CODE_PATTERN: "letters, cijfers, “_”, “-” en “.”, zonder spaties",
    r"^[A-Za-z0-9][A-Za-z0-9_-]*$": "letters, cijfers, “_” en “-”, zonder spaties, zoals 2026-1",
    r"^[a-z0-9]+(-[a-z0-9]+)*$": "kleine letters en cijfers, met streepjes ertussen, zoals noordoostpolder",
    r"^GM\d{4}$": "GM en vier cijfers, zoals GM0034",
    r"^#[0-9a-f]{6}$": "“#” en zes tekens 0 tot en met 9 of a tot en met f, zoals #154273",
    r"^[A-Za-z0-9 ,-]+$": "letters, cijfers, spaties, komma's en streepjes",
}
"""What a text must look like, in words, by the pattern of the model; a test looks for patterns without."""
_LONGEST = 40
NO_SUCH_KEY = "verwijder de sleutel"
"""What to do about a key that resembles no other."""

_TYPES = {
    "int": "een geheel getal",
    "float": "een getal",
    "decimal": "een getal",
    "finite_number": "een getal",
    "string": "tekst",
    "bool": "true of false",
    "date": "een datum (jjjj-mm-dd)",
    "datetime": "een datum (jjjj-mm-dd)",
    "tuple": "een lijst",
    "list": "een lijst",
    "set": "een lijst",
    "frozen_set": "een lijst",
    "dict": "een groep sleutels",
    "mapping": "een groep sleutels",
    "model": "een groep sleutels",
    "dataclass": "een groep sleutels",
    "none_required": "leeg",
}
_KINDS: tuple[tuple[type, str], ...] = (
    (type(None), "leeg"),
    (Mapping, "een groep sleutels"),
    (list, "een lijst"),
    (tuple, "een lijst"),
)
_LIMITS = {
    "greater_than": ("gt", "hoger dan {}"),
    "greater_than_equal": ("ge", "{} of hoger"),
    "less_than": ("lt", "lager dan {}"),
    "less_than_equal": ("le", "{} of lager"),
    "multiple_of": ("multiple_of", "een veelvoud van {}"),
    "string_too_short": ("min_length", "ten minste {} teken(s)"),
    "string_too_long": ("max_length", "ten hoogste {} tekens"),
    "too_short": ("min_length", "ten minste {} in de lijst"),
    "too_long": ("max_length", "ten hoogste {} in de lijst"),
}


@dataclass(frozen=True, slots=True)
class Complaint:
    """One objection: a stable rule code and the Dutch words for it."""

    rule: str
    found: str
    allowed: str
    remedy: str


def complain(error: Mapping[str, Any], key: str, known: tuple[str, ...], written: str | None) -> Complaint:
    """One pydantic error in Dutch.

    `key` is the key it is about, `known` the keys allowed there, `written` the value as the file has it.
    """
    kind = str(error["type"])
    if kind == "missing":
        return Complaint("missing-key", f"“{key}” ontbreekt", f"“{key}” is verplicht", f"voeg “{key}” toe")
    if kind in {"extra_forbidden", "unexpected_keyword_argument"}:
        hint = did_you_mean(key, known) or NO_SUCH_KEY
        return Complaint("unknown-key", f"onbekende sleutel “{_short(key)}”", ", ".join(known), hint)
    found = f"“{key}” is {describe(error.get('input'), written)}"
    return _wrong_value(kind, error, found) or _wrong_type(kind, error, found)


def describe(value: object, written: str | None = None) -> str:
    """What a value is, in Dutch, cut short: `het getal 34`, `de tekst “zwaar”`, `een lijst`."""
    if isinstance(value, str):
        return f"de tekst “{_short(value)}”" if value.strip() else "een lege tekst"
    if isinstance(value, bool):
        return f"ja/nee ({_short(written or str(value).lower())})"
    if isinstance(value, int | float):
        return f"het getal {_short(written or str(value))}"
    if isinstance(value, dt.date):
        return f"de datum {_short(written or value.isoformat())}"
    return next((words for kind, words in _KINDS if isinstance(value, kind)), "een ander soort waarde")


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _limit(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _wrong_value(kind: str, error: Mapping[str, Any], found: str) -> Complaint | None:
    context = error.get("ctx", {})
    if kind in _LIMITS:
        name, words = _LIMITS[kind]
        return Complaint("wrong-value", found, words.format(_limit(context.get(name))), "pas de waarde aan")
    if kind in {"literal_error", "enum"}:
        return _choice(error, found, str(context.get("expected", "")))
    if kind == "string_pattern_mismatch":
        pattern = str(context.get("pattern", ""))
        allowed = _PATTERNS.get(pattern, f"een tekst volgens het patroon {pattern}")
        return Complaint("wrong-value", found, allowed, "pas de tekst aan")
    if kind in {"value_error", "assertion_error"} or "_" not in kind:
        return Complaint("wrong-value", found, str(context.get("error") or error["msg"]), "pas de waarde aan")
    return None


def _choice(error: Mapping[str, Any], found: str, expected: str) -> Complaint:
    """A value outside a fixed list; pydantic writes that list as `'a', 'b' or 'c'`."""
    options = [option.strip("' ") for option in expected.replace(" or ", ", ").split(", ")]
    value = error.get("input")
    hint = did_you_mean(value, options) if isinstance(value, str) else ""
    return Complaint("wrong-value", found, listing(options, "of"), hint or "kies een van deze waarden")


def _wrong_type(kind: str, error: Mapping[str, Any], found: str) -> Complaint:
    name = next((name for name in _TYPES if kind == name or kind.startswith(f"{name}_")), None)
    if name is None:
        return Complaint("wrong-value", found, "een andere waarde", "zie de voorbeelden in de documentatie")
    return Complaint("wrong-type", found, _TYPES[name], _type_remedy(name, error.get("input")))


def _type_remedy(name: str, value: object) -> str:
    if name == "string" and isinstance(value, bool | int | float | dt.date):
        return "zet de waarde tussen aanhalingstekens"
    if name in {"int", "float"} and isinstance(value, str):
        decimal = value.replace(",", ".", 1)
        if name == "float" and "," in value and decimal.replace(".", "", 1).strip().isdigit():
            return f"gebruik een punt: {decimal}"
        return f"schrijf {_TYPES[name]}, zonder aanhalingstekens"
    if _TYPES[name] == "een lijst":
        return "schrijf een lijst: [a, b] of elk op een eigen regel achter “- ”"
    if name == "bool":
        return "schrijf true of false, zonder aanhalingstekens"
    return f"maak er {_TYPES[name]} van"


_LARGEST = 5_000_000


class FileModel(Listed, BaseModel):
    """The base of everything read from YAML: frozen, exact types, no unknown keys.

    A model may have `MISPLACED`: keys that belong elsewhere, with what to do about each.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)


_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True)
class Document:
    """Plain data with its name and lines: a YAML file as read, or values from elsewhere without lines."""

    name: str
    data: Any
    lines: Mapping[Path, int] = field(default_factory=dict, repr=False)
    """The line of every key and list element."""
    written: Mapping[Path, str] = field(default_factory=dict, repr=False)
    """Every single value as it was written: `0034`, where the data has 28."""
    findings: tuple[Finding, ...] = ()
    """What was wrong with it as YAML."""
    complete: bool = True
    """False if it could not be read to the end: there is nothing more to check then."""

    def line_of(self, path: Path) -> int:
        """The line of a key or list element; of the nearest part around it if it isn't there itself."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return 1


def read_yaml(path: FilePath | str, *, error: type[WerkbankError] | None = None) -> Document:
    """Reads one file; a missing file, wrong encoding, syntax error or duplicate key is a finding of it.

    With `error` those findings are raised at once, instead of waiting in the document for `findings_of`.
    """
    path = FilePath(path)
    try:
        tree = read_tree(_decode(path))
    except _UnreadableError as problem:
        tree = Tree({}, {}, (problem.fault,), complete=False)
    findings = tuple(_finding(path.name, fault) for fault in tree.faults)
    if error is not None and findings:
        raise error(_summary(path.name, findings), findings)
    lines = {place: mark.line for place, mark in tree.marks.items()}
    written = {place: mark.text for place, mark in tree.marks.items() if mark.text is not None}
    return Document(path.name, tree.data, lines, written, findings, tree.complete)


def findings_of(model: type[BaseModel], document: Document) -> tuple[Finding, ...]:
    """Everything wrong with a document, as YAML and as this model, in the order of its lines."""
    return _examine(model, document)[1]


def validate(
    model: type[_Model],
    document: Document,
    *,
    error: type[WerkbankError] = CatalogueError,
    message: str | None = None,
) -> _Model:
    """The document as an instance of the model; raises `error` with all findings if there are any."""
    instance, findings = _examine(model, document)
    if instance is None or findings:
        raise error(message or _summary(document.name, findings), findings)
    return instance


def _summary(name: str, findings: tuple[Finding, ...]) -> str:
    return f"{name}: {count(len(findings), 'fout', 'fouten')}."


def _examine(model: type[_Model], document: Document) -> tuple[_Model | None, tuple[Finding, ...]]:
    if not document.complete:
        return None, document.findings
    instance, complaints = None, []
    try:
        instance = model.model_validate(_tuples({} if document.data is None else document.data))
    except ValidationError as problem:
        complaints = list(_complaints(model, document, problem))
    findings = sorted([*document.findings, *complaints], key=lambda finding: finding.line or 0)
    return instance, tuple(findings)


def _tuples(value: Any) -> Any:
    """Lists as tuples, all the way down: strict models take no list for a tuple."""
    if isinstance(value, list):
        return tuple(_tuples(item) for item in value)
    if isinstance(value, dict):
        return {key: _tuples(item) for key, item in value.items()}
    return value


def _complaints(model: type[BaseModel], document: Document, problem: ValidationError) -> Iterator[Finding]:
    """One finding per place: the branches of a union complain together."""
    places: dict[Path, list[Complaint]] = {}
    for error in problem.errors(include_url=False):
        path = _path(document.data, error["loc"], absent=error["type"] == "missing")
        key = next((str(part) for part in reversed(path) if isinstance(part, str)), document.name)
        models = _models_at(model, path[:-1])
        complaint = complain(error, key, _known_keys(models), document.written.get(path))
        places.setdefault(path, []).append(_in_place(complaint, key, models))
    for path, complaints in places.items():
        first = complaints[0]
        yield Finding(
            rule=first.rule,
            severity="error",
            found=_owner(document.data, path) + first.found,
            allowed=" of ".join(dict.fromkeys(complaint.allowed for complaint in complaints)),
            remedy=first.remedy if len(complaints) == 1 else "pas de waarde aan",
            file=document.name,
            line=document.line_of(path) if document.lines else None,
        )


def _path(data: Any, loc: Path, *, absent: bool) -> Path:
    """The part of pydantic's location that exists in the data: it adds names of union branches."""
    path = loc[: len(_along(data, loc))]
    return (*path, loc[-1]) if absent else path


def _owner(data: Any, path: Path) -> str:
    """The code of the innermost entry the path lies in, as a heading for what was found there."""
    entries = [value for part, value in zip(path, _along(data, path), strict=False) if isinstance(part, int)]
    found = [entry["id"] for entry in entries if isinstance(entry, dict) and isinstance(entry.get("id"), str)]
    return f"{found[-1]}: " if found else ""


def _along(data: Any, path: Path) -> list[Any]:
    """The values met along a path, as far as it goes."""
    values: list[Any] = []
    for part in path:
        in_group = isinstance(data, dict) and part in data
        in_list = isinstance(data, list | tuple) and isinstance(part, int)
        if not in_group and not in_list:
            break
        data = data[part]
        values.append(data)
    return values


def _models_at(model: type[BaseModel], path: Path) -> list[type[BaseModel]]:
    """The models that may stand at a place in the data."""
    annotations: list[Any] = [model]
    for part in path:
        annotations = [inner for annotation in annotations for inner in _inside(annotation, part)]
    return [candidate for annotation in annotations for candidate in _models(annotation)]


def _known_keys(models: Iterable[type[BaseModel]]) -> tuple[str, ...]:
    """The keys that any of the models allows."""
    return tuple(dict.fromkeys(name for candidate in models for name in _names(candidate)))


def _in_place(complaint: Complaint, key: str, models: Iterable[type[BaseModel]]) -> Complaint:
    """For an unknown key that belongs elsewhere, or that is nearly such a key: where."""
    where: dict[str, str] = {}
    for each in models:
        where |= getattr(each, "MISPLACED", {})
    if complaint.rule != "unknown-key":
        return complaint
    if key in where:
        return dataclasses.replace(complaint, remedy=where[key])
    near = nearest(key, where) if complaint.remedy == NO_SUCH_KEY else None
    return dataclasses.replace(complaint, remedy=f"bedoelt u “{near}”? {where[near]}") if near else complaint


def _inside(annotation: Any, part: str | int) -> Iterator[Any]:
    """The annotations of what lies at one key or position within an annotation."""
    for candidate in _models(annotation):
        if part in candidate.model_fields:
            yield candidate.model_fields[str(part)].annotation
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        yield from _inside(arguments[0], part)
    elif origin in {typing.Union, types.UnionType}:
        for argument in arguments:
            yield from _inside(argument, part)
    elif origin in {tuple, list}:
        yield arguments[0]
    elif origin is dict:
        yield arguments[1]


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif typing.get_origin(annotation) in {typing.Annotated, typing.Union, types.UnionType}:
        for argument in typing.get_args(annotation):
            yield from _models(argument)


def _names(model: type[BaseModel]) -> Iterator[str]:
    for name, info in model.model_fields.items():
        yield info.alias or name


class _UnreadableError(Exception):
    """A file that gives no text, with the reason as a fault."""

    def __init__(self, rule: str, found: str, allowed: str, remedy: str, line: int = 1) -> None:
        super().__init__(rule)
        self.fault = NodeFault(rule, line, found, allowed, remedy)


def _decode(path: FilePath) -> str:
    try:
        content = path.read_bytes()
    except FileNotFoundError as problem:
        words = "het bestand is er niet", "een YAML-bestand met deze naam", "zet het bestand in deze map"
        raise _UnreadableError("file-missing", *words) from problem
    except OSError as problem:
        words = (
            "het bestand is niet te lezen",
            "een leesbaar bestand",
            "sluit het elders en controleer de rechten",
        )
        raise _UnreadableError("file-unreadable", *words) from problem
    if len(content) > _LARGEST:
        words = "het bestand is te groot", "ten hoogste 5 MB", "maak het bestand kleiner"
        raise _UnreadableError("file-too-large", *words)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        words = "een teken dat geen UTF-8 is", "UTF-8", "sla het bestand op als UTF-8"
        line = content[: problem.start].count(b"\n") + 1
        raise _UnreadableError("file-encoding", *words, line) from problem


def _finding(name: str, fault: NodeFault) -> Finding:
    return Finding(**dataclasses.asdict(fault), severity="error", file=name)
