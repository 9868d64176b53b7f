"""What a matrix says and should not is found; a clean district, and a quiet one, give no finding at all."""

import datetime as dt

import pytest

from werkbank.demo.fiction import generate
from werkbank.matrix import checks
from werkbank.matrix.checks import content_findings, date_findings, earlier_findings, remarks_to_show
from werkbank.matrix.personal_data import LOOKS_LIKE
from werkbank.matrix.risk_matrix import RiskMatrix
from werkbank.matrix.rules import RULES
from werkbank.wording import percent

from .conftest import rules
from .drawing import matrix_of, register

CELL = ("URK-01", "V02", "police")
DAY = dt.date(2026, 1, 15)
A = "0120310021003210?012030-1002103201.0"
B = "2103001203011002310?0210032-012301120"
C = "10032?0120-3310021200310012302101.300"
QUIET = "0" * 35
BEFORE = A[:35]
AFTER = BEFORE.translate(str.maketrans("0123", "1212"))
"""The same park a year later: no cell more than one level off."""


@pytest.fixture(scope="module")
def content(catalogue):
    """What is found in a matrix of party → columns, of URK-01 and on; not that hardly a threat is unknown in these."""

    def find(beside=None, without=("hardly-unknown",), **columns):
        parks = [f"URK-{number:02d}" for number in range(1, 1 + max(map(len, columns.values())))]
        drawn = {party: dict(zip(parks, own, strict=False)) for party, own in columns.items()}
        found = content_findings(matrix_of(catalogue, drawn, beside=beside), catalogue, register(*parks))
        return tuple(one for one in found if one.rule not in without)

    return find


@pytest.fixture(scope="module")
def by_family(catalogue):
    """One column, with the signs of each family in turn."""

    def column(**signs):
        families = [(number, signs[each.family]) for number, each in enumerate(catalogue.indicators)]
        return "".join(own[number % len(own)] for number, own in families)

    return column


def with_cells(column, cells):
    """The column with other signs in some cells."""
    return "".join(cells.get(number, sign) for number, sign in enumerate(column))


@pytest.mark.parametrize("seed", range(5))
def test_a_clean_district_has_no_finding(catalogue, seed):
    """Every round, 12 returns each, looked at in every way."""
    district = generate(seed, catalogue=catalogue)
    parks, rounds = district.parks, []
    for name in district.rounds:
        judgements = district.judgements(name)
        parties = tuple(judgements["party"].unique())
        rounds.append(RiskMatrix(name, tuple(parks["park_id"]), catalogue.indicator_ids, parties, (), (), judgements))
    *_, earlier, now = rounds
    assert [content_findings(one, catalogue, parks) for one in rounds] == [()] * 3
    assert earlier_findings(now, earlier, catalogue, parks) == ()
    assert date_findings(now, dt.date(2026, 2, 1)) == ()


@pytest.mark.parametrize(
    ("rule", "threshold"),
    [
        ("one-value-everywhere", percent(checks.ONE_VALUE)),
        ("one-value-everywhere", f"vanaf {checks.FEWEST_CELLS} cellen"),
        ("hardly-unknown", f"hooguit {percent(checks.HARDLY_UNKNOWN)}"),
        ("hardly-unknown", f"onder de {percent(checks.LITTLE)}"),
        ("copied-return", percent(checks.PARTIES_ALIKE)),
        ("copied-park", percent(checks.PARKS_ALIKE)),
        ("implausible-change", f"ten minste {checks.FEWEST_LEAPS} cellen"),
        ("implausible-change", f"ten minste {checks.FEWEST_FULL_LEAPS} cellen"),
        ("knowledge-lost", f"ten minste {checks.FEWEST_LOST} cellen"),
        ("copied-round", percent(checks.UNCHANGED)),
        ("old-date", f"meer dan {checks.OLD_YEARS} jaar"),
        ("implausible-date", f"meer dan {checks.IMPLAUSIBLE_YEARS} jaar"),
    ],
)
def test_the_rules_page_names_the_same_thresholds(rule, threshold):
    assert threshold in RULES[rule].explanation


# Whether anybody judged.


