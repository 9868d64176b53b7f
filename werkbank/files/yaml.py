"""YAML as plain values that know their lines: every fault is a finding, and nothing in a file is ever executed.

Built on the parser's events, not on its constructor, so nothing in a file can make an object, expand an alias or
overwrite an earlier key: anchors, aliases, tags and duplicate keys are faults. `read_yaml` never fails on what a person
wrote; whether the values fit is for `werkbank.files.models`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path as FilePath
from typing import Any, cast

import yaml

from werkbank.errors import Finding

Path = tuple[str | int, ...]

_LARGEST = 5_000_000
_DEEPEST = 20
_PLAIN_TAGS = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null", "timestamp"))
_GROUP_TAGS = frozenset({None, "!", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"})
_WHOLE = re.compile(r"[-+]?\d+")

# libyaml is some ten times as fast; without it the pure Python parser gives the same events.
_Loader = cast("type[yaml.SafeLoader]", getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def packaged(module: str, name: str) -> dict[str, Any]:
    """What the YAML file of this name says that comes with the package, beside a module (its `__file__`)."""
    return dict(yaml.load(FilePath(module).with_name(name).read_bytes(), _Loader))  # noqa: S506  a safe one


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

    def below(self, *prefix: str) -> tuple[dict[Path, int], dict[Path, str]]:
        """The lines and the written values of what lies under a key, by their path from there."""
        start = len(prefix)
        lines = {path[start:]: line for path, line in self.lines.items() if path[:start] == prefix}
        return lines, {path[start:]: text for path, text in self.written.items() if path[:start] == prefix}


def read_yaml(path: FilePath | str) -> Document:
    """Reads one file; a missing file, wrong encoding, syntax error or duplicate key is a finding of it."""
    path = FilePath(path)
    try:
        return parsed(path.name, path.read_bytes())
    except OSError as problem:
        rule = "file-missing" if isinstance(problem, FileNotFoundError) else "file-unreadable"
        return Document(path.name, {}, findings=(_FAULTS.finding(rule, "", path.name, 1),), complete=False)


def parsed(name: str, content: bytes) -> Document:
    """The document in the bytes of a file."""
    reader = _Reader(name)
    data, complete = reader.read(content)
    return Document(name, data, reader.lines, reader.written, tuple(reader.findings), complete)


class Prose:
    """What findings say, as a file tells it: rule → found, allowed, remedy, and a severity where it is no error.

    A rule that is told in several ways has a word behind a slash: `wrong-code/rin`.
    """

    def __init__(self, path: FilePath) -> None:
        self._path = path

    @cached_property
    def _texts(self) -> Mapping[str, Mapping[str, Any]]:
        return packaged(str(self._path), self._path.name)

    def finding(
        self, key: str, near: str = "", file: str | None = None, line: int | None = None, /, **facts: object
    ) -> Finding:
        """The finding with its facts filled in; `near`, what is asked back, goes before the remedy."""
        texts = self._texts[key]
        found, allowed, remedy = (str(texts[part]).format_map(facts) for part in ("found", "allowed", "remedy"))
        return Finding(
            rule=key.partition("/")[0],
            severity=texts.get("severity", "error"),
            found=found,
            allowed=allowed,
            remedy=near or remedy,
            file=file,
            line=line,
        )


def items(data: Any, key: str) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """The entries of a list in plain data that are groups of keys, with their path; what has another shape is none."""
    entries = data.get(key) if isinstance(data, Mapping) else None
    for position, entry in enumerate(entries if isinstance(entries, list | tuple) else ()):
        if isinstance(entry, Mapping):
            yield (key, position), entry


def texts(path: Path, entry: Mapping[str, Any], key: str) -> Iterator[tuple[Path, str]]:
    """The texts under a key, be it one text or a list of them."""
    value = entry.get(key)
    if isinstance(value, str):
        yield (*path, key), value
    for position, text in enumerate(value if isinstance(value, list | tuple) else ()):
        if isinstance(text, str):
            yield (*path, key, position), text


def codes(data: Any, key: str, name: str = "id") -> list[str]:
    """The codes of a list's entries."""
    return [entry[name] for _, entry in items(data, key) if isinstance(entry.get(name), str)]


