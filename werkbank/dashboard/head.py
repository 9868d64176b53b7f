"""The head of the dashboard as finished HTML: labels, legal basis and the advice, true before anything is alive."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from markupsafe import Markup

from werkbank.assessment.assessment import Assessment
from werkbank.report.front import missing_lines
from werkbank.report.html import refuse_active, style
from werkbank.report.terms import FICTIONAL, SUSPICION, legal_basis_line
from werkbank.report.view import view_of
from werkbank.settings.catalogue import load_catalogue
from werkbank.sharing.bundle import Bundle
from werkbank.wording import count, safe_html

__all__ = ["head_html", "page_style", "page_title"]

_BAND = '<div class="band" role="note" aria-label="Rubricering">{}<p>{}</p><p>{}</p></div>'
_HEAD = (
    '<header><h1>{}</h1><p class="where">{}</p>{}</header><section class="wb short"><h2>In het kort</h2>{}{}</section>'
)


def page_title(bundle: Bundle) -> str:
    """The title of the page; made-up data says so."""
    if len(bundle.assessments) == 1:
        where = bundle.assessments[0].municipality_name
    else:
        where = f"district {bundle.district}{' (fictief)' if bundle.fictional else ''}"
    return f"Dashboard bedrijventerreinen {where}"


def head_html(bundle: Bundle) -> Markup:
    """The labels, and per municipality its advice in one sentence. Raises OutputError if anything in it could act."""
    mark = safe_html('<p class="fictional">{}</p>', FICTIONAL) if bundle.fictional else Markup("")
    band = safe_html(_BAND, mark, bundle.label, SUSPICION)
    html = band + safe_html(
        _HEAD, page_title(bundle), _where(bundle), _bases(bundle), _warnings(bundle), _sentences(bundle)
    )
    refuse_active(html)
    return html


@lru_cache(maxsize=1)
def page_style() -> Markup:
    """The look of the page: that of the reports, and what only the dashboard needs."""
    own = (Path(__file__).parent / "dashboard.css").read_text(encoding="utf-8")
    return style("chapter.css") + "\n" + Markup(own)  # noqa: S704  our own style sheets


def _where(bundle: Bundle) -> str:
    parks = count(sum(len(one.parks) for one in bundle.assessments), "terrein", "terreinen")
    audience = load_catalogue().audience(bundle.audience).name
    return f"Ronde {bundle.round} · {parks} · district {bundle.district} · voor: {audience}"


def _bases(bundle: Bundle) -> Markup:
    lines = dict.fromkeys(legal_basis_line(one.legal_basis) for one in bundle.assessments)
    return Markup("").join(safe_html('<p class="basis"><strong>Grondslag:</strong> {}</p>', line) for line in lines)


def _warnings(bundle: Bundle) -> Markup:
    lines = dict.fromkeys(line for one in bundle.assessments for line in missing_lines(view_of(one)))
    return Markup("").join(safe_html('<p class="alert"><strong>Let op.</strong> {}</p>', line) for line in lines)


def _sentences(bundle: Bundle) -> Markup:
    if len(bundle.assessments) == 1:
        return safe_html('<p class="lead">{}</p>', bundle.assessments[0].advice.sentence)
    return safe_html("<ul>{}</ul>", Markup("").join(_sentence(one) for one in bundle.assessments))


def _sentence(assessment: Assessment) -> Markup:
    return safe_html("<li>{}</li>", assessment.advice.sentence)
