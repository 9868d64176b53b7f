"""Word documents from a template: every value escaped, tags that can only read, equal values giving equal bytes.

A template is an ordinary document with docxtpl's tags in it; an organisation may replace ours by its own. What it
cannot leave out are the labels: a document without them is not made.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml.etree import XMLSyntaxError

from werkbank.errors import OutputError
from werkbank.wording import capital, did_you_mean, listing

__all__ = ["LABELS", "Template", "own_template", "safe_text", "template_environment", "write_word"]

LABELS = {"label": "de rubricering", "suspicion": "dat het vermoedens zijn", "legal_basis": "de grondslag"}
"""What stands in every document, by its field: who may read it, that nothing is established, on which ground."""
_ZIP_DATE = (2000, 1, 1, 0, 0, 0)
"""A fixed moment inside the package, so that the file does not differ from day to day."""
_TWENTIETH = 635
"""The units of a length in a document (1/914,400 inch) in a twentieth of a point, in which tables are measured."""
_FIRST = 3
"""Rows of a table with heads that stand on the page where it begins; all of them where there are fewer."""
_READ = re.compile(r"word/(document|header\d*|footer\d*)\.xml")
_BODY = "word/document.xml"
_BREAKS = re.compile(r"<w:t(?: [^>]*)?>[^<]*[\t\a\n\f]")
_UNDEFINED = re.compile(r"(?:attribute )?'([^']+)'(?: is undefined)?\Z|'([^']+)' is undefined")


class Template(DocxTemplate):  # type: ignore[misc]
    """A template to fill in once."""

    def resolve_listing(self, xml: str) -> str:
        """Breaks and tabs within a value become those of Word; most documents have none, and are not searched."""
        made: str = super().resolve_listing(xml) if _BREAKS.search(xml) else xml
        return made


def own_template(house_style: Path, name: str) -> Path | None:
    """The organisation's own template of this name in the folder of its house style; None when it has none."""
    path = house_style / f"{name}.docx"
    return path if path.is_file() else None


def write_word(
    document: DocxTemplate, context: Mapping[str, Any], path: Path | str, *, what: str, title: str, day: dt.date
) -> Path:
    """Fill in the template and write it to `path`, whole or not at all; `day` stands in it as the day it was made.

    `what` is the document it makes ("het projectplan"). Raises OutputError, with what to mend, when the template is no
    Word document, asks for something that is not there, has a tag that is not closed, or leaves out a label.
    """
    source = Path(document.template_file)
    _fill_in(document, source, context, what)
    for table in document.docx.element.body.iter(qn("w:tbl")):
        _fit(table, document.docx.sections[0])
        _hold(table)
    core = document.docx.core_properties
    core.title, core.subject = safe_text(title)[:255], safe_text(context["label"])[:255]
    core.author = core.last_modified_by = "werkbank"
    core.created = core.modified = dt.datetime.combine(day, dt.time(12))
    core.language, core.revision = "nl-NL", 1
    made = io.BytesIO()
    document.save(made)
    _refuse_unlabelled(made, source, context)
    target = Path(path)
    temporary = target.with_name(f"{target.name}.tmp")
    temporary.write_bytes(_same_every_day(made))
    temporary.replace(target)
    return target


