"""What a cell says, and that nothing is ever read into it."""

import datetime as dt
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from werkbank.matrix.cells import OPEN, CellReader, Judgement, Unreadable, _ScaleReader, normalise
from werkbank.matrix.layout import cell_text, level_text, list_texts
from werkbank.settings.catalogue import load_catalogue
from werkbank.settings.entries import Level, Scale

CATALOGUE = load_catalogue()
READER = CellReader(CATALOGUE)
THREAT = CATALOGUE.by_family("threat")[0].id
SCALE = CATALOGUE.scale_of(THREAT)


def read(value, indicator=THREAT):
    return READER.reader(indicator)(value)


def level(value):
    return Judgement("level", value)


@pytest.mark.parametrize("state", CATALOGUE.states, ids=lambda state: state.code)
def test_every_synonym_of_a_state_is_that_state(state):
    """With capitals and in spaces, seen or not: a synonym means its state."""
    for word in state.synonyms:
        for written in (word, word.upper(), f"  {word}\n", f"\u00a0{word}\u200b"):
            assert read(written) == Judgement(state.code)


@pytest.mark.parametrize("empty", [None, "", " ", "\u00a0", "\t\n", "\u200b", "\ufeff", " " * 5_000])
def test_nothing_visible_is_open(empty):
    """A cell in which nothing can be seen is not filled in; it is never a nought."""
    assert read(empty) == OPEN


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (0, 0), (3, 3), (3.0, 3), ("3", 3), ("3 ", 3), (" 2\u00a0", 2), ("２", 2), ("2 meermaals", 2),
        ("2  MEERMAALS", 2), ("meermaals", 2), ("structureel", 3), ("3,0", 3), ("2.0", 2), (" 2,00 ", 2), ("0,0", 0),
        ("1.000", 1), ("stelselmatig", 3), ("Geen vermoeden", 0), ("0 geen vermoeden", 0), ("2\nmeermaals", 2),
        ("meer\u00admaals", 2),
    ],
)  # fmt: skip
def test_a_level_is_its_number_its_name_or_both(written, value):
    assert read(written) == level(value)


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        (True, "not-a-level"), (False, "not-a-level"), ("ja", "not-a-level"), ("nee", "not-a-level"),
        ("x", "not-a-level"), ("waar", "not-a-level"), ("0x1", "not-a-level"), ("1e9", "not-a-level"),
        ("2?", "not-a-level"), ("2 onbekend", "not-a-level"), ("2 n.v.t.", "not-a-level"), ("0 geen zicht", "not-a-level"),
        ("2 (zie mail)", "not-a-level"), ("geen", "not-a-level"), ("hoog", "not-a-level"), ("½", "not-a-level"),
        ("2 3", "level-outside-scale"), ("1-2", "level-outside-scale"), ("1 - 2", "level-outside-scale"),
        ("1/2", "level-outside-scale"), ("1,2", "level-outside-scale"), ("3,5", "level-outside-scale"),
        ("3.5", "level-outside-scale"), ("-1", "level-outside-scale"), ("+1", "level-outside-scale"),
        ("1-", "level-outside-scale"), ("1+", "level-outside-scale"), ("-", "level-outside-scale"),
        ("00", "level-outside-scale"), ("03", "level-outside-scale"), ("4", "level-outside-scale"),
        (4, "level-outside-scale"), (-1, "level-outside-scale"), (3.5, "level-outside-scale"),
        (0.5, "level-outside-scale"), (1e9, "level-outside-scale"), (float("inf"), "level-outside-scale"),
        (float("nan"), "level-outside-scale"), (1e-9, "level-outside-scale"),
        ("2 à 3", "level-outside-scale"), ("2 of 3", "level-outside-scale"), ("1 tot 2", "level-outside-scale"),
        ("+/-", "level-outside-scale"), ("+/- 2", "level-outside-scale"), ("±2", "level-outside-scale"),
        (">2", "level-outside-scale"), ("ca. 2", "level-outside-scale"), ("2+", "level-outside-scale"),
        ("3,50", "level-outside-scale"), ("4,0", "level-outside-scale"), ("1.5", "level-outside-scale"),
        (dt.date(2026, 2, 1), "date-for-level"), (dt.datetime(2026, 2, 1), "date-for-level"),
        (dt.time(0, 0), "date-for-level"), (dt.timedelta(0), "date-for-level"),
        # In a text file: percentages, dates, errors. And a level and words that are not those of the list.
        *((written, "not-a-level") for written in (
            "50%", "1-feb", "2026-02-01 00:00:00", "1-2-2026", "1:02", "#N/B", "###", "0 structureel", "2: meermaals",
            "3 geen vermoeden", "9 structureel", "0 (structureel)", "geen vermoeden, structureel", "geen vermoeden?",
            "geen signalen", "None", "NULL", "NA", "¹", "0²", "①", "O",
        )),
    ],
)  # fmt: skip
def test_whatever_else_is_no_level(written, rule):
    """Nothing is rounded, guessed or taken for no suspicion: the cell is named instead."""
    result = read(written)
    assert isinstance(result, Unreadable)
    assert result.rule == rule


def test_one_and_true_are_not_the_same_cell():
    """1, 1.0 and True are equal to Python; reading one never decides what another is."""
    fresh = CellReader(CATALOGUE)
    found = [fresh.reader(THREAT)(value) for value in (True, 1, 1.0, True, False, 0)]
    assert found[1:3] + found[5:] == [level(1), level(1), level(0)]
    assert all(isinstance(found[place], Unreadable) for place in (0, 3, 4))


