"""What leads to a person or firm is found in a remark, whatever it looks like; what only looks like it is not."""

from __future__ import annotations

import itertools
import random
import string
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from werkbank.demo.returns import REMARKS
from werkbank.matrix.personal_data import LOOKS_LIKE, Places, personal_data, personal_findings

import werkbank.settings.catalogue
from werkbank.demo.truth import PARK_NAMES

from .conftest import matrix_of, register
from .remarks import FOUND, HARMLESS, PARKS, SIDECODES

PLACES = Places(PARKS)
QUICK = settings(max_examples=60, deadline=None)


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in FOUND.items() for text in texts])
def test_what_leads_to_somebody_is_found(rule, text):
    assert rule in personal_data(text, PLACES)


def test_every_kind_has_examples():
    assert FOUND.keys() == LOOKS_LIKE.keys()


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_looks_like_it_is_left_alone(text):
    assert personal_data(text, PLACES) == ()


def test_the_harmless_sentences_are_many():
    assert len(set(HARMLESS)) >= 60


def test_no_remark_of_the_demo_is_suspected():
    assert [text for texts in REMARKS.values() for text in texts if personal_data(text, Places(PARK_NAMES))] == []


def test_no_text_of_the_catalogue_is_suspected():
    """Eight hundred sentences of this very field, none of them about a person."""
    texts = set()

    def collect(value):
        if isinstance(value, str):
            texts.add(value)
        for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            collect(each)

    for path in Path(werkbank.settings.catalogue.__file__).with_name("packaged").glob("*.yaml"):
        collect(yaml.safe_load(path.read_text(encoding="utf-8")))
    assert len(texts) > 500
    assert [text for text in texts if personal_data(text)] == []


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
@given(NINE_DIGITS)
def test_nine_digits_are_a_bsn_exactly_when_they_pass_the_eleven_test(text):
    assert ("citizen-number" in personal_data(f"Nummer {text} genoemd")) == passes_eleven(text)