@pytest.mark.parametrize(
    ("columns", "rule"),
    [
        ((".", "."), "nothing-filled-in"),
        (("?", "?"), "only-unknown"),
        (("?.", "?"), "only-unknown"),
        (("?", "."), "only-unknown"),
        *((([sign] * 3), "one-value-everywhere") for sign in "0123-"),
        # Unknown is no answer and hides nothing.
        (("1?1", "11?"), "one-value-everywhere"),
        # The share counts: 99 of the 104 that are answered.
        (("1" * 33 + "23", "1" * 33 + "03", "1" * 33 + "?2"), "one-value-everywhere"),
    ],
)
def test_a_return_in_which_nobody_judged_is_named_at_its_sheet(content, columns, rule):
    (finding,) = content(police=columns)
    assert (finding.rule, finding.file, finding.sheet, finding.cell) == (rule, "police.xlsx", "Matrix", None)


@pytest.mark.parametrize(
    "signs",
    [
        # All threats 0, the rest varied: in a quiet municipality that is an honest answer.
        [("0", "0123", "321"), ("0", "3021", "0213")],
        # A single park has at most 16 cells of one family; below 20 nothing is said.
        [("0102", "1", "2")],
    ],
)
def test_what_may_well_be_an_honest_answer_is_left_alone(content, by_family, signs):
    names = ("threat", "opportunity", "resilience")
    assert content(police=[by_family(**dict(zip(names, park, strict=True))) for park in signs]) == ()


@pytest.mark.parametrize(("family", "sign"), [("threat", "2"), ("opportunity", "0"), ("resilience", "3")])
def test_one_value_in_a_whole_family_is_named(catalogue, content, by_family, family, sign):
    varied = {
        "threat": ("0102", "1003", "0310", "2001"),
        "opportunity": ("0123", "3021", "1302", "2210"),
        "resilience": ("321", "0213", "130", "2031"),
    }
    signs = [{name: each[turn] for name, each in varied.items()} | {family: sign} for turn in range(4)]
    (finding,) = content(police=[by_family(**each) for each in signs])
    assert finding.rule == "one-value-everywhere"
    assert catalogue.family(family).name.lower() in finding.found


# Whether 0 is "no suspicion" or "I do not know".

HONEST = "0?10?31?02?0?2100123?012030-1002103"
LAZY = HONEST.translate({ord("?"): "0"})


@pytest.mark.parametrize(
    ("police", "municipality", "found"),
    [
        ((HONEST, B, HONEST), (HONEST, B, A), []),
        # By its own cells alone, and beside the other party, which is told without a file.
        ((LAZY, LAZY), (HONEST, HONEST), ["police.xlsx", None]),
        ((LAZY, LAZY), (LAZY, LAZY), ["police.xlsx", "municipality.xlsx"]),
        # One left over in 48 is nearly nothing; two in 32 are not, but far less than the other party's ten.
        ((LAZY, LAZY, LAZY[:4] + "?" + LAZY[5:]), (HONEST, HONEST, HONEST), ["police.xlsx", None]),
        ((LAZY, LAZY[:4] + "?" + LAZY[5:8] + "?" + LAZY[9:]), (HONEST, HONEST), [None]),
        # Left blank is not known either, and one park is too little to tell.
        ((LAZY[:4] + "...." + LAZY[8:], LAZY), (HONEST, HONEST), []),
        ((LAZY,), (HONEST,), []),
        # Beside who knows nothing everybody knows much.
        ((HONEST, HONEST), ("?", "?"), ["municipality.xlsx"]),
        # Beside another only what both are asked is compared: of that the other knows as much.
        ((HONEST.replace("?", "_"), HONEST.replace("?", "_")), (HONEST, HONEST), ["police.xlsx"]),
        # Where everything is one value that is asked instead.
        (("0", "0"), (HONEST, HONEST), ["police.xlsx"]),
    ],
)
def test_a_return_in_which_hardly_anything_is_unknown_is_asked_what_0_means(content, police, municipality, found):
    told = content(police=police, municipality=municipality, without=("copied-return", "copied-park"))
    assert [one.file for one in told] == found
    for one in told:
        # The supplier's own finding says nothing of the other party.
        assert one.file is None or ("politie" not in one.found and "gemeente" not in one.found)


def test_who_wrote_0_for_what_was_unknown_is_asked_with_the_numbers_of_both_rounds(catalogue):
    before, now = (
        matrix_of(catalogue, {"police": {f"URK-0{park}": signs for park in (1, 2, 3)}}) for signs in (HONEST, LAZY)
    )
    parks = register(*before.park_ids)
    (told,) = [one for one in earlier_findings(now, before, catalogue, parks) if one.rule == "hardly-unknown"]
    assert (told.file, told.severity) == ("police.xlsx", "warning")
    assert told.found == "31% onbekend in ronde 2026-1, nu 0%; bij 15 cellen kwam daar 0 voor in de plaats"
    assert "is 0 hier “geen vermoeden” of “weet ik niet”?" in told.remedy
    assert "hardly-unknown" not in rules(earlier_findings(before, now, catalogue, parks))


