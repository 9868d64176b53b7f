"""What one run needs: YAML in two levels, validated into frozen Parameters and Method.

`parameters/district.yaml` holds everything; `parameters/<municipality>.yaml` names one municipality and may deviate,
with a reason. There is no third level. The workspace is `WERKBANK_WORKSPACE`, else the nearest ancestor of the
working directory that holds `parameters/district.yaml`; every relative path is within it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self

from pydantic import AfterValidator, BeforeValidator, Field, PrivateAttr, StrictInt, StrictStr, StringConstraints

from werkbank.errors import Finding, OutputError, ParametersError
from werkbank.files.models import Day, findings_of
from werkbank.files.yaml import Document, parsed, read_yaml, texts
from werkbank.settings.catalogue import Catalogue, codes_in, load_catalogue, owner_code
from werkbank.settings.cross_checks import PROSE
from werkbank.settings.method import Frozen, Method, overlay, proposed, sha256
from werkbank.settings.workspace import DISTRICT_FILE, asked_round, find_workspace, municipality_slugs
from werkbank.wording import capital, did_you_mean, facts_html, listing

FICTIONAL_MARK = "FICTIEVE_GEGEVENS.json"
"""Lies in a data folder in which everything is invented."""

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ADDRESS = re.compile(r"@|\d[\d\s().+-]{5,}")
"""An e-mail address or a telephone number."""
_FOUND = {"workspace", "municipality", "code", "name", "deviation_reason", "earlier_rounds"}
"""What parameters get from elsewhere than the keys that can be given."""
_METHOD_KEYS = tuple(Method.model_fields)
_NAMES_PARTIES = re.compile(rb"(?m)^[^#\n]*\bparties\b")
"""The key, outside the explanation."""


def _distinct(names: tuple[str, ...]) -> tuple[str, ...]:
    if len({name.casefold() for name in names}) < len(names):
        raise ValueError("elke naam één keer")
    return names


def _within_workspace(folder: str) -> str:
    if ".." in re.split(r"[/\\]", folder):
        raise ValueError("een map binnen de map van de werkbank, of een volledig pad, zonder “..”")
    return folder


def _no_address(role: str) -> str:
    if _ADDRESS.search(role):
        raise ValueError("een rol of functie, zonder naam, e-mailadres of telefoonnummer")
    return role


def _pairs(days: Any) -> Any:
    return tuple(days.items()) if isinstance(days, Mapping) else days


def _listed(rounds: Any) -> Any:
    """One name is a list of one, and nothing an empty one."""
    return (rounds,) if isinstance(rounds, str) else () if rounds is None else rounds


def round_order(name: str) -> tuple[int | str, ...]:
    """By what rounds are put in order: their names, of which a number counts as one, so that 2025-10 follows 2025-9."""
    return tuple(int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", name))


Text = Annotated[StrictStr, StringConstraints(strip_whitespace=True, min_length=1)]
Role = Annotated[
    StrictStr, StringConstraints(strip_whitespace=True, min_length=2, max_length=80), AfterValidator(_no_address)
]
Roles = Annotated[tuple[Role, ...], Field(max_length=30), AfterValidator(_distinct)]
Folder = Annotated[Text, AfterValidator(_within_workspace)]
Parties = Annotated[tuple[Text, ...], Field(min_length=1), AfterValidator(_distinct)]
Slug = Annotated[StrictStr, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
ROUND_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_-]*$")
RoundName = Annotated[StrictStr, Field(pattern=ROUND_NAME.pattern, max_length=40)]
RoundNames = Annotated[
    tuple[RoundName, ...],
    BeforeValidator(_listed, json_schema_input_type=RoundName | tuple[RoundName, ...] | None),
]
"""One round or several, oldest first."""
Capacity = Annotated[StrictInt, Field(ge=1)]
RoundDays = Annotated[tuple[tuple[RoundName, Day], ...], BeforeValidator(_pairs)]
"""Round → day, as pairs: parameters can be hashed."""


class Imprint(Frozen):
    """Who made the copies of one audience and who gets them, by role."""

    made_by: Role | None = None
    readers: Roles = ()


class Colophon(Frozen):
    """Who made the report and who gets it, by role and never by name; nothing in it changes an outcome.

    `distribution` gives per audience the roles that get its copy; whoever is not named gets none by this list.
    """

    made_by: Role | None = None
    distribution: dict[str, Roles] = {}  # noqa: RUF012 - pydantic copies defaults

    def of(self, audience: str) -> dict[str, object]:
        """What the copies of one audience say; who gets another's copy is not in it."""
        return {"made_by": self.made_by, "readers": self.distribution.get(audience, ())}

    def over(self, district: Colophon) -> Colophon:
        """What a municipality says of itself goes before what its district says; the rest is the district's."""
        own = {name: roles for name, roles in self.distribution.items() if roles}
        return Colophon(made_by=self.made_by or district.made_by, distribution=district.distribution | own)


