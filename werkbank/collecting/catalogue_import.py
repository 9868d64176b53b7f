"""A workbook with a catalogue, or a plain list of indicators, read back into the YAML of a catalogue of one's own.

What a workbook does not say is taken from the catalogue in use, and named. Its faults are those of the YAML models and
cross checks: every value is given the number of its cell for a line, and a finding about that line is about that cell.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from werkbank.advice.described import border_words, described, method_of, proposed_borders
from werkbank.collecting.catalogue_book import LIST, SHEETS, Reading, plain_data, read_sheets
from werkbank.errors import CatalogueError, Finding, WerkbankError
from werkbank.files.models import findings_of
from werkbank.files.whole import whole_folder
from werkbank.files.yaml import Document, items, yaml_text
from werkbank.matrix.layout import Place
from werkbank.matrix.opening import UnreadableWorkbookError, file_content, open_workbook
from werkbank.matrix.rules import finding
from werkbank.settings.catalogue import MODELS, Catalogue, catalogue_of, load_catalogue, told_of_catalogue
from werkbank.settings.cross_checks import gone_from, masked, told_of, without
from werkbank.settings.method import Method
from werkbank.settings.parameters import Parameters, load_parameters
from werkbank.settings.workspace import DISTRICT_FILE, municipality_slugs
from werkbank.wording import count, listing, nearest

_FILE_OF: Final = {key: file for file, model in MODELS.items() for key in model.model_fields}
_CALLED: Final = ("score_name", "name", "id")
"""By what an entry is called where a code is asked; the last goes before."""
_SHORTEST: Final = 5
"""Letters from which the beginning of a name will do: verschijningsvorm for Verschijningsvormen."""


@dataclass(frozen=True, slots=True)
class Import:
    """A sound catalogue out of a workbook: what goes into each file, and what was assumed."""

    catalogue: Catalogue
    files: Mapping[str, dict[str, Any]]
    told: tuple[Finding, ...]


def read_catalogue(path: Path, used: Catalogue, *, own: bool) -> Import:
    """The catalogue in a workbook; `used` is the one in use, `own` whether that is not the packaged one.

    Raises CatalogueError with every fault, each with its sheet and cell.
    """
    try:
        book = open_workbook(path, file_content(path))
    except UnreadableWorkbookError as error:
        told = replace(error.finding, allowed="een werkmap van Excel (.xlsx) of een lijst als tekst (.csv)")
        raise CatalogueError(f"{path.name} kan niet worden gelezen.", (told,)) from None
    reading = Reading(path.name)
    reading.mark((), Place(path.name))
    read_sheets(reading, book.tables)
    _fill_in(reading, plain_data(used), own=own)
    gone = _gone(reading, used)
    if lost := told_of(reading.data, gone):
        reading.told.append(_fallen_away(lost, path.name))
    data = without(masked(reading.data, gone))
    documents = {
        file: Document(file, {key: data[key] for key in model.model_fields if key in data}, reading.lines)
        for file, model in MODELS.items()
    }
    faults = tuple(each for file, model in MODELS.items() for each in findings_of(model, documents[file]))
    catalogue, found = catalogue_of(documents, faults, own=True)
    errors = (*reading.faults, *_of_its_own(reading, tuple(dict.fromkeys(reading.in_cells(found)))))
    if catalogue is None or errors:
        what = count(len(errors), "fout", "fouten")
        raise CatalogueError(f"{path.name} klopt niet: {what}. Er is niets veranderd.", errors)
    if catalogue.version == used.version and catalogue.fingerprint != used.fingerprint:
        reading.tell("same-version", version=used.version)
    return Import(catalogue, {file: each.data for file, each in documents.items()}, tuple(reading.told))


def _of_its_own(reading: Reading, found: tuple[Finding, ...]) -> Iterator[Finding]:
    """The faults that do not follow from another at the same cell: an unreadable cell, or a name that nothing has."""
    unread = {(each.sheet, each.cell) for each in reading.faults}
    unknown = {(each.sheet, each.cell) for each in found if each.rule == "unknown-reference"}
    for each in found:
        place = (each.sheet, each.cell)
        if place not in unread and not (place in unknown and each.rule == "wrong-value"):
            yield each


def _gone(reading: Reading, used: Catalogue) -> dict[str, str]:
    """The indicators that interventions may name and that are not asked any more: code → name.

    Where the interventions are not the workbook's own, the same code may be another thing in a district's list.
    """
    names = {str(entry.get("id")): str(entry.get("name")) for _, entry in items(reading.data, "indicators")}
    known = {each.id: each.name for each in used.indicators}
    theirs = "interventions" not in reading.read
    lost = {
        code: name for code, name in known.items() if code not in names or (theirs and not nearest(name, [names[code]]))
    }
    return gone_from(reading.data) | lost


def keep_catalogue(found: Import, folder: Path, source: str) -> None:
    """Write the YAML of a catalogue; the folder appears whole, and what else stands in it stays. Raises OutputError."""
    with whole_folder(folder) as new:
        if folder.is_dir():
            shutil.copytree(folder, new, dirs_exist_ok=True)
        for file, data in found.files.items():
            text = yaml_text(data)
            begin = f"{_for_editors(new / file)}# Uit {source}, met werkbank catalogue import.\n"
            (new / file).write_text(begin + text, encoding="utf-8")


def _for_editors(file: Path) -> str:
    """The first line of a file as it was, where an editor reads in it what the keys mean."""
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True) if file.is_file() else []
    return next((line for line in lines[:1] if line.startswith("# yaml-language-server")), "")


def method_for(workspace: Path, folder: Path, catalogue: Catalogue) -> Method:
    """The method of the workspace under a catalogue; as its families propose it where the parameters do not fit it."""
    try:
        place = folder.relative_to(workspace).as_posix()
        return load_parameters(municipality_slugs(workspace)[0], catalogue=place).method
    except (WerkbankError, LookupError, ValueError):
        return method_of(catalogue)


def catalogue_findings(parameters: Parameters, catalogue: Catalogue) -> tuple[Finding, ...]:
    """What is to be known of a catalogue of one's own: what takes no part, and class borders that are not its own."""
    if parameters.catalogue_path is None:
        return ()
    lost = told_of_catalogue(parameters.catalogue_path)
    told = (_fallen_away(lost, "interventions.yaml"),) if lost else ()
    theirs, borders = load_catalogue(), Method().class_borders
    if len(catalogue.indicators) == len(theirs.indicators) or parameters.method.class_borders != borders:
        return told
    proposed = proposed_borders(described(catalogue, parameters.method))
    if proposed == borders:
        return told
    own, packaged = (count(len(each.indicators), "indicator", "indicatoren") for each in (catalogue, theirs))
    borders_of_another = finding(
        "packaged-borders",
        f"de catalogus heeft {own} en de klassengrenzen ({border_words(borders)}) zijn die bij {packaged}",
        allowed=f"grenzen die bij deze catalogus passen: {border_words(proposed)}",
        remedy=f"zet onder method: class_borders: [{border_words(proposed)}]",
        place=Place(DISTRICT_FILE),
    )
    return (*told, borders_of_another)


