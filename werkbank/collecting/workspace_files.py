"""What is wrong with the files of the workspace that are no returns: each fault once, however many it holds for.

One that cannot be read hides no other: every kind of file is looked at by itself.
"""

from __future__ import annotations

import ast
import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from werkbank.assessment.choosing import any_parameters
from werkbank.assessment.inputs import CONTEXT_FILE
from werkbank.assessment.reference_cases import FILE_NAME as CASES
from werkbank.assessment.reference_cases import require_cases
from werkbank.collecting.catalogue_import import catalogue_findings
from werkbank.collecting.init import shipped
from werkbank.errors import Finding, ParametersError, WerkbankError
from werkbank.matrix.layout import Place
from werkbank.matrix.rules import finding
from werkbank.parks.context import read_context
from werkbank.parks.lineage import read_lineage
from werkbank.parks.register import read_parks
from werkbank.plan.kept import FOLDER as PLANS
from werkbank.plan.kept import evidence_findings, read_plan
from werkbank.register.legal_bases import FILE_NAME as BASES
from werkbank.register.legal_bases import load_legal_bases, require_legal_basis
from werkbank.settings.catalogue import Catalogue, load_catalogue
from werkbank.settings.parameters import Parameters, catalogue_folder, load_parameters
from werkbank.settings.theme import FILE as THEME
from werkbank.settings.theme import HOUSE_STYLE, theme
from werkbank.settings.workspace import find_workspace
from werkbank.sharing.who import wrong_releases
from werkbank.wording import did_you_mean, listing

WORD: Final = "reference.docx"
T = TypeVar("T")


def workspace_findings(municipalities: Sequence[str], day: dt.date) -> tuple[Finding, ...]:
    """Every finding about parameters, catalogue, parks, legal bases, plans, notebooks and house style, in that order.

    Of the parameters and the legal bases as far as these municipalities rest on them that day.
    """
    workspace = find_workspace()
    data, found = _data_folder(workspace), list[Finding]()
    own = [one for slug in municipalities if (one := _read("parameters", partial(load_parameters, slug), found))]
    catalogue = _read("parameters", lambda: load_catalogue(catalogue_folder(workspace)), found)
    found += _parks(data, municipalities)
    found += _legal_bases(data / BASES, own, catalogue, day)
    if own and catalogue:
        found += catalogue_findings(own[0], catalogue)
        cases = partial(require_cases, data / CASES, catalogue, own[0].method, own[0].parties)
        _read("reference-case", cases, found)
    if catalogue:
        found += _plans(data, catalogue)
    found += _notebooks(workspace / "notebooks")
    found += _house_style(workspace / HOUSE_STYLE)
    return tuple(dict.fromkeys(found))


def _read(rule: str, read: Callable[[], T], found: list[Finding]) -> T | None:
    """What is read, or None and the reasons among what was found; one without findings of its own is of this rule."""
    try:
        return read()
    except WerkbankError as error:
        found += error.findings or (finding(rule, error.message),)
        return None


def _data_folder(workspace: Path) -> Path:
    try:
        return any_parameters().data
    except ParametersError:  # told already; what lies in the usual place is looked at all the same
        return workspace / "data"


def _parks(data: Path, municipalities: Sequence[str]) -> Sequence[Finding]:
    """What is to be said of the list, its map, what is beside it, and of a municipality without any park."""
    found = list[Finding]()
    register = _read("parks", lambda: read_parks(data / "parks.csv"), found)
    if register is None or register.errors:
        return (*found, *(register.errors if register else ()))  # the rest may follow from these
    parks = register.parks
    if without := sorted(set(municipalities) - set(parks["municipality"])):
        found.append(
            finding("municipality-without-parks", f"geen terreinen in {listing(without)}", place=Place(register.file))
        )
    lineage = _read("parks", partial(read_lineage, data, parks), found)
    found += lineage.findings if lineage else ()
    return (*found, *register.findings, *read_context(data / CONTEXT_FILE, parks).findings)


