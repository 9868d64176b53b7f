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
from werkbank.plan.progress import LIST, actions_of, read_back
from werkbank.report.actions import FORMATS, ActionList

CATALOGUE = wb.load_catalogue()
DAY, PARK = dt.date(2026, 3, 3), "URK-04"
HEADS = [heading for heading, *_ in LIST["columns"].values()]
OF_MUNICIPALITY = {"owner": Who(organisation="gemeente Urk", role="projectleider")}
DONE = {
    "state": "done",
    "done": dt.date(2026, 2, 1),
    "result": "confirmed",
    "evidence": Evidence(statement="verslag; hennep op 12, zuid"),
}
ACTIONS = {
    "C01": {
        **OF_MUNICIPALITY,
        "start": DAY,
        "end": dt.date(2026, 3, 10),
        "state": "running",
        "why": "geheim vermoeden",
    },
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
        FORMATS[ending](ActionList(found, {PARK: "Duizendblad"}, "Flevoland", "LABEL", True, DAY), data / f"l{ending}")
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
        return read_back(path, data, CATALOGUE, ["gemeente Urk", "Politie"])

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
    assert book[LIST["issued"]].sheet_state == "veryHidden"
    rows = list(csv.DictReader(texts[".csv"].decode().splitlines()))
    assert (rows[0]["intervention"], rows[0]["bucket"], rows[0]["end"]) == ("H02", "overdue", "2026-03-01")
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


def test_a_list_that_nobody_changed_changes_nothing(back):
    made = back({})
    assert (made.plans, made.told, made.findings) == ((), (), ())


FINISHED = {
    ("D01", "Stand"): "Afgerond",
    ("D01", "Afgerond op"): "1 maart 2026",
    ("D01", "Uitkomst"): "niets aangetroffen",
}


@pytest.mark.parametrize(
    ("cells", "change"),
    [
        ({("D01", "Organisatie"): "politie", ("D01", "Stand"): "loopt"},
         {"owner": Who(organisation="Politie"), "state": "running"}),
        ({("C01", "Uiterlijk"): dt.datetime(2026, 5, 1)}, {"end": dt.date(2026, 5, 1)}),
        ({("C01", "Uiterlijk"): "10-3-2026"}, {}),
        ({("C01", "Uiterlijk"): "(wissen)", ("C01", "Rol"): "(Wissen)"},
         {"end": None, "owner": Who(organisation="gemeente Urk")}),
        ({("H02", "Organisatie"): "(wissen)"}, {"owner": None}),
        ({("D01", "Stand"): "vervallen"}, {"state": "dropped"}),
        ({**FINISHED, ("D01", "Bewijs"): "https://riec.example/12"},
         {"state": "done", "done": dt.date(2026, 3, 1), "result": "nothing_found",
          "evidence": Evidence(link="https://riec.example/12")}),
        ({("C03", "Bewijs"): "verslag.pdf"},
         {"evidence": Evidence(file="verslag.pdf", sha256=hashlib.sha256(b"een").hexdigest())}),
    ],
)  # fmt: skip
def test_what_people_changed_is_in_the_plan_and_nothing_else(data, back, cells, change):
    (data / "plans/evidence").mkdir()
    (data / "plans/evidence/verslag.pdf").write_bytes(b"een")
    before = kept_plan(data, PARK, CATALOGUE)
    made = back(cells)
    assert len(made.told) == len(cells) - ("10-3-2026" in cells.values())
    assert "hennep" not in "".join(made.told)
    assert [found.rule for found in made.findings] == []
    code = next(iter(cells))[0]
    wanted = tuple(one.model_copy(update=change) if one.id == code else one for one in before.interventions)
    for plan in made.plans:
        keep_changed(data, plan, CATALOGUE)
    assert kept_plan(data, PARK, CATALOGUE) == before.model_copy(update={"interventions": wanted})
    assert len(list((data / "plans/earlier").glob("*"))) == len(made.plans)


@pytest.mark.parametrize(
    ("cells", "rule", "told"),
    [
        ({("C01", "Organisatie"): None}, "action-cell", "“Organisatie” is leeg"),
        ({("C01", "Organisatie"): "gemeente Urkk"}, "action-cell", "bedoelt u “gemeente Urk”?"),
        ({("C01", "Organisatie"): "(wissen)"}, "action-cell", "“Organisatie” is leeg"),
        ({("C01", "Start"): "morgen"}, "action-cell", "“Start” is “morgen”"),
        ({("C01", "Start"): "1 april 2026"}, "action-cell", "“Uiterlijk” is 2026-03-10"),
        ({("C01", "Start"): "=TODAY()"}, "action-cell", "“Start” is een formule"),
        ({("D01", "Bewijs"): "=1+1"}, "action-cell", "“Bewijs” is een formule"),
        ({("C01", "Stand"): "klaar"}, "action-cell", "“Stand” is “klaar”"),
        ({("C01", "Stand"): "(wissen)"}, "action-cell", "“Stand” is “(wissen)”"),
        ({("C03", "Uitkomst"): "bevestigt"}, "action-cell", "bedoelt u “bevestigd”?"),
        ({("D01", "Rol"): "adviseur"}, "action-cell", "“Organisatie” is leeg"),
        ({("D01", "Stand"): "loopt"}, "action-cell", "“Organisatie” is leeg"),
        (FINISHED, "action-cell", "“Bewijs” is leeg"),
        ({("D01", "Rol"): "x", ("D01", "Code"): "D1"}, "action-row", "bedoelt u “URK-04 D01”?"),
        ({("D01", "Code"): "C01"}, "action-row", "meer dan één keer"),
    ],
)
def test_a_row_with_a_fault_is_named_by_its_cell_and_none_of_it_is_kept(back, cells, rule, told):
    made = back({**cells, ("H02", "Rol"): "wijkagent"})
    assert made.told == (f"{PARK} H02, Rol: – → wijkagent",)
    found = next(found for found in made.findings if found.rule == rule)
    assert told in str(found)
    assert found.sheet == LIST["sheet"]
    assert found.cell
    assert not any("hennep" in str(one) for one in made.findings)


def test_what_the_plan_changed_meanwhile_stays_and_is_listed(data, issued, back):
    """One field was changed on both sides and otherwise, one on both sides alike, one in the plan only."""

    def meanwhile(_page):
        path = plan_file(data, PARK)
        text = path.read_text(encoding="utf-8").replace("end: 2026-03-10", "end: 2026-06-01")
        path.write_text(text.replace("start: 2026-03-03", "start: 2026-03-04"), encoding="utf-8")

    cells = {("C01", "Uiterlijk"): "1-7-2026", ("C01", "Start"): "4-3-2026", ("C01", "Rol"): "voorzitter"}
    made = back(cells, meanwhile)
    assert [(found.rule, found.cell) for found in made.findings] == [("action-conflict", "I5")]
    (changed,) = [one for one in made.plans[0].interventions if one.id == "C01"]
    assert (changed.start, changed.end) == (dt.date(2026, 3, 4), dt.date(2026, 6, 1))
    assert changed.owner.role == "voorzitter"


def test_moved_and_deleted_rows_and_moved_columns_are_read_where_they_are(back):
    def moved(page):
        page.move_range(f"A4:M{page.max_row}", rows=3)
        page.delete_rows(7)
        page.insert_cols(5)
        page["E3"] = "Eigen kolom"
        page["A8"].comment = openpyxl.comments.Comment("gesproken", "wie")

    made = back({("D01", "Rol"): "x", ("D01", "Organisatie"): "Politie"}, moved)
    assert len(made.told) == 2
    found = {one.rule: one.found for one in made.findings}
    assert found == {
        "action-gone": "niet teruggekomen: URK-04 H02",
        "action-unread": "een eigen kolom of notitie bij E3 en A8",
    }


@pytest.mark.parametrize(
    "change",
    [
        lambda page: page.parent.remove(page.parent[LIST["issued"]]),
        lambda page: page.parent[LIST["issued"]].cell(3, 3, "anders"),
        lambda page: page.parent[LIST["issued"]].delete_rows(4),
        lambda page: page.parent[LIST["issued"]].cell(1, 1, "0" * 64),
        lambda page: page.delete_cols(8),
    ],
)
def test_a_list_that_is_not_as_it_was_issued_is_refused_in_one_sentence(back, change):
    with pytest.raises(OutputError, match="geen actielijst meer zoals de werkbank haar uitgaf") as error:
        back({("D01", "Rol"): "x"}, change)
    assert len(str(error.value).splitlines()) == 1


def test_a_plan_that_could_not_be_read_is_never_put_in_place(data):
    plan, path = kept_plan(data, PARK, CATALOGUE), plan_file(data, PARK)
    before = path.read_bytes()
    wrong = plan.interventions[0].model_copy(update={"start": dt.date(2027, 1, 1)})
    with pytest.raises(OutputError, match="einde \\(end\\) op of na het begin"):
        keep_changed(data, plan.model_copy(update={"interventions": (wrong,)}), CATALOGUE)
    assert path.read_bytes() == before
    assert not (data / "plans/earlier").exists()
