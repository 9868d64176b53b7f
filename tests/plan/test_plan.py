"""The plan follows from the matrix, says what it leaves open, and states nothing as a fact."""

import dataclasses
import datetime as dt
import re
from string import Formatter

import pytest

import werkbank as wb
from werkbank.errors import Finding, OutputError
from werkbank.files.canonical import canonical_json
from werkbank.plan import drafting, words
from werkbank.plan.drafting import make_plan
from werkbank.register.selections import Selection

CHAPTERS = (
    "Aanleiding", "Doelstelling", "Scope", "Informatiebeeld", "Partners en rollen", "Juridische basis", "Interventies",
    "Planning en capaciteit", "Organisatie", "Communicatie", "Risico's", "Monitoring en evaluatie", "Borging",
)  # fmt: skip
MOMENT = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
SELECTED = Selection(
    *(1, "almere", "2026-1", "ALM-01", "fictieve stuurgroep", MOMENT, "Meerdere signalen van beide partijen."),
    sentence="Het advies.",
)


@pytest.fixture(scope="module")
def catalogue():
    return wb.load_catalogue()


@pytest.fixture(scope="module")
def plans(almere, catalogue):
    return [make_plan(almere, park, SELECTED, catalogue) for park in almere.parks["park_id"]]


def texts(value):
    """Every text in a plan, however deep."""
    if isinstance(value, str):
        yield value
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from texts(getattr(value, field.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from texts(item)


def test_it_has_the_thirteen_chapters(plans):
    titles = [one.title for one in plans[0].chapters.values()]
    assert tuple(titles) == (*CHAPTERS, "Verantwoording")


def asked_for(line):
    """The facts that a line of the prose names, however deep."""
    if isinstance(line, dict):
        return {line["when"]} | asked_for(line["text"]) if "when" in line else asked_for(list(line.values()))
    if isinstance(line, list):
        return set().union(*map(asked_for, line))
    return {name.partition(".")[0] for _, name, _, _ in Formatter().parse(line) if name}


def test_every_fact_that_the_prose_asks_for_is_there(almere, catalogue, monkeypatch):
    """A name that is mistyped in plan.yaml would leave its line out of every plan."""
    facts, fill_in = {}, drafting._chapter

    def looked_at(code, chapter, given, *kept):
        facts.update(given)
        return fill_in(code, chapter, given, *kept)

    monkeypatch.setattr(drafting, "_chapter", looked_at)
    make_plan(almere, "ALM-01", SELECTED, catalogue)
    chapters = words()["chapters"].values()
    assert asked_for([[*one.get("text", []), *one.get("fields", {}).values()] for one in chapters]) <= set(facts)


def occasion(assessment, catalogue, **decision):
    """The first chapter's fields by name, and its text in one."""
    chapter = make_plan(assessment, "ALM-01", dataclasses.replace(SELECTED, **decision), catalogue).chapters["occasion"]
    return {field.name: field.text for field in chapter.fields}, " ".join(chapter.text)


def test_the_decision_of_people_stands_first(almere, catalogue):
    values, _ = occasion(almere, catalogue)
    assert values["Besluit van"] == "fictieve stuurgroep"
    assert values["Datum van het besluit"] == "2 maart 2026"
    assert values["Reden van de keuze"] == SELECTED.reason
    assert values["Advies op dat moment"] == "Het advies."
    assert "Waarom anders dan het advies" not in values


@pytest.mark.parametrize(
    ("decision", "fields", "caution"),
    [
        # A choice against the advice says why.
        ({"against_reason": "Hier loopt iets."}, {"Waarom anders dan het advies": "Hier loopt iets."}, ""),
        # A choice on incomplete input: what was missing, why nobody waited, and a caution that no reader misses.
        (
            {"gaps": ("almere_politie.xlsx ontbreekt",), "incomplete_reason": "Haast is geboden."},
            {
                "Invoer bij het besluit": "niet volledig: almere_politie.xlsx ontbreekt",
                "Waarom niet gewacht op volledige invoer": "Haast is geboden.",
            },
            "Let op: bij het besluit was de invoer niet volledig (almere_politie.xlsx ontbreekt).",
        ),
        # Recorded before it was kept.
        ({}, {"Invoer bij het besluit": "niet vastgelegd"}, ""),
        # Data that changed since the decision.
        (
            {"gaps": (), "fingerprint": "f" * 64},
            {"Invoer bij het besluit": "van alle partijen, zonder fouten"},
            "sinds het besluit zijn de gegevens, de methode of de werkbank veranderd",
        ),
    ],
)
def test_what_is_unusual_about_a_decision_is_said(almere, catalogue, decision, fields, caution):
    values, text = occasion(almere, catalogue, **decision)
    assert values.items() >= fields.items()
    assert caution in text
    assert ("Let op" in text) == bool(caution)


def test_what_is_missing_when_the_plan_is_made_is_said_apart(almere, catalogue):
    nothing = dict.fromkeys(("found", "allowed", "remedy"), "")
    missing = Finding(rule="missing-workbook", severity="error", file="almere_politie.xlsx", **nothing)
    warning = dataclasses.replace(missing, rule="unequal-parties", severity="warning")
    whole, _ = occasion(dataclasses.replace(almere, findings=(warning,)), catalogue)
    assert whole["Invoer van dit plan"] == "van alle partijen, zonder fouten"
    fields, text = occasion(dataclasses.replace(almere, findings=(missing,)), catalogue)
    assert fields["Invoer van dit plan"] == "niet volledig: almere_politie.xlsx ontbreekt"
    assert "dit plan rust op invoer die niet volledig is" in text


def answers_nothing(plan, one):
    return not any(one.id in (*row.direct, *row.supporting) for row in plan.answers.rows)


def test_interventions_without_an_answer_are_counted(plans):
    """They are put forward by a threshold alone."""
    for plan in plans:
        without = [one for one in plan.interventions if answers_nothing(plan, one)]
        told = [line for line in plan.chapters["measures"].text if line.startswith("Van deze")]
        assert len(told) == bool(without)
        assert all(f" er {len(without)} geen hoge indicator" in line for line in told)
    assert any(answers_nothing(plan, one) for plan in plans for one in plan.interventions)


def test_the_order_is_light_to_heavy_and_heavier_waits_until_something_lighter_is_sure_to_be_done(plans):
    """Some lighter step's latest week lies before the week in which heavier work starts."""
    for plan in plans:
        steps = list(zip(plan.steps, plan.interventions, strict=True))
        assert all(step.intervention == one.id and step.start <= step.earliest <= step.latest for step, one in steps)
        assert [one.weight for _, one in steps] == sorted(one.weight for _, one in steps)
        assert [step.start for step, _ in steps] == sorted(step.start for step, _ in steps)
        for step, one in steps:
            lighter = [other.latest for other, what in steps if what.weight < one.weight]
            assert not lighter or min(lighter) < step.start


def test_what_waits_for_confirmation_is_named_and_not_planned(plans):
    waiting = [plan for plan in plans if plan.after_confirmation]
    assert waiting
    for plan in waiting:
        planned = {step.intervention for step in plan.steps}
        assert not planned & {one.id for one in plan.after_confirmation}
        assert all(one.weight == 4 for one in plan.after_confirmation)
        assert "pas na bevestiging" in " ".join(plan.chapters["measures"].text)


def test_every_hole_is_named_with_what_could_fill_it(plans):
    with_holes = [plan for plan in plans if plan.answers.holes]
    assert with_holes
    for plan in with_holes:
        rows = [line.indicator for line in plan.answers.rows if line.hole]
        assert [one.indicator for one in plan.answers.holes] == rows
        assert all(one.name and one.lacks and one.remedy for one in plan.answers.holes)


def test_every_kind_is_present_or_said_to_be_missing_and_the_three_frameworks_are_the_subgoals(plans, catalogue):
    for plan in plans:
        assert [*plan.answers.kinds] == [term.name for term in catalogue.kinds]
        told = "heeft nog geen interventie voor" in " ".join(plan.chapters["measures"].text)
        assert told is not all(plan.answers.kinds.values())
        assert [*plan.subgoals] == [term.name for term in catalogue.frameworks]


def test_what_only_people_know_is_a_marked_blank(plans):
    blanks = {field.name: field for field in plans[0].chapters["partnership"].fields}
    assert blanks["Projectleider"].blank
    assert blanks["Projectleider"].text == "in te vullen: rol, organisatie"


def test_every_measure_of_a_planned_intervention_asks_for_its_values(plans, catalogue):
    for one in (one for plan in plans for one in plan.interventions):
        told = next(field.text for field in one.agreed if field.name == "Maatstaven")
        assert told.splitlines() == [f"{measure}: nu …, doel …" for measure in catalogue.intervention(one.id).measures]


def test_the_picture_names_groups_and_no_single_threat(plans, catalogue):
    threats = catalogue.by_family("threat")
    for plan in plans:
        told = " ".join((*plan.chapters["picture"].text, *(field.text for field in plan.chapters["picture"].fields)))
        assert not [one.id for one in threats if one.id in told or one.name in told]
        assert "Onbekend telt nooit als nul" in told


def test_a_strong_signal_stands_in_the_plan_with_its_source_and_without_who_says_it(almere, plans, catalogue):
    """Whatever the total is. Of two parties that say it the best source counts."""
    best = {}
    for one in almere.strong_signals:
        best.setdefault(one.park_id, {}).setdefault(one.indicator, set()).add(one.source_strength)
    for plan in plans:
        told = [line for line in plan.chapters["measures"].text if "sterk signaal" in line]
        assert bool(told) == (plan.park_id in best)
        for code, sources in best.get(plan.park_id, {}).items():
            assert f"{code} {catalogue.indicator(code).name} (bronsterkte {min(sources)}" in told[0]
            assert "politie" not in told[0]
    signal = dataclasses.replace(almere.strong_signals[0], source_strength="")
    bare = make_plan(dataclasses.replace(almere, strong_signals=(signal,)), signal.park_id, SELECTED, catalogue)
    assert "(bronsterkte niet ingevuld)" in bare.chapters["measures"].text[0]


def test_no_sentence_states_a_crime_as_a_fact(plans):
    """Where the plan speaks of activity or suspicion it says possible, indication or suspicion."""
    for plan in plans:
        for line in plan.chapters["picture"].text:
            if "activiteit" in line:
                assert "mogelijke activiteit" in line
                assert "aanwijzing" in line
        for one in (*plan.interventions, *plan.after_confirmation):
            assert all("vermoeden" in reason for reason in one.reasons if re.match(r"V\d\d .*niveau", reason))


def test_no_remark_is_in_a_plan(plans, catalogue, demo_workspace):
    parks = wb.load_parks(demo_workspace / "data" / "parks.csv")
    files = sorted((demo_workspace / "data" / "matrices" / "2026-1").glob("almere_*.xlsx"))
    matrix = wb.load_matrix(files, catalogue, parks, round="2026-1")
    commented = matrix.judgements[matrix.judgements["remark"] != ""]
    assert len(commented)
    told = {plan.park_id: canonical_json(plan) for plan in plans}
    assert not [row.Index for row in commented.itertuples() if row.remark in told[row.park_id]]


def test_equal_inputs_give_an_equal_plan_and_one_party_alone_has_no_decision_to_rest_on(almere, catalogue, plans):
    assert make_plan(almere, "ALM-01", SELECTED, catalogue) == plans[0]
    alone = make_plan(dataclasses.replace(almere, legal_basis=None), "ALM-01", SELECTED, catalogue)
    assert "één partij" in alone.chapters["legal"].fields[0].text


@pytest.mark.parametrize("audience", ["police", "entrepreneurs", "public"])
def test_an_audience_that_may_not_see_both_parties_gets_no_plan(almere, catalogue, audience):
    parameters = almere.parameters.model_copy(update={"audience": audience})
    with pytest.raises(OutputError, match="mag dit projectplan niet zien"):
        make_plan(dataclasses.replace(almere, parameters=parameters), "ALM-01", SELECTED, catalogue)


def test_no_text_is_empty_where_something_must_stand(plans):
    for plan in plans:
        fields = [field for name in ("occasion", "legal", "scope") for field in plan.chapters[name].fields]
        assert all(field.text or field.name == "Eigen tekst" for field in fields)
        assert all("None" not in text and "nan" not in text.split() for text in texts(plan))
