"""A request to share a file: what is asked, whether that may be, and what came of it in the register.

Who may take which step from which state is data, in `steps.yaml`; in which state a request is follows from its steps,
each an event; that it lapsed is computed each time. What the requester found is the first of two verdicts: no command
shows it before the second is in.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from werkbank.assessment.assessment import kept_assessment
from werkbank.assessment.choosing import any_parameters, chosen_round, find_park, place_names
from werkbank.assessment.rounds import Rounds
from werkbank.batch.manifest import DISTRICT, MANIFEST, PLANS, read_manifest, records_folder
from werkbank.batch.verify import agreed_since, changed_inputs
from werkbank.errors import Finding, OutputError, RegisterError, WerkbankError
from werkbank.files.canonical import from_plain, to_plain
from werkbank.files.yaml import Prose, packaged
from werkbank.matrix.personal_data import LOOKS_LIKE, Places, personal_data, with_capitals
from werkbank.register.decision import Deciding
from werkbank.register.events import StoredEvent
from werkbank.register.legal_bases import FILE_NAME, load_legal_bases, no_basis
from werkbank.register.store import open_register, recorded_events, register_address
from werkbank.report.copies import kept_analyses, seen_by
from werkbank.settings.catalogue import load_catalogue, owner_code
from werkbank.settings.parameters import Parameters, load_parameters
from werkbank.settings.workspace import MONITOR, municipality_slugs
from werkbank.sharing.gate import of_copy, second_copy, shared_cells, went_in
from werkbank.wording import count, did_you_mean, listing

PROSE: Final = Prose(Path(__file__).with_name("faults.yaml"))
"""What every finding about a file that is to leave says."""
_LONGEST_ROLE: Final = 80
_NAMED: Final = 3


@lru_cache(maxsize=1)
def words() -> dict[str, Any]:
    """The states, steps and other words of this room."""
    return packaged(__file__, "steps.yaml")


def may_follow(state: str | None) -> dict[str, dict[str, Any]]:
    """The steps that may be taken from a state; from none, those that begin a request."""
    found: dict[str, dict[str, Any]] = words()["steps"]
    return {code: one for code, one in found.items() if state in (one["from"] or [None])}


def objections(code: str, number: int, state: str | None, by: str, requester: str) -> Iterator[Finding]:
    """Why this role may not take this step now; nothing when it may."""
    step, can = words()["steps"][code], may_follow(state)
    if code not in can:
        allowed = listing((one["name"] for one in can.values()), "of") or "niets meer"
        now = words()["states"].get(state, "er niet")
        yield PROSE.finding("step-not-allowed", number=number, step=step["name"], state=now, can=allowed)
    if step["by"] == "another" and _plain(by) == _plain(requester):
        yield PROSE.finding("step-own-request", number=number)


def _plain(role: str) -> str:
    """A role without what makes no other one of it: capitals, signs, spaces and an article."""
    return re.sub(r"[\W_]+", "", re.sub(r"^\W*(de|het|een)\b", "", role.casefold()))


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: which file, for whom, on which basis, for what.

    `file` is its place in the output folder, `municipality` whose it is or `district`, `municipalities` all that are in
    it, `parks` the one it is about, `went_in` by municipality what it rests on, `changed` what did so since an earlier
    copy, where another was asked for with a reason.
    """

    round: str
    file: str
    sha256: str
    audience: str
    role: str
    basis: str
    purpose: str
    municipality: str
    municipalities: tuple[str, ...]
    parks: tuple[str, ...] = ()
    went_in: Mapping[str, Any] = field(default_factory=dict, repr=False)
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """A request and its steps, each with its event; its number is that of the event by which it was asked."""

    number: int
    asked: Asked
    by: str
    state: str
    taken: Mapping[str, StoredEvent]


def requests(events: Iterable[StoredEvent]) -> dict[int, Request]:
    """Every request among the events by its number; of one that was destroyed in time only what was issued is left."""
    found: dict[int, Request] = {}
    for event in events:
        data = (event.data or {}) if event.kind == "disclosure" else {}
        step, number = str(data.get("step")), data.get("request", event.id)
        if step == "ask":
            found[number] = Request(number, from_plain(Asked, data["asked"]), event.actor_role, "asked", {step: event})
        elif step in words()["steps"] and number in found:
            one, to = found[number], words()["steps"][step]["to"]
            found[number] = replace(one, state=to, taken={**one.taken, step: event})
        elif step == "issue":
            own = {one.name for one in fields(Asked)}
            kept = {name: value for name, value in data["disclosure"].items() if name in own}
            found[number] = Request(number, from_plain(Asked, kept), event.actor_role, "issued", {step: event})
    return found


