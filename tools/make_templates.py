# ruff: noqa: INP001 - a script beside the package, not part of it
"""Makes the packaged Word templates in `werkbank/report/templates`.

Run it after a change: `python tools/make_templates.py`. Each is an ordinary Word document with the tags of docxtpl in
it; an organisation may put its own in `house_style` (docs/huisstijl.md).
"""

from __future__ import annotations

import sys
from pathlib import Path

from analysis_template import analysis
from district_template import district
from plan_template import plan
from summary_template import summary

FOLDER = Path(__file__).parents[1] / "werkbank" / "report" / "templates"
TEMPLATES = {"projectplan": plan, "analyse": analysis, "samenvatting": summary, "district": district}


def main(folder: Path = FOLDER) -> tuple[Path, ...]:
    """Write every template into the folder."""
    paths = tuple(folder / f"{name}.docx" for name in TEMPLATES)
    for path in paths:
        TEMPLATES[path.stem]().save(str(path))
    return paths


if __name__ == "__main__":
    sys.stdout.write("\n".join(map(str, main())) + "\n")
