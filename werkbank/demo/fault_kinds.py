"""Returns of another kind than .xlsx: a CSV as Excel makes it in Dutch, and a workbook of OpenDocument."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

import pandas as pd
from tests.planted.listed import Planted

from werkbank.matrix.layout import FICTIONAL_LABEL, SHEET_MATRIX, SHEET_SCHEMA

__all__ = ["as_csv", "as_ods"]

_THEN: Final = (2018, 1, 1, 0, 0, 0)
_MIME: Final = "application/vnd.oasis.opendocument.spreadsheet"
_SPACES: Final = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)
_MANIFEST: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_MIME}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)
_HEADINGS: Final = ("terrein", "indicator", "partij", "toestand", "niveau", "toelichting", "ronde", "fictief")
_STATES: Final = {"level": "ingevuld", "unknown": "onbekend", "not_applicable": "n.v.t.", "open": "leeg"}
Rows = Sequence[Sequence[str]]


def as_csv(said: pd.DataFrame, round_name: str, path: Path) -> Iterator[Planted]:
    """The judgements as a list, one a line, as Excel makes a CSV in Dutch; a few lines of it are wrong."""
    rows = [list(_HEADINGS), *([*_line(row), round_name, "ja"] for row in said.itertuples())]
    # Line 1 is the head.
    spots = iter(number for number, row in enumerate(rows, 1) if row[3] == "ingevuld" and not row[5])
    yield Planted(kind="CSV met puntkomma's", rule=None, file=path.name, what="decimale komma's, in cp1252")
    line = next(spots)
    rows[line - 1][4] = "2,5"
    yield _at(path, "E", line, "tussen twee niveaus", "level-outside-scale", "het niveau 2,5")
    line = next(spots)
    rows[line - 1][3] = "onbekend"
    yield _at(path, "E", line, "toestand en niveau", "contradicting-state", "onbekend, met een niveau erbij")
    line = next(spots)
    rows.append(list(rows[line - 1]))
    for each in (line, len(rows)):
        what = "terrein en indicator staan er twee keer"
        yield _at(path, "A", each, "twee keer hetzelfde oordeel", "doubled-judgement", what)
    rows.append(["QQQ-77", *rows[line - 1][1:]])
    yield _at(path, "A", len(rows), "onbekend terrein in een lijst", "unknown-park", "terreincode QQQ-77")
    rows.append([*rows[line - 1][:2], "brandweer", *rows[line - 1][3:]])
    yield _at(path, "C", len(rows), "onbekende partij in een lijst", "unknown-party", "partij brandweer")
    with path.open("w", encoding="cp1252", newline="") as file:
        csv.writer(file, delimiter=";", lineterminator="\r\n").writerows(rows)


def _at(path: Path, column: str, line: int, kind: str, rule: str, what: str) -> Planted:
    return Planted(kind=kind, rule=rule, file=path.name, cell=f"{column}{line}", line=line, what=what)


def _line(row: Any) -> list[str]:
    """One judgement as a person would list it."""
    state = _STATES[row.state]
    level = f"{row.level},0" if row.state == "level" else ""
    return [str(row.park_id), str(row.indicator), str(row.party), state, level, str(row.remark)]


def as_ods(said: pd.DataFrame, schema: Mapping[str, str], path: Path) -> Planted:
    """The matrix and the hidden sheet as a workbook of OpenDocument."""
    tables: dict[str, Rows] = {
        SHEET_MATRIX: [[FICTIONAL_LABEL], *_wide(said)],
        SHEET_SCHEMA: [[key, value] for key, value in schema.items()],
    }
    body = "".join(_table(name, rows) for name, rows in tables.items())
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content {_SPACES} office:version="1.2">'
        f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        # Unpacked and in front, so that a program knows what it has in hand.
        archive.writestr(zipfile.ZipInfo("mimetype", _THEN), _MIME, zipfile.ZIP_STORED)
        for name, text in (("content.xml", content), ("META-INF/manifest.xml", _MANIFEST)):
            archive.writestr(zipfile.ZipInfo(name, _THEN), text, zipfile.ZIP_DEFLATED)
    path.write_bytes(buffer.getvalue())
    return Planted(kind="werkmap van LibreOffice", rule=None, file=path.name, what="opgeslagen als .ods")


def _wide(said: pd.DataFrame) -> Rows:
    """Indicators down and parks across; a level with one decimal, as some programs write it."""
    parks = list(dict.fromkeys(said["park_id"]))
    cells = {(row.park_id, row.indicator): _text(row) for row in said.itertuples()}
    codes = dict.fromkeys(said["indicator"])
    return [["Code", *parks], *([code, *(cells[park, code] for park in parks)] for code in codes)]


def _text(row: object) -> str:
    state = getattr(row, "state", "open")
    if state == "level":
        return f"{getattr(row, 'level', 0)},0"
    return {"unknown": "onbekend", "not_applicable": "n.v.t.", "open": ""}[state]


def _table(name: str, rows: Rows) -> str:
    lines = "".join(f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>" for row in rows)
    return f'<table:table table:name="{escape(name)}">{lines}</table:table>'


def _cell(text: str) -> str:
    if not text:
        return "<table:table-cell/>"
    value = f"<text:p>{escape(text)}</text:p>"
    return f'<table:table-cell office:value-type="string">{value}</table:table-cell>'