class DistrictFile(Frozen):
    """The contents of `parameters/district.yaml`."""

    MISPLACED: ClassVar[dict[str, str]] = {
        **dict.fromkeys(_METHOD_KEYS, "zet dit onder “method”"),
        "deviations": "een afwijking hoort in het bestand van de gemeente, zoals almelo.yaml",
    }

    district: Text
    round: RoundName
    earlier_round: RoundNames = ()
    data: Folder = "data"
    output: Folder = "output"
    parties: Parties = ("police", "municipality")
    catalogue: Folder | None = None
    capacity: Capacity = 1
    legal_basis: Text
    returns_due: dict[RoundName, Day] = {}  # noqa: RUF012 - pydantic copies defaults
    report: Colophon = Colophon()
    method: Method = Field(default_factory=Method)


class Deviations(Frozen):
    """What one municipality does otherwise than the district, and why."""

    MISPLACED: ClassVar[dict[str, str]] = dict.fromkeys(_METHOD_KEYS, "zet dit onder “method”")

    reason: Annotated[StrictStr, StringConstraints(strip_whitespace=True, min_length=10)]
    parties: Parties | None = None
    capacity: Capacity | None = None
    legal_basis: Text | None = None
    method: dict[str, Any] | None = None


class MunicipalityFile(Frozen):
    """The contents of `parameters/<municipality>.yaml`."""

    MISPLACED: ClassVar[dict[str, str]] = {
        **dict.fromkeys(
            _METHOD_KEYS, "zet dit onder “deviations” en daarbinnen onder “method”, met een “reason” erbij"
        ),
        **dict.fromkeys(DistrictFile.model_fields, "dit staat voor het hele district vast: zet het in district.yaml"),
        **dict.fromkeys(
            ("method", "parties", "capacity", "legal_basis"), "zet dit onder “deviations”, met een “reason” erbij"
        ),
        "reason": "zet dit onder “deviations”",
    }

    municipality: Slug
    code: Annotated[StrictStr, Field(pattern=r"^GM\d{4}$")]
    name: Text
    report: Colophon = Colophon()
    deviations: Deviations | None = None


_NO_OUTCOME = {"workspace", "data", "output", "report", "returns_due", "earlier_rounds"}


class Parameters(Frozen):
    """All that one run needs, checked; equal parameters give equal results on equal data.

    `data` and `output` are absolute; they, `workspace`, `report` (who made it, who gets it), `returns_due` (round → the
    day on which it asked the returns) and the rounds before the last one stay out of the fingerprint.

    >>> parameters = wb.load_parameters("urk")
    >>> parameters.name, parameters.round, parameters.parties
    ('Urk', '2026-1', ('police', 'municipality'))
    """

    workspace: Path
    data: Path
    output: Path
    district: str
    round: RoundName
    earlier_round: RoundName | None
    """The last of `earlier_rounds`."""
    parties: Annotated[tuple[Text, ...], AfterValidator(_distinct)]
    """Whose judgements there are; none in what is left for who may see nobody's cells."""
    catalogue: str | None
    capacity: Capacity
    legal_basis: str
    municipality: Slug
    code: str
    name: str
    deviation_reason: str | None
    audience: Text = Field(default_factory=owner_code)
    returns_due: RoundDays = ()
    report: Imprint = Imprint()
    method: Method
    earlier_rounds: tuple[RoundName, ...] = ()
    """Every round before, oldest first."""
    _returns: Path | None = PrivateAttr(default=None)

    @property
    def returns(self) -> Path:
        """The folder with the returns of this round."""
        return self._returns or self.data / "matrices" / self.round

    def reading(self, returns: Path) -> Self:
        """The same parameters with the returns of the round in another folder."""
        own = self.model_copy()
        own._returns = returns
        return own

    @property
    def fingerprint(self) -> str:
        """The sha256 of everything that can change an outcome: not the place on disk, the colophon, older rounds."""
        return sha256(self.model_dump(exclude=_NO_OUTCOME))

    @property
    def catalogue_path(self) -> Path | None:
        """The folder of the user's own catalogue, or None for the packaged one.

        Portable parameters mean the workspace in use.
        """
        if self.catalogue is None:
            return None
        named = self.workspace / self.catalogue
        return named if named.is_absolute() else find_workspace() / named

    def _repr_html_(self) -> str:
        facts = {
            "Ronde": self.round,
            "Eerdere rondes": listing(self.earlier_rounds) or "–",
            "Partijen": ", ".join(self.parties),
            "Terreinen die gekozen kunnen worden": self.capacity,
            "Grondslag": self.legal_basis,
            "Reden van afwijking": self.deviation_reason or "–",
            "Doelgroep": self.audience,
            "Methode": self.method.fingerprint[:8],
        }
        return facts_html(f"Parameters van {self.name}, district {self.district}", facts)

    def portable(self) -> Self:
        """The same parameters without any place on this machine, and without when returns were asked."""
        nowhere = {"workspace": Path(), "data": Path("data"), "output": Path("output"), "returns_due": ()}
        return self.model_copy(update=nowhere)

    @property
    def marked_fictional(self) -> bool:
        """Whether the data folder carries the mark of invented data."""
        return (self.data / FICTIONAL_MARK).is_file()

    @property
    def output_folder(self) -> Path:
        """Where the results of this round, audience and municipality belong."""
        return self.output / self.round / self.audience / self.municipality