@pytest.mark.parametrize(
    "secret",
    [
        "06-12345678", "0612345678", 612345678, 123456782.0, "123456782", "01-02-1980", "AB-123-C", "jan jansen",
        "2 volgens Jan", "Jansen woont hier " * 50, "2" + " " * 300 + "volgens een bron Jan", "9" * 6_000, "9" * 6_000 + " x", 1e300,
    ],
)  # fmt: skip
def test_what_may_be_personal_is_not_repeated(secret):
    """A telephone number, a date of birth or a remark in the wrong cell is refused without being quoted."""
    result = read(secret)
    assert isinstance(result, Unreadable)
    text = f"{result.found} {result.allowed}".casefold()
    assert not any(part in text for part in ("jan", "123", "612", "1980", "999 9", "ab-"))


@pytest.mark.parametrize("scale", CATALOGUE.scales, ids=lambda scale: scale.id)
def test_every_text_and_synonym_of_a_scale_is_read_back_on_it(scale):
    """What the list of its cells shows, all of which a refusal names; synonyms mean nothing on another scale."""
    code = next(indicator.id for indicator in CATALOGUE.indicators if indicator.scale == scale.id)
    texts = [("level", each.value) for each in scale.levels]
    for state, value in [*texts, ("unknown", None), ("not_applicable", None), ("open", None)]:
        assert read(cell_text(state, value, scale), code) == Judgement(state, value)
    assert all(text in read("7", code).allowed for text in list_texts(scale))
    for each in scale.levels:
        for word in each.synonyms:
            assert read(f" {word.upper()}", code) == level(each.value)
    assert any(each.synonyms for each in scale.levels)
    others = {
        word for other in CATALOGUE.scales if other is not scale for each in other.levels for word in each.synonyms
    }
    assert {read(word, code).rule for word in others} == {"not-a-level"}


def test_yes_and_no_are_levels_only_where_the_scale_says_so():
    """A catalogue may ask a question of yes and no; ours asks to what degree."""
    scale = scale_with("Afwezig", "Aanwezig")
    words = (("nee", "geen"), ("ja",))
    levels = tuple(each.model_copy(update={"synonyms": own}) for each, own in zip(scale.levels, words, strict=True))
    own = _ScaleReader(scale.model_copy(update={"levels": levels}), {})
    assert [own.read(word) for word in ("nee", "GEEN", "ja")] == [level(0), level(0), level(1)]
    assert all(isinstance(each, Unreadable) for each in (own.read(False), *map(read, ("nee", "geen", "ja"))))


def scale_with(*names, codes=None):
    levels = tuple(
        Level(value=value, code=(codes or "abcdefgh")[value], name=name, anchor="a") for value, name in enumerate(names)
    )
    return Scale(id="own", name="Eigen", description="d", levels=levels)


def test_odd_names_of_levels_are_read_as_they_are():
    """A word that two levels share decides nothing; a number is a number whatever levels are called."""
    alike = _ScaleReader(scale_with("Vaak, gezien", "Soms, gezien"), {})
    assert isinstance(alike.read("gezien"), Unreadable)
    assert alike.read("soms, gezien") == alike.read("1 gezien") == level(1)
    turned = _ScaleReader(scale_with("laag", "midden", "hoog", "top", codes="3210"), {})
    assert [turned.read(written) for written in ("3", 3, "0", 0)] == [level(3), level(3), level(0), level(0)]
    scale = scale_with("< 3 gevallen", "3 of meer", "100 %")
    odd = _ScaleReader(scale, {})
    assert [odd.read(level_text(each)) for each in scale.levels] == [level(0), level(1), level(2)]


WORDS = {
    re.sub(r"\W", "", word.casefold()): each.value
    for each in SCALE.levels
    for word in (each.code, each.name, each.name.rpartition(", ")[2], *each.synonyms)
}
PIECES = st.sampled_from(
    ["0", "1", "2", "3", "4", "9", " ", "\u00a0", ".", ",", "-", ":", "?", "\u200b", "geen", "vermoeden", "structureel",
     "meermaals", "incidenteel", "onbekend", "n.v.t.", "none", "repeated", "niet", "E"]
)  # fmt: skip


@given(
    st.one_of(
        st.text(max_size=30), st.lists(PIECES, max_size=5).map("".join), st.lists(PIECES, max_size=4).map(" ".join)
    )
)
def test_a_level_is_only_read_where_it_stands(text):
    """Whatever text: a level comes out only if the text is that number, that level's name, or both."""
    result = read(text)
    if isinstance(result, Judgement) and result.state == "level":
        plain = unicodedata.normalize("NFKC", text).casefold()
        seen = "".join(ch for ch in plain if ch.isspace() or unicodedata.category(ch) not in {"Cf", "Cc"})
        # A whole number may be written as a fraction of nothing.
        bare = re.sub(r"\W", "", re.sub(r"^\s*(\d)[.,]0{1,3}\s*$", r"\1", seen))
        number, name = re.fullmatch(r"(\d?)(.*)", bare).groups()
        assert number or name
        assert not number or int(number) == result.level
        assert not name or WORDS[name] == result.level


@given(st.text(st.characters(codec="latin-1"), max_size=80))
def test_normalising_twice_is_normalising_once(text):
    """A normalised text is its own normal form; it has no outer spaces."""
    once = normalise(text)
    assert normalise(once) == once
    assert once == once.strip()


def test_whole_numbers_are_texts_without_a_point():
    """A code that a program turned into 34.0 is 34 again; 34.5 stays what it is."""
    assert [normalise(value) for value in (34.0, 34, "34", 34.5, None)] == ["34", "34", "34", "34.5", ""]
