"""Plants in the fictional returns one of every fault that real returns have; each is listed with its place.

Spread over the files, so that a fault of a whole file hides none in a cell.
"""

import csv
import datetime as dt
from itertools import count
from pathlib import Path

import yaml
from openpyxl.utils import get_column_letter

from tests.planted.book import HEAD, Book, Planted, with_member
from tests.planted.changes import plant_changes
from tests.planted.returns import Returns
from werkbank.matrix import layout

TABLE = yaml.safe_load(Path(__file__).with_name("table.yaml").read_text(encoding="utf-8"))
IBAN = "NL40" + "FICT0123456789"
"""Sound, of a bank that does not exist (ISO 13616: modulo 97 is 1)."""
LONG = "Een lange toelichting, woord voor woord overgenomen uit het verslag. "
"""A text that is planted, and becomes longer than a cell can hold when the workbook is stored."""
POLICE, MUNICIPALITY = "police", "municipality"


def plant_faults(folder, district, catalogue):
    """Plant the faults in a folder that holds this district; what was planted where."""
    return tuple(_plant(Returns(folder / "matrices", district, catalogue)))


def _plant(returns):
    # Made of a return that is still sound.
    yield from _strangers(returns, "urk", POLICE)
    cells, remarks, codes = (
        Book(returns.path(*of)) for of in (("almere", POLICE), ("almere", MUNICIPALITY), ("dronten", POLICE))
    )
    yield from _in_cells(cells)
    yield from _in_remarks(remarks)
    for plant in (_missing, _columns, _rows, _hidden, _heads):
        yield from plant(codes)
    for book in (cells, remarks, codes):
        book.save(longer={LONG: LONG * 600})
    (returns.here / f"~${remarks.path.name}").write_bytes(b"\x05Niemand".ljust(165, b" "))
    yield remarks.planted("open-elsewhere")
    yield from plant_changes(returns, "lelystad", POLICE)
    yield from returns.alike()
    yield from _as_csv(returns)
    yield from _whole_files(returns)


def _strangers(returns, municipality, party):
    """Sound workbooks that are not a return of this round, municipality or party, or not to be told apart.

    Files that are no workbook at all stand in matrix/kinds.py.
    """
    path = returns.path(municipality, party)
    other = returns.other_party
    copies = {"oud.xlsx": returns.path(municipality, party, 1), layout.workbook_name(municipality, other.file): path}
    for (name, source), rule in zip(copies.items(), ("wrong-round", "swapped-workbook"), strict=True):
        (returns.here / name).write_bytes(source.read_bytes())
        yield Planted(rule=rule, file=name)
    for rule, name, schema, title in (
        ("newer-workbook", "nieuw.xlsx", {"schema_version": "99"}, "van een latere versie"),
        ("unknown-municipality", "nagele.xlsx", {"municipality": "nagele"}, "van Nagele"),
        ("unknown-party", "brandweer.xlsx", {"party": "brandweer"}, "van de brandweer"),
    ):
        book = Book(path)
        book.schema(**schema)
        # What a person reads on it says the same.
        book.matrix["A1"].value = f"{layout.FICTIONAL_LABEL} · risicomatrix {title}"
        book.save(returns.here / name)
        yield Planted(rule=rule, file=name)
    said = returns.said(municipality, party).assign(party=other.id)
    returns.write(municipality, other.id, said, path=returns.here / "gast.xlsx")
    yield Planted(rule="party-not-asked", file="gast.xlsx")
    for damage in (_without_matrix, _two_alike):
        book = Book(path)
        book.path = returns.here / f"{damage.__name__}.xlsx"
        yield from damage(book)
        book.save()


def _without_matrix(book):
    for name in (layout.SHEET_MATRIX, layout.SHEET_REMARKS):
        del book.book[name]
    yield book.planted("no-matrix")


def _two_alike(book):
    """Two sheets with a matrix of one size, neither of them called Matrix."""
    copy = book.book.copy_worksheet(book.matrix)
    book.matrix.title, copy.title = "concept", "definitief"
    yield from (book.planted("ambiguous-matrix", sheet=sheet) for sheet in ("concept", "definitief"))


