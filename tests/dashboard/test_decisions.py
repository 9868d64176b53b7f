"""The forms of besluiten.ipynb do what the commands do, name every objection, and keep nothing that was typed."""

import json
import re

import pytest

import werkbank as wb
from werkbank.assessment.decisions import read_register

SECRET = "Het overleg is er klaar voor, zei iedereen."
PARK, LONG = "URK-04", {"by": "stuurgroep", "reason": SECRET}
STEPS = [
    ("select", LONG, "Kies eerst: Terrein."),
    ("agree", {"indicator": "V05", **LONG}, "Kies eerst: Terrein en Niveau."),
    ("select", {"park": PARK, "by": "Jan de Vries", "reason": "kort"}, "selection-reason.*decision-by-personal"),
    ("select", {"park": "URK-01", **LONG}, "leg die reden ook vast: “Waarom tegen het advies”, minstens"),
    ("approve", {"park": PARK, "by": "driehoek"}, "nog geen projectplan om vast te stellen"),
    ("select", {"park": PARK, **LONG}, r"Vastgelegd als besluit 1: Duizendblad \(URK-04\) in Urk.*volgt het advies"),
    ("select", {"park": PARK, **LONG}, "is al gekozen|al gekozen"),
    ("withdraw", {"park": PARK, **LONG}, "Vastgelegd als besluit 2: de keuze van Duizendblad"),
    ("agree", {"park": PARK, "indicator": "V05", "level": "3", **LONG}, "agreement-outside"),
    ("agree", {"park": PARK, "indicator": "V05", "level": "1", **LONG}, "Afspraak 3, .*V05: niveau 1"),
    ("withdraw_agreement", {"park": PARK, "indicator": "V05", **LONG}, r"Afspraak 3, .*\(teruggenomen\)"),
    ("intake", {"by": "driehoek"}, "nog niets beantwoord"),
    ("intake", {"by": "driehoek", "need": "misschien"}, "intake-answer"),
    ("intake", {"by": "driehoek", "need": f"ja: {SECRET}"}, "Vastgelegd voor Urk.*informatiebehoefte ja"),
    ("propose", {"capacity": 8, "by": "stuurgroep"}, "Geef “Wie het overneemt” en “Waarom” samen"),
    ("propose", {"capacity": 8, "by": "Jan de Vries", "reason": SECRET}, "decision-by-personal"),
    ("propose", {"capacity": 8}, "Voorstel: .*spijt.*voorstel/voorstel.html"),
    ("propose", {"capacity": 8, **LONG}, "Vastgelegd als besluit 6, door stuurgroep"),
]


@pytest.fixture
def page(own_workspace):
    made = wb.dashboard.decide("almere")
    assert ("URK-04" in str(made.forms["select"].fields["park"].options)) is False
    made.municipality.value = "urk"  # the parks follow
    return made


def press(form, values):
    """Fill in the fields, leave the others empty, and press; what stands below the button, as text."""
    for name, field in form.fields.items():
        if name in values or hasattr(field, "placeholder"):
            field.value = values.get(name, "")
    form.button.click()
    assert not form.button.disabled
    return " ".join(re.sub("<[^>]+>", " ", form.said.value).split())


def test_each_form_records_or_names_every_objection(page, run):
    for form, values, told in STEPS:
        said = press(page.forms[form], values)
        assert re.search(told, said), (form, said)
        assert SECRET not in said
        recorded = 'class="alert"' not in page.forms[form].said.value
        kept = {name: page.forms[form].fields[name].value for name in values if name in ("reason", "need")}
        assert set(kept.values()) <= ({""} if recorded else {values[name] for name in kept})
    held = read_register()
    assert [(one.park_id, one.holds, one.reason) for one in held.selections] == [(PARK, False, SECRET)]
    assert [one.holds for one in held.agreements] == [False]
    assert (len(held.intakes), len(held.proposals), held.faults) == (1, 1, ())
    assert run("register")[0] == 0


def test_what_a_notebook_keeps_of_it_is_one_sentence(page):
    """Also with a text still in a field."""
    page.forms["select"].fields["reason"].value = SECRET
    shown = page._repr_mimebundle_()
    assert (shown["text/plain"], SECRET in json.dumps(shown)) == ("Besluiten vastleggen", False)
