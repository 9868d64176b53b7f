"""What leads to a person or firm is found in a text, whatever it looks like; what only looks like it is not."""

import string
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import werkbank.settings
from werkbank.demo.fiction import REMARKS
from werkbank.demo.truth import PARK_NAMES
from werkbank.matrix.personal_data import LOOKS_LIKE, Places, personal_data

CASES = yaml.safe_load(Path(__file__).with_name("remarks.yaml").read_text(encoding="utf-8"))
PLACES = Places(CASES["places"])
# One number in eleven passes the eleven-test.
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
SIDECODES = (
    "XX-99-99", "99-99-XX", "99-XX-99", "XX-99-XX", "XX-XX-99", "99-XX-XX", "99-XXX-9", "9-XXX-99", "XX-999-X",
    "X-999-XX", "XXX-99-X", "X-99-XXX", "9-XX-999", "999-XX-9",
)  # fmt: skip


@pytest.mark.parametrize("rule", LOOKS_LIKE)
def test_what_leads_to_somebody_is_found(rule):
    """Hidden characters and other dashes hide nothing."""
    assert [text for text in CASES["found"][rule] if rule not in personal_data(text, PLACES)] == []


def test_what_only_looks_like_it_is_left_alone():
    assert len(CASES["harmless"]) >= 60
    assert {text: found for text in CASES["harmless"] if (found := personal_data(text, PLACES))} == {}


def test_no_remark_of_the_demo_and_no_text_of_the_catalogue_is_suspected():
    """Eight hundred sentences of this very field, none of them about a person."""
    texts = set()

    def collect(value):
        if isinstance(value, str):
            texts.add(value)
        for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            collect(each)

    for path in Path(werkbank.settings.__file__).with_name("packaged").glob("*.yaml"):
        collect(yaml.safe_load(path.read_text(encoding="utf-8")))
    assert len(texts) > 500
    assert [text for text in texts if personal_data(text)] == []
    assert [text for texts in REMARKS.values() for text in texts if personal_data(text, Places(PARK_NAMES))] == []


def test_the_name_of_a_park_is_no_name_of_a_person():
    """Only where the whole name stands, and never after a title."""
    known = Places(["Jansen", "Hof van Kevin"])
    assert personal_data("Op Jansen is het rustig.", known) == ()
    assert personal_data("Ook op Hof van Kevin.", known) == ()
    assert personal_data("Gesproken met Kevin.", known) == ("person-name",)
    assert personal_data("Gesproken met dhr. Jansen.", known) == ("person-name",)


NINE_DIGITS = st.integers(10_000_000, 999_999_999).map(lambda number: f"{number:09d}")


def passes_eleven(text):
    """9a + 8b + 7c + 6d + 5e + 4f + 3g + 2h − i is a multiple of eleven (Logisch ontwerp BSN, RvIG)."""
    return sum(weight * int(ch) for weight, ch in zip((9, 8, 7, 6, 5, 4, 3, 2, -1), text, strict=True)) % 11 == 0


@QUICK
@given(NINE_DIGITS | NINE_DIGITS.filter(passes_eleven))
def test_nine_digits_are_a_bsn_exactly_when_they_pass_the_eleven_test(text):
    assert ("citizen-number" in personal_data(f"Nummer {text} genoemd")) == passes_eleven(text)


# The examples of SWIFT's IBAN registry.
IBANS = ("NL91ABNA0417164300", "BE68539007547034", "DE89370400440532013000", "GB29NWBK60161331926819", "FR1420041010050500013M02606", "PL61109010140000071219812874", "RO49AAAA1B31007593840000", "BG80BNBG96611020345678", "TR330006100519786457841326", "NO9386011117947")  # fmt: skip


@pytest.mark.parametrize("iban", IBANS)
def test_an_iban_is_found_however_it_is_written_and_not_with_one_wrong_digit(iban):
    for text in (iban, iban.lower(), " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))):
        assert "bank-account" in personal_data(f"Betaald op {text} en weg.")
    for place in range(2, len(iban)):
        if iban[place].isdigit():
            wrong = iban[:place] + str((int(iban[place]) + 1) % 10) + iban[place + 1 :]
            assert "bank-account" not in personal_data(wrong)


@QUICK
@given(st.sampled_from(SIDECODES), st.data())
def test_a_plate_of_every_sidecode_is_found(sidecode, data):
    """X a letter, 9 a digit; the fourteen orders since 1951 (RDW), in capitals and in small letters, in a sentence."""
    draw = {"X": st.sampled_from("BDFGHJKLNPRSTVXZ"), "9": st.sampled_from(string.digits), "-": st.just("-")}
    plate = "".join(data.draw(draw[sign]) for sign in sidecode)
    assert "licence-plate" in personal_data(f"Busje {plate} gezien.")
    assert "licence-plate" in personal_data(f"Busje {plate.lower()} gezien.")


def test_what_stands_far_into_a_long_text_is_found():
    filler = "Beeld op basis van meldingen in deze periode. "
    for length in (1_900, 1_990, 2_000, 10_000):
        text = (filler * 300)[:length].rpartition(" ")[0]
        assert personal_data(f"{text} Busje 12-GBX-3 gezien. {filler * 50}") == ("licence-plate",)


UNITS = ("A", "1", "1 ", "0 ", "06-", "@", "a@", "J. ", "dhr. van de ", "NL91", "snelweg 1 ", "kvk 1 ", "tel 1 ", "geb 1", "12-AB-", "A1 ", "Kevin ", "Aa, A.", "C. Xy ", "eigenaar Merel ", "zaak 123456782 ", "2000 OM ", "+1 ", "\n", "\u200b")  # fmt: skip


def seconds(work):
    """The least processor time of three tries."""
    spent = []
    for _ in range(3):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return min(spent)


@pytest.mark.parametrize("unit", UNITS)
def test_a_hostile_text_takes_time_in_proportion_to_its_length(unit):
    """Eight times the length takes eight times as long, not sixty-four."""
    short, long = (seconds(lambda: personal_data(unit * (size // len(unit)), PLACES)) for size in (10_000, 80_000))  # noqa: B023
    assert long < 24 * short + 0.1
