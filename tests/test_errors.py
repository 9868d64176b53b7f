"""Findings and errors: one line each, everything at once, nothing that could harm a terminal."""

import dataclasses
import json
import pickle

import pytest

from werkbank import errors
from werkbank.errors import Finding, ScoringError, WerkbankError

KINDS = [getattr(errors, name) for name in vars(errors) if name.endswith("Error")]


def finding(**changes):
    fields = {
        "rule": "unknown-park", "severity": "error", "found": "onbekend: “URK-1”",
        "allowed": "een terreincode uit het register", "remedy": "bedoelt u “URK-01”?",
    }  # fmt: skip
    return Finding(**(fields | changes))


TOLD = "gevonden: onbekend: “URK-1” · toegestaan: een terreincode uit het register → bedoelt u “URK-01”? [unknown-park]"


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        ({"file": "urk.xlsx", "sheet": "Matrix", "cell": "F14", "line": 3}, "urk.xlsx, blad Matrix, cel F14, regel 3"),
        ({}, ""),
        ({"file": "a.yaml", "line": 7}, "a.yaml, regel 7"),
        ({"cell": "A1"}, "cel A1"),
        ({"sheet": "S"}, "blad S"),
    ],
)
def test_a_finding_says_where_as_far_as_it_is_known_what_and_what_to_do(place, shown):
    """Where · gevonden: what was found · toegestaan: what is allowed → what to do [code]; no loose commas."""
    assert finding(**place).place == shown
    assert str(finding(**place)) == (f"{shown} · {TOLD}" if shown else TOLD)


def test_a_finding_is_one_line_whatever_is_in_it():
    """A file name may hold a line end or a command that colours or clears the terminal."""
    text = str(finding(file="a\nb\r\x1b[2Jc\u202e.xlsx", found="x\ty\x07"))
    assert text.isprintable()
    assert "a b" in text


def test_a_finding_is_plain_values_in_the_order_of_the_class():
    """For --json and for files that go back to who filled them in. It is the same in every report; equal ones are one."""
    plain = finding(file="a.xlsx", park_id="URK-01").to_dict()
    assert list(plain) == [field.name for field in dataclasses.fields(Finding)]
    assert json.loads(json.dumps(plain)) == plain
    assert Finding(**plain) == finding(file="a.xlsx", park_id="URK-01")
    assert len({finding(), finding(), finding(line=1)}) == 2


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_error_is_a_werkbank_error_with_all_its_findings(kind):
    """The message, then every finding on a line of its own; it arrives from a worker as it was."""
    error = kind("Het klopt niet:", [finding(), finding(line=2)])
    assert isinstance(error, WerkbankError)
    assert error.findings == (finding(), finding(line=2))
    assert str(error).splitlines() == ["Het klopt niet:", f"  {finding()}", f"  {finding(line=2)}"]
    assert str(kind("Er is niets.")) == "Er is niets."
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind
    assert (again.message, again.findings) == (error.message, error.findings)


def test_a_scoring_error_is_a_value_error_too():
    """For people who use only werkbank.scoring."""
    with pytest.raises(ValueError, match="tabel"):
        raise ScoringError("Dit is geen tabel.")
