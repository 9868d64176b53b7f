"""What is destroyed when: everything of a municipality and round whose legal basis says that its term is over.

The rule is `retention_until` of the basis that they rest on. What holds figures of several municipalities goes as a
whole. The proof (hashes, moment, rule) is recorded before anything goes, and what tells that there is still something
goes last: killed half way, the next run finds the rest.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import shutil
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import Any, Final, NamedTuple

from werkbank.assessment.assessment import FILE_NAME as ASSESSMENT
from werkbank.assessment.choosing import any_parameters, registered_parks
from werkbank.batch.manifest import DISTRICT, EARLIER, MANIFEST, PLANS, manifests_in, parse_manifest
from werkbank.batch.stamp import file_path, returns_in
from werkbank.errors import WerkbankError
from werkbank.files.whole import UNFINISHED, only_batch, sha256_of, whole_file
from werkbank.files.yaml import read_yaml
from werkbank.matrix.checks import places_of
from werkbank.parks.lineage import load_lineage
from werkbank.plan import kept
from werkbank.plan.returned import ISSUED
from werkbank.register.decision import Deciding
from werkbank.register.events import StoredEvent
from werkbank.register.legal_bases import FILE_NAME, load_legal_bases
from werkbank.register.store import open_register, recorded_events, register_address
from werkbank.release.disclosure import RECORD
from werkbank.settings.catalogue import owner_code
from werkbank.settings.workspace import EXAMPLE, MONITOR, RETURNS, VIGNETTES, municipality_slugs

RECIPIENTS: Final = 4 * 366
"""Days that is kept who got what, also of what is destroyed itself (Wpg article 25: the recipients of four years)."""
_LAST: Final = (MANIFEST, EARLIER, "copies")
"""What tells of which municipalities a round was made."""
_BESIDE = r"(~\$|\.~lock\.|\.)?"
"""How the name begins of what a program leaves beside an open file."""
_LEFT = re.compile(rf"\.ipynb_checkpoints|{re.escape(UNFINISHED)}|\..*\.tmp")
"""What notebooks, and a batch that was killed, leave behind."""
Rule = tuple[dt.date, str]
"""The last day on which something may be kept, and the legal basis that says so."""


class Expired(NamedTuple):
    """What is past its term of one municipality and round: numbers of events, and files and folders.

    For what several municipalities have in common, and what programs left behind, `municipality` is the district.
    """

    municipality: str
    round: str
    rule: Rule
    events: tuple[int, ...]
    paths: tuple[Path, ...]


def purge(today: dt.date, *, by: str = "", reason: str = "") -> tuple[list[Expired], list[str]]:
    """All that is past its term on this day, and what is to be known beside it; destroyed when it is said by whom.

    The proof is in the register before anything goes. Raises RegisterError when the bases or the register are faulty,
    and with every objection to who and why; OutputError while a batch is busy; OSError when a file cannot be removed:
    then the next run goes on.
    """
    parameters = any_parameters()
    if not by:
        return _Kept(today).past()
    with only_batch(parameters.output), open_register(register_address(parameters.data)) as register:
        workspace, places = _Kept(today), places_of(registered_parks())
        found, notes = workspace.past()
        for one in found:
            deciding = Deciding(one.municipality, one.round, by, dt.datetime.now(dt.UTC), places=places)
            if proof := workspace.proof(one):
                faults = deciding.reason_faults("purge-reason", "de reden", reason)
                deciding.record(register, "purge", proof | {"reason": reason}, "Er is niets vernietigd:", faults)
        paths = [path for one in found for path in one.paths]
        for path in (path for path in paths if path.name not in _LAST):
            _remove(path)
        register.destroy(number for one in found for number in one.events)
        for path in (path for path in paths if path.name in _LAST):
            _remove(path)
    return found, notes


def _remove(path: Path) -> None:
    """A file, or a folder with all that is in it; of a link only the link. A notebook that was run is emptied."""
    if path.suffix == ".ipynb" and path.is_file() and not path.is_symlink():
        with suppress(ValueError, KeyError, TypeError):
            book = json.loads(path.read_bytes())
            for cell in (cell for cell in book["cells"] if "outputs" in cell):
                cell |= {"outputs": [], "execution_count": None}
            whole_file(path, json.dumps(book, ensure_ascii=False, indent=1).encode())
            return
    if path.is_symlink() or not path.is_dir():
        if path.is_file() and not path.is_symlink():
            path.chmod(0o600)  # Windows removes no read-only file
        path.unlink(missing_ok=True)
    else:
        for folder, _, _ in os.walk(path):
            Path(folder).chmod(0o700)  # read-only is no hindrance to whose it is
        shutil.rmtree(path)


class _Kept:
    """All that the workspace keeps on one day: of whom, and until when it may."""

    def __init__(self, today: dt.date) -> None:
        self.today, self.parameters = today, any_parameters()
        self.data, self.output = self.parameters.data.resolve(), self.parameters.output.resolve()
        self.bases = [one for one in load_legal_bases(self.data / FILE_NAME) if one.id.casefold() != EXAMPLE]
        self.events = recorded_events(self.data)
        self.proofs = {one: one.data or {} for one in self.events if one.kind == "purge"}
        self.parks = {
            str(slug): {*own["park_id"]} for slug, own in load_lineage(self.data).ever.groupby("municipality")
        }
        self.plans, folder = dict[Path, tuple[str, str]](), self.data / PLANS
        for path in (*folder.glob("*.y*ml"), *folder.glob(f"{kept.EARLIER}/*"), *folder.glob(f"{ISSUED}/*")):
            plan = read_yaml(path).data
            if isinstance(plan, dict):
                self.plans[path] = str(plan.get("park_id")), str(plan.get("round"))
        folders = (*_entries(self.data / "matrices"), *(path.parent for path in self.output.glob(f"*/{owner_code()}")))
        recorded = {(one.round, one.municipality) for one in self.events}
        rounds = {path.name for path in folders} | {of for of, _ in recorded} | {of for _, of in self.plans.values()}
        self.rounds = sorted(rounds)
        slugs = {*chain(*(one.municipalities for one in self.bases)), *(slug for _, slug in recorded), *self.parks}
        slugs |= {*municipality_slugs(self.parameters.workspace)}
        self.municipalities = sorted(slugs - {self.parameters.district, DISTRICT})
        self.made = list(self._made())

    def past(self) -> tuple[list[Expired], list[str]]:
        """What programs left behind; what is of each municipality; and what those of a round have in common."""
        pairs = [(of, slug) for of in self.rounds for slug in self.municipalities]
        gone = {pair: rule for pair in pairs if (rule := self.rule(*pair)) and rule[0] < self.today}
        found = [one for pair in gone if any((one := self._expired(*pair, gone[pair], self._own(pair, gone)))[3:])]
        for of in self.rounds:
            rules = {slug: rule for (other, slug), rule in gone.items() if other == of}
            if any(one.round == of for one in found) or any(pair in gone for pair, _ in self.made if pair[0] == of):
                everything = [path for slug in self.municipalities for path in self._named(self.output / of, slug)]
                rest = (*_others(self.output / of, everything), *_entries(self.data / VIGNETTES / of))
                found.append(self._expired(of, self.parameters.district, min(rules.values()), rest))
        if found:
            first = min(found, key=lambda one: one.rule)
            left = self._expired(first.round, self.parameters.district, first.rule, self._left())
            found.insert(0, left._replace(events=()))
        found = [one for one in found if any(one[3:])]
        unknown = (pair for pair in pairs if not self.rule(*pair) and any(self._own(pair, gone)))
        notes = [f"Van {slug}, ronde {of}, is geen grondslag bekend en dus geen termijn." for of, slug in unknown]
        return found, notes

    def _expired(self, of: str, slug: str, rule: Rule, paths: Iterable[Path]) -> Expired:
        called = (slug, DISTRICT) if slug == self.parameters.district else (slug,)
        of_round = (one for one in self.events if one.round == of and one.municipality in called)
        own = (one for one in of_round if not self._stays(one))
        # The data and the output are real places: a folder in them that is elsewhere is a link, and is not followed.
        real = (path for path in dict.fromkeys(paths) if path.parent.resolve() == path.parent)
        return Expired(slug, of, rule, tuple(one.id for one in own if one.payload is not None), tuple(real))

    def _stays(self, event: StoredEvent) -> bool:
        """A proof always; who got what for as long as somebody may ask for it."""
        issued = event.kind == "disclosure" and (event.data or {}).get("step") == "issue"
        return event.kind == "purge" or (issued and (self.today - event.moment.date()).days < RECIPIENTS)

    def proof(self, one: Expired) -> dict[str, Any]:
        """What is recorded before it goes; nothing when that was done before."""
        before = {*chain(*((*data.get("event_ids", ()), *data.get("files", ())) for data in self.proofs.values()))}
        every = (file for path in one.paths for file in (path, *path.rglob("*")))
        files = {sha256_of(file) for file in every if file.is_file() and not file.is_symlink()} - before
        events, (until, basis) = {*one.events} - before, one.rule
        proof = {"event_ids": sorted(events), "files": sorted(files), "basis": basis, "until": until.isoformat()}
        return proof if events or files else {}

    def rule(self, of: str, slug: str) -> Rule | None:
        """That of the basis they rest on, as the file has it now, else as the analysis or an earlier purge had it."""
        own = (one for one in self.bases if slug in one.municipalities and of in one.rounds)
        held = {one.id: (one.retention_until, one.id) for one in own}
        then = self._rule_then(of, slug)
        return held.get(then[1] if then else "") or max(held.values(), default=then)

    def _rule_then(self, of: str, slug: str) -> Rule | None:
        with suppress(OSError, ValueError, KeyError, TypeError):
            basis = json.loads((self.output / of / owner_code() / slug / ASSESSMENT).read_bytes())["legal_basis"]
            return dt.date.fromisoformat(basis["retention_until"]), basis["id"]
        own = (data for one, data in self.proofs.items() if (one.round, one.municipality) == (of, slug))
        rules = [(dt.date.fromisoformat(data["until"]), data["basis"]) for data in own if "until" in data]
        return rules[-1] if rules else None

    def _own(self, pair: tuple[str, str], gone: Collection[tuple[str, str]]) -> Iterator[Path]:
        """The returns, outputs, plans and evidence of one municipality and round; `gone` are all that are past."""
        of, slug = pair
        yield from self._named(self.data / "matrices" / of, slug)
        read = {each for other, own in self.made if other == pair for each in own.items()}
        yield from (path for name, _ in sorted(read) if (path := file_path(name, self.parameters)).exists())
        # One that holds several municipalities goes as a whole; of another round the same file may stay.
        stays = {sha256 for other, own in self.made if other not in gone and other[0] != of for sha256 in own.values()}
        came = {sha256 for _, sha256 in read} - stays
        yield from (path for path in _entries(self.data / RETURNS) if path.stem in came)
        yield from self._named(self.output / of, slug)
        parks = self.parks.get(slug, set())
        plans = {path: park for path, (park, made) in self.plans.items() if made == of and park in parks}
        named, elsewhere = _text(plans), _text(self.plans.keys() - plans.keys())
        for path in _entries(self.data / PLANS / kept.EVIDENCE):
            if path.name in named and path.name not in elsewhere:
                yield path
        # A plan goes on in later rounds, and a later round is compared with this one.
        later = [folder for folder in _entries(self.output) if folder.name > of]
        yield from (path for top in later for park in {*plans.values()} for path in top.glob(f"*/{PLANS}/{park}"))
        yield from plans  # after what they tell of
        pages = (page for top in later for name in (slug, DISTRICT) for page in top.glob(f"*/{MONITOR}/{name}/*.html"))
        yield from dict.fromkeys(page.parent for page in pages if of in _text([page]))

    def _named(self, folder: Path, slug: str) -> Iterator[Path]:
        """What is called after a municipality or a park of it, and the issued copies in which it is."""
        codes = "|".join(map(re.escape, self.parks.get(slug, ()))) or "$."
        named = re.compile(rf"{_BESIDE}({re.escape(slug)}|({codes})(-\d+)?)([._]|$)")
        for path in _entries(folder):
            if named.match(path.name) or slug in _handed_out(path / RECORD):
                yield path
            else:
                yield from self._named(path, slug)

    def _made(self) -> Iterator[tuple[tuple[str, str], dict[str, str]]]:
        """Of which municipalities a round was made by manifests, with the returns of each by name → sha256."""
        for path in manifests_in(self.output):
            with suppress(OSError, WerkbankError):
                manifest, _ = parse_manifest(path.read_bytes())
                of = self.parameters.model_copy(update={"round": manifest.round})
                yield from (((of.round, slug), returns_in(of, one.inputs)) for slug, one in manifest.units.items())
                for name, sha256 in returns_in(of, manifest.context_inputs).items():  # also of one that failed
                    yield (of.round, Path(name).name.partition("_")[0]), {name: sha256}

    def _left(self) -> Iterator[Path]:
        """What programs left behind, and notebooks that were run outside the output."""
        every = chain(*(top.rglob("*") for top in {self.parameters.workspace, self.data, self.output}))
        for path in (one for one in every if {".git", ".venv"}.isdisjoint(one.parts)):
            of_round = any(path.is_relative_to(self.output / of) for of in self.rounds)
            book = path.suffix == ".ipynb" and path.is_file() and not of_round
            if _LEFT.fullmatch(path.name) or (book and b'"output_type"' in path.read_bytes()):
                yield path


def _handed_out(record: Path) -> list[str]:
    """The municipalities in an issued copy, as its record says."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        return list(json.loads(record.read_bytes())["disclosure"]["municipalities"])
    return []


def _entries(folder: Path) -> list[Path]:
    """What is in a folder; nothing of one that is a link."""
    return sorted(folder.iterdir()) if folder.is_dir() and not folder.is_symlink() else []


def _others(folder: Path, own: Collection[Path]) -> Iterator[Path]:
    """What is in a folder beside these, and beside the folders that hold them."""
    for path in (path for path in _entries(folder) if path not in own):
        holds = any(one.is_relative_to(path) for one in own)
        yield from _others(path, own) if holds else (path,)


def _text(paths: Iterable[Path]) -> str:
    return "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in paths)