def catalogue_of(parameters: Parameters, fingerprint: str, what: str) -> Catalogue:
    """The catalogue that something was made with. Raises OutputError when it is no longer that one."""
    folder = parameters.catalogue_path
    kept, before = _kept_catalogue(folder)
    if before == fingerprint:
        return kept
    now = load_catalogue(folder)
    if now.fingerprint != fingerprint:
        raise OutputError(f"De catalogus is veranderd sinds deze {what}; maak de {what} opnieuw.")
    return now


@lru_cache(maxsize=4)
def _kept_catalogue(folder: Path | None) -> tuple[Catalogue, str]:
    """A catalogue as it was read first, with its fingerprint, which every section asks for."""
    catalogue = load_catalogue(folder)
    return catalogue, catalogue.fingerprint


def load_parameters(municipality: str, **overrides: Any) -> Parameters:
    """Parameters for one municipality, with every fault of both files named at once.

    `overrides` are fields of Parameters (`round`, `audience`, `parties`, `capacity`, …) and `method`, a mapping with
    the keys of Method to change. Raises ParametersError.

    >>> only_threat = {"group_weights": {"threat": 1, "opportunity": 0, "resilience_gap": 0}}
    >>> wb.load_parameters("urk", method=only_threat).method.group_weights.threat
    1.0
    """
    workspace = find_workspace()
    district, own = _documents(workspace, municipality)
    findings = (
        *findings_of(DistrictFile, district),
        *findings_of(MunicipalityFile, own),
        *_stem_findings(own, municipality),
        *_round_findings(district),
        *_deviation_findings(district, own),
        *_override_findings(overrides),
        *_code_findings(workspace, district, own, overrides),
    )
    if findings:
        raise ParametersError("De parameters kloppen niet:", findings)
    return _resolved(workspace, district.data, own.data, overrides)


def parties_asked(workspace: Path) -> dict[str, Parties]:
    """Municipality → the parties that are asked there, as the files say; of a faulty file those of the district."""
    folder = workspace / "parameters"
    usual = _parties_in(folder / DISTRICT_FILE, DistrictFile.model_fields["parties"].default)
    return {slug: _parties_in(folder / f"{slug}.yaml", usual, "deviations") for slug in municipality_slugs(workspace)}


def _parties_in(path: Path, otherwise: Parties, *keys: str) -> Parties:
    """The parties that a file of parameters names, if it does; of hundreds of files hardly one does."""
    with suppress(ParametersError, OSError):
        if _NAMES_PARTIES.search(path.read_bytes()):
            return tuple(party for _, party in texts((), _group(read_yaml(path).data, *keys), "parties")) or otherwise
    return otherwise