def _legal_bases(path: Path, own: Sequence[Parameters], catalogue: Catalogue | None, day: dt.date) -> Sequence[Finding]:
    """The faults of the file, else why a decision does not hold for who rests on it, told once for all of them."""
    found = list[Finding]()
    bases = _read("legal-basis", lambda: load_legal_bases(path), found)
    for basis in bases or ():
        for wrong in wrong_releases(basis.releases, catalogue) if catalogue else ():
            found.append(finding("legal-basis", f"{basis.id}, releases: {wrong}", place=Place(BASES)))
    if bases is None:
        return found
    areas = {basis.id: basis.municipalities for basis in bases}
    resting: dict[str, list[Parameters]] = {}
    for each in own:
        if len(each.parties) > 1:
            resting.setdefault(each.legal_basis, []).append(each)
    for code, those in resting.items():
        outside = [each.municipality for each in those if each.municipality not in areas.get(code, ())]
        # Those that it is not for together, as if they were one.
        of = (listing(outside) if code in areas else "") or those[0].municipality
        holds = partial(require_legal_basis, path, code, of, those[0].round, day)
        refusals = list[Finding]()
        _read("legal-basis", holds, refusals)
        found += (replace(each, rule="legal-basis") for each in refusals)
    return found


def _plans(data: Path, catalogue: Catalogue) -> Sequence[Finding]:
    """The faults of the plans that people keep, and the evidence that is not what it was."""
    found = list[Finding]()
    for path in sorted((data / PLANS).glob("*.yaml")):
        plan = _read("parameters", partial(read_plan, path, catalogue), found)
        found += evidence_findings(plan, data) if plan else ()
    return found


# Notebooks.


def _notebooks(folder: Path) -> Iterator[Finding]:
    """Those of the werkbank are there and can be told for whom; none keeps what it showed."""
    ours = {path.name: path for path in shipped("notebooks").glob("*.ipynb")}
    for name in sorted({*ours, *(path.name for path in folder.glob("*.ipynb"))}):
        cells, place = _cells(folder / name), Place(f"notebooks/{name}")
        if cells is None:
            broken = "is beschadigd" if (folder / name).exists() else "ontbreekt"
            yield finding("notebook", f"het notebook {broken}", place=place)
            continue
        if any(cell.get("outputs") for cell in cells):
            yield finding("notebook-outputs", place=place)
        missing = _declared(_cells(ours[name]) or ()) - _declared(cells) if name in ours else set()
        if missing:
            yield finding("notebook", f"in de cel “parameters” ontbreekt {listing(sorted(missing))}", place=place)


def _cells(path: Path) -> Sequence[Mapping[str, Any]] | None:
    """The cells of a notebook; None for what is none."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    sound = isinstance(cells, list) and all(isinstance(cell, dict) for cell in cells)
    return cells if sound else None


def _declared(cells: Sequence[Mapping[str, Any]]) -> set[str]:
    """The names that the cell tagged `parameters` gives a value."""
    sources = ("".join(cell["source"]) for cell in cells if "parameters" in cell.get("metadata", {}).get("tags", ()))
    try:
        statements = [node for source in sources for node in ast.parse(source).body if isinstance(node, ast.Assign)]
    except (SyntaxError, ValueError, KeyError, TypeError, AttributeError):  # whatever stands there instead
        return set()
    return {target.id for node in statements for target in node.targets if isinstance(target, ast.Name)}


# House style.


def _house_style(folder: Path) -> Sequence[Finding]:
    """Colours that can be read, a Word file that is one, and nothing that nobody reads."""
    found = list[Finding]()
    _read("house-style", theme, found)
    if (folder / WORD).is_file():
        from werkbank.report.word import opened  # noqa: PLC0415  the library for Word files

        _read("house-style", lambda: opened(folder / WORD), found)
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name not in (THEME, WORD) and not path.name.startswith((".", "~")):
            near, place = did_you_mean(path.name, (THEME, WORD)), Place(f"{HOUSE_STYLE}/{path.name}")
            found.append(finding("house-style-stray", allowed=listing((THEME, WORD)), remedy=near, place=place))
    return found