def known_requests() -> dict[int, Request]:
    """Every request in the register of this workspace."""
    return requests(recorded_events(any_parameters().data))


def request(number: int) -> Request:
    """The request with this number. Raises RegisterError when there is none."""
    known = known_requests()
    if number not in known:
        there = f"Er zijn: {listing(map(str, known))}." if known else "Er is nog niets gevraagd."
        raise RegisterError(f"Er is geen verzoek {number} om iets te delen. {there}")
    return known[number]


class Desk:
    """What is asked, laid beside what there is on a day: the file and its texts, the bases, the manifest.

    `named` are the files of the manifest with their sha256; `copy` stands in the place of the file. Everything is read
    once; raises what reading it raises.
    """

    def __init__(self, asked: Asked, day: dt.date | None = None, copy: Path | None = None) -> None:
        from werkbank.release.stamp import kind_of, texts_in  # noqa: PLC0415  the libraries of Word and Excel

        self.asked, self.day = asked, day or dt.date.today()
        self.parameters = load_parameters(asked.municipalities[0], round=asked.round, audience=asked.file.split("/")[1])
        self.catalogue = load_catalogue(self.parameters.catalogue_path)
        self.audience = self.catalogue.audience(self.parameters.audience)
        found = read_manifest(records_folder(self.parameters) / MANIFEST)
        self.manifest = found[0] if found else None
        self.named = dict(found[0].files if found else {})
        for unit, record in found[0].units.items() if found else ():
            self.named |= {f"{unit}/{name}": mark for name, mark in record.outputs.items()}
        self.bases = {one.id: one for one in load_legal_bases(self.parameters.data / FILE_NAME)}
        self.names = place_names()
        self.places = Places(self.names.values())
        path = copy or self.parameters.output / asked.file
        self.content = path.read_bytes() if path.is_file() else b""
        self.texts = texts_in(self.content, kind_of(asked.file)) if self.content else ()

    def outcomes(self) -> dict[str, tuple[Finding, ...]]:
        """Rule → what is against it; nothing where it holds."""
        return {code: tuple(rule(self)) for code, rule in _RULES.items()}

    def findings(self) -> tuple[Finding, ...]:
        """Everything that is against it, at once."""
        return tuple(finding for found in self.outcomes().values() for finding in found)


def _receiver(desk: Desk) -> Iterator[Finding]:
    """The audience for which the file was made, never who makes the analyses; and a role, no name."""
    own, named = desk.audience, desk.asked.audience
    if named != own.id or own.owner:
        known = [name for one in desk.catalogue.audiences for name in (one.id, one.name)]
        near = "" if named in known else did_you_mean(named, known)
        allowed = "een andere doelgroep" if own.owner else f"{own.id} ({own.name})"
        yield PROSE.finding("receiver", near, named=named[:40], allowed=allowed)
    role = desk.asked.role
    yield from _role_faults(role, desk.places, "receiver-role")
    if own.areas == "own" and (elsewhere := [name for name in _others(desk) if f" {name} " in f" {role.casefold()} "]):
        yield PROSE.finding("receiver-elsewhere", named=listing(elsewhere), file=Path(desk.asked.file).name)


def _role_faults(role: str, places: Places, rule: str) -> Iterator[Finding]:
    kinds = personal_data(f"aan {with_capitals(role)}", places)
    if kinds or not role:
        yield PROSE.finding(rule, what=f"iets dat lijkt op {LOOKS_LIKE[kinds[0]]}" if kinds else "geen rol")
    if len(role) > _LONGEST_ROLE or not role.isprintable():
        yield PROSE.finding(rule, what=f"meer dan {_LONGEST_ROLE} letters, of een teken dat niet te zien is")


def require_roles(roles: Iterable[str]) -> None:
    """Raises RegisterError for a visitor whose role cannot go into the register: it looks like a person's name."""
    places = Places(place_names().values())
    if faults := tuple(one for role in roles for one in _role_faults(role, places, "visitor-role")):
        raise RegisterError("Het dashboard wordt niet getoond:", faults)


