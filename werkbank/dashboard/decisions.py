"""Forms for who decides and types no commands: each calls the same act as its command, and shows what it says.

Nothing that is typed stays in a notebook: what it shows of itself is one fixed sentence, JupyterLab keeps no state of
widgets (`laboratory.py`), and a free text leaves its field once it is recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import ipywidgets as widgets  # type: ignore[import-untyped]

from werkbank.assessment.choosing import chosen_municipalities, place_names, registered_parks
from werkbank.assessment.decisions import clock_remarks
from werkbank.batch import acts
from werkbank.dashboard.widgets import caption, part, style_widget, title
from werkbank.errors import OutputError, WerkbankError, unforeseen
from werkbank.files.yaml import packaged
from werkbank.matrix.layout import level_text
from werkbank.register.decision import intake_questions
from werkbank.settings.catalogue import Catalogue, load_catalogue
from werkbank.settings.parameters import load_parameters
from werkbank.settings.workspace import find_workspace, municipality_slugs
from werkbank.wording import capital, listing, safe_html


@cache
def _words() -> dict[str, Any]:
    return packaged(__file__, "decisions.yaml")


class DecisionPage(widgets.VBox):  # type: ignore[misc]
    """A tab for each thing that people decide; `forms` are its forms by name. Raises ParametersError."""

    def __init__(self, municipality: str) -> None:
        (first,) = chosen_municipalities([municipality])
        names = place_names()
        slugs = [(names.get(slug, slug), slug) for slug in municipality_slugs(find_workspace())]
        self.municipality = widgets.Dropdown(options=slugs, value=first, description=_words()["municipality"])
        self.forms = {name: Form(name, self.municipality) for tab in _words()["tabs"].values() for name in tab}
        tabs = {head: [self.forms[name].widget for name in own] for head, own in _words()["tabs"].items()}
        shown = widgets.Tab([widgets.VBox(own) for own in tabs.values()], titles=tuple(tabs))
        super().__init__([part("wbd", style_widget(), self.municipality, shown)])

    def _repr_mimebundle_(self, **named: object) -> dict[str, str]:
        """The widget, and in words nothing but what it is: those would hold what is in its fields."""
        shown: dict[str, str] = super()._repr_mimebundle_(**named)
        return {**shown, "text/plain": "Besluiten vastleggen"}


class Form:
    """The fields of one act with its button, and what came of it; `fields` and `said` are widgets."""

    def __init__(self, name: str, municipality: widgets.Dropdown) -> None:
        own, self._municipality = _words()["forms"][name], municipality
        self._act: Callable[..., Iterable[str]] = getattr(acts, own.get("act", name))
        asked = {code: [capital(told["name"]), "text", told["question"]] for code, told in intake_questions().items()}
        self._asked: dict[str, list[str]] = {**own["fields"], **(asked if name == "intake" else {})}
        self.fields = {code: _field(*told) for code, told in self._asked.items()}
        shared = {"municipality": municipality} if name == "intake" else {}
        self._given: dict[str, widgets.Widget] = {**shared, **self.fields}
        self.button, self.said = widgets.Button(description=own["button"], button_style="primary"), widgets.HTML()
        self.button.layout.width = "auto"
        self.button.on_click(self._on_press)
        municipality.observe(self._fill, "value")
        if "level" in self.fields:
            self.fields["indicator"].observe(self._fill_levels, "value")
        self._fill()
        begin = (title(own["title"]), caption(own["lead"]))
        self.widget = widgets.VBox([*begin, *self.fields.values(), self.button, self.said])

    @property
    def _catalogue(self) -> Catalogue:
        return load_catalogue(load_parameters(self._municipality.value).catalogue_path)

    def _fill(self, _: Any = None) -> None:
        """The parks and indicators of the municipality; what was said of another goes."""
        self.said.value = ""
        if "park" in self.fields:
            parks = registered_parks().query("municipality == @slug", local_dict={"slug": self._municipality.value})
            pairs = zip(parks["name"], parks["park_id"], strict=True)
            _offer(self.fields["park"], ((f"{name} ({park})", park) for name, park in pairs))
        if "indicator" in self.fields:
            indicators = self._catalogue.indicators
            _offer(self.fields["indicator"], ((f"{one.id} {one.name}", one.id) for one in indicators))

    def _fill_levels(self, change: Any) -> None:
        levels = self._catalogue.scale_of(change["new"]).levels if change["new"] else ()
        _offer(self.fields["level"], ((level_text(one), str(one.value)) for one in levels))

    def _on_press(self, _: Any) -> None:
        self.button.disabled, self.said.value = True, _said([_words()["busy"]], "quiet")
        try:
            if empty := [self._asked[name][0] for name, one in self.fields.items() if one.value is None]:
                raise OutputError(_words()["choose"].format(fields=listing(empty)))
            lines = tuple(self._act(**{name: one.value for name, one in self._given.items()}))
            told = (line for line in lines if not line.startswith(" "))
        except Exception as fault:  # noqa: BLE001  its text may hold what was typed
            error = fault if isinstance(fault, WerkbankError) else unforeseen(fault)
            self.said.value = _said(map(self._in_fields, (error.message, *map(str, error.findings))), "alert")
        else:
            self.said.value = _said((*told, *(f"Let op: {remark}" for remark in clock_remarks())), "box")
            for name, (_label, kind, *_) in self._asked.items():
                if kind == "text":
                    self.fields[name].value = ""
        finally:
            self.button.disabled = False

    def _in_fields(self, text: str) -> str:
        """An objection that names fields where it would name options of a command."""
        for name, (label, *_) in self._asked.items():
            option = f"--{name.replace('_', '-')}"
            text = text.replace(f'{option} "…"', option).replace(option, f"“{label}”")
        return text


_KINDS = {"line": widgets.Text, "text": widgets.Textarea, "number": widgets.BoundedIntText}
"""What a field of each kind is; of any other a list to choose from."""


def _field(label: str, kind: str, hint: str = "") -> widgets.Widget:
    written = {"placeholder": hint or _words()["role"]} if kind in ("line", "text") else {}
    look = {"style": {"description_width": "15rem"}, "layout": {"width": "min(100%, 52rem)"}}
    return _KINDS.get(kind, widgets.Dropdown)(description=label, tooltip=hint, **look, **written)


def _offer(field: widgets.Dropdown, options: Iterable[tuple[str, str]]) -> None:
    """Other options, and nothing chosen: a first one that nobody chose would be recorded."""
    field.options = tuple(options)
    field.value = None


def _said(lines: Iterable[str], look: str) -> str:
    """What came of it, read aloud too where a page is."""
    told = safe_html("").join(safe_html("<p>{}</p>", one) for one in lines)
    return safe_html('<div class="wb" role="status"><div class="{}">{}</div></div>', look, told)
