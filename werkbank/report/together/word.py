"""The district's analyses side by side as a Word file: the same parts, figures and pictures as on the page."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from werkbank.report import district
from werkbank.report.blocks import TEMPLATES, Chapter
from werkbank.report.charts_map import district_map, district_scores
from werkbank.report.district import DistrictAnalysis
from werkbank.report.documents import WIDTH, Drawn, Picture, Template, last_day, safe_text, write_word
from werkbank.report.figure import Figure
from werkbank.report.terms import FICTIONAL, SUSPICION, legal_basis_line
from werkbank.wording import count

__all__ = ["DISTRICT_TEMPLATE", "district_content", "write_district_docx"]

DISTRICT_TEMPLATE = TEMPLATES / "district.docx"
Values = dict[str, Any]
_WIDE = re.compile(r'viewBox="0 0 ([\d.]+)')
_WHOLE = 640
"""From so many pixels on a picture is as wide as the page."""

_PARTS: Mapping[Callable[[DistrictAnalysis], Chapter], tuple[Callable[[DistrictAnalysis], Figure], ...]] = {
    district.district_front: (),
    district.district_comparison: (),
    district.district_spread: (),
    district.district_places: (district_map, district_scores),
    district.district_knowledge: (),
    district.district_phenomena: (),
    district.district_agreement: (),
    district.district_accountability: (),
}
"""The parts in the order of the page, each with its pictures."""


def district_content(district: DistrictAnalysis) -> Values:
    """Everything the file says, by name, as text; lists and dicts of text, nothing else."""
    first = district.views[0]
    bases = dict.fromkeys(legal_basis_line(view.assessment.legal_basis) for view in district.views)
    return {
        "district": district.name,
        "round": district.parameters.round,
        "size": f"{count(len(district.views), 'gemeente', 'gemeenten')}, "
        f"{count(len(district.parks), 'terrein', 'terreinen')}",
        "reader": first.audience.name,
        "label": first.audience.label,
        "suspicion": SUSPICION,
        "fictional": FICTIONAL if district.fictional else "",
        "legal_basis": " ".join(bases),
        "parts": [_part(make(district)) for make in _PARTS],
    }


def _part(section: Chapter) -> Values:
    values = section.values
    return {
        "title": section.title,
        "lead": list(values["lead"]),
        "caption": values["caption"],
        "first": values["heads"][0],
        "heads": list(values["heads"][1:]),
        "rows": [{"first": row[0], "cells": list(row[1:])} for row in values["rows"]],
        "notes": [line for line in values["notes"] if line],
    }


def write_district_docx(district: DistrictAnalysis, path: Path | str, template: Path | None = None) -> Path:
    """Write the district's analyses side by side to `path`; an existing file is replaced.

    `template` is an organisation's own Word template. Raises OutputError when it is wrong, with what to mend.

    >>> parameters = wb.load_parameters("urk")
    >>> wb.assess(parameters).save(parameters.output_folder)
    >>> district = wb.report.district_analysis(parameters)
    >>> wb.report.write_district_docx(district, "district.docx").name
    'district.docx'
    """
    document = Template(template or DISTRICT_TEMPLATE)
    context = safe_text(district_content(district))
    for part, draw in zip(context["parts"], _PARTS.values(), strict=True):
        part["pictures"] = [_picture(document, Picture(make(district))) for make in draw]
    title = f"Bedrijventerreinen in het district {district.name}"
    day = max(last_day(view.assessment) for view in district.views)
    return write_word(document, context, path, what="het overzicht van het district", title=title, day=day)


def _picture(document: Template, picture: Picture) -> Values:
    """As wide as the page, a narrow picture no larger than the others are."""
    found = _WIDE.search(picture.svg)
    share = min(1.0, float(found[1]) / _WHOLE) if found else 1.0
    words = {"title": safe_text(picture.title), "caption": safe_text(picture.caption)}
    return {**words, "image": Drawn(document, picture, WIDTH * share)}