@QUICK
@given(NINE_DIGITS.filter(passes_eleven), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_fails_the_eleven_test(text, place, step):
    wrong = text[:place] + str((int(text[place]) + step) % 10) + text[place + 1 :]
    assert "citizen-number" not in personal_data(f"Nummer {wrong} genoemd")


# The examples of SWIFT's IBAN registry.
IBANS = ("NL91ABNA0417164300", "BE68539007547034", "DE89370400440532013000", "GB29NWBK60161331926819", "FR1420041010050500013M02606", "PL61109010140000071219812874", "RO49AAAA1B31007593840000", "BG80BNBG96611020345678", "TR330006100519786457841326", "NO9386011117947")  # fmt: skip


@pytest.mark.parametrize("iban", IBANS)
@pytest.mark.parametrize(
    "write", [str, str.lower, lambda text: " ".join(text[at : at + 4] for at in range(0, len(text), 4))]
)
def test_an_iban_is_found_however_it_is_written(iban, write):
    assert "bank-account" in personal_data(f"Betaald op {write(iban)} en weg.")


@pytest.mark.parametrize("iban", IBANS)
def test_an_iban_with_one_wrong_digit_is_none(iban):
    for place in range(2, len(iban)):
        if iban[place].isdigit():
            wrong = iban[:place] + str((int(iban[place]) + 1) % 10) + iban[place + 1 :]
            assert "bank-account" not in personal_data(wrong)


@QUICK
@given(st.sampled_from(SIDECODES), st.data())
def test_a_plate_of_every_sidecode_is_found(sidecode, data):
    """X a letter, 9 a digit; the fourteen orders since 1951 (RDW), in capitals with dashes, in a sentence."""
    letters = "BDFGHJKLNPRSTVXZ"
    draw = {"X": st.sampled_from(letters), "9": st.sampled_from(string.digits), "-": st.just("-")}
    plate = "".join(data.draw(draw[sign]) for sign in sidecode)
    assert "licence-plate" in personal_data(f"Busje {plate} gezien.")
    assert "licence-plate" in personal_data(f"Busje {plate.lower()} gezien.")


def test_hidden_characters_and_other_dashes_hide_nothing():
    assert personal_data("Busje 12–GBX–3 gezien.") == ("licence-plate",)
    assert personal_data("Nummer 1112\u200b22333 genoemd.") == ("citizen-number",)
    assert personal_data("Bel 06\u00a012345678.") == ("phone-number",)
    assert personal_data("Bel ０６-12345678.") == ("phone-number",)


def test_what_stands_far_into_a_long_text_is_found():
    filler = "Beeld op basis van meldingen in deze periode. "
    for length in (1_900, 1_990, 2_000, 10_000):
        text = (filler * 300)[:length].rpartition(" ")[0]
        assert personal_data(f"{text} Busje 12-GBX-3 gezien. {filler * 50}") == ("licence-plate",)


UNITS = ("A", "1", "1 ", "0 ", "06-", "@", "a@", "J. ", "dhr. van de ", "NL91", "snelweg 1 ", "kvk 1 ", "tel 1 ", "geb 1", "12-AB-", "A1 ", "Kevin ", "Aa, A.", "C. Xy ", "eigenaar Merel ", "zaak 123456782 ", "2000 OM ", "+1 ", "\n", "\u200b")  # fmt: skip


@pytest.mark.parametrize("unit", UNITS)
def test_a_hostile_text_takes_time_in_proportion_to_its_length(unit):
    """Eight times the length takes eight times as long, not sixty-four."""

    def cost(size):
        text = unit * (size // len(unit))
        spent = []
        for _ in range(3):
            start = time.process_time()
            personal_data(text, PLACES)
            spent.append(time.process_time() - start)
        return min(spent)

    short, long = cost(10_000), cost(80_000)
    assert long < 24 * short + 0.02


def test_a_remark_is_quickly_read():
    """Remarks of 200 characters, all different, cost no more than a few looks at each character."""
    rng = random.Random(2018)
    sentences = [*itertools.chain.from_iterable(REMARKS.values()), "Op 12-03-2026 waren er 3 busjes bij Zanglijster."]
    texts = [" ".join(rng.choices(sentences, k=5))[:200] for _ in range(2_000)]

    def cost(work):
        start = time.process_time()
        for text in texts:
            work(text)
        return time.process_time() - start

    plain = min(cost(lambda text: [ch for ch in text if ch == "!"]) for _ in range(3))
    ours = min(cost(lambda text: personal_data(text, PLACES)) for _ in range(3))
    assert ours < 25 * plain


def test_a_finding_names_the_cell_and_the_kind_and_never_the_text(catalogue):
    text = "Dhr. Jansen, 06-12345678, busje 12-GBX-3, Industrieweg 12 te 8211 AD."
    matrix = matrix_of(catalogue, {"police": {"URK-01": "01"}}, beside={("URK-01", "V02", "police"): (text, "B", None)})
    findings = list(personal_findings(matrix, register("URK-01")))
    assert [finding.rule for finding in findings] == ["person-name", "address", "licence-plate", "phone-number"]
    for finding in findings:
        assert (finding.file, finding.sheet, finding.cell) == ("police.xlsx", "Toelichting", "E3")
        assert (finding.park_id, finding.indicator) == ("URK-01", "V02")
        assert LOOKS_LIKE[finding.rule] in finding.found
        assert not [word for word in ("Jansen", "12345678", "GBX", "Industrieweg", "8211") if word in f"{finding}"]


def test_every_remark_has_its_own_finding_also_where_two_are_equal(catalogue):
    beside = {("URK-01", code, "police"): ("Bel 06-12345678.", "", None) for code in ("V01", "V02")}
    findings = list(
        personal_findings(matrix_of(catalogue, {"police": {"URK-01": "1"}}, beside=beside), register("URK-01"))
    )
    assert [(finding.rule, finding.cell) for finding in findings] == [("phone-number", "E3"), ("phone-number", "E4")]


def test_the_name_of_a_firm_is_only_for_information(catalogue):
    beside = {("URK-01", "V01", "police"): ("Kroon Vastgoed B.V. verhuurt.", "", None)}
    (finding,) = personal_findings(matrix_of(catalogue, {"police": {"URK-01": "1"}}, beside=beside), register("URK-01"))
    assert (finding.rule, finding.severity) == ("company-name", "remark")
