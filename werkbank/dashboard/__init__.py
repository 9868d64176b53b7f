"""The dashboard: one bundle as a living page, and the server that shows it to one audience."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from werkbank.errors import WerkbankError
from werkbank.wording import safe_html

if TYPE_CHECKING:
    from ipywidgets import Widget  # type: ignore[import-untyped]

__all__ = ["BUNDLE_VARIABLE", "show"]

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
