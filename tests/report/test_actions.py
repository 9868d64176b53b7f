"""The list of actions goes out in four kinds of file, and comes back as a workbook without losing a word."""

import csv
import datetime as dt
import hashlib

import docx
import openpyxl
import pytest

import werkbank as wb
from werkbank.errors import OutputError
from werkbank.plan.kept import Evidence, Who, keep_changed, keep_proposal, kept_plan, plan_file, proposed_plan
from werkbank.plan.progress import COLUMNS, LIST, actions_of, issued_list, read_list
from werkbank.plan.returned import keep_issued
from werkbank.report.interventions import FORMATS, ActionList

CATALOGUE = wb.load_catalogue()
DAY, PARK = dt.date(2026, 3, 3), "URK-04"
HEADS = [heading for heading, _ in COLUMNS.values()]
OF_MUNICIPALITY = {"owner": Who(organisation="gemeente Urk", role="projectleider")}
SHOWN = Evidence(statement="verslag; hennep op 12, zuid")
DONE = {"state": "done", "done": dt.date(2026, 2, 1), "result": "confirmed", "evidence": SHOWN}
RUNNING = {"state": "running", "start": DAY, "end": dt.date(2026, 3, 10), "why": "geheim vermoeden"}
ACTIONS = {
    "C01": {**OF_MUNICIPALITY, **RUNNING},
    "C03": {**OF_MUNICIPALITY, **DONE, "end": dt.date(2026, 2, 2)},
    "H02": {"end": dt.date(2026, 3, 1), "owner": Who(organisation="Politie")},
    "D01": {},
}


@pytest.fixture
def data(tmp_path):
    plan = proposed_plan(PARK, "2026-1", DAY, {}, dict.fromkeys(ACTIONS, ()))
    chosen = tuple(one.model_copy(update=ACTIONS[one.id]) for one in plan.interventions)
    keep_proposal(tmp_path, plan.model_copy(update={"interventions": chosen}))
    return tmp_path


@pytest.fixture
def issued(data):
    """The list as a file with this ending."""

    def written(ending):
        found = tuple(actions_of(kept_plan(data, PARK, CATALOGUE), CATALOGUE, DAY))
        made = ActionList(found, "2026-1", {PARK: "Duizendblad"}, "Flevoland", "LABEL", True, DAY)
        FORMATS[ending](made, data / f"l{ending}")
        for version in issued_list(found, "2026-1"):
            keep_issued(data, version)
        return data / f"l{ending}"

    return written


@pytest.fixture
def back(data, issued):
    """What is read of the list after these cells were changed: (code, heading) → value; each before what follows it."""

    def read(cells, change=lambda page: None):
        path = issued(".xlsx")
        book = openpyxl.load_workbook(path)
        page = book[LIST["sheet"]]
        rows = {row[3].value: row[0].row for row in page.iter_rows(min_row=4)}
        for (code, heading), value in cells.items():
            page.cell(rows[code], HEADS.index(heading) + 1).value = value
        change(page)
        book.save(path)
        (plan,), beside = read_list(path, data, CATALOGUE, {PARK: "Duizendblad", "urk": "Urk"}, DAY)
        return plan, (*beside, *plan.findings)

    return read


def test_every_kind_of_file_says_whose_it_is_and_that_it_is_made_up(issued):
    texts = {ending: issued(ending).read_bytes() for ending in FORMATS}
    assert all(texts[ending] == issued(ending).read_bytes() for ending in FORMATS), "equal actions, equal bytes"
    sheet = docx.Document(issued(".docx"))
    book = openpyxl.load_workbook(issued(".xlsx"))
    said = {
        ".docx": sheet.sections[0].header.paragraphs[-1].text,
        ".xlsx": book[LIST["sheet"]]["A1"].value,
        ".csv": texts[".csv"].decode().splitlines()[-1],
        ".ics": texts[".ics"].decode().replace("\r\n ", ""),
    }
    assert all("FICTIEVE GEGEVENS" in text and "LABEL" in text for text in said.values())
    rows = list(csv.DictReader(texts[".csv"].decode().splitlines()))
    assert rows[0]["end"] == "2026-03-01"
    buckets = {"H02": "overdue", "C01": "soon", "D01": "undated", "C03": "finished"}
    assert {row["intervention"]: row["bucket"] for row in rows} == buckets, "what is done is never too late"
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in sheet.tables]
    assert [table[1][2].partition(" ")[0] for table in tables] == ["C01", "H02", "D01"], "each organisation its own"
    for secret in ("hennep", "vermoeden", "bevestigd"):
        assert secret not in said[".ics"].casefold()
        assert secret not in "".join(each.text for each in sheet.element.body.iter() if each.text).casefold()


