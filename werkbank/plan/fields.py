"""Every field of a plan that people own, as they see it: a key, a text, and what they typed as a value again.

The Word file has a row for each, the list of actions a cell for some. A text is compared, never a value: only what
somebody changed is read as one. What cannot be read asks; it never empties a field.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from werkbank.plan import words
from werkbank.plan.kept import KeptPlan, SharingMoment, Who, Yardstick, asked_fields
from werkbank.settings.catalogue import Catalogue
from werkbank.wording import date, did_you_mean, read_date

OF_INTERVENTION: Mapping[str, str] = words()["kept"]["kinds"]
"""What people lay down about an intervention, in the order in which they are asked it, and what kind of value it is."""
AT_THE_END = ("done", "evidence", "result")
"""Asked in Word once an intervention has begun."""
OPEN = "…"
"""Stands for a value of a yardstick that is still to be filled in."""
_BLANKS = ("", OPEN, "...", "?")
_YARDSTICK = re.compile(r"(?P<text>.+): nu (?P<baseline>.*), doel (?P<target>.*)")
_SHARED = re.compile(
    r"(?P<receiver>[^:;]+): (?P<output>[^;]+); (?P<when>[^;]+); (?P<basis>[^;]+)(; gedaan op (?P<done>.+))?"
)
_BETWEEN = " ,;:()-–\N{EM DASH}"
"""What people put between a role and an organisation."""


class UnreadableError(ValueError):
    """What was typed is no value of its field: what is allowed, and what was perhaps meant."""

    def __init__(self, allowed: str, near: str = "") -> None:
        super().__init__(allowed)
        self.allowed, self.near = allowed, near


@dataclass(frozen=True, slots=True)
class PlanField:
    """One field: where it stands in the plan, what kind of value it has, and that value as people read it."""

    path: tuple[str, ...]
    kind: str
    text: str = ""

    @property
    def key(self) -> str:
        """What it is known by in a file that people fill in."""
        return "/".join(self.path)


def plan_fields(kept: KeptPlan) -> dict[str, PlanField]:
    """Every field by its key, in the order of the file; what is only typed anew each time has no text."""
    return {one.key: one for one in _fields(kept)}


def _fields(kept: KeptPlan) -> Iterator[PlanField]:
    yield PlanField(("lead",), "who", written("who", kept.lead))
    yield PlanField(("state",), "states", written("states", kept.state))
    yield from (PlanField((name,), kind) for name, kind in (("since", "day"), ("reason", "text"), ("add", "codes")))
    yield PlanField(("members",), "whos", written("whos", kept.members))
    yield PlanField(("agreements",), "lines", written("lines", kept.agreements))
    yield PlanField(("sharing",), "shares", written("shares", kept.sharing))
    own = {(one.chapter, one.name): one.value for one in kept.fields}
    for chapter, name in dict.fromkeys((*asked_fields(), *own)):
        yield PlanField(("fields", chapter, name), "text", own.get((chapter, name), ""))
    for chapter in words()["chapters"]:
        yield PlanField(("texts", chapter), "text", kept.texts.get(chapter, ""))
    for one in kept.planned:
        for name, kind in OF_INTERVENTION.items():
            yield PlanField(("interventions", one.id, name), kind, written(kind, getattr(one, name)))


def field_name(key: str) -> str:
    """What people know a field by: "C03, eigenaar", or "Organisatie: besluitvorming"."""
    said = words()
    if key in said["kept"]["form"]:
        return str(said["kept"]["form"][key]["name"])
    group, _, rest = key.partition("/")
    code, _, name = rest.partition("/")
    if group == "interventions":
        return f"{code} {said['kept']['names'].get(name, name)}"
    title = said["chapters"].get(code, {}).get("title", code)
    return f"{title}: {name or said['kept']['own_text']}"


def written(kind: str, value: Any) -> str:
    """A value as people read it; empty where there is none."""
    said = words()["kept"]
    if kind in ("steps", "results", "states"):
        return str(said[kind][value]) if value else ""
    if kind == "measures":
        return "\n".join(f"{one.text}: nu {one.baseline or OPEN}, doel {one.target or OPEN}" for one in value)
    if kind == "shares":
        return "\n".join(map(_shared_line, value))
    if kind in ("lines", "whos"):
        return "\n".join(map(str, value))
    if kind in ("partners", "codes"):
        return "; ".join(value)
    return date(value) if isinstance(value, dt.date) else str(value or "")


def read_value(kind: str, text: str, catalogue: Catalogue, known: Iterable[str]) -> Any:
    """What somebody typed in a field of this kind; empty gives what an empty field has.

    `known` are the organisations that may be named. Raises UnreadableError.
    """
    lines = text.splitlines()
    known = tuple(known)
    if kind == "whos":
        return [_who(line, known) for line in lines]
    if kind == "partners":
        named = (part.strip() for line in lines for part in line.split(";"))
        return [_who(part, known).organisation for part in named if part]
    if kind in ("measures", "shares"):
        return [_yardstick(line) if kind == "measures" else _shared(line) for line in lines]
    if kind == "codes":
        return [_code(word, catalogue) for word in re.split(r"[\s,;]+", text) if word]
    if kind in ("text", "lines"):
        return text if kind == "text" else lines
    return _single(kind, " ".join(lines), known) if text else None


def _single(kind: str, text: str, known: tuple[str, ...]) -> Any:
    if kind == "who":
        return _who(text, known)
    if kind == "day":
        if (day := read_date(text)) is None:
            raise UnreadableError("een datum zoals 1 april 2026 of 1-4-2026")
        return day
    return read_word(kind, text)


def read_word(kind: str, text: str) -> str:
    """The code that is meant by a word for a state or a result, or by itself. Raises UnreadableError."""
    said, own = words()["kept"][kind], text.casefold().rstrip(".")
    options = {name.casefold(): code for code, name in said.items()}
    if own not in options and own not in said:
        raise UnreadableError(" of ".join(options), did_you_mean(text[:60], list(options)))
    return str(options.get(own, own))


def _code(word: str, catalogue: Catalogue) -> str:
    codes = {one.id.casefold(): one.id for one in catalogue.interventions}
    if (found := codes.get(word.casefold())) is None:
        raise UnreadableError("codes van interventies uit de leidraad", did_you_mean(word[:60], list(codes.values())))
    return found


def _yardstick(line: str) -> Yardstick:
    match = _YARDSTICK.fullmatch(line)
    if match is None and re.search(r":\s*nu\b|\bdoel\b", line):
        raise UnreadableError(f"per regel “maatstaf: nu {OPEN}, doel {OPEN}”")
    found = match.groupdict() if match else {"text": line, "baseline": "", "target": ""}
    return Yardstick(
        text=found["text"].strip(),
        **{name: "" if (own := found[name].strip()) in _BLANKS else own for name in ("baseline", "target")},
    )


def known_organisations(kept: KeptPlan, catalogue: Catalogue, municipalities: Iterable[str]) -> tuple[str, ...]:
    """The partners of the catalogue, also without what stands in brackets; who the plan names; the municipalities."""
    owners = (one.owner for one in kept.interventions)
    named = [one.organisation for one in (kept.lead, *kept.members, *owners) if one]
    partners = [name for one in catalogue.partners for name in (one.name, one.name.partition(" (")[0])]
    joined = [name for one in kept.interventions for name in one.partners]
    local = [f"gemeente {name.partition(' (')[0]}" for name in municipalities]
    return tuple(dict.fromkeys((*named, *joined, *partners, *local)))


def _shared_line(one: SharingMoment) -> str:
    done = f"; gedaan op {date(one.done)}" if one.done else ""
    return f"{one.receiver}: {one.output}; {date(one.when) if one.when else OPEN}; {one.basis or OPEN}{done}"


def _shared(line: str) -> SharingMoment:
    found = _SHARED.fullmatch(line)
    days = {name: text for name in ("when", "done") if found and (text := found[name]) and text not in _BLANKS}
    read = {name: read_date(text) for name, text in days.items()}
    if found is None or None in read.values():
        raise UnreadableError(f"per regel “wie: wat; 1 april 2026; grondslag”, {OPEN} waar iets nog open is")
    basis = "" if found["basis"] in _BLANKS else found["basis"]
    return SharingMoment(receiver=found["receiver"], output=found["output"], basis=basis, **read)


def _who(text: str, known: tuple[str, ...]) -> Who:
    """Role and organisation in either order; a new organisation stands behind words()["kept"]["new"]."""
    new = words()["kept"]["new"]
    if text.casefold().startswith(new):
        organisation, _, role = text[len(new) :].partition(",")
        if organisation.strip():
            return Who(organisation=organisation.strip(), role=role.strip())
    for own in sorted(known, key=len, reverse=True):
        if (beside := _beside(own, text)) is not None:
            return Who(organisation=own, role=beside)
    parts = [part.strip() for part in re.split(r"[,;()]| [-–] ", text) if part.strip()]
    near = next(filter(None, (did_you_mean(part, known) for part in reversed(parts))), "")
    raise UnreadableError(f"een rol en een bekende organisatie; een andere zo: “{new} organisatie, rol”", near)


def _beside(name: str, text: str) -> str | None:
    """The role beside the organisation at the begin or the end of a text; None where it does not stand there."""
    folded, own = text.casefold(), name.casefold()
    if folded.startswith(own) and not folded[len(own) : len(own) + 1].isalnum():
        rest = text[len(own) :]
        # "gemeente Urk" is not the role Urk at the organisation gemeente.
        return rest.strip(_BETWEEN) if not rest.strip() or rest.lstrip()[0] in _BETWEEN else None
    for end in {len(text), len(text.rstrip(_BETWEEN))}:
        before = text[: end - len(own)]
        if folded[:end].endswith(own) and before[-1:] in tuple(_BETWEEN):
            return before.strip(_BETWEEN)
    return None


def placed(data: dict[str, Any], path: tuple[str, ...], value: Any, catalogue: Catalogue) -> None:
    """Put a value in plain data of a plan; what a list has no entry for is added to it."""
    match path:
        case ("add",):
            _added(data, value, catalogue)
        case ("fields", chapter, name):
            entries = _under(data, "fields", [])
            found = next((one for one in entries if (one["chapter"], one["name"]) == (chapter, name)), None)
            if found is None:
                entries.append(found := {"chapter": chapter, "name": name})
            found["value"] = value
        case ("texts", chapter):
            _under(data, "texts", {})[chapter] = value
        case ("interventions", code, name):
            next(one for one in data["interventions"] if one["id"] == code)[name] = value
        case _:
            data[path[0]] = value


def _added(data: dict[str, Any], codes: Iterable[str], catalogue: Catalogue) -> None:
    """Add interventions with the yardsticks of the catalogue; one that was dropped begins again."""
    entries = _under(data, "interventions", [])
    for code in codes:
        found = next((one for one in entries if one["id"] == code), None)
        if found is None:
            texts = catalogue.intervention(code).measures
            entries.append({"id": code, "measures": [{"text": text} for text in texts]})
        elif found.get("state") == "dropped":
            found["state"] = "not_started"


def _under(data: dict[str, Any], key: str, empty: Any) -> Any:
    if not data.get(key):
        data[key] = empty
    return data[key]