def test_a_cell_that_could_not_be_read_is_open_for_its_fault_and_not_called_forgotten_or_blank(workbook, load):
    """One with an explanation beside it, and a whole sheet of them."""

    def spoil(book):
        for row in book["Matrix"].iter_rows(min_row=4, min_col=3):
            for cell in row:
                cell.value = "9"

    assert rules(load(workbook(lambda book: book["Matrix"].__setitem__("C5", "9"))).findings) == ["level-outside-scale"]
    found = rules(load(workbook(spoil)).findings)
    assert "level-outside-scale" in found
    assert "nothing-filled-in" not in found


# Copies.


@pytest.mark.parametrize(
    ("police", "municipality", "found"),
    [
        ((A, B), (C, A[7:] + A[:7]), []),
        ((A, B), (A, B), ["copied-return"]),
        # Three cells differ, and a tenth.
        ((A, B), (with_cells(A, {0: "3", 1: "3", 2: "3"}), B), ["copied-return"]),
        ((A, B), ("3333033" + A[7:], B), []),
        (("?", "?"), ("?", "?"), ["only-unknown"] * 2),
        (("0", "0"), ("0", "0"), ["one-value-everywhere"] * 2),
        # Two parties that hardly see anything have not copied.
        ((QUIET[:-2] + "12", QUIET[:-2] + "?1"), (QUIET[:-2] + "12", QUIET[:-2] + "?1"), ["one-value-everywhere"] * 2),
    ],
)
def test_two_parties_that_filled_in_alike_are_named_and_two_quiet_ones_are_not(content, police, municipality, found):
    assert rules(content(police=police, municipality=municipality)) == found


def test_a_copied_return_is_named_without_a_file_and_never_between_municipalities(catalogue, content):
    """What goes back to one party must not tell it what the other filled in."""
    (finding,) = content(police=(A, B), municipality=(A, B))
    assert (finding.file, finding.sheet, finding.cell, finding.park_id) == (None, None, None, None)
    assert "politie en gemeente van urk" in finding.found
    matrix = matrix_of(catalogue, {"police": {"URK-01": A}, "municipality": {"ALM-01": A}})
    assert content_findings(matrix, catalogue, register("URK-01", "ALM-01")) == ()


@pytest.mark.parametrize(
    ("columns", "parks"),
    [
        ((A, B, A), ["URK-03"]),
        ((A, A, A, A), ["URK-02", "URK-03", "URK-04"]),
        # Three cells changed afterwards, and a fifth.
        ((A, "333" + A[3:]), ["URK-02"]),
        ((A, "33330333" + A[8:]), []),
        # All 0 but for one cell, and all unknown: alike, and no copy.
        ((QUIET[:-1] + "2", QUIET[:-1] + "2", A, B), []),
        (("?" * 30 + "00100", "?" * 30 + "00100", A, B), []),
    ],
)
def test_a_copied_column_is_named_in_the_later_park(content, columns, parks):
    found = content(police=columns)
    assert [(each.rule, each.park_id) for each in found] == [("copied-park", park) for park in parks]
    assert all("URK-01" in each.found and each.cell.endswith("4") for each in found)


# What stands beside a cell.


@pytest.mark.parametrize(
    ("sign", "beside", "found"),
    [
        # There the judgement has to be filled in.
        (".", ("Gezien bij schouw.", "", None), [("explained-but-open", "Matrix", "C5")]),
        (".", ("", "B", None), [("explained-but-open", "Matrix", "C5")]),
        (".", ("", "", DAY), [("explained-but-open", "Matrix", "C5")]),
        ("?", ("", "B", None), [("source-beside-unknown", "Toelichting", "C3")]),
        ("?", ("", "", DAY), [("source-beside-unknown", "Toelichting", "D3")]),
        ("?", ("", "A", DAY), [("source-beside-unknown", "Toelichting", "C3")]),
        # A remark says why, and is welcome.
        ("?", ("Navraag loopt.", "", None), []),
        *((sign, ("Gezien bij schouw.", "B", DAY), []) for sign in "03-"),
    ],
)
def test_what_does_not_go_with_its_cell_is_named_where_it_can_be_mended(content, sign, beside, found):
    findings = content({CELL: beside}, police=["1" + sign + A[2:]])
    assert [(each.rule, each.sheet, each.cell) for each in findings] == found
    assert all(each.indicator == "V02" for each in findings)


