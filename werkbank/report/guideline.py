"""The guideline (leidraad): every intervention of the catalogue as a readable document, without any data of a park."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from werkbank.errors import OutputError
from werkbank.plan import words as plan_words
from werkbank.plan.interventions import ENFORCEMENT, HEAVY, threshold
from werkbank.report import blocks as b
from werkbank.report.documents import Document
from werkbank.report.terms import lines, say, spec, table, words
from werkbank.report.word import write_both
from werkbank.settings.catalogue import Catalogue
from werkbank.settings.entries import Indicator, Intervention, Term, Trigger
from werkbank.wording import MISSING, capital, count, listing

_LASTING = "lasting_cooperation"


def guideline_chapters(catalogue: Catalogue) -> tuple[b.Chapter, ...]:
    """The chapters in their order: use, index, the kinds of intervention, lasting cooperation, sources.

    What a catalogue of one's own does not have, is not there.

    >>> [chapter.title for chapter in wb.report.guideline_chapters(wb.load_catalogue())][:2]
    ['Zo gebruikt u deze leidraad', 'Welke interventie bij welke indicator']
    """
    made = (_use(catalogue), _index(catalogue), *_kinds(catalogue), _lasting(catalogue), _sources(catalogue))
    return tuple(chapter for chapter in made if chapter.blocks)


def write_guideline(catalogue: Catalogue, folder: Path, day: dt.date) -> tuple[Path, Path]:
    """Write `leidraad.html` and `leidraad.docx` into `folder`; equal catalogues give equal files on one day.

    Raises OutputError when there are no interventions, when a file cannot be written, or when the organisation's own
    reference.docx is no Word file.
    """
    if not catalogue.interventions:
        raise OutputError(words("guideline.nothing"))
    chapters, kinds = guideline_chapters(catalogue), [one for one in catalogue.kinds if _of_kind(catalogue, one)]
    facts = {"number": _number(catalogue.interventions), "kinds": count(len(kinds), "soort", "soorten")}
    said: dict[str, Any] = {name: words(f"guideline.{name}") for name in ("title", "label", "legal_basis")}
    said["subtitle"] = words("guideline.subtitle", **facts, version=catalogue.version)
    said |= {"fictional": False, "judged": False}
    kicker = listing(one.name if not at else one.name.lower() for at, one in enumerate(kinds))
    document = Document(**said, kicker=kicker, name=said["title"], chapters=chapters, day=day)
    return write_both(document, folder / "leidraad", day)


def _number(found: Sequence[Intervention]) -> str:
    return count(len(found), "interventie", "interventies")


def _chapter(title: str, anchor: str, text: str, found: Iterable[b.Block], *, page: bool = True) -> b.Chapter:
    return b.Chapter(title, text, tuple(found), name="plan", anchor=anchor, titled=True, page=page)


def _of_kind(catalogue: Catalogue, kind: Term) -> list[Intervention]:
    return [one for one in catalogue.interventions if one.kind == kind.id]


def _link(code: str) -> b.Span:
    return b.Span(code, to=f"#interventie-{code}")


def _links(found: Iterable[Intervention]) -> b.Parts:
    """Codes that lead to their interventions, or a dash."""
    return tuple(part for one in found for part in (", ", _link(one.id)))[1:] or (MISSING,)


def _use(catalogue: Catalogue) -> b.Chapter:
    every = catalogue.interventions
    lead = words("guideline.lead", number=_number(every))
    heaviest = {str(one.weight) for one in every if one.weight >= HEAVY}
    heavy = [one.name.lower() for one in catalogue.weights if one.id in heaviest]
    rules = list(lines("guideline.how"))
    rules[2:2] = [say("guideline.heavy", weights=f"“{listing(heavy)}”")] if heavy else []
    blocks = (
        b.Text(lead, "lead"),
        b.List(tuple(rules)),
        table("guideline.weights", (
            (one.name, one.description or MISSING, _links(each for each in every if str(each.weight) == one.id))
            for one in catalogue.weights
        )),
        _overview(catalogue),
        b.Text(words("guideline.estimates"), "quiet"),
        b.Text(catalogue.status, "quiet"),
    )  # fmt: skip
    return _chapter(words("guideline.use"), "gebruik", lead, blocks, page=False)


def _overview(catalogue: Catalogue) -> b.Table:
    """Which interventions there are of each kind, for each framework."""
    used = {one.framework for one in catalogue.interventions}
    frameworks = [one for one in catalogue.frameworks if one.id in used]
    rows: Iterator[tuple[b.Cell, ...]] = (
        (kind.name, *(_links(one for one in own if one.framework == each.id) for each in frameworks))
        for kind in catalogue.kinds
        if (own := _of_kind(catalogue, kind))
    )
    return table("guideline.overview", rows, frameworks=[one.name for one in frameworks])


def _index(catalogue: Catalogue) -> b.Chapter:
    lead = words("guideline.index_lead")
    holes = [f"{one.id} {one.name} ({lacks})" for one in catalogue.indicators if (lacks := _lacks(catalogue, one))]
    told = (
        b.Callout(words("guideline.holes", indicators="; ".join(holes))) if holes else b.Text(words("guideline.whole"))
    )
    tables = (
        table(
            "guideline.index_table",
            (_answered(catalogue, one) for one in catalogue.by_family(family.id)),
            family=family.name,
        )
        for family in catalogue.families
    )
    return _chapter(words("guideline.index"), "indicatoren", lead, (b.Text(lead), told, *tables))


def _answered(catalogue: Catalogue, one: Indicator) -> tuple[b.Cell, ...]:
    direct, supporting = (
        [each for each in catalogue.interventions if one.id in getattr(each, how)] for how in ("direct", "supporting")
    )
    lacks = _lacks(catalogue, one)
    answer = (*(_links(direct) if direct else ()), *([" " if direct else "", b.Span(lacks, "gone")] if lacks else ()))
    return (b.code(one.id), f" {one.name}"), answer, _links(supporting)


def _lacks(catalogue: Catalogue, one: Indicator) -> str:
    """What an indicator lacks: any direct answer, or for a suspicion one that enforces."""
    direct = [each.kind for each in catalogue.interventions if one.id in each.direct]
    if not direct:
        return words("guideline.no_direct")
    return words("guideline.no_enforcement") if one in catalogue.threats and ENFORCEMENT not in direct else ""


def _kinds(catalogue: Catalogue) -> Iterator[b.Chapter]:
    """Each kind of intervention from light to heavy."""
    for kind in catalogue.kinds:
        own = sorted(_of_kind(catalogue, kind), key=lambda one: one.weight)
        about = [b.Text(kind.description)] if kind.description else []
        blocks = (*about, *(_intervention(catalogue, one) for one in own))
        yield _chapter(kind.name, f"soort-{kind.id}", _number(own), blocks if own else ())


def _intervention(catalogue: Catalogue, one: Intervention) -> b.Group:
    names = {term.id: term.name for term in (*catalogue.frameworks, *catalogue.weights)}
    partners = [catalogue.partner(code).name for code in one.partners if code != one.lead]
    weeks = plan_words()["weeks"].format(one.weeks.min_weeks, one.weeks.max_weeks)
    listed = {each.id for each in catalogue.sources}
    told: dict[str, b.Cell] = {
        "goal": one.goal,
        "direct": _indicators(catalogue, one.direct),
        "supporting": _indicators(catalogue, one.supporting),
        "partners": (b.strong(catalogue.partner(one.lead).name), "".join(f"; {name}" for name in partners)),
        "legal_basis": "; ".join(one.legal_basis),
        "conditions": " ".join(one.conditions),
        "effort": one.effort or "",
        "weeks": weeks,
        "measures": "; ".join(one.measures),
        "triggers": capital("; ".join(_triggers(catalogue, one))) or words("guideline.by_hand"),
        "shareable": words("plan.shared" if one.shareable else "plan.closed"),
        "sources": ", ".join(code for code in one.sources if code in listed),
    }
    blocks = (
        b.Heading((b.code(one.id), f" {one.name}")),
        b.Text(f"{names[str(one.weight)]} · {names[one.framework].lower()}", "quiet"),
        b.Text(one.description),
        b.facts(f"{one.id} {one.name}", ((spec("guideline.fact")[name], told[name]) for name in told if told[name])),
    )
    return b.Group(blocks, "measure", f"interventie-{one.id}")


def _indicators(catalogue: Catalogue, codes: Iterable[str]) -> str:
    return "; ".join(f"{code} {catalogue.indicator(code).name}" for code in codes)


def _triggers(catalogue: Catalogue, one: Intervention) -> Iterator[str]:
    """What each trigger asks, in the words of a plan: "V01 Hennepkwekerij: niveau 2 of hoger (van 3)"."""
    said = plan_words()["reasons"]
    for trigger in one.triggers:
        if isinstance(trigger.value, int):
            asked = said["thresholds"][trigger.operator].format(trigger.value)
            yield words("guideline.trigger", what=said[trigger.source], asked=asked)
        elif trigger.value == "unknown":
            yield said["unknown"].format(what=_indicators(catalogue, [trigger.source]))
        else:
            yield from _level(catalogue, trigger, said["thresholds"])


def _level(catalogue: Catalogue, trigger: Trigger, said: Mapping[str, str]) -> Iterator[str]:
    """What is asked of one indicator on its own scale, or of the severest; a catalogue may have none of these."""
    severe = trigger.source not in catalogue.indicator_ids
    codes = catalogue.severest if severe else (trigger.source,)
    found = ((*threshold(trigger, code, catalogue), catalogue.scale_of(code).highest) for code in codes)
    levels = dict.fromkeys(
        words("guideline.level", asked=said[operator].format(level), highest=highest)
        for operator, level, highest in found
    )
    what = words("guideline.severe", codes=listing(codes, "of")) if severe else _indicators(catalogue, codes)
    if codes:
        yield words("guideline.trigger", what=what, asked=listing(levels, "of"))


def _lasting(catalogue: Catalogue) -> b.Chapter:
    """The parts of lasting cooperation, each with its interventions; what serves it and is of no part comes last."""
    parts = [(one.name, one.description, [each for each in catalogue.interventions if each.cooperation == one.id])
             for one in catalogue.cooperation]  # fmt: skip
    rest = [one for one in catalogue.interventions if one.framework == _LASTING and one.cooperation is None]
    found = [part for part in (*parts, (words("guideline.other"), None, rest)) if part[2]]
    lead = words("guideline.lasting_lead")
    blocks = [block for part in found for block in _part(catalogue, *part)]
    return _chapter(words("guideline.lasting"), "samenwerking", lead, (b.Text(lead, "lead"), *blocks) if blocks else ())


def _part(catalogue: Catalogue, name: str, about: str | None, own: Sequence[Intervention]) -> Iterator[b.Block]:
    yield b.Heading(name)
    yield from b.sentences([about] if about else [])
    rows = (((_link(one.id), f" {one.name}"), one.goal, catalogue.partner(one.lead).name) for one in own)
    yield table("guideline.lasting_table", rows, part=name.lower())


def _sources(catalogue: Catalogue) -> b.Chapter:
    used = {code for one in catalogue.interventions for code in one.sources}
    rows = [(b.code(one.id), one.name, one.address or MISSING) for one in catalogue.sources if one.id in used]
    blocks = (b.Text(words("guideline.sources_lead")), table("guideline.sources_table", rows)) if rows else ()
    return _chapter(words("guideline.sources"), "bronnen", "", blocks)
