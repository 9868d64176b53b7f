"""Filling in or mending one party's workbook about one municipality: a park at a time, and what is written is a file.

Everything that is chosen stays in this page until it is saved; what is saved is the same workbook as is sent out.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Any

import ipywidgets as widgets  # type: ignore[import-untyped]
from markupsafe import Markup

from werkbank.collecting.check import check_files
from werkbank.collecting.setting import load_setting
from werkbank.dashboard.filling_keys import KeepKeys
from werkbank.dashboard.filling_row import IndicatorRow, notes
from werkbank.errors import Finding, WerkbankError
from werkbank.matrix.layout import CONFIDENTIAL_LABEL, FICTIONAL_LABEL, workbook_name
from werkbank.matrix.template import job_for
from werkbank.matrix.template_filling import EARLIER, Entry, Filling, open_filling
from werkbank.matrix.template_party import named_parties
from werkbank.settings.theme import css_variables
from werkbank.wording import capital, count, listing, number, safe_html

__all__ = ["FillInPage", "open_workbook_of"]

_HINT = (
    "Kies een terrein en vul per indicator in wat u weet. Geen zicht op? Kies onbekend. "
    "Noem geen namen van personen of bedrijven, geen adressen en geen kentekens."
)


def open_workbook_of(municipality: str, party: str) -> Filling:
    """The workbook of this round where returns belong, as it is now, or a blank one. Raises WerkbankError."""
    setting = load_setting()
    (slug,) = setting.chosen((municipality,))
    (code,) = named_parties((party,), setting.parameters.parties, setting.catalogue)
    job = job_for(
        setting.catalogue,
        setting.parks,
        party=code,
        municipality_name=setting.municipality(slug, fictional=setting.fictional),
        municipality=slug,
        round=setting.round,
        fictional=setting.fictional,
    )
    return open_filling(setting.returns_folder / workbook_name(slug, job.party.file), job, setting.parks)


class FillInPage:
    """A workbook that is being filled in; `widget` is what is shown."""

    def __init__(self, filling: Filling) -> None:
        self._filling = self._stored = filling
        self._findings = _findings(filling)
        self._refused: dict[str, str] = {}
        self._park = widgets.Dropdown(options=_parks(filling, self._findings), description="Terrein")
        catalogue = filling.job.catalogue
        self._rows = {
            each.id: IndicatorRow(each, catalogue.scale_of(each.id), self._on_entry) for each in catalogue.indicators
        }
        self._progress, self._said, self._general = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self._park.observe(self._on_park, "value")
        self._show_park()
        self._tell("")
        self.widget = self._layout()

    @property
    def filling(self) -> Filling:
        """The workbook as it is on the page, saved or not."""
        return self._filling

    @property
    def _chosen(self) -> str:
        return str(self._park.value)

    def _on_park(self, change: Any) -> None:
        if change["new"] is not None:
            left = listing(self._refused)
            self._refused = {}
            self._show_park()
            self._tell(f"Niet overgenomen: wat u bij {left} het laatst veranderde." if left else "")

    def _on_entry(self, indicator: str, entry: Entry) -> None:
        try:
            self._filling = self._filling.with_entry(self._chosen, indicator, entry)
        except WerkbankError as error:
            self._refused[indicator] = error.message
        else:
            self._refused.pop(indicator, None)
        self._show_progress()
        self._tell("")

    def _on_step(self, step: int) -> None:
        """To the park before or after this one, with the keyboard on its first indicator."""
        parks = [park_id for park_id, _ in self._filling.job.parks]
        self._park.value = parks[(parks.index(self._chosen) + step) % len(parks)]
        next(iter(self._rows.values())).focus()

    def _on_save(self, _: Any) -> None:
        if self._refused:
            self._tell("Er is niets opgeslagen. Verbeter eerst:")
            return
        lost = self._filling.unread
        try:
            self._filling = self._stored = self._filling.save()
        except WerkbankError as error:
            self._tell(str(error), alert=True)
            return
        self._findings = _findings(self._filling)
        self._label_parks()
        self._show_park()
        self._tell(_saved(self._filling, lost), alert=bool(lost))

    def _label_parks(self) -> None:
        """The list of parks anew, with what is left to do in each; the same one stays chosen."""
        chosen = self._chosen
        self._park.unobserve(self._on_park, "value")
        try:
            self._park.options = _parks(self._filling, self._findings)
            self._park.value = chosen
        finally:
            self._park.observe(self._on_park, "value")

    def _show_park(self) -> None:
        own = [finding for finding in self._findings if finding.park_id == self._chosen]
        for code, row in self._rows.items():
            row.show(self._filling.entry(self._chosen, code), [each for each in own if each.indicator == code])
        rest = [each for each in self._findings if each.park_id is None or each.indicator is None]
        self._general.value = notes(rest) + _warning(self._filling)
        self._show_progress()

    def _show_progress(self) -> None:
        done, total = self._filling.filled(self._chosen)
        all_done, all_total = self._filling.filled()
        self._progress.value = safe_html(
            '<p role="status">Dit terrein: <strong>{} van {}</strong> ingevuld. Hele werkmap: {} van {}.</p>',
            done,
            total,
            number(all_done),
            number(all_total),
        )

    def _tell(self, words: str, *, alert: bool = False) -> None:
        """What happened last, what is refused as it stands, and whether anything is still to be saved."""
        refused = " ".join(f"{code}: {why}" for code, why in self._refused.items())
        changed = self._filling.changed_from(self._stored)
        unsaved = f"{capital(count(changed, 'cel', 'cellen'))} gewijzigd, nog niet opgeslagen." if changed else ""
        said = " ".join(filter(None, (words, refused, unsaved)))
        role, look = ("alert", "wbf-alert") if alert or refused else ("status", "wbf-said")
        self._said.value = safe_html('<p role="{}" class="{}">{}</p>', role, look, said) if said else ""

    def _layout(self) -> widgets.Widget:
        bar = widgets.HBox([self._park, *self._steps(), self._save_button()])
        bar.add_class("wbf-bar")
        top = widgets.VBox([bar, self._progress, self._said])
        top.add_class("wbf-top")
        buttons = widgets.HBox([*self._steps(), self._save_button()])
        buttons.add_class("wbf-bar")
        # What was said stands above and below, for the page is long.
        end = widgets.VBox([buttons, self._progress, self._said])
        head = [KeepKeys(), widgets.HTML(_style()), widgets.HTML(_head(self._filling)), self._general]
        page = widgets.VBox([*head, top, *self._families(), end])
        page.add_class("wbf")
        return page

    def _families(self) -> list[widgets.Widget]:
        catalogue = self._filling.job.catalogue
        parts: list[widgets.Widget] = []
        for family in catalogue.families:
            parts.append(widgets.HTML(safe_html("<h3>{}: {}</h3>", family.name, family.question)))
            parts += [self._rows[each.id].widget for each in catalogue.by_family(family.id)]
        return parts

    def _steps(self) -> tuple[widgets.Button, widgets.Button]:
        before, after = (widgets.Button(description=words) for words in ("Vorig terrein", "Volgend terrein"))
        before.on_click(lambda _: self._on_step(-1))
        after.on_click(lambda _: self._on_step(1))
        return before, after

    def _save_button(self) -> widgets.Button:
        button = widgets.Button(description="Opslaan", button_style="primary")
        button.on_click(self._on_save)
        return button


def _findings(filling: Filling) -> tuple[Finding, ...]:
    """All that a check of the stored file finds; only what reading found where it cannot be checked."""
    if not filling.path.is_file():
        return ()
    try:
        found = check_files([filling.path]).findings
    except WerkbankError:
        return filling.findings
    return tuple(each for each in found if each.file == filling.path.name)


def _parks(filling: Filling, findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    """Each park with how much is filled in, and how much is to be mended."""
    faults = Counter(each.park_id for each in findings if each.severity != "remark")
    return [(_park_label(filling, park_id, name, faults[park_id]), park_id) for park_id, name in filling.job.parks]


def _park_label(filling: Filling, park_id: str, name: str, faults: int) -> str:
    done, total = filling.filled(park_id)
    mend = f", {count(faults, 'bevinding', 'bevindingen')}" if faults else ""
    return f"{park_id} {name} ({done} van {total}{mend})"


def _saved(filling: Filling, lost: tuple[tuple[str, str], ...]) -> str:
    kept = f" De vorige versie staat in de map {filling.saved_as.parent.name}." if filling.saved_as else ""
    empty = f" Was niet te lezen en staat nu leeg: {listing(map(' '.join, lost))}." if lost else ""
    return f"Opgeslagen in {filling.path.name} om {dt.datetime.now():%H:%M}.{kept}{empty}"


def _warning(filling: Filling) -> Markup:
    """What saving would leave behind, said before it happens."""
    if not filling.incomplete:
        return Markup("")
    return safe_html(
        '<p class="wbf-warning">Niet alles in deze werkmap was te lezen. Wat u hier niet ziet, komt bij opslaan niet '
        "mee; het blijft wel bewaard, in de map {}.</p>",
        EARLIER,
    )


def _head(filling: Filling) -> Markup:
    job = filling.job
    mark = safe_html('<p class="wbf-mark">{}</p>', FICTIONAL_LABEL) if job.fictional else Markup("")
    state = "bestaande werkmap" if filling.path.is_file() else "nieuwe werkmap"
    return safe_html(
        '{}<p class="wbf-label">{}</p><h2>Risicomatrix {}, {}, ronde {}</h2><p>{}: {}. {}</p>',
        mark,
        CONFIDENTIAL_LABEL,
        job.municipality_name,
        job.party.name,
        job.round,
        state.capitalize(),
        filling.path.name,
        _HINT,
    )


@lru_cache(maxsize=1)
def _style() -> Markup:
    text = (Path(__file__).parent / "filling.css").read_text(encoding="utf-8")
    return safe_html("<style>{}\n{}</style>", Markup(css_variables()), Markup(text))  # noqa: S704  our own style sheets