def _others(desk: Desk) -> Iterator[str]:
    """The names of municipalities, and of parks where the file is of one park, that it is not about."""
    about, slugs = (*desk.asked.municipalities, *desk.asked.parks), municipality_slugs(desk.parameters.workspace)
    for code, name in desk.names.items():
        if code not in about and (code in slugs or desk.asked.parks):
            yield name.casefold()


def _in_manifest(desk: Desk) -> Iterator[Finding]:
    known, now = desk.named.get(desk.asked.file.split("/", 2)[2]), sha256(desk.content).hexdigest()
    if not known == now == desk.asked.sha256:
        yield PROSE.finding("file-changed", audience=desk.audience.id)


def _basis(desk: Desk) -> Iterator[Finding]:
    named, asked = desk.bases.get(desk.asked.basis), desk.asked
    if named is None:
        yield no_basis(asked.basis[:60], tuple(desk.bases))
        return
    parts = {*_parts(asked), *((asked.round, slug) for slug in asked.municipalities)}
    found = (one for of, slug in sorted(parts) for one in named.objections(slug, of, desk.day))
    yield from dict.fromkeys(found)


def _made_on(desk: Desk) -> Iterator[Finding]:
    """It was made on that basis, and of what there is now: of another copy nobody could tell what went in."""
    if desk.manifest:
        yield from (*changed_inputs(desk.manifest, desk.parameters), *agreed_since(desk.manifest, desk.parameters))
    for slug in desk.asked.municipalities:
        if desk.asked.basis in desk.bases and load_parameters(slug).legal_basis != desk.asked.basis:
            yield PROSE.finding("file-basis", municipality=slug, basis=desk.asked.basis[:60])


def _purpose(desk: Desk) -> Iterator[Finding]:
    basis = desk.bases.get(desk.asked.basis)
    if basis and desk.asked.purpose not in basis.every_purpose:
        allowed = "; ".join(f"{at}. {text}" for at, text in enumerate(basis.every_purpose, 1))
        near = did_you_mean(desk.asked.purpose, basis.every_purpose)
        yield PROSE.finding("purpose-unknown", near, basis=basis.id, allowed=allowed)


def _personal(desk: Desk) -> Iterator[Finding]:
    """Kind and place, and never the text."""
    for text, place in {text: place for place, text in reversed(desk.texts)}.items():
        for kind in personal_data(text, desk.places):
            yield PROSE.finding("file-personal", place=place, kind=LOOKS_LIKE[kind])


def _second(desk: Desk) -> Iterator[Finding]:
    """What changed since an earlier copy, unless another was asked for with that before one's eyes."""
    if cells := [name for name in _changed_since(desk.asked) if name not in desk.asked.changed]:
        yield PROSE.finding("second-copy", cells=changed(cells, _NAMED))


_RULES: Final = {
    "receiver": _receiver, "manifest": _in_manifest, "basis": _basis, "analysis": _made_on,
    "purpose": _purpose, "personal": _personal, "second": _second,
}  # fmt: skip


def ask(path: Path, to: str, purpose: str, basis: str, *, by: str, reason: str, again: str = "") -> Request:
    """The recorded request to share a file of the output folder.

    Raises OutputError for what is no file of ours, RegisterError with every objection at once.
    """
    asked = _asked(path, to, purpose, basis)
    if again:
        asked = replace(asked, changed=tuple(_changed_since(asked)))
    contents = {"asked": to_plain(asked), "reason": reason.strip(), "again": again.strip() or None}
    return request(take("ask", Desk(asked), by, contents).id)


def take(step: str, desk: Desk, by: str, contents: Mapping[str, Any], found: Request | None = None) -> StoredEvent:
    """The recorded step of a request, if the table allows it while no other writer can come between.

    What is refused or taken back need not hold; else every rule must. Raises RegisterError with every objection.
    """
    now = dt.datetime.now().astimezone()
    deciding = Deciding(desk.asked.municipality, desk.asked.round, by, now, places=desk.places)
    faults = () if step in ("refuse", "withdraw") else desk.findings()
    for name, what in (("reason", "de reden"), ("again", "de reden van een tweede exemplaar")):
        if (text := contents.get(name)) is not None:
            faults = (*faults, *deciding.reason_faults("share-reason", what, text))

    def against(earlier: tuple[StoredEvent, ...]) -> Iterable[Finding]:
        one = requests(earlier).get(found.number) if found else None
        return objections(step, one.number, one.state, by, one.by) if one else objections(step, 0, None, by, "")

    contents = {"step": step, **({"request": found.number} if found else {}), **contents}
    with open_register(register_address(desk.parameters.data)) as register:
        return deciding.record(register, "disclosure", contents, "Dit kan niet:", faults, against)