def _in_cells(book):
    """One fault a cell, spread over the parks, and beside them what only looks like a fault."""
    free = _free_cells(book)
    faults = [*TABLE["cells"], ("date-for-level", dt.time(2, 3))]
    for rule, value in faults:
        cell = book.cell(*next(free))
        cell.value = value
        yield book.planted(rule, cell)
    # So many odd numbers that another scale may have been used.
    yield book.planted("mixed-scale", sheet=book.matrix.title)
    for meant, value in TABLE["harmless cells"]:
        cell = book.cell(*next(free))
        cell.value = value
        yield book.planted(None, cell, meant=meant)
    # The next park's cell disappears under this one: of neither it is certain what was meant.
    park, code = next(free)
    pair = [book.cell(each, code).coordinate for each in (park, book.parks[book.parks.index(park) + 1])]
    book.matrix.merge_cells(":".join(pair))
    yield from (book.planted("merged-cell", sheet=book.matrix.title, cell=cell) for cell in pair)
    for rule, value, look in (("percentage", 1, "0%"), ("shown-otherwise", 0, "0;-0;;@")):
        cell = book.cell(*next(free))
        cell.value, cell.number_format = value, look
        yield book.planted(rule, cell)
    left_open, unknown = next(free), next(free)
    book.cell(*left_open).value = None
    book.explain(*left_open, remark="Signaal besproken in het werkoverleg.")
    yield book.planted("explained-but-open", book.cell(*left_open))
    book.cell(*unknown).value = "onbekend"
    yield book.planted("source-beside-unknown", book.explain(*unknown, "source_strength", source_strength="B"))


def _free_cells(book):
    """Cells with a level and without an explanation: one a park, then a second of every park, on another indicator."""
    explained, taken = book.explained(), set()
    threats = [code for code in book.rows if code[0] == "V"]
    for turn in count():
        for place, park in enumerate(book.parks[:-1]):
            cell = (park, threats[(place + 5 * turn) % len(threats)])
            if cell not in explained and book.is_level(*cell) and cell not in taken:
                taken.add(cell)
                yield cell


def _in_remarks(book):
    """One fault a line of the sheet with explanations, each with a judgement of its own."""
    explained = book.explained()
    turns = ((number % len(book.parks), 7 * number % len(book.rows)) for number in count())
    codes = tuple(book.rows)
    free = (
        (book.parks[park], codes[code]) for park, code in turns
        if book.is_level(book.parks[park], codes[code]) and (book.parks[park], codes[code]) not in explained
    )  # fmt: skip
    for rule, text in TABLE["remarks"]:
        yield book.planted(rule, book.explain(*next(free), remark=text.format(iban=IBAN)))
    for rule, value in TABLE["dates"]:
        yield book.planted(rule, book.explain(*next(free), "date", date=value))
    strength = book.explain(*next(free), "source_strength", source_strength="D")
    yield book.planted("unknown-source-strength", strength)
    yield book.planted("remark-without-cell", book.explain("QQQ-77", next(free)[1], "park_id", remark="Wisselend."))
    yield book.planted("long-remark", book.explain(*next(free), remark=LONG))
    twice = next(free)
    book.explain(*twice, remark="Eerste toelichting.")
    yield book.planted("doubled-remark", book.explain(*twice, "park_id", remark="Tweede toelichting."))


def _missing(book):
    """A park and an indicator that were wiped out whole."""
    park, code = book.parks[-1], list(book.rows)[-1]
    column, row = book.columns.pop(park), book.rows.pop(code)
    edges = [
        book.matrix.cell(line + 1, column) for line in (layout.TITLE_ROW, layout.PARK_ID_ROW, layout.PARK_NAME_ROW)
    ]
    for cell in (*edges, *(book.matrix.cell(line, column) for line in book.rows.values()), *book.matrix[row]):
        cell.value = None
    book.forget(park, code)
    yield book.planted("missing-park", sheet=book.matrix.title)
    yield book.planted("missing-indicator", sheet=book.matrix.title)


def _columns(book):
    """Columns too many, to the right of the others, and a merged code."""
    twice, far = book.parks[1], max(book.columns.values()) + 3
    columns = (
        ("unknown-park", "DRX-02"),
        ("park-of-other-municipality", "URK-01"),
        ("doubled-park", twice),
        ("values-without-park", None),
    )
    for column, (rule, code) in enumerate(columns, far):
        head = book.matrix.cell(HEAD, column)
        head.value = code
        for row in list(book.rows.values())[:3]:
            book.matrix.cell(row, column).value = "0"
        yield book.planted(rule, head)
    yield book.planted("doubled-park", book.head(twice))
    merged = book.head(book.parks[-1])
    book.matrix.merge_cells(f"{merged.coordinate}:{get_column_letter(merged.column + 1)}{merged.row}")
    yield book.planted("merged-code", merged)
    # Explanations where nobody looks for them.
    beside = book.matrix.cell(HEAD, far + 5)
    beside.value = "Opmerkingen"
    book.matrix.cell(next(iter(book.rows.values())), beside.column).value = "Besproken in het werkoverleg."
    yield book.planted("values-without-park", beside)


