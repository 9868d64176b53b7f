"""What a kernel shows: another way to compute, beside the analysis; and what such parts look like."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ipywidgets as widgets  # type: ignore[import-untyped]

from werkbank.assessment.assessment import Assessment
from werkbank.dashboard.whatif import DRAWS, Outcome, by_another_method, not_drawn, page_style
from werkbank.report import blocks as b
from werkbank.report.terms import spec, table, words
from werkbank.report.view import View, view_of
from werkbank.settings.method import Method
from werkbank.wording import listing, number, percent, safe_html


class AnotherMethod:
    """One municipality by another method: a list per choice, one sentence and one table; `widget` is what is shown.

    What can be chosen is no longer drawn, as in the page.
    """

    def __init__(self, assessments: Sequence[Assessment]) -> None:
        views, text = list(map(view_of, assessments)), spec("dashboard.another")
        self._views = {one.assessment.municipality_name: one for one in views}
        self._where = _list(text["where"], [*self._views])
        rules = [(name, rule) for rule, name in text["rules"].items()]
        self._rules = {one.id: _list(one.name, rules) for one in views[0].catalogue.families}
        self._severity = _list(text["severity"], [(name, code) for code, name in text["severities"].items()])
        self._said, self._busy = widgets.HTML(), False
        self._where.observe(self._restore, "value")
        choices = widgets.HBox([*self._rules.values(), self._severity])
        choices.add_class("wbd-choices")
        for one in choices.children:
            one.observe(self._tell, "value")
        self._restore()
        where = [part("wbd-follow", self._where)] if len(views) > 1 else []
        begin = (title(text["title"]), *where, caption(text["lead"].format(draws=number(DRAWS))), choices)
        self.widget = part("wbd-another", *begin, self._said)

    @property
    def _view(self) -> View:
        return self._views[self._where.value]

    @property
    def _method(self) -> Method:
        method = self._view.assessment.parameters.method
        rules = type(method.combination).model_validate({name: one.value for name, one in self._rules.items()})
        chosen = {"combination": rules, "severity": self._severity.value}
        return not_drawn(method, "combination").model_copy(update=chosen)

    def _restore(self, _: Any = None) -> None:
        """The lists show what the analysis of the municipality was made with; told once, when all do."""
        method = self._view.assessment.parameters.method
        self._busy = True
        for name, rule in method.combination.model_dump().items():
            self._rules[name].value = rule
        self._severity.value, self._busy = method.severity, False
        self._tell()

    def _tell(self, _: Any = None) -> None:
        if self._busy:
            return
        found = by_another_method(self._view.assessment, self._method)
        told = words("dashboard.weighing.exercise"), self._told(found)
        status = safe_html('<p role="status" class="box"><strong>{}</strong> {}</p>', *told)
        self._said.value = f"{status}{self._table(found).html}"

    def _told(self, found: Outcome) -> str:
        own, grades = self._view.assessment, spec("district.grades")
        now, adopted = (
            listing(self._view.names[code] for code in codes) or words("dashboard.weighing.none")
            for codes in (found.advised, own.advice.park_ids)
        )
        grade, adopted_grade = grades[found.grade or "none"], grades[own.advice.grade or "none"]
        named = {"where": own.municipality_name, "now": now, "grade": grade}
        return words("dashboard.another.told", **named, adopted=adopted, adopted_grade=adopted_grade)

    def _table(self, found: Outcome) -> b.Chapter:
        again = found.scorecard.table[["score", "rank"]].astype("float64").to_dict("index")
        adopted = self._view.assessment.advice.park_ids
        rows = []
        for park in self._view.parks:
            now = again[park.park_id]
            cells = (
                self._view.points(park.score),
                self._view.points(now["score"]),
                number(park.rank),
                number(now["rank"]),
            )
            shares = (
                _share(park.p_selected, advised=park.park_id in adopted),
                _share(found.shares.get(park.park_id), advised=park.park_id in found.advised),
            )
            look = "advised" if park.rank != now["rank"] else ""
            rows.append(b.Row((park.name, *cells, *shares), park.park_id, look))
        return b.Chapter(words("dashboard.another.title"), "", (table("dashboard.another.table", rows),))


def _share(share: float | None, *, advised: bool) -> str:
    """How often a park is in the advice, and whether it is by the scores."""
    return f"{words('dashboard.weighing.advised')}, {percent(share)}" if advised else percent(share)


def _list(name: str, options: Sequence[Any]) -> widgets.Dropdown:
    return widgets.Dropdown(options=options, description=name)


def style_widget() -> widgets.Widget:
    """The look of the page, for who shows a part of it."""
    return widgets.HTML(safe_html("<style>{}</style>", page_style()))


def title(text: str) -> widgets.HTML:
    """The heading of a part."""
    return widgets.HTML(safe_html("<h2>{}</h2>", text))


def caption(text: str) -> widgets.HTML:
    """What there is to see in a part."""
    return widgets.HTML(safe_html('<p class="caption">{}</p>', text))


def part(name: str, *children: widgets.Widget) -> widgets.VBox:
    """A part of the page, known to the style sheet by its name."""
    made = widgets.VBox(list(children))
    made.add_class(name)
    return made