def test_personal_data_are_named_by_cell_and_kind_and_never_repeated(content):
    """Each remark has its own findings; the name of a firm is only for information."""
    text = "Dhr. Jansen, 06-12345678, busje 12-GBX-3, Industrieweg 12 te 8211 AD."
    beside = {CELL: (text, "B", None), ("URK-01", "V03", "police"): ("Kroon Vastgoed B.V. verhuurt.", "", None)}
    findings = content(beside, police=[A])
    assert [(each.rule, each.cell, each.indicator, each.severity) for each in findings] == [
        *((rule, "E3", "V02", "warning") for rule in ("person-name", "address", "licence-plate", "phone-number")),
        ("company-name", "E4", "V03", "remark"),
    ]
    for finding in findings:
        assert (finding.file, finding.sheet, finding.park_id) == ("police.xlsx", "Toelichting", "URK-01")
        assert LOOKS_LIKE[finding.rule] in finding.found
        assert not [word for word in ("Jansen", "12345678", "GBX", "Industrieweg", "8211") if word in f"{finding}"]


@pytest.mark.parametrize(
    ("remark", "shown"),
    [
        ("Gezien bij schouw.", "Gezien bij schouw."),
        # Markup and formulas are text; a renderer escapes it.
        ("<script>alert(1)</script> =1+1", "<script>alert(1)</script> =1+1"),
        # What turns the line around, moves the cursor or begins another line does not travel.
        ("een\u202etfel\u2066 en\r\nnog\tiets\x1b[2J\x00", "een tfel en nog iets [2J"),
        (" \u200b\n", None),
        ("é" * 200, " ".join(["é" * 40] * 5)),
        ("woord " * 200_000, "woord " * 50 + "…"),
        # Also where it stands past what is shown.
        ("Bel 06 12345678.", ""),
        ("rustig " * 100 + "jan@voorbeeld.nl", ""),
        # A firm is not always a fault in a return, and leads to somebody.
        ("Loods van Jansen Transport B.V.", ""),
    ],
)
def test_a_remark_is_shown_on_one_line_and_cut_and_not_where_it_may_lead_to_somebody(catalogue, remark, shown):
    matrix = matrix_of(
        catalogue, {"police": {"URK-01": A}, "municipality": {"URK-01": B}}, beside={CELL: (remark, "", None)}
    )
    found = remarks_to_show(matrix, ["police"], register("URK-01"))
    assert list(found.columns) == [*checks.TOLD]
    if shown is None:
        assert found.empty
    else:
        ((*key, told, place),) = found.itertuples(index=False, name=None)
        assert (tuple(key), told) == (CELL, shown.replace(" …", "…"))
        assert place == ("" if shown else "police.xlsx, blad Toelichting, cel E3")
    assert remarks_to_show(matrix, ["municipality"], register("URK-01")).empty


# Beside the round before.


@pytest.fixture(scope="module")
def later(catalogue):
    """What is found in a round of party → park → column after an earlier one."""

    def find(before, now, **options):
        earlier = matrix_of(catalogue, before, round="2025-1")
        known = register(*{park for columns in now.values() for park in columns})
        return earlier_findings(matrix_of(catalogue, now, **options), earlier, catalogue, known)

    return find


@pytest.fixture(scope="module")
def next_year(later):
    """What is found in URK-01 a year later; in URK-02 little changed."""

    def find(now, **options):
        before = {"police": {"URK-01": BEFORE, "URK-02": BEFORE}}
        return later(before, {"police": {"URK-01": now, "URK-02": AFTER}}, **options)

    return find


@pytest.mark.parametrize(
    ("now", "found"),
    [
        (AFTER, []),
        # One leap from the highest level to none happens in clean data, six times a district.
        (with_cells(AFTER, {4: "0"}), []),
        (with_cells(AFTER, {0: "3", 4: "0"}), [("implausible-change", "C4"), ("implausible-change", "C8")]),
        # Of two levels: five, and four.
        (
            with_cells(AFTER, {2: "0", 5: "3", 8: "0", 13: "0", 19: "0"}),
            [("implausible-change", cell) for cell in ("C6", "C9", "C12", "C17", "C23")],
        ),
        (with_cells(AFTER, {5: "3", 8: "0", 13: "0", 19: "0"}), []),
        ("?" * 12 + AFTER[12:], [("knowledge-lost", "C4")]),
        ("?" * 8 + AFTER[8:], []),
        # A cell left open is not filled in yet, and one that does not apply says something.
        ("." * 12 + AFTER[12:], []),
        ("-" * 12 + AFTER[12:], []),
    ],
)
def test_what_is_hard_to_believe_is_named_in_its_cell(next_year, now, found):
    findings = next_year(now)
    assert [(each.rule, each.cell) for each in findings] == found
    assert {each.park_id for each in findings} <= {"URK-01"}