def _asked(path: Path, to: str, purpose: str, basis: str) -> Asked:
    """What is asked, as far as the words tell; whether it may be is for the rules."""
    from werkbank.release.stamp import kind_of  # noqa: PLC0415

    own = any_parameters()
    place = (path if path.is_file() else own.workspace / path).resolve()
    parts = place.relative_to(own.output).parts if place.is_relative_to(own.output) else ()
    catalogue = load_catalogue(own.catalogue_path)
    if len(parts) < 3 or parts[1] not in {one.id for one in catalogue.audiences} or not place.is_file():
        raise OutputError(f"{path.name} is geen bestand om te delen: noem er een in output/<ronde>/<doelgroep>/….")
    kind_of(place.name)
    own = load_parameters(own.municipality, round=chosen_round(parts[0]), audience=parts[1])
    slugs, parks = _scope(own, parts[2:])
    word, _, role = to.partition(":")
    called = {name.casefold(): one.id for one in catalogue.audiences for name in (one.name, one.id)}
    purposes = {one.id: one.every_purpose for one in load_legal_bases(own.data / FILE_NAME)}.get(basis, ())
    meant = {name: one for at, one in enumerate(purposes, 1) for name in (str(at), one.casefold())}
    return Asked(
        round=own.round,
        file="/".join(parts),
        sha256=sha256(place.read_bytes()).hexdigest(),
        audience=called.get(word.strip().casefold(), word.strip()),
        role=" ".join(role.split()),
        basis=basis,
        purpose=meant.get(" ".join(purpose.casefold().split()), purpose),
        municipality=slugs[0] if len(slugs) == 1 else DISTRICT,
        municipalities=slugs,
        parks=parks,
        went_in=_went_in(slugs, parks, own, rounds=parts[2] == MONITOR),
    )


def _went_in(
    slugs: tuple[str, ...], parks: tuple[str, ...], own: Parameters, *, rounds: bool = False
) -> dict[str, Any]:
    """What went into the copy of each municipality; of a page of one park only the cells of that park.

    Where `rounds` stand beside one another also what went in of each round before, as "municipality round".
    """
    every: dict[str, Any] = {}
    for slug in slugs:
        theirs = load_parameters(slug, round=own.round, audience=own.audience)
        every |= _of_rounds(theirs, alone=slugs == (slug,)) if rounds else {slug: went_in(theirs)}
    for went in every.values() if parks else ():
        went["cells"] = {name: level for name, level in went["cells"].items() if name.partition(" ")[0] in parks}
    return every


def _of_rounds(own: Parameters, *, alone: bool) -> dict[str, Any]:
    """Of every analysis that was kept of the rounds what this reader is told.

    Raises OutputError without them, and when they are not what the rounds were put beside one another with.
    """
    owner = own.model_copy(update={"audience": owner_code()})
    try:
        made = Rounds.load(owner.output_folder.parent / MONITOR / own.municipality)
    except FileNotFoundError:
        if not alone:  # left out of the district's page, which says so
            return {own.municipality: went_in(own)}
        told = f"De rondes van {own.name} zijn niet bewaard. Leg ze opnieuw: werkbank monitor -m {own.municipality}"
        raise OutputError(told) from None
    for name, mark in made.analyses.items():
        there = kept_assessment(owner.model_copy(update={"round": name}))
        if there is None or there.fingerprint != mark:
            raise OutputError(
                f"De analyse van ronde {name} is veranderd sinds de rondes naast elkaar zijn gelegd. Leg ze opnieuw: "
                f"werkbank monitor --municipality {own.municipality}"
            )
    kept = kept_analyses(own, (*own.earlier_rounds, own.round), dt.date.today())
    *earlier, now = seen_by(kept, load_catalogue(own.catalogue_path).audience(own.audience))
    before = {f"{own.municipality} {one.assessment.parameters.round}": of_copy(one.assessment) for one in earlier}
    return {**before, own.municipality: of_copy(now.assessment)}