def _documents(workspace: Path, municipality: str) -> tuple[Document, Document]:
    """The two YAML files; a municipality without a file is refused with the nearest that has one."""
    slugs = municipality_slugs(workspace)
    shown = str(municipality)[:60]
    if municipality not in slugs:
        sentences = (
            f"De gemeente “{shown}” is niet bekend.",
            capital(did_you_mean(shown, slugs)),
            f"Er zijn parameters voor: {listing(slugs) or 'geen enkele gemeente'}.",
        )
        raise ParametersError(" ".join(filter(None, sentences)))
    if not _SLUG.fullmatch(municipality):
        raise ParametersError(
            f"De bestandsnaam “{shown}.yaml” is geen naam voor een gemeente: gebruik kleine letters, cijfers en "
            "streepjes, zoals hof-van-twente.yaml."
        )
    folder = workspace / "parameters"
    return _read(folder / DISTRICT_FILE), _read(folder / f"{municipality}.yaml")


def _read(path: Path) -> Document:
    """A file that is asked for again and again: that of the district for each of its municipalities."""
    with suppress(OSError):
        return _parsed(path.name, path.read_bytes())
    return read_yaml(path)


_parsed = lru_cache(maxsize=64)(parsed)


def _group(data: Any, *keys: str) -> dict[str, Any]:
    """The group of keys under these keys; empty when there is none."""
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else {}


def _stem_findings(document: Document, municipality: str) -> Iterator[Finding]:
    """The key `municipality` repeats the file's name, so that a copied file is noticed."""
    named, line = _group(document.data).get("municipality"), document.line_of(("municipality",))
    if isinstance(named, str) and named != municipality:
        facts = {"named": named, "stem": municipality}
        yield PROSE.finding("municipality-not-file-name", "", document.name, line, **facts)


def _round_findings(document: Document) -> Iterator[Finding]:
    """Rounds are told oldest first, each once, and the present one last."""
    named = _group(document.data)
    earlier = _listed(named.get("earlier_round"))
    told = [*earlier, named.get("round")] if isinstance(earlier, (list, tuple)) else []
    for place, (one, following) in enumerate(pairwise(told)):
        if isinstance(one, str) and isinstance(following, str) and round_order(one) >= round_order(following):
            path = ("earlier_round", place) if isinstance(named["earlier_round"], list) else ("earlier_round",)
            facts = {"one": one[:40], "following": following[:40]}
            line = document.line_of(path) if document.lines else None
            if one == following:
                yield PROSE.finding("wrong-value/same-round", "", document.name, line, **facts)
            else:
                yield PROSE.finding("rounds-out-of-order", "", document.name, line, **facts)


def _deviation_findings(district: Document, municipality: Document) -> Iterator[Finding]:
    """A municipality's own method is checked key by key, as strictly as the district's and with its own lines."""
    own, base = _group(municipality.data, "deviations", "method"), _group(district.data, "method")
    if own:
        # On top of a faulty method the same faults would be named twice, the second time in the wrong file.
        sound = not findings_of(Method, Document(district.name, base))
        lines, written = municipality.below("deviations", "method")
        yield from findings_of(Method, Document(municipality.name, overlay(base if sound else {}, own), lines, written))


def _override_findings(overrides: Mapping[str, Any]) -> Iterator[Finding]:
    allowed = sorted(set(Parameters.model_fields) - _FOUND)
    for name in overrides:
        if name not in allowed:
            facts = {"name": name[:60], "known": listing(allowed)}
            yield PROSE.finding("unknown-parameter", did_you_mean(name, allowed), **facts)
    for name in ("data", "output"):
        if not isinstance(overrides.get(name, ""), (str, Path)):
            yield PROSE.finding("wrong-type/folder", name=name)
    if not overrides.get("parties", True):
        yield PROSE.finding("wrong-value/parties")
    method = overrides.get("method")
    if isinstance(method, Mapping):
        yield from findings_of(Method, Document("method", dict(method)))
    elif method is not None and not isinstance(method, Method):
        yield PROSE.finding("wrong-type/method")


