"""What is hard to believe beside the earlier round, and a park that was filled in as another."""

from math import ceil

from tests.planted.book import Book

LEAPS = 3
OPPOSITE = {0: "3 structureel", 3: "0 geen vermoeden"}
"""What a level at one end of the scale of suspicion leaps to."""
LOST, FEWEST_LOST = 0.5, 8


def plant_changes(returns, municipality, party):
    """Leaps in one park, knowledge lost in another, and one copied from yet another in both rounds."""
    book = Book(returns.path(municipality, party))
    before, now = (_levels(returns.said(municipality, party, ago)) for ago in (1, 0))
    known = [park for park in book.parks if sum(level is not None for level in now[park].values()) >= 15]
    ends = {park: _ends(before[park], now[park]) for park in known if not _leapt(before[park], now[park])}
    leaper = next(park for park, codes in ends.items() if len(codes) >= LEAPS)
    losable = {park: _losable(book, park, before[park], now[park]) for park in known if park != leaper}
    loser = next(park for park, codes in losable.items() if len(codes) >= FEWEST_LOST)
    for code in ends[leaper][:LEAPS]:
        book.cell(leaper, code).value = OPPOSITE[before[leaper][code]]
        yield book.planted("implausible-change", book.cell(leaper, code))
    yield _lose(book, loser, losable[loser], before[loser])
    others = [park for park in book.parks if park not in (leaper, loser)]
    yield _copy(book, Book(returns.path(municipality, party, 1)), [park for park in others if park in known])
    # Somebody used a scale of 1 to 5.
    for park, code, value in zip(others, ("G02", "G03", "G04"), (4, 5, 4), strict=False):
        book.cell(park, code).value = value
        yield book.planted("level-outside-scale", book.cell(park, code))
    yield book.planted("mixed-scale", sheet=book.matrix.title)
    book.save()


def _levels(said):
    """Park → indicator → level, None where there is none."""
    cells = {}
    for row in said.itertuples():
        cells.setdefault(row.park_id, {})[row.indicator] = int(row.level) if row.state == "level" else None
    return cells


def _leapt(before, now):
    pairs = ((before[code], level) for code, level in now.items())
    return any(old is not None and new is not None and abs(new - old) > 1 for old, new in pairs)


def _ends(before, now):
    """Threats that stood at an end of the scale, and are still known."""
    return [
        code for code, level in before.items() if code[0] == "V" and level in OPPOSITE and now[code] is not None
    ]  # fmt: skip


def _losable(book, park, before, now):
    """Cells known in both rounds, of which nothing is explained."""
    explained = book.explained()
    both = [code for code, level in now.items() if level is not None and before[code] is not None]
    return [code for code in both if (park, code) not in explained]


def _lose(book, park, codes, before):
    known = [code for code, level in before.items() if level is not None]
    for code in codes[: max(FEWEST_LOST, ceil(LOST * len(known)))]:
        book.cell(park, code).value = "onbekend"
    first = next(code for code in known if book.cell(park, code).value == "onbekend")
    return book.planted("knowledge-lost", book.cell(park, first))


def _copy(book, old, parks):
    """The column of the park of which most is suspected, in that of the park after it; in both rounds."""
    counts = {park: sum(str(book.cell(park, code).value)[:1] in "123" for code in book.rows) for park in parks}
    source = max(parks[:-1], key=counts.get)
    target = parks[parks.index(source) + 1]
    for each in (book, old):
        for code in each.rows:
            each.cell(target, code).value = each.cell(source, code).value
        each.forget(target)
    old.save()
    first = next(code for code in book.rows if book.cell(target, code).value not in (None, "onbekend"))
    return book.planted("copied-park", book.cell(target, first))