def _fallen_away(lost: Mapping[str, str], file: str) -> Finding:
    found, allowed, remedy = (lost[key] for key in ("found", "allowed", "remedy"))
    return finding("indicator-gone", found, allowed=allowed, remedy=remedy, place=Place(file))


def _fill_in(reading: Reading, used: Mapping[str, Any], *, own: bool) -> None:
    """Take from the catalogue in use what the workbook does not have, and make up what a plain list leaves out."""
    data = reading.data
    if "indicators" in reading.read and "version" not in reading.read:
        data["version"] = used["version"] if own else "1"
        data["status"] = f"Ingelezen uit {reading.file}; nog vast te stellen."
        reading.tell("default/version", version=data["version"])
    kept = [sheet for sheet in SHEETS if sheet.key and sheet.key not in reading.read]
    data |= {key: value for key, value in used.items() if key not in {*data, *reading.read}}
    for sheet in kept:
        reading.mark((sheet.key,), Place(_FILE_OF[sheet.key]), sheet)
    if kept:
        reading.tell("default/sheets", sheets=listing(sheet.name for sheet in kept))
    _resolve(reading)
    if "indicators" in reading.read:
        _complete(reading)
        if "families" not in reading.read:
            _asked_families(reading)


def _resolve(reading: Reading) -> None:
    """Codes in the place of names, wherever a code is asked."""
    for sheet in SHEETS:
        for column in sheet.columns if sheet.key in reading.read else ():
            if column.of and not column.number and not column.of_a_row:
                called = {
                    str(entry[name]).casefold(): str(entry.get("id"))
                    for name in _CALLED
                    for _, entry in items(reading.data, column.of)
                    if entry.get(name)
                }
                for entry in reading.data[sheet.key]:
                    value = entry.get(column.key)
                    if isinstance(value, str):
                        entry[column.key] = _code(called, value)
                    elif value:
                        entry[column.key] = [_code(called, each) for each in value]