def _code_findings(
    workspace: Path, district: Document, own: Document, overrides: Mapping[str, Any]
) -> Iterator[Finding]:
    """A party, audience or family that the catalogue does not know, in the files or in what overrides them."""
    catalogue = _catalogue_folder(workspace, district.data, overrides)
    parties = codes_in("partners.yaml", "parties", catalogue)
    overridden: tuple[Document, tuple[str, ...]] = (Document("parameters", dict(overrides)), ())
    for named, keys in (overridden,) if "parties" in overrides else ((district, ()), (own, ("deviations",))):
        for path, party in texts(keys, _group(named.data, *keys), "parties"):
            if parties and isinstance(path[-1], int) and party not in parties:
                facts = {"party": party[:60], "known": listing(parties, last="of")}
                yield _in_file(named, path, "unknown-party", did_you_mean(party, parties), **facts)
    audiences = codes_in("audiences.yaml", "audiences", catalogue)
    for document in (district, own):
        packaged = codes_in("audiences.yaml", "audiences")
        yield from _unknown_keys(document, ("report", "distribution"), audiences, packaged)
    changed = overrides.get("method")
    given = Document("method", {"method": changed.model_dump() if isinstance(changed, Method) else changed})
    methods = ((district, "method"), (own, "deviations", "method"), (given, "method"))
    for choice, by_family in proposed(catalogue).items():
        for document, *prefix in methods:
            yield from _unknown_keys(document, (*prefix, choice), tuple(by_family), proposed(None)[choice])
    wanted = overrides.get("audience")
    if isinstance(wanted, str) and audiences and wanted not in audiences:
        facts = {"audience": wanted[:40], "known": listing(audiences, "of")}
        yield PROSE.finding("wrong-value/audience", did_you_mean(wanted, audiences), **facts)


def _catalogue_folder(workspace: Path, district: Any, overrides: Mapping[str, Any]) -> Path | None:
    folder = overrides.get("catalogue", _group(district).get("catalogue"))
    return workspace / folder if isinstance(folder, str) else None


def catalogue_folder(workspace: Path) -> Path | None:
    """The folder of the district's own catalogue as its parameters name it; None for the packaged one."""
    return _catalogue_folder(workspace, read_yaml(workspace / "parameters" / DISTRICT_FILE).data, {})


def _unknown_keys(
    document: Document, place: tuple[str, ...], known: tuple[str, ...], packaged: Collection[str]
) -> Iterator[Finding]:
    """The keys of a group that are no codes of the catalogue; none when its codes cannot be read.

    What only the packaged catalogue has, an own one has dropped: what every parameters file begins with falls away.
    """
    for name in _group(document.data, *place) if known else ():
        if name not in known and name not in packaged:
            facts = {"name": name[:40], "known": ", ".join(known)}
            yield _in_file(document, (*place, name), "unknown-key", did_you_mean(name, known), **facts)


def _in_file(document: Document, path: tuple[str | int, ...], key: str, near: str, **facts: str) -> Finding:
    line = document.line_of(path) if document.lines else None
    return PROSE.finding(key, near, document.name, line, **facts)


def _rounds(base: DistrictFile, overrides: Mapping[str, Any]) -> dict[str, Any]:
    """The round, and which come before it: of another round than the one in the file those that do so by their name."""
    present = overrides.get("round", asked_round() or base.round)
    before = (one for one in base.earlier_round if round_order(one) < round_order(str(present)))
    earlier = _listed(overrides.get("earlier_round", tuple(before)))
    one = earlier[-1] if earlier and isinstance(earlier, (list, tuple)) else earlier or None
    return {"round": present, "earlier_rounds": earlier, "earlier_round": one}


def _resolved(
    workspace: Path, district: dict[str, Any], municipality: dict[str, Any], overrides: dict[str, Any]
) -> Parameters:
    """Two validated files and the overrides become one frozen value."""
    base, own = DistrictFile.model_validate(district), MunicipalityFile.model_validate(municipality)
    method = overlay(_group(district, "method"), _group(municipality, "deviations", "method"))
    method = overlay(proposed(_catalogue_folder(workspace, district, overrides)), method)
    changed = overrides.pop("method", None)
    if changed is not None:
        method = changed.model_dump() if isinstance(changed, Method) else overlay(method, changed)
    deviations = own.deviations.model_dump(exclude_none=True) if own.deviations else {}
    fields: dict[str, Any] = {
        **base.model_dump(exclude={"method"}),
        **deviations,
        **own.model_dump(include={"municipality", "code", "name"}),
        "deviation_reason": deviations.get("reason"),
        "report": own.report.over(base.report).of(str(overrides.get("audience") or owner_code())),
        "workspace": workspace,
        **overrides,
        **_rounds(base, overrides),
        "method": method,
    }
    fields.pop("reason", None)
    fields |= {name: (workspace / fields[name]).resolve() for name in ("data", "output")}
    findings = findings_of(Parameters, Document("parameters", fields))
    if findings:
        raise ParametersError("De opgegeven parameters kloppen niet:", findings)
    found = Parameters.model_validate(fields)
    if found.catalogue_path is None:
        return found
    return found.model_copy(update={"method": found.method.of_families(proposed(found.catalogue_path))})