def test_a_calendar_keeps_the_rules_of_rfc_5545(issued):
    content = issued(".ics").read_bytes()
    lines = content.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert lines[-2:] == [b"END:VCALENDAR", b""]
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert max(map(len, lines)) <= 75
    events = content.decode().replace("\r\n ", "").split("BEGIN:VEVENT\r\n")[1:]
    found = [dict(line.split(":", 1) for line in event.splitlines()) for event in events]
    assert {one["UID"] for one in found} == {f"{PARK}.{code}@flevoland.werkbank" for code in ("C01", "C03", "H02")}
    first = next(one for one in found if ".C01@" in one["UID"])
    assert (first["DTSTART;VALUE=DATE"], first["DTEND;VALUE=DATE"]) == ("20260310", "20260311")
    assert r"projectleider\, gemeente Urk" in first["DESCRIPTION"].replace("P", "p", 1)
    assert all({"DTSTAMP", "SUMMARY", "CLASS"} <= one.keys() for one in found)


FINISHED = {
    ("D01", "Stand"): "Afgerond",
    ("D01", "Afgerond op"): "1 maart 2026",
    ("D01", "Uitkomst"): "niets aangetroffen",
}


@pytest.mark.parametrize(
    ("cells", "change"),
    [
        ({}, {}),
        ({("D01", "Eigenaar"): "politie", ("D01", "Stand"): "loopt"},
         {"owner": Who(organisation="Politie"), "state": "running"}),
        ({("C01", "Einde"): dt.datetime(2026, 5, 1)}, {"end": dt.date(2026, 5, 1)}),
        ({("C01", "Einde"): "10-3-2026"}, {}),
        ({("C01", "Einde"): "(wissen)", ("C01", "Eigenaar"): "nieuw: Havenbedrijf"},
         {"end": None, "owner": Who(organisation="Havenbedrijf")}),
        ({("H02", "Eigenaar"): "(Wissen)"}, {"owner": None}),
        ({("D01", "Stand"): "vervallen"}, {"state": "dropped"}),
        ({**FINISHED, ("D01", "Waaruit dat blijkt"): "https://riec.example/12"},
         {"state": "done", "done": dt.date(2026, 3, 1), "result": "nothing_found",
          "evidence": Evidence(link="https://riec.example/12")}),
        ({("C03", "Waaruit dat blijkt"): "verslag.pdf"},
         {"evidence": Evidence(file="verslag.pdf", sha256=hashlib.sha256(b"een").hexdigest())}),
    ],
)  # fmt: skip
def test_what_people_changed_is_in_the_plan_and_nothing_else(data, back, cells, change):
    (data / "plans/evidence").mkdir()
    (data / "plans/evidence/verslag.pdf").write_bytes(b"een")
    before = kept_plan(data, PARK, CATALOGUE)
    made, findings = back(cells)
    assert len(made.changes) == len(cells) - ("10-3-2026" in cells.values())
    assert "hennep" not in "".join(map(str, made.changes))
    assert findings == ()
    codes = {code for code, _ in cells}
    wanted = [one.model_copy(update=change) if one.id in codes else one for one in before.interventions]
    if made.changed:
        keep_changed(data, made.plan, CATALOGUE)
    assert kept_plan(data, PARK, CATALOGUE) == before.model_copy(update={"interventions": tuple(wanted)})
    assert (data / "plans/earlier").exists() == made.changed