def _rows(book):
    """Rows too many, under the others."""
    twice = list(book.rows)[2]
    rows = (("unknown-indicator", "V99"), ("values-without-indicator", None), ("doubled-indicator", twice))
    for row, (rule, code) in enumerate(rows, max(book.rows.values()) + 3):
        cell = book.matrix.cell(row, layout.CODE_COLUMN + 1)
        cell.value = code
        book.matrix.cell(row, book.columns[book.parks[0]]).value = "1"
        yield book.planted(rule, cell)
    yield book.planted("doubled-indicator", book.matrix.cell(book.rows[twice], layout.CODE_COLUMN + 1))


def _hidden(book):
    """A row and a column that count and are not seen."""
    row, park = list(book.rows.values())[4], book.parks[2]
    book.matrix.row_dimensions[row].hidden = True
    book.hide_column(book.columns[park])
    yield book.planted("hidden-row", book.matrix.cell(row, layout.CODE_COLUMN + 1))
    yield book.planted("hidden-column", book.head(park))


def _heads(book):
    """A park with the name of another, and what the workbook says of itself."""
    park, other = (book.matrix.cell(layout.PARK_NAME_ROW + 1, book.columns[each]) for each in book.parks[3:5])
    park.value = other.value
    yield book.planted("code-and-name-differ", book.head(book.parks[3]))
    row = layout.REMARK_HEADER_ROW + 1
    book.remark_cell(row, "date").value = None
    yield book.planted("missing-heading", book.remarks.cell(row, 1))
    book.schema(round=None, catalogue_fingerprint="0" * 64)
    yield from (book.planted(rule) for rule in ("unknown-round", "other-catalogue"))


def _whole_files(returns):
    """A return sent twice, one not at all, and a copy of a matrix that is hidden."""
    path = returns.path("lelystad", MUNICIPALITY)
    again = path.with_name(f"{path.stem} (1).xlsx")
    book = Book(path)
    book.path = again
    yield _second_head(book)
    book.save()
    yield from (Planted(rule="doubled-delivery", file=each.name) for each in (path, again))
    path = returns.path("zeewolde", MUNICIPALITY)
    path.unlink()
    yield Planted(rule="missing-workbook", file=path.name)
    book = Book(returns.path("urk", MUNICIPALITY))
    copy = book.book.copy_worksheet(book.matrix)
    copy.title, book.matrix.sheet_state = "Matrix oud", "hidden"
    book.save()
    book.path.write_bytes(with_member(book.path.read_bytes(), "xl/vbaProject.bin", b"geen programma"))
    yield book.planted("second-matrix", sheet=copy.title)
    yield book.planted("hidden-sheet", sheet=book.matrix.title)
    yield book.planted("macro-present")


def _second_head(book):
    """Under the matrix a second one begins, with its parks in another order."""
    row = max(book.rows.values()) + 4
    for park, other in zip(book.parks, book.parks[::-1], strict=True):
        book.matrix.cell(row, book.columns[park]).value = other
        book.matrix.cell(row + 1, book.columns[park]).value = "0"
    book.matrix.cell(row + 1, 1).value = next(iter(book.rows))
    return book.planted("second-head", book.matrix.cell(row, book.columns[book.parks[0]]))


def _as_csv(returns):
    """The judgements as a list, one a line, as Excel makes a CSV here; a few lines of it are wrong."""
    path = returns.path("dronten", MUNICIPALITY)
    path.unlink()
    path = path.with_suffix(".csv")
    states = {"level": "level", "unknown": "onbekend", "not_applicable": "n.v.t.", "open": "open"}
    rows = [["park_id", "indicator", "party", "state", "level", "remark", "round", "fictional"]]
    for row in returns.said("dronten", MUNICIPALITY).itertuples():
        level = f"{row.level},0" if row.state == "level" else ""
        said = (row.park_id, row.indicator, row.party, states[row.state], level, row.remark)
        rows.append([*said, returns.district.rounds[-1], "ja"])
    # Line 1 is the head.
    between, both, twice = [line for line, row in enumerate(rows, 1) if row[3] == "level" and not row[5]][:3]
    rows[between - 1][4] = "2,5"
    rows[both - 1][3] = "onbekend"
    sound = rows[twice - 1]
    rows += [sound, ["QQQ-77", *sound[1:]], [*sound[:2], "brandweer", *sound[3:]]]
    with path.open("w", encoding="cp1252", newline="") as file:
        csv.writer(file, delimiter=";", lineterminator="\r\n").writerows(rows)
    last = len(rows)
    for rule, column, line in (
        ("level-outside-scale", "E", between),
        ("contradicting-state", "E", both),
        ("doubled-judgement", "A", twice),
        ("doubled-judgement", "A", last - 2),
        ("unknown-park", "A", last - 1),
        ("unknown-party", "C", last),
    ):
        yield Planted(rule=rule, file=path.name, cell=f"{column}{line}", line=line)
