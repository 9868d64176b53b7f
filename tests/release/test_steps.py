"""The table of steps is the whole truth: what it lists can be done, every other pair is refused, the page says it."""

from pathlib import Path

import pytest

import werkbank
from tests.release.conftest import ASKED, FILE
from werkbank.errors import RegisterError
from werkbank.release.sharing_request import Desk, ask, request, take, words
from werkbank.wording import listing

PAGE = Path(werkbank.__file__).parents[1] / "docs" / "delen.md"
STATES, STEPS = words()["states"], words()["steps"]
PATHS = {"asked": (), "approved": ("approve",), "issued": ("approve", "issue"), "refused": ("refuse",)}
PATHS["withdrawn"] = ("withdraw",)
"""How a request comes into each state."""


def step(number, code, by="teamleider RIEC"):
    found = request(number)
    contents = {} if code in ("ask", "issue") else {"reason": "Een tweede paar ogen vindt dit."}
    return take(code, Desk(found.asked), by, contents, found)


def come_to(state, house):
    number = ask(house / FILE, **ASKED).number
    for code in PATHS[state]:
        step(number, code)
    assert request(number).state == state
    return number


def test_every_state_is_reached_and_every_step_that_the_table_does_not_list_is_refused(house):
    assert set(PATHS) == set(STATES)
    for state in STATES:
        listed = [code for code, one in STEPS.items() if state in one["from"]]
        number = come_to(state, house)
        for code in set(STEPS) - {*listed}:
            with pytest.raises(RegisterError, match="step-not-allowed"):
                step(number, code)
            assert request(number).state == state
        for place, code in enumerate(listed):
            number = come_to(state, house) if place else number
            step(number, code)
            assert request(number).state == STEPS[code]["to"]


def test_who_asked_does_not_decide_under_any_spelling(house):
    number = ask(house / FILE, **ASKED).number
    for by in ("analist RIEC", " Analist  riec ", "Analist  RIEC.", "de analist RIEC", "analist-riec"):
        with pytest.raises(RegisterError, match="step-own-request"):
            step(number, "approve", by)
    with pytest.raises(RegisterError, match="step-own-request"):
        step(number, "refuse", "analist RIEC")
    assert request(number).state == "asked"


def rows():
    for one in STEPS.values():
        sources, command = listing((STATES[each] for each in one["from"]), "of"), one["command"].format(number="NUMMER")
        whose = words()["who"][one["by"]]
        yield f"| {one['name']} | {whose} | {sources or '–'} | {STATES[one['to']]} | `werkbank {command}` |"


def test_the_page_has_the_table_as_it_is():
    """Made anew by pasting what this prints when it fails."""
    page = PAGE.read_text(encoding="utf-8")
    assert [line for line in page.splitlines() if "`werkbank " in line and line.startswith("|")] == list(rows())
    assert all(f"**{name.capitalize()}**" in page for name in STATES.values())