@pytest.mark.parametrize(
    ("cells", "rule", "told"),
    [
        ({("C01", "Eigenaar"): None}, "plan-field-emptied", "er stond “projectleider, gemeente Urk”"),
        ({("C01", "Eigenaar"): "(wissen)"}, "plan-field-invalid", "eigenaar (owner) zodra zij loopt"),
        ({("C03", "Uitkomst"): "bevestigt"}, "plan-field-unreadable", "bedoelt u “bevestigd”?"),
        ({("C01", "Begin"): "1 april 2026"}, "plan-field-invalid", "een einde (end) op of na het begin"),
        ({("C01", "Begin"): "=TODAY()"}, "plan-field-unreadable", "“C01 Begin”: “een formule"),
        ({("D01", "Waaruit dat blijkt"): "=1+1"}, "plan-field-unreadable", "“een formule"),
        ({("C01", "Stand"): "(wissen)"}, "plan-field-invalid", "C01 Stand"),
        (FINISHED, "plan-field-invalid", "bewijs (evidence)"),
        ({("D01", "Code"): "D1", ("D01", "Eigenaar"): "x"}, "action-row", "bedoelt u “URK-04 D01”?"),
        ({("D01", "Code"): "C01"}, "action-row", "meer dan één keer"),
    ],
)
def test_a_cell_with_a_fault_is_named_by_its_place_and_none_of_it_is_kept(back, cells, rule, told):
    """Read by the same rows and merged by the same class as a Word file: see tests/plan/test_returned.py."""
    made, findings = back({**cells, ("H02", "Eigenaar"): "wijkagent, Politie"})
    assert [str(one) for one in made.changes] == ["H02 Eigenaar: Politie → wijkagent, Politie"]
    found = next(found for found in findings if found.rule == rule)
    assert told in str(found)
    assert (found.sheet, found.cell is None) == (LIST["sheet"], False)
    assert not any("hennep" in str(one) for one in findings)


def test_moved_and_deleted_rows_and_moved_columns_are_read_where_they_are(back):
    def moved(page):
        page.move_range(f"A4:L{page.max_row}", rows=3)
        page.delete_rows(7)
        page.insert_cols(5)
        page["E3"], page["E8"], page["N8"] = "Eigen kolom", "ook", "los getypt"
        page["A8"].comment = openpyxl.comments.Comment("gesproken", "wie")

    made, findings = back({("D01", "Eigenaar"): "x, Politie", ("D01", "Stand"): "loopt"}, moved)
    assert len(made.changes) == 2
    assert {one.rule: one.found for one in findings} == {
        "action-gone": "niet teruggekomen: URK-04 H02",
        "action-unread": "een eigen kolom of notitie bij E3, N8 en A8",
    }


def marked(value):
    return lambda page: setattr(page.parent.custom_doc_props[f"werkbank-issued:{PARK}"], "value", value)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda page: page.parent.custom_doc_props.props.clear(), "niet door de werkbank uitgegeven"),
        (marked("anders"), "niet door de werkbank uitgegeven"),
        (marked("0" * 64), "hier niet bewaard"),
        (lambda page: page.delete_cols(8), "een kolom ontbreekt of heet anders"),
    ],
)
def test_a_list_that_is_not_as_it_was_issued_is_refused_in_one_sentence(back, change, told):
    with pytest.raises(OutputError, match=told) as error:
        back({("D01", "Eigenaar"): "x"}, change)
    assert len(str(error.value).splitlines()) == 1


def test_a_file_that_is_no_workbook_is_named_with_what_to_do(data):
    (data / "iets.xlsx").write_bytes(b"x")
    with pytest.raises(OutputError, match="bewaar haar in Excel"):
        read_list(data / "iets.xlsx", data, CATALOGUE, {}, DAY)


def test_a_plan_that_could_not_be_read_is_never_put_in_place(data):
    plan, path = kept_plan(data, PARK, CATALOGUE), plan_file(data, PARK)
    before = path.read_bytes()
    wrong = plan.interventions[0].model_copy(update={"start": dt.date(2027, 1, 1)})
    with pytest.raises(OutputError, match="einde \\(end\\) op of na het begin"):
        keep_changed(data, plan.model_copy(update={"interventions": (wrong,)}), CATALOGUE)
    assert path.read_bytes() == before
    assert not (data / "plans/earlier").exists()