def _fill_in(document: DocxTemplate, source: Path, context: Mapping[str, Any], what: str) -> None:
    try:
        document.render(dict(context), template_environment(), autoescape=True)
    except (PackageNotFoundError, OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise OutputError(
            f"Het sjabloon “{source.name}” is geen Word-document (.docx); er is niets gemaakt."
        ) from error
    except UndefinedError as error:
        raise OutputError(_asks_too_much(source, context, what, str(error.message))) from error
    except (TemplateError, XMLSyntaxError) as error:
        raise OutputError(
            f"In het sjabloon “{source.name}” klopt een veld niet ({error}); er is niets gemaakt. Kijk of elk veld "
            "tussen {{ en }} staat en of elke {% if … %} en {% for … %} een {% endif %} of {% endfor %} heeft. "
            "Vergelijk het met het meegeleverde sjabloon."
        ) from error


def _fit(table: Any, page: Any) -> None:
    """A table whose columns were repeated gets as many columns as its cells, and is no wider than the page."""
    rows = [row.findall(qn("w:tc")) for row in table.findall(qn("w:tr"))]
    grid = table.find(qn("w:tblGrid"))
    if len({len(row) for row in rows}) != 1 or next(table.iter(qn("w:gridSpan")), None) is not None:
        return
    widths = [_width(cell) for cell in rows[0]]
    whole = (page.page_width - page.left_margin - page.right_margin) / _TWENTIETH
    factor = min(1.0, whole / max(1.0, sum(widths)))
    for column in list(grid):
        grid.remove(column)
    for width in widths:
        grid.append(parse_xml(f'<w:gridCol {nsdecls("w")} w:w="{round(width * factor)}"/>'))
    for row in rows:
        for cell, width in zip(row, widths, strict=True):
            cell.tcPr.find(qn("w:tcW")).set(qn("w:w"), str(round(width * factor)))


def _hold(table: Any) -> None:
    """A table does not begin with its heads and one row at the foot of a page: its first rows stay together."""
    rows = table.findall(qn("w:tr"))
    heads = sum(1 for row in rows if row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None)
    for row in rows[heads : min(heads + _FIRST, len(rows)) - 1] if heads else ():
        for paragraph in row.iter(qn("w:p")):
            _keep_next(paragraph.get_or_add_pPr())


def _keep_next(properties: Any) -> None:
    """On one page with the paragraph after it. Its place in the schema is the first, or after the style."""
    if properties.find(qn("w:keepNext")) is None:
        styled = properties.find(qn("w:pStyle")) is not None
        properties.insert(int(styled), properties.makeelement(qn("w:keepNext")))


def _width(cell: Any) -> float:
    """A cell's width in twentieths of a point; as wide as a figure where it has none."""
    own = None if cell.tcPr is None else cell.tcPr.find(qn("w:tcW"))
    if own is None:
        cell.get_or_add_tcPr().append(parse_xml(f'<w:tcW {nsdecls("w")} w:w="600" w:type="dxa"/>'))
        return 600.0
    return float(own.get(qn("w:w")) or 600)


def _asks_too_much(source: Path, context: Mapping[str, Any], what: str, message: str) -> str:
    found = _UNDEFINED.search(message)
    name = (found[1] or found[2]) if found else message
    hint = did_you_mean(name, sorted(_names(context)))
    return (
        f"Het sjabloon “{source.name}” vraagt iets wat {what} niet heeft: {name}; er is niets gemaakt. "
        f"{capital(hint)} Vergelijk de velden met het meegeleverde sjabloon."
    ).replace("  ", " ")


def _names(values: Any) -> set[str]:
    """Every name in nested values."""
    if isinstance(values, Mapping):
        return {str(name) for name in values} | {name for value in values.values() for name in _names(value)}
    return {name for value in values[:1] for name in _names(value)} if isinstance(values, list) else set()


def _refuse_unlabelled(made: io.BytesIO, source: Path, context: Mapping[str, Any]) -> None:
    wanted = {**LABELS, **({"fictional": "dat de gegevens fictief zijn"} if context.get("fictional") else {})}
    gone = list(wanted.items())
    for seen in _texts(made):
        gone = [(field, told) for field, told in gone if str(context[field]) not in seen]
        if not gone:
            break
    else:
        fields = listing(f"{{{{ {field} }}}}" for field, _ in gone)
        raise OutputError(
            f"Het sjabloon “{source.name}” laat weg: {listing(told for _, told in gone)}; er is niets gemaakt. "
            f"Zet {fields} in de koptekst of de voettekst."
        )


def _texts(made: io.BytesIO) -> Iterator[str]:
    """What headers, footers and then the body say, as they were filled in; the body is long, and often not needed."""
    with zipfile.ZipFile(made) as package:
        names = [name for name in package.namelist() if _READ.fullmatch(name)]
        for name in sorted(names, key=lambda one: one == _BODY):
            paragraphs = parse_xml(package.read(name)).iter(qn("w:p"))
            yield "\n".join("".join(node.text or "" for node in one.iter(qn("w:t"))) for one in paragraphs)


@lru_cache(maxsize=1)
def template_environment() -> ImmutableSandboxedEnvironment:
    """What tags may do: read values and nothing else; every value is escaped, one that is not there is an error."""
    environment = _Templates(undefined=StrictUndefined, autoescape=True)
    environment.filters["capital"] = capital
    return environment


class _Templates(ImmutableSandboxedEnvironment):
    """Reads the same text once: a batch fills in one template for every municipality."""

    def from_string(self, source: Any, *_: Any, **__: Any) -> Any:
        """The template of this text."""
        return _read(self, source)


@lru_cache(maxsize=64)
def _read(environment: _Templates, source: str) -> Any:
    return ImmutableSandboxedEnvironment.from_string(environment, source)


def safe_text(value: Any) -> Any:
    """Text without what a Word document cannot hold, in every place of nested values."""
    if isinstance(value, str):
        return value if value.isprintable() else "".join(char if char.isprintable() else " " for char in value)
    if isinstance(value, Mapping):
        return {key: safe_text(one) for key, one in value.items()}
    return [safe_text(one) for one in value] if isinstance(value, list | tuple) else value


def _same_every_day(package: io.BytesIO) -> bytes:
    """The same package with fixed dates and its parts in a fixed order, the list of contents first."""
    made = io.BytesIO()
    with zipfile.ZipFile(package) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda one: (one != "[Content_Types].xml", one)):
            entry = zipfile.ZipInfo(name, _ZIP_DATE)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
            new.writestr(entry, old.read(name))
    return made.getvalue()
