"""What lives on a page: one audience's bundle with the server that shows it, and the filling in of a workbook."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from werkbank.errors import WerkbankError
from werkbank.wording import safe_html

if TYPE_CHECKING:
    from ipywidgets import Widget  # type: ignore[import-untyped]

__all__ = ["BUNDLE_VARIABLE", "fill_in", "show"]

BUNDLE_VARIABLE = "WERKBANK_BUNDLE"
"""The folder of the bundle, where the notebook does not name one."""


def show(bundle: str = "") -> Widget:
    """The page of a bundle, named by its folder or else by WERKBANK_BUNDLE.

    What cannot be shown is a sentence on the page, never a half page or a traceback.
    """
    from ipywidgets import HTML  # noqa: PLC0415

    from werkbank.dashboard.chart_script import chart_script  # noqa: PLC0415
    from werkbank.dashboard.page import DashboardPage  # noqa: PLC0415
    from werkbank.sharing.bundle import read_bundle  # noqa: PLC0415

    folder = bundle or os.environ.get(BUNDLE_VARIABLE, "")
    if not folder:
        return HTML("<p>Er is geen bundel gekozen. Start het dashboard met: werkbank dashboard</p>")
    try:
        return DashboardPage(read_bundle(Path(folder)), chart_script()).widget
    except WerkbankError as error:
        return HTML(safe_html('<p class="alert">{}</p>', error.message))


def fill_in(municipality: str, party: str) -> Widget:
    """The workbook of one municipality and party, to fill in or mend; it is saved where returns of the round belong.

    `party` is its code, the word in the names of its workbooks, or its name. What cannot be opened is a sentence on
    the page with what was found in it, and is not written over.
    """
    from ipywidgets import HTML  # noqa: PLC0415

    from werkbank.dashboard.filling import FillInPage, open_workbook_of  # noqa: PLC0415
    from werkbank.dashboard.filling_row import notes  # noqa: PLC0415

    try:
        return FillInPage(open_workbook_of(municipality, party)).widget
    except WerkbankError as error:
        return HTML(safe_html('<p role="alert">{}</p>{}', error.message, notes(error.findings)))