def _code(called: Mapping[str, str], text: str) -> str:
    """The code of what is called so, or whose name alone begins so; else the text itself."""
    word = text.casefold()
    begun = {code for name, code in called.items() if len(word) >= _SHORTEST and name.startswith(word)}
    return called.get(word) or (begun.pop() if len(begun) == 1 else text)


def _complete(reading: Reading) -> None:
    """Every indicator with what its list has no column for, each default named; and headings of the list's own."""
    data = reading.data
    absent = {each.key: each for each in reading.absent}
    families = {str(entry.get("id")): entry for _, entry in items(data, "families")}
    required = next((code for code, entry in families.items() if entry.get("required")), "")
    strictest = data["sensitivities"][-1]["id"] if data.get("sensitivities") else ""
    numbers: dict[str, int] = {}
    for _, entry in items(data, "indicators"):
        family = str(entry.get("family", required))
        # Of an unknown family it is enough to say that; the rest is as of the required one.
        own = families.get(family, families.get(required, {}))
        numbers[family] = numbers.get(family, 0) + 1
        made: dict[str, Any] = {
            "id": f"{str(own.get('name', family))[:1].upper()}{numbers[family]:02d}",
            "description": entry.get("name"),
            "family": required,
            "subcategory": own.get("id"),
            "phenomena": [],
            "best_judge": "both",
            "scale": own.get("scale"),
            "severity": 2 if family == "threat" else None,
            "sensitivity": strictest,
        }
        entry.update({key: value for key, value in made.items() if key in absent and value is not None})  # type: ignore[attr-defined]
    _headings(reading, families)
    if absent:
        columns = listing(f"{each.head} ({each.default})" for each in absent.values())
        reading.tell("default/columns", place=Place(reading.file, LIST.name), columns=columns)


def _asked_families(reading: Reading) -> None:
    """Without the families in use of which the list has no indicator, and whatever refers to them."""
    data = reading.data
    asked = {entry.get("family") for _, entry in items(data, "indicators")}
    empty = [entry for _, entry in items(data, "families") if not (entry.get("id") in asked or entry.get("required"))]
    if not asked <= {entry.get("id") for _, entry in items(data, "families")}:
        return
    codes = [entry["id"] for entry in empty]
    data["families"] = [entry for entry in data["families"] if entry not in empty]
    data["subcategories"] = [entry for entry in data["subcategories"] if entry.get("family") not in codes]
    for _, entry in items(data, "audiences"):
        entry["families"] = [code for code in entry.get("families", ()) if code not in codes]  # type: ignore[index]
    if empty:
        reading.tell("default/families", names=listing(str(entry["name"]) for entry in empty))


def _headings(reading: Reading, families: Mapping[str, Mapping[str, Any]]) -> None:
    """A heading for every one that the list itself uses, where the workbook has no sheet of them."""
    if "subcategories" in reading.read:
        return
    known = {str(entry.get("id")) for _, entry in items(reading.data, "subcategories")}
    new: dict[str, dict[str, str]] = {}
    for _, entry in items(reading.data, "indicators"):
        text, family = str(entry.get("subcategory", "")), str(entry.get("family"))
        code = re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_").casefold()[:60]
        home = text if text in families else family
        if code and text not in known and home in families:
            if new.get(code, {"family": home})["family"] != home:
                code = f"{code}_{home}"
            entry["subcategory"] = code  # type: ignore[index]
            name = families[text]["name"] if text in families else text
            new.setdefault(code, {"id": code, "name": name, "family": home})
    reading.data["subcategories"] = [*reading.data["subcategories"], *new.values()]
    if new:
        reading.tell("default/headings", names=listing(f"“{each['name']}”" for each in new.values()))
