"""The analysis as a tagged PDF that a screen reader can follow (PDF/UA-1), made by typst.

It is an extra: `pip install -e ".[pdf]"`. Without it every other file is made. The letters come from this package, so
the same assessment gives the same bytes on every machine.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from werkbank.assessment.assessment import Assessment
from werkbank.errors import OutputError
from werkbank.report.blocks import TEMPLATES
from werkbank.report.documents import Picture, pictures, safe_text
from werkbank.report.papers.content import analysis_content
from werkbank.settings.theme import theme

__all__ = ["pdf_is_there", "write_analysis_pdf"]

FONTS = Path(__file__).parents[1] / "fonts"
TEMPLATE = TEMPLATES / "analyse.typ"
STANDARD = "ua-1"
_KEPT = 10
"""Documents of which typst keeps the layout, tens of megabytes for each; as many empty ones push it out."""


def pdf_is_there() -> bool:
    """Whether the extra that makes PDF is installed."""
    return importlib.util.find_spec("typst") is not None


def write_analysis_pdf(
    assessment: Assessment,
    path: Path | str,
    *,
    content: dict[str, Any] | None = None,
    drawn: Sequence[Picture] | None = None,
) -> Path:
    """Write the analysis for the assessment's audience to `path`; an existing file is replaced.

    Raises OutputError when the extra is not installed, or when the audience may not see what the assessment holds.

    >>> assessment = wb.assess("urk")
    >>> wb.report.write_analysis_pdf(assessment, "analyse.pdf", drawn=()).name
    'analyse.pdf'
    """
    if not pdf_is_there():
        raise OutputError(
            'PDF is een extra die hier niet is geïnstalleerd. Installeer hem met: pip install -e ".[pdf]"'
        )
    shown = pictures(assessment) if drawn is None else drawn
    values = safe_text(content or analysis_content(assessment))
    told = [{name: safe_text(getattr(one, name)) for name in ("title", "caption", "description")} for one in shown]
    look = {name: getattr(theme(), name) for name in ("main", "quiet", "ink", "line")}
    inputs = {"content": json.dumps({**values, "pictures": told, "look": look}, ensure_ascii=False)}
    inputs |= {f"picture-{place}": one.svg for place, one in enumerate(shown)}
    target = Path(path)
    temporary = target.with_name(f"{target.name}.tmp")
    temporary.write_bytes(_compiled(inputs))
    temporary.replace(target)
    return target


def _compiled(inputs: dict[str, str]) -> bytes:
    import typst  # noqa: PLC0415  an extra

    made: bytes = typst.compile(
        str(TEMPLATE),
        format="pdf",
        sys_inputs=inputs,
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        pdf_standards=STANDARD,
        timestamp=0,
    )
    no_fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False)
    for _ in range(_KEPT):
        typst.compile(b"", font_paths=no_fonts)
    return made
