"""What a chapter says, as plain text: for tests that need no page around it."""

import re

from werkbank.report.blocks import Callout, Grid, Group, Heading, KeyFigures, List, Table, Text, plain


def seen(html):
    """What a reader sees of a page or a chapter, on one line."""
    return " ".join(re.sub(r"<style.*?</style>|<[^>]*>", " ", html, flags=re.DOTALL).split())


def main_of(html):
    """What a reader sees of the body of a page, on one line."""
    return seen(html.partition("<main")[2])


def text_of(chapter):
    """What a reader sees of a chapter, on one line."""
    return seen(chapter.html)


def flat(blocks):
    for block in blocks:
        yield from flat(block.blocks) if isinstance(block, Group) else [block]


def tables(chapter):
    """The tables of a chapter, each as its headings and rows of texts."""
    return [
        ([column.name for column in one.columns], [[plain(cell) for cell in row.cells] for row in one.rows])
        for one in flat(chapter.blocks)
        if isinstance(one, Table)
    ]


def facts(chapter):
    """What stands in tables of names and values."""
    return {
        row.cells[0]: plain(row.cells[1])
        for one in flat(chapter.blocks)
        if isinstance(one, Table) and one.look == "facts"
        for row in one.rows
    }


def said(chapter):
    """The paragraphs and items of a chapter."""
    lines = []
    for one in flat(chapter.blocks):
        if isinstance(one, Heading | Text | Callout):
            lines.append(plain(one.line))
        elif isinstance(one, List):
            lines += map(plain, one.items)
        elif isinstance(one, KeyFigures):
            lines += [f"{each.name} {each.value} {each.note}" for each in one.figures]
        elif isinstance(one, Grid):
            lines.append(one.caption)
    return lines


def sheet(book, name):
    """A sheet of a workbook as a list of rows by heading; the labels stand above them."""
    rows = list(book[name].iter_rows(min_row=3, values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