def _scope(own: Parameters, parts: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The municipalities that are in a file of this folder, and the park when it is about one."""
    if parts[0] == PLANS and len(parts) > 2:
        municipality, park = find_park(parts[1])
        return (municipality,), (park,)
    found = read_manifest(records_folder(own) / MANIFEST)
    known, slugs = tuple(sorted(found[0].units)) if found else (), municipality_slugs(own.workspace)
    about = parts[-1].partition(".")[0]
    parks = (about,) if about not in slugs and about in place_names() else ()
    return tuple(one for one in parts if one in slugs) or known or slugs, parks


def earlier_copies() -> tuple[Asked, ...]:
    """Everything that left: what was issued, and the dashboards that were served to others."""
    issued = (one.asked for one in known_requests().values() if "issue" in one.taken)
    return (*issued, *(asked for _, asked in served()))


def served() -> Iterator[tuple[StoredEvent, Asked]]:
    """The dashboards that were shown to others, each with its event."""
    for event in recorded_events(any_parameters().data):
        if event.kind == "event" and "served" in (data := event.data or {}):
            yield event, from_plain(Asked, data["served"])


def record_showing(audience: str, slugs: tuple[str, ...], parks: tuple[str, ...] = (), role: str = "") -> None:
    """Record that a dashboard of these municipalities is shown to another audience: it counts as a copy that left.

    What it tells of earlier rounds goes into the record as well. `parks`: the one it is about, where it is about one;
    `role` is the function of who of that audience, where that is known; `require_roles` looks whether it is no name.

    Raises RegisterError when something changed since an earlier copy and no second one was issued since.
    """
    catalogue, now = load_catalogue(any_parameters().catalogue_path), dt.datetime.now().astimezone()
    if catalogue.audience(audience).owner:
        return
    own, where = load_parameters(slugs[0], audience=audience), slugs[0] if len(slugs) == 1 else DISTRICT
    went = _went_in(slugs, parks, own)
    for slug in slugs:
        with suppress(WerkbankError):  # without its rounds, as in the dashboard
            went = {**_went_in((slug,), parks, own, rounds=True), **went}
    asked = Asked(own.round, "dashboard", "", audience, role, own.legal_basis, "", where, slugs, parks, went)
    cells = _changed_since(asked)
    faults = (PROSE.finding("second-showing", cells=changed(cells, _NAMED)),) if cells else ()
    with open_register(register_address(own.data)) as register:
        deciding = Deciding(where, asked.round, "dashboard", now)
        deciding.record(register, "event", {"served": to_plain(asked)}, "Het dashboard wordt niet getoond:", faults)


def _changed_since(asked: Asked) -> list[str]:
    """The names of what changed since earlier copies of the same municipality and round; none when one was the same.

    What went to another audience counts by the cells that both see: one reader may sit at both tables.
    """
    names, copies = dict[str, None](), [(one, _parts(one)) for one in earlier_copies()]
    for part, now in _parts(asked).items():
        every = [(one.audience, parts[part]) for one, parts in copies if part in parts]
        same = [went for audience, went in every if audience == asked.audience]
        if now not in same:
            others = (went for audience, went in every if audience != asked.audience)
            names |= dict.fromkeys(second_copy(same, now))
            names |= dict.fromkeys(name for went in others for name in shared_cells(went, now))
    return list(names)


def _parts(asked: Asked) -> dict[tuple[str, str], Any]:
    """Round and municipality → what went in of it."""
    named = ((name.partition(" "), went) for name, went in asked.went_in.items())
    return {(of or asked.round, slug): went for (slug, _, of), went in named}


def decide(number: int, step: str, *, by: str, reason: str) -> Request:
    """The request after a step that has a reason: approve, refuse, withdraw. Raises what `take` raises."""
    found = request(number)
    take(step, Desk(found.asked), by, {"reason": reason}, found)
    return request(number)


def changed(names: Collection[str], most: int | None = None) -> str:
    """What changed since an earlier copy, in words, at `most` so many by name; no name is the district's figures."""
    parties = {one.id: one.name for one in load_catalogue(any_parameters().catalogue_path).parties}
    told = [" ".join(parties.get(word, word) for word in name.split()) for name in names]
    rest = [f"nog {count(len(told) - most, 'oordeel', 'oordelen')}"] if most and len(told) > most else []
    return listing((*(name or "de cijfers van het district" for name in told[:most]), *rest))
