"""What findings say stands in a file per room; no finding lacks its words, and none is left over."""

import re
from pathlib import Path

import pytest

import werkbank
from werkbank.files.yaml import Prose, read_yaml
from werkbank.matrix.rules import RULES

PACKAGE = Path(werkbank.__file__).parent
MADE = {
    "settings": {"unknown-key", "unknown-party", "trigger-operator/figure", "trigger-operator/level"},
    "plan": set(),
    "parks": set(),
    "collecting": set(),
    "release": {"receiver-role", "visitor-role"},  # one check under two rules
    "register": {
        *(f"legal-basis-{why}" for why in ("area", "example", "expired", "not-yet", "retention", "round")),
        *(f"{who}-by{kind}" for who in ("decision", "note") for kind in ("", "-personal")),
        *(f"selection-needless-reason/{why}" for why in ("advised", "no-advice", "complete", "room")),
        *(f"agreement-{why}" for why in ("level", "not-asked", "not-applicable")),  # told by the acts in assessment/
        *(f"copy-{how}" for how in ("damaged", "differs", "longer")),  # told by batch/verify.py
        *("agreement-needless-reason", "event-changed", "register-older", "register-rewritten"),
    },
}
"""Per room the rules whose name is put together, or handed on, where they are found."""


@pytest.mark.parametrize("room", MADE)
def test_every_rule_that_is_found_has_its_words_and_the_reverse(room):
    text = "".join(path.read_text(encoding="utf-8") for path in (PACKAGE / room).glob("*.py"))
    named = set(re.findall(r'(?:finding|tell)\(\s*"([a-z][a-z/-]+)"', text))
    told = read_yaml(PACKAGE / room / "faults.yaml").data
    assert named - ({*RULES} - {*told}) | MADE[room] == {*told}
    for words in told.values():
        assert {"found", "allowed", "remedy"} <= set(words) <= {"found", "allowed", "remedy", "severity"}


def test_what_a_person_wrote_is_filled_in_as_it_stands():
    """Braces in it are no place to fill in."""
    finding = Prose(PACKAGE / "parks" / "faults.yaml").finding("doubled-column", column="{times}")
    assert finding.found == "de kolom “{times}” staat er vaker dan één keer"
