"""What lives on a page or in a notebook: a bundle with the server that shows it, what if, and forms to decide by.

>>> widget = wb.dashboard.what_if(wb.assess("urk"))
"""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import TYPE_CHECKING

from werkbank.dashboard.processes import BUNDLE_VARIABLE
from werkbank.errors import WerkbankError
from werkbank.wording import safe_html

if TYPE_CHECKING:
    from ipywidgets import Widget  # type: ignore[import-untyped]

    from werkbank.assessment.assessment import Assessment

__all__ = ["BUNDLE_VARIABLE", "decide", "show", "what_if"]


def show(bundle: str = "") -> Widget:
    """The page of a bundle, named by its folder or else by WERKBANK_BUNDLE; below it another method to try.

    The page is the one that `werkbank dashboard` serves, in a frame of its own; within that server, where the page is
    there already, only what the kernel does is shown. What cannot be shown is a sentence, never a traceback.

    >>> wb.dashboard.show().value
    '<p>Er is geen bundel gekozen. Start het dashboard met: werkbank dashboard</p>'
    """
    from ipywidgets import HTML  # noqa: PLC0415

    from werkbank.dashboard.processes import WITHIN_VARIABLE  # noqa: PLC0415
    from werkbank.dashboard.whatif import nothing_to_weigh  # noqa: PLC0415
    from werkbank.dashboard.widgets import AnotherMethod, part, style_widget  # noqa: PLC0415
    from werkbank.sharing.bundle import read_bundle  # noqa: PLC0415

    folder = bundle or os.environ.get(BUNDLE_VARIABLE, "")
    if not folder:
        return HTML("<p>Er is geen bundel gekozen. Start het dashboard met: werkbank dashboard</p>")
    try:
        read = read_bundle(Path(folder))
        able = all(one.figures and not nothing_to_weigh(one) for one in read.assessments)
        weighed = (style_widget(), AnotherMethod(read.assessments).widget) if able else ()
        if os.environ.get(WITHIN_VARIABLE):
            return part("wbd", *weighed)
        from werkbank.dashboard.views import dashboard_html  # noqa: PLC0415  a kernel of the server does without

        # A frame without an origin: nothing on the page can reach the notebook around it.
        allowed = "allow-scripts allow-modals allow-downloads"
        frame = '<iframe title="Dashboard" sandbox="{}" srcdoc="{}" style="{}"></iframe>'
        page = safe_html(
            frame, allowed, dashboard_html(read, dt.date.today(), "notebook"), "width: 100%; height: 85vh; border: 0"
        )
        return part("wbd", HTML(page), *weighed)
    except WerkbankError as error:
        return HTML(safe_html('<p class="alert">{}</p>', error.message))


def what_if(assessment: Assessment) -> Widget:
    """Lists for the method by which the judgements are combined, and a sentence and a table that follow; no advice.

    The groups are weighed otherwise in the page of the dashboard. Where the reader may not see every cell, or the
    analysis keeps too little to be made anew, that is what is shown.

    >>> type(wb.dashboard.what_if(wb.assess("urk"))).__name__
    'VBox'
    """
    from ipywidgets import HTML  # noqa: PLC0415

    from werkbank.dashboard.whatif import not_anew, nothing_to_weigh  # noqa: PLC0415
    from werkbank.dashboard.widgets import AnotherMethod, part, style_widget  # noqa: PLC0415

    reason = nothing_to_weigh(assessment) or not_anew(assessment)
    if reason:
        return HTML(safe_html("<p>{}</p>", reason))
    return part("wbd", style_widget(), AnotherMethod([assessment]).widget)


def decide(municipality: str) -> Widget:
    """Forms to record what people decide, beginning with a municipality. Raises ParametersError for an unknown one.

    >>> wb.dashboard.decide("urk").forms["select"].button.description
    'Leg de keuze vast'
    """
    from werkbank.dashboard.decisions import DecisionPage  # noqa: PLC0415

    return DecisionPage(municipality)


def __dir__() -> list[str]:
    return __all__
