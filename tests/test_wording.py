"""Dutch numbers, plurals, dates, near misses, and text that stays text."""

import datetime as dt
import math
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markupsafe import escape

from werkbank.wording import (
    MISSING,
    capital,
    count,
    date,
    did_you_mean,
    listing,
    nearest,
    number,
    percent,
    points,
    read_date,
    safe_html,
    within,
)


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0, 0, "0"), (0.5, 0, "1"), (1.5, 0, "2"), (2.5, 0, "3"), (-0.5, 0, "−1"), (-0.4, 0, "0"), (-0.0, 0, "0"),
        (0.285, 2, "0,29"), (1.005, 2, "1,01"), (2.675, 2, "2,68"), (1234.5, 1, "1.234,5"), (1e6, 0, "1.000.000"),
        (12, 2, "12,00"), (0.04, 1, "0,0"), (-0.04, 1, "0,0"), (999.95, 1, "1.000,0"),
    ],
)  # fmt: skip
def test_numbers_are_rounded_as_people_do(value, digits, text):
    """Half away from zero, decimal comma, thousands point, and no "-0"."""
    assert number(value, digits) == text


@pytest.mark.parametrize("nothing", [None, math.nan, math.inf, -math.inf])
def test_no_number_is_a_dash_and_never_nought(nothing):
    """What is not known is not 0."""
    assert number(nothing) == percent(nothing) == points(nothing) == MISSING


@pytest.mark.parametrize(
    ("text", "day"),
    [
        *((text, dt.date(2026, 3, 3)) for text in (
            "3 maart 2026", "3 Mrt 2026", " 03  mrt. 2026 ", "3-3-2026", "03/03/2026", "3.3.2026", "2026-03-03",
            "2026-03-03 00:00:00")),
        ("1 sept 2026", dt.date(2026, 9, 1)), ("31 december 2026", dt.date(2026, 12, 31)),
        *((text, None) for text in (
            "", "maart 2026", "3 maart", "3 maart 26", "30 februari 2026", "3 mars 2026", "3 ma 2026", "31-2-2026",
            "20260303", "3-15-2026", "2026-3-3 10:30")),
    ],
)  # fmt: skip
def test_a_date_is_read_as_people_write_it_and_never_guessed(text, day):
    """In a workbook, a list and YAML alike."""
    assert read_date(text) == day


@given(st.dates(dt.date(1000, 1, 1)))
def test_a_date_in_words_is_read_back(day):
    """For every day that is printed."""
    assert read_date(date(day)) == day


@given(st.integers(-(10**9), 10**9), st.integers(0, 3))
def test_numbers_agree_with_decimal_arithmetic(thousandths, digits):
    """For every number of three decimals: what Decimal says with ROUND_HALF_UP."""
    exact = (Decimal(thousandths) / 1000).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    wanted = f"{exact:,}".translate(str.maketrans(",.-", ".,−"))
    assert number(thousandths / 1000, digits) == (wanted if exact else wanted.removeprefix("−"))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (57.46, "57,5"), (55.0, "55"), (0.0, "0"), (100.0, "100"), (39.949, "39,9"), (39.96, "39,96"),
        (59.9996, "59,9996"), (60.04, "60,0"), (59.9999999999, "60"), (60.0000000001, "60"), (33.28, "33,3"),
    ],
)  # fmt: skip
def test_a_score_has_one_decimal_and_stays_on_its_own_side_of_a_border(value, text):
    """One decimal, none when it is whole, more where one would print it in another class; noise lies on the border."""
    assert points(value, (20, 40, 60)) == text


@given(st.floats(0, 100), st.lists(st.floats(1, 99), max_size=4))
@example(1.625, [1.625])  # Python's own rounding of a half, to the even digit, would print it below the border
def test_a_printed_score_never_lies_in_another_class(value, edges):
    """For every score and every set of borders: what is printed is on the same side of each, but for noise."""
    shown = float(points(value, edges).replace(",", "."))
    assert all((shown >= edge - 1e-6) or (value < edge) for edge in edges)
    assert all((shown < edge + 1e-6) or (value >= edge - 1e-6) for edge in edges)


def test_a_share_is_a_percentage():
    """0-1 in, per cent out."""
    assert [percent(0.667), percent(1), percent(0.125, 1), percent(0)] == ["67%", "100%", "12,5%", "0%"]


def test_a_count_agrees_with_its_noun():
    """One or many, and none in words."""
    told = [count(n, "terrein", "terreinen") for n in (0, 1, 2, 1200)]
    assert told == ["geen terreinen", "1 terrein", "2 terreinen", "1.200 terreinen"]


@pytest.mark.parametrize(("words", "text"), [("", ""), ("a", "a"), ("ab", "a en b"), ("abc", "a, b en c")])
def test_an_enumeration_ends_in_en(words, text):
    """Also of a generator; "of" where asked."""
    assert listing(word for word in words) == text
    assert listing(list(words), "of") == text.replace(" en ", " of ")


def test_the_first_letter_alone_is_made_great_or_small():
    """The rest is left as it was; abbreviations within a sentence too."""
    assert [capital(text) for text in ("", "a", "ijssel", "IJssel", "éen")] == ["", "A", "Ijssel", "IJssel", "Éen"]
    told = [within(text) for text in ("Illegaal gokken", "Plek van een OMG", "OMG-clubhuis", "")]
    assert told == ["illegaal gokken", "plek van een OMG", "OMG-clubhuis", ""]


def test_every_month_has_its_name():
    """Day, month in words, year."""
    assert date(dt.date(2026, 3, 1)) == "1 maart 2026"
    names = " ".join(date(dt.date(2026, month, 12)).split()[1] for month in range(1, 13))
    assert names == "januari februari maart april mei juni juli augustus september oktober november december"


@pytest.mark.parametrize(
    ("word", "options", "near"),
    [
        ("almer", ("almere", "urk"), "almere"), ("ALMERE", ("almere",), "almere"), ("V1", ("V01", "G01"), "V01"),
        ("zutphen", ("almere", "urk"), None), ("", ("almere",), None), ("urk", (), None), ("almere" * 1_000, ("almere",), None),
    ],
)  # fmt: skip
def test_a_near_miss_is_asked_about(word, options, near):
    """Near: bedoelt u …? Not near, or nothing to choose from: no question."""
    assert nearest(word, options) == near
    assert did_you_mean(word, options) == (f"bedoelt u “{near}”?" if near else "")


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "a & b", "'", "{0}", "{x.__class__}"]
)
def test_text_in_html_stays_text(text):
    """Whatever is filled in, by place or by name, is escaped and never taken for a template."""
    html = safe_html("<p title='{}'>{text}</p>", text, text=text)
    inner = html.removeprefix("<p title='").removesuffix("</p>")
    assert not any(sign in inner.replace("'>", "", 1) for sign in "<>\"'")
    assert escape(text) in html
    assert safe_html("<b>{}</b>", safe_html("<i>{}</i>", "&")) == "<b><i>&amp;</i></b>", "pieces may be put together"
