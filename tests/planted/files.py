"""Sound workbooks that are not the one that was asked; files that are no workbook at all stand in matrix/kinds.py."""

from tests.planted.book import Book, Planted
from werkbank.matrix import layout


def plant_strangers(returns, municipality, party):
    """Sound workbooks that are not a return of this round, municipality or party, or not to be told apart."""
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