class _Dumper(yaml.SafeDumper):
    """YAML that people read: a day that stands in two places is written twice, and lines stay lines."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True


_Dumper.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None),
)


def yaml_text(data: Any, *, flow: bool = False) -> str:
    """Plain data as YAML for people; `flow` gives what may stand behind a key on one line."""
    values = [data] if flow else data
    text = yaml.dump(
        values, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=2**20 if flow else 110,
        default_flow_style=flow,
    )  # fmt: skip
    return text.rstrip()[1:-1] if flow else text


def rewritten(text: str, data: Any) -> str | None:
    """The YAML text with only those values written anew that differ in `data`: all else, comments too, stays.

    None where that gives no text of exactly this data.
    """
    loader = yaml.SafeLoader(text)
    root: Any = loader.get_single_node()
    made = text
    for start, end, new in sorted(_edits(text, loader, root, data, root.start_mark.index, ""), reverse=True):
        made = made[:start] + new + made[end:]
    try:
        return made if yaml.safe_load(made) == data else None
    except yaml.YAMLError:
        return None


def _edits(
    text: str, loader: yaml.SafeLoader, node: Any, value: Any, start: int, before: str
) -> Iterator[tuple[int, int, str]]:
    """Which pieces of the text are replaced, by what; `start` is where a value begins, `before` is what leads to it."""
    if loader.construct_document(node) == value:
        return
    pairs = node.value if isinstance(node, yaml.MappingNode) else [(None, one) for one in node.value]
    keys = [key.value if key else at for at, (key, _) in enumerate(pairs)]
    group = dict(value) if isinstance(value, Mapping) else dict(enumerate(value)) if isinstance(value, list) else {}
    same = isinstance(node, yaml.MappingNode if isinstance(value, Mapping) else yaml.SequenceNode)
    if not (same and keys and set(keys) <= set(group)):
        yield start, _end(text, node), before + yaml_text(value, flow=True)
        return
    for name, (key, own) in zip(keys, pairs, strict=True):
        place = key.end_mark.index if key else own.start_mark.index
        yield from _edits(text, loader, own, group[name], place, ": " if key else "")
    added = [
        (f"{name}: " if isinstance(node, yaml.MappingNode) else "", group[name]) for name in group if name not in keys
    ]
    if node.flow_style:
        place, lead = node.end_mark.index - 1, ", "
    else:
        line = text.find("\n", _end(text, node))
        place = len(text) if line < 0 else line
        lead = f"\n{' ' * node.start_mark.column}{'' if isinstance(node, yaml.MappingNode) else '- '}"
    if added:
        yield place, place, "".join(f"{lead}{name}{yaml_text(own, flow=True)}" for name, own in added)


def _end(text: str, node: yaml.Node) -> int:
    """Where the last of a value stands; the parser reads on to what comes next."""
    if isinstance(node, yaml.CollectionNode) and node.value and not node.flow_style:
        last = node.value[-1]
        return _end(text, last[1] if isinstance(last, tuple) else last)
    return max(len(text[: node.end_mark.index].rstrip()), node.start_mark.index)


_FAULTS = Prose(FilePath(__file__).with_name("unreadable.yaml"))


class _EndError(Exception):
    """The file cannot be read any further; why is a finding already."""


class _Reader:
    """Reads one file, and walks the events of its one document once."""

    loader: yaml.SafeLoader

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[Path, int] = {}
        self.written: dict[Path, str] = {}
        self.findings: list[Finding] = []
        self.line = 1

    def read(self, content: bytes) -> tuple[Any, bool]:
        """The value of the file, and whether it could be read to the end."""
        text = ""
        try:
            text = self._text(content)
            return self._document(text), True
        except _EndError:
            pass
        except yaml.YAMLError as problem:
            # The reader of YAML has a limit of its own, which it comes upon while it looks ahead.
            is_deep = "nesting depth" in str(getattr(problem, "problem", ""))
            self._fault("yaml-too-deep", most=_DEEPEST) if is_deep else self._syntax(problem, text)
        return {}, False

    def _fault(self, rule: str, line: int | None = None, /, **facts: object) -> None:
        self.findings.append(_FAULTS.finding(rule, "", self.name, line or self.line, **facts))

    def _text(self, content: bytes) -> str:
        if len(content) > _LARGEST:
            self._fault("file-too-large")
            raise _EndError
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as problem:
            self._fault("file-encoding", content[: problem.start].count(b"\n") + 1)
            raise _EndError from None

    def _syntax(self, problem: yaml.YAMLError, text: str) -> None:
        mark = getattr(problem, "problem_mark", None)
        before = text.encode()[: getattr(problem, "position", 0)]
        line = mark.line + 1 if mark is not None else before.count(b"\n") + 1
        tab = "\t" in "".join(text.splitlines()[line - 1 : line])
        self._fault("yaml-syntax/letter" if mark is None else "yaml-syntax/tab" if tab else "yaml-syntax", line)

    def _document(self, text: str) -> Any:
        """The value of the only document, None if the file is empty."""
        self.loader = _Loader(text)
        self._next()
        if isinstance(self._next(), yaml.StreamEndEvent):
            return None
        value = self._value(self._next(), ())
        self._next()
        if not isinstance(self._next(), yaml.StreamEndEvent):
            self._fault("yaml-documents")
        return value

    def _next(self) -> Any:
        event = self.loader.get_event()  # type: ignore[no-untyped-call]
        self.line = event.start_mark.line + 1
        return event

    def _value(self, event: Any, path: Path) -> Any:
        if len(path) > _DEEPEST:
            self._fault("yaml-too-deep", most=_DEEPEST)
            raise _EndError
        self.lines.setdefault(path, self.line)
        if getattr(event, "anchor", None) is not None:
            sign = "*" if isinstance(event, yaml.AliasEvent) else "&"
            self._fault("yaml-anchor", sign=sign)
        if isinstance(event, yaml.AliasEvent):
            return None
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, path)
        self._refuse_tag(event.tag, _GROUP_TAGS)
        return self._mapping(path) if isinstance(event, yaml.MappingStartEvent) else self._sequence(path)

    def _refuse_tag(self, tag: str | None, allowed: Collection[str | None]) -> bool:
        if tag in allowed:
            return False
        self._fault("yaml-tag")
        return True

    def _scalar(self, event: Any, path: Path) -> Any:
        self.written[path] = event.value
        tag = event.tag
        if tag in {None, "!"}:
            tag = self.loader.resolve(yaml.ScalarNode, event.value, event.implicit)  # type: ignore[no-untyped-call]
        if self._refuse_tag(tag, _PLAIN_TAGS):
            return None
        try:
            return self.loader.construct_object(yaml.ScalarNode(tag, event.value))
        except (ValueError, ArithmeticError, LookupError):
            self._fault("yaml-value")
            return None

    def _sequence(self, path: Path) -> list[Any]:
        values: list[Any] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            values.append(self._value(event, (*path, len(values))))
        return values

    def _mapping(self, path: Path) -> dict[str, Any]:
        values: dict[str, Any] = {}
        before: Path | None = None
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            line = self.line
            key = self._key(event, path, before)
            if key in values:
                self._fault("yaml-duplicate-key", key=key, first=self.lines[*path, key])
            if key is None or key in values:
                # Read on, so that faults inside are named too, at a path that nothing else has.
                self._value(self._next(), (*path, f"\0{line}"))
                continue
            before = (*path, key)
            # The line of a value is that of its key.
            self.lines[before] = line
            values[key] = self._value(self._next(), before)
        return values

    def _key(self, event: Any, path: Path, before: Path | None) -> str | None:
        """The text of a key, None for what isn't text: `yes`, `no`, a bare number, a list.

        `before` is the value before it: after a whole number on the same line, a bare number is a decimal comma.
        """
        line = self.line
        key = self._value(event, (*path, f"\0key {line}"))
        self.line = line
        whole, digits = self.written.get(before or (), ""), str(getattr(event, "value", ""))
        same_line = before is not None and self.lines[before] == line
        if isinstance(key, int) and digits.isdigit() and same_line and _WHOLE.fullmatch(whole):
            self._fault("yaml-decimal-comma", whole=whole, digits=digits)
            return None
        if not isinstance(key, str):
            self._fault("yaml-key")
            return None
        return key