def test_what_changed_is_told_also_without_a_file(next_year):
    leaping = with_cells(AFTER, {0: "3", 4: "0"})
    leap = next_year(leaping)[0]
    assert ("niveau 0, nu 3" in leap.found, leap.indicator) == (True, "V01")
    (lost,) = next_year("?" * 12 + AFTER[12:])
    assert ("12 van de 32" in lost.found, lost.indicator) == (True, None)
    # A scale that was turned round.
    assert set(rules(next_year(BEFORE.translate(str.maketrans("0123", "3210"))))) == {"implausible-change"}
    assert [(each.rule, each.file) for each in next_year(leaping, placed=False)] == [("implausible-change", None)] * 2


def test_a_return_that_was_sent_in_again_is_named_as_a_whole(later):
    """Also without one of its parks; a few cells more that differ make it a new one."""
    same = {"police": {"URK-01": BEFORE, "URK-02": AFTER}}
    (finding,) = later(same, same)
    assert (finding.rule, finding.file, finding.sheet, finding.cell) == ("copied-round", "police.xlsx", "Matrix", None)
    assert "2025-1" in finding.found
    assert rules(later(same, {"police": {"URK-01": BEFORE}})) == ["copied-round"]
    assert later(same, {"police": {**same["police"], "URK-01": with_cells(BEFORE, {1: "0", 3: "2"})}}) == ()


@pytest.mark.parametrize(
    ("before", "now"),
    [
        # A blank return twice is no copy; of one round only there is nothing to compare.
        ({"police": {"URK-01": "?", "URK-02": "."}}, {"police": {"URK-01": "?", "URK-02": "."}}),
        ({"police": {"URK-09": BEFORE}}, {"municipality": {"URK-09": BEFORE}, "police": {"URK-01": BEFORE}}),
    ],
)
def test_where_there_is_nothing_to_compare_nothing_is_said(later, before, now):
    assert later(before, now) == ()


# Dates.


@pytest.mark.parametrize(
    ("date", "today", "round", "found"),
    [
        (None, "2026-03-01", "2026-1", []),
        ("2026-03-01", "2026-03-01", "2026-1", []),
        ("2026-03-02", "2026-03-01", "2026-1", ["date-in-future"]),
        ("2062-01-15", "2026-03-01", "2026-1", ["date-in-future"]),
        ("2024-03-01", "2026-03-01", "2026-1", []),
        ("2024-02-29", "2026-03-01", "2026-1", ["old-date"]),
        ("2016-03-01", "2026-03-01", "2026-1", ["old-date"]),
        ("2016-02-28", "2026-03-01", "2026-1", ["implausible-date"]),
        ("2002-01-15", "2026-03-01", "2026-1", ["implausible-date"]),
        # An old round is judged by the end of its year, one that names no year by today.
        ("2025-08-01", "2030-06-01", "2026-1", []),
        ("2024-12-30", "2030-06-01", "2026-1", ["old-date"]),
        ("2025-08-01", "2030-06-01", "voorjaar", ["old-date"]),
        ("2025-08-01", "2030-06-01", "20261-a", ["old-date"]),
        ("2025-08-01", "2030-06-01", "ronde 2026", ["old-date"]),
        # A leap day has a day two years before.
        ("2026-02-28", "2028-02-29", "x", []),
    ],
)
def test_a_date_is_at_most_today_and_at_most_two_years_old(catalogue, date, today, round, found):
    beside = {CELL: ("", "B", date and dt.date.fromisoformat(date))}
    matrix = matrix_of(catalogue, {"police": {"URK-01": "12"}}, beside=beside, round=round)
    assert rules(date_findings(matrix, dt.date.fromisoformat(today))) == found


def test_a_finding_about_a_date_points_at_it_and_says_it_in_words(catalogue):
    matrix = matrix_of(catalogue, {"police": {"URK-01": "1"}}, beside={CELL: ("", "", dt.date(2027, 3, 3))})
    (finding,) = date_findings(matrix, dt.date(2026, 3, 1))
    assert (finding.file, finding.sheet, finding.cell, finding.indicator) == ("police.xlsx", "Toelichting", "D3", "V02")
    assert "3 maart 2027" in finding.found
