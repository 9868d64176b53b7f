"""A file leaves the house when two roles and every rule agree; the copy is whole, stamped, recorded and kept in view."""

import io
import json
import re
import shutil
import signal
import zipfile
from dataclasses import replace

import pytest
import pyzipper
import yaml
from docx import Document
from openpyxl import Workbook, load_workbook

import werkbank as wb
from tests.register.samples import ended, forked, kill, tamper
from tests.release.conftest import BASIS, REASON
from werkbank.assessment.choosing import any_parameters
from werkbank.cli import main
from werkbank.cli.workspace import keep_earlier_rounds
from werkbank.errors import OutputError, RegisterError
from werkbank.files import whole
from werkbank.files.whole import sha256_of
from werkbank.files.yaml import yaml_text
from werkbank.matrix.personal_data import personal_data
from werkbank.register.store import Register, recorded_events
from werkbank.release import disclosure, purge, sharing_request
from werkbank.release.stamp import stamped, texts_in

VERDICT = "Niet meer dan nodig is."


def change_basis(house, *, beside=False, **changes):
    """The demo's basis with these changes, in its place or beside it."""
    path = house / "data" / "legal_bases.yaml"
    (own,) = yaml.safe_load(path.read_text(encoding="utf-8"))["legal_bases"]
    path.write_text(yaml_text({"legal_bases": [*([own] if beside else []), own | changes]}), encoding="utf-8")


def issued(house):
    return sorted(path.name for path in (house / "output" / "2026-1" / "verstrekt").glob("*"))


def steps_of(house):
    return [one.data["step"] for one in recorded_events(house / "data") if one.kind == "disclosure"]


def codes_in(said):
    return re.findall(r"\[([a-z-]+)\]", said)


NOT_ASKED = [
    ({"to": "gemente: burgemeester"}, "receiver"),
    ({"to": "politie: teamchef"}, "receiver"),
    ({"to": "police: teamchef"}, "receiver"),
    ({"to": "riec: analist"}, "receiver"),
    ({"to": "gemeente"}, "receiver-role"),
    ({"to": "gemeente: Jan de Vries"}, "receiver-role"),
    ({"to": "gemeente: de burgemeester\x07"}, "receiver-role"),
    ({"to": f"gemeente: {'b' * 81}"}, "receiver-role"),
    ({"to": "gemeente: burgemeester van Zeewolde"}, "receiver-elsewhere"),
    ({"purpose": "voor mijzelf"}, "purpose-unknown"),
    ({"purpose": "2"}, "purpose-unknown"),
    ({"basis": "fictief-handhavingsknelpun"}, "legal-basis-missing"),
    ({"reason": "kort"}, "share-reason"),
    ({"by": "Jan de Vries"}, "decision-by-personal"),
    ({"to": "iedereen", "purpose": "0", "reason": "x"}, "receiver receiver-role purpose-unknown share-reason"),
]


def test_what_may_not_be_asked_is_refused_with_every_reason_at_once(house, asked):
    for told, codes in NOT_ASKED:
        code, said = asked(**told)
        assert (code, codes_in(said)) == (2, codes.split()), told
        assert "Jan de Vries" not in said
        assert "bedoelt u “police”" not in said
    assert steps_of(house) == []


def test_a_near_miss_is_asked_back(asked):
    assert "bedoelt u “Gemeente”?" in asked(to="gemente: burgemeester")[1]
    assert f"bedoelt u “{BASIS}”?" in asked(basis=BASIS[:-1])[1]


NO_BASIS = [
    ({"municipalities": ["dronten"]}, "legal-basis-area"),
    ({"rounds": ["2025-1"]}, "legal-basis-round"),
    ({"decided": "2098-01-01"}, "legal-basis-not-yet"),
    ({"valid_until": "2026-01-01"}, "legal-basis-expired"),
    ({"decided": "2025-01-01", "valid_until": "2026-01-01", "retention_until": "2026-01-02"}, "legal-basis-retention"),
    ({"id": "een-ander-besluit"}, "legal-basis-missing"),
    ({"purpose": "Een heel ander doel dan waarvoor is gevraagd."}, "purpose-unknown"),
    ({"note": "een woord erbij"}, "input-changed"),
]


def test_a_basis_that_no_longer_holds_lets_nothing_out_whatever_was_approved(house, asked, approved, run):
    number, path = approved(), house / "data" / "legal_bases.yaml"
    before = path.read_bytes()
    for changes, code in NO_BASIS:
        path.write_bytes(before)
        change_basis(house, **changes)
        status, _, err = run("share", number, "--issue")
        assert (status, issued(house), f"[{code}]" in err) == (2, [], True), changes
        assert "maar vervallen" in run("share")[1]
        assert asked()[0] == 2
    assert steps_of(house) == ["ask", "approve"]


def test_a_changed_file_takes_the_approval_away_and_is_not_asked_again_unmade(house, asked, approved, run):
    number = approved()
    path = house / "output/2026-1/municipality/urk/tabellen/fenomenen.csv"
    path.write_bytes(path.read_bytes() + b"\n")
    assert "[file-changed]" in run("share", number, "--issue")[2]
    assert "goedgekeurd" in run("share")[1]
    assert "--issue" not in run("share")[1]
    assert "[file-changed]" in asked()[1]
    assert run("share", number, "--withdraw", "--by", "teamleider RIEC", "--reason", VERDICT)[0] == 0
    assert run("share")[1] == "Er staat geen verzoek open.\n"


def test_another_basis_than_that_of_the_analysis_and_a_file_without_a_manifest(house, asked):
    change_basis(house, beside=True, id="nieuw")
    assert "[file-basis]" in asked(basis="nieuw")[1]
    (house / "output/2026-1/riec/copies/municipality/manifest.json").unlink()
    assert codes_in(asked()[1]) == ["file-changed"]


def test_other_purposes_stand_in_the_basis_by_number_and_in_words(house, asked):
    text = "De gemeenteraad vertrouwelijk inlichten over de aanpak."
    change_basis(house, purposes=[text])
    for purpose in ("2", text.upper()):
        assert codes_in(asked(purpose=purpose)[1]) == ["input-changed"]  # before it was added


def test_what_is_no_file_to_share_is_refused_in_one_sentence(house, asked):
    for name in ("analyse.pdf", "analyse.ipynb"):
        (house / f"output/2026-1/municipality/urk/{name}").touch()
        code, said = asked(f"output/2026-1/municipality/urk/{name}")
        assert (code, "geen stempel" in said) == (2, True)
    elsewhere = ("../../data/parks.csv", "municipality/../../../data/parks.csv")
    for name in (*elsewhere, "municipality/urk/nergens.html", "verstrekt/2-gemeente/analyse.docx"):
        code, said = asked(f"output/2026-1/{name}")
        assert (code, "geen bestand om te delen" in said) == (2, True), name


def test_whose_a_file_is_follows_from_its_folder(house):
    parks = {"plans/URK-04/plan": ("URK-04",), "district/district": (), "urk/a": (), "monitor/urk/URK-01": ("URK-01",)}
    for place, about in parks.items():
        path = house / "output/2026-1/municipality" / f"{place}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("<html></html>")
        found = sharing_request._asked(path, "gemeente: burgemeester", "1", BASIS)
        assert (found.municipality, found.municipalities, found.parks) == ("urk", ("urk",), about)


def test_a_file_that_the_manifest_does_not_name_is_not_shared(house, asked):
    (house / "output/2026-1/municipality/urk/eigen.html").write_text("<html><body>x</body></html>")
    assert "[file-changed]" in asked("output/2026-1/municipality/urk/eigen.html")[1]


def test_no_command_shows_the_first_verdict_before_the_second_is_in(house, asked, run):
    number = re.search(r"Verzoek (\d+)", asked()[1])[1]
    before = [run(*words) for words in (["share"], ["share", number], ["register"], ["register", "--json"])]
    assert REASON not in "".join(out + err for _, out, err in before)
    assert REASON not in repr(sharing_request.request(int(number)))
    code, out, _ = run("approve", number, "--by", "teamleider RIEC", "--reason", VERDICT, "--refuse")
    assert (code, REASON in out, VERDICT in out) == (0, True, True)
    assert "[step-not-allowed]" in run("approve", number, "--by", "teamleider RIEC", "--reason", VERDICT)[2]


def test_a_number_that_is_not_there_and_a_step_without_a_number(house, run):
    for words in (["--issue"], ["2", "--to", "gemeente: x"]):
        code, _, err = run("share", *words)
        assert (code, "nummer" in err) == (2, True)
    assert "geen verzoek 99" in run("share", 99, "--issue")[2]
    assert "geen verzoek 99" in run("approve", 99, "--by", "driehoek", "--reason", VERDICT)[2]
    assert run("share", "x.html", "--issue")[0] == run("approve", "URK-01", "--refuse", "--by", "driehoek")[0] == 2
    assert steps_of(house) == []


def in_word(text):
    made, content = Document(), io.BytesIO()
    made.sections[0].header.paragraphs[0].text = text
    made.add_paragraph("Niets.")
    made.save(content)
    return content.getvalue()


def in_workbook(text):
    book, content = Workbook(), io.BytesIO()
    book.active["C3"] = text
    book.save(content)
    return content.getvalue()


PAGE = '<html><head><style>@page {{ @top-left {{ content: "x"; }} }}</style></head><body><h2>Kern</h2>{}</body></html>'
SECRET = "Bel Jan de Vries op 06-12345678"


@pytest.mark.parametrize(
    ("kind", "content", "place"),
    [
        ("html", PAGE.format(f"<p>{SECRET}</p>"), "onder “Kern”"),
        ("html", PAGE.format(f"<a title='{SECRET}'>x</a>"), "onder “Kern”"),
        ("html", PAGE.format(f'<script type="application/json">{{"a": ["{SECRET}"]}}</script>'), "de figuren, a"),
        ("docx", in_word(SECRET), "header1, alinea 1"),
        ("xlsx", in_workbook(SECRET), "blad Sheet, cel C3"),
        ("csv", f"kop\n{SECRET}\n", "regel 2"),
        ("json", json.dumps({"a": {"b": [{"c": SECRET}]}}), "c"),
    ],
)
def test_personal_data_are_found_in_every_kind_of_file_with_their_place(kind, content, place):
    content = content if isinstance(content, bytes) else content.encode()
    found = [where for where, text in texts_in(content, kind) if personal_data(text)]
    assert found == [place]


def test_personal_data_in_a_file_are_told_by_kind_and_place_and_never_by_their_text(house, asked):
    path = house / "output/2026-1/municipality/urk/tabellen/fenomenen.csv"
    path.write_text(path.read_text(encoding="utf-8") + f"{SECRET}\n", encoding="utf-8")
    said = asked()[1]
    assert "[file-personal]" in said
    assert "de naam van een persoon" in said
    assert "Vries" not in said
    assert "12345678" not in said


def texts(path):
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name).decode("utf-8", "replace") for name in package.namelist()}


def values(sheets):
    return [[[None if cell.value == "" else cell.value for cell in row] for row in one.iter_rows()] for one in sheets]


def test_every_kind_carries_its_stamp_and_lies_beside_its_record(house, approved, run):
    names = ("analyse.html", "analyse.docx", "scores.xlsx", "tabellen/cellen.csv", "advice.json")
    for name in names:
        number = approved(f"output/2026-1/municipality/urk/{name}")
        code, _, err = run("share", number, "--issue")
        assert (code, err) == (0, "")
        folder = house / "output/2026-1/verstrekt" / f"{number}-municipality-burgemeester-van-urk"
        copy, source = folder / name.rpartition("/")[2], house / "output/2026-1/municipality/urk" / name
        stamp = f"verstrekking {number} ·"
        if name.endswith(".html"):
            page = copy.read_text(encoding="utf-8")
            assert page.count(stamp) == 1
            assert page.index(stamp) < page.index("<h1>")
            assert '@top-left { content: "Verstrekt\\20 aan' in page
        elif name.endswith(".docx"):
            heads = [text for part, text in texts(copy).items() if part.startswith("word/header") and stamp in text]
            assert heads
            assert "Register tot gebeurtenis" in heads[0]
        elif name.endswith(".xlsx"):
            book, before = load_workbook(copy), load_workbook(source)
            assert stamp in book.worksheets[0]["A1"].value
            assert all(stamp in sheet.oddFooter.left.text for sheet in book.worksheets[1:])
            assert all("CONVENANT" in sheet.oddHeader.left.text for sheet in book.worksheets[1:])
            assert values(before.worksheets) == values(book.worksheets[1:])
        else:
            assert copy.read_bytes() == source.read_bytes()
        record = json.loads((folder / "verstrekking.json").read_text(encoding="utf-8"))
        assert record["disclosure"]["sha256"] == sha256_of(source)
        assert all(record["rules"].values())
        assert REASON not in json.dumps(record)
    assert run("verify", "--audience", "municipality")[0] == 0


def test_a_formula_keeps_being_one_and_a_page_that_is_not_ours_is_refused():
    book, content = Workbook(), io.BytesIO()
    book.active["A1"], book.active["A2"] = 2, "=A1*3"
    book.save(content)
    made = load_workbook(io.BytesIO(stamped(content.getvalue(), "xlsx", ["=1+1", "b", "c", "d & e"])))
    assert (made["Sheet"]["A2"].value, made["Sheet"].oddHeader.right.text) == ("=A1*3", "d && e")
    assert made.worksheets[0]["A1"].data_type != "f"
    with pytest.raises(sharing_request.OutputError, match="geen plaats voor een stempel"):
        stamped(b"<html><body>x</body></html>", "html", ["a"])


def test_an_issued_copy_is_never_overwritten_and_what_became_of_it_is_told(house, approved, run):
    number = approved()
    target = house / "output/2026-1/verstrekt" / f"{number}-municipality-burgemeester-van-urk"
    target.mkdir(parents=True)
    assert "nooit overschreven" in run("share", number, "--issue")[2]
    assert "staat niet in het register" in run("verify", "--audience", "municipality")[2]
    target.rmdir()
    assert run("share", number, "--issue")[0] == 0
    (target / "fenomenen.csv").write_text("anders")
    (target / "erbij.txt").write_text("x")
    (target / "verstrekking.json").unlink()
    code, _, err = run("verify", "--audience", "municipality")
    assert code == 1
    for told in ("fenomenen.csv is veranderd", "erbij.txt is erbij gezet", "verstrekking.json is er niet"):
        assert told in err


def test_verify_tries_the_rules_again_on_the_day_of_issue_and_looks_for_the_end_of_the_register(house, approved, run):
    number = approved()
    run("share", number, "--issue")
    found = sharing_request.request(int(number))
    folder = disclosure.folder_of(found, any_parameters())
    (told,) = disclosure._differs(found, folder, [])
    assert told == "de stand van het register die erop staat, is er niet geweest"
    change_basis(house, decided="2098-01-01")
    assert f"{BASIS}: gaat pas in op" in run("verify", "--audience", "municipality")[2]
    tamper(house / "data" / "register.sqlite", "UPDATE events SET actor_role = 'x' WHERE id = 1")
    assert disclosure.verified(any_parameters()) == (), "such a register vouches for nothing"


def test_the_register_lists_what_was_issued_by_municipality_and_receiver(house, approved, run):
    number = approved()
    run("share", number, "--issue")
    approved()
    code, out, _ = run("register", "--disclosures", "--municipality", "urk", "--to", "BURGEMEESTER", "--json")
    line = json.loads(out)
    values = line["werkbank"]
    assert (line["actie"]["actieId"], line["actie"]["soortAfnemerId"]) == (values["id"], "municipality")
    assert set(line["logboek"]) == {  # Logius, Logboek dataverwerkingen
        "trace_id", "operation_id", "status_code", "name", "start_time", "end_time", "resource", "attributes",
    }  # fmt: skip
    assert line["logboek"]["attributes"] == {"dpl.core.processing_activity_id": BASIS}
    assert (code, values["id"], values["state"]) == (0, f"2026-1/{number}", "issued")
    for name in (  # noqa: SIM905
        "moment provider audience role basis purpose file municipalities parks categories label texts police_judgement "
        "conditions retention_until executor sha256 catalogue_version app_version"
    ).split():
        assert name in values
    assert REASON not in out
    assert "went_in" not in out or values["went_in"] == {}
    for other in (["--municipality", "dronten"], ["--to", "teamchef"], ["--round", "2025-1"]):
        assert run("register", "--disclosures", *other)[1] == ""
    assert "verstrekt op" in run("register", "--disclosures")[1]


def went_in(monkeypatch, cell, level):
    monkeypatch.setattr(sharing_request, "went_in", lambda _: {"cells": {cell: level}, "figures": f"of {level}"})


def test_a_second_copy_after_something_changed_needs_a_reason_that_the_second_role_sees(
    house, asked, approved, run, monkeypatch
):
    assert run("share", approved(), "--issue")[0] == 0
    assert asked()[0] == 0, "nothing changed"
    went_in(monkeypatch, "URK-01 V03", "2")
    said = asked()[1]
    assert "[second-copy]" in said
    assert "URK-01 V03" in said
    assert "[share-reason]" in asked(again="kort")[1]
    number = approved(again="De cel was verkeerd ingevuld en is hersteld.")
    code, out, _ = run("share", number)
    assert (code, "URK-01 V03" in out, "afleiden" in out) == (0, True, True)
    assert run("share", number, "--issue")[0] == 0


WHEN = {"before the event": (Register, "append"), "before the folder has its name": (whole, "_put")}


def process(number, *killed_at):
    """A process that issues a copy."""

    def issues():
        if killed_at:
            setattr(*killed_at, kill)
        main(["share", str(number), "--issue"])

    return forked(issues)


@pytest.mark.parametrize("when", WHEN)
def test_a_kill_while_issuing_leaves_nothing_half_and_the_next_share_makes_the_two_agree(house, approved, run, when):
    number = approved()
    assert ended(process(number, *WHEN[when])) == -signal.SIGKILL
    assert issued(house) == [".unfinished"]
    (house / "output/2026-1/verstrekt/.unfinished" / f"{number}-municipality-burgemeester-van-urk-half").mkdir()
    recorded = when == "before the folder has its name"
    assert steps_of(house) == ["ask", "approve", "issue"][: 3 if recorded else 2]
    assert run("share")[0] == 0
    if not recorded:
        assert run("share", number, "--issue")[0] == 0
    assert [name for name in issued(house) if name != ".unfinished"] == [f"{number}-municipality-burgemeester-van-urk"]
    assert steps_of(house) == ["ask", "approve", "issue"]
    assert run("verify", "--audience", "municipality")[0] == 0


def test_of_two_that_issue_at_once_one_does(house, approved):
    number = approved()
    assert sorted(map(ended, [process(number), process(number)])) == [0, 2]
    assert steps_of(house).count("issue") == len(issued(house)) == 1


@pytest.mark.usefixtures("computed")
def test_who_got_what_is_told_for_four_years_also_of_what_was_destroyed_in_time(house, approved, run, monkeypatch):
    """The copy, the request and what went in are gone; the recipient is asked for longer (Wpg, article 25)."""
    assert run("share", approved(), "--issue")[0] == 0
    change_basis(house, retention_until="2026-01-31", valid_until="2026-01-31")
    destroy = ("purge", "--do", "--by", "beheerder", "--reason", "De bewaartermijn is voorbij.")
    assert run(*destroy)[0] == 0
    assert issued(house) == []
    assert "burgemeester van Urk" in run("register", "--disclosures")[1]
    assert "URK-01" not in str([one.payload for one in recorded_events(house / "data") if one.kind == "disclosure"])
    assert disclosure.verified(any_parameters()) == ()
    monkeypatch.setattr(purge, "RECIPIENTS", 0)
    assert run(*destroy)[0] == 0
    assert "burgemeester van Urk" not in run("register", "--disclosures")[1]


@pytest.mark.usefixtures("computed")
def test_what_went_in_of_rounds_is_what_this_reader_is_told_of_each_as_they_were_laid_beside_one_another(own_workspace):
    """Its own cells of every round; without the rounds, or after another analysis, it is asked for them anew."""
    for name in ("almere", "dronten", "lelystad", "noordoostpolder", "zeewolde"):
        (own_workspace / "parameters" / f"{name}.yaml").unlink()
    keep_earlier_rounds()
    own = wb.load_parameters("urk", audience="municipality")
    folders = [own.output / own.round / "riec" / place for place in ("urk", "monitor/urk")]
    for folder in folders:
        folder.mkdir(parents=True)
    wb.assess("urk").save(folders[0])
    rounds = wb.follow_rounds("urk")
    rounds.save(folders[1])
    went = sharing_request._of_rounds(own, alone=True)
    assert [*went] == ["urk 2024-1", "urk 2025-1", "urk"]
    assert {name.split()[2] for one in went.values() for name in one["cells"]} == {"municipality"}
    assert len({one["figures"] for one in went.values()}) == len(went)
    replace(rounds, analyses=rounds.analyses | {"2025-1": "0" * 64}).save(folders[1])
    with pytest.raises(OutputError, match=r"De analyse van ronde 2025-1 is veranderd"):
        sharing_request._of_rounds(own, alone=True)
    shutil.rmtree(folders[1])
    with pytest.raises(OutputError, match=r"niet bewaard.*werkbank monitor -m urk"):
        sharing_request._of_rounds(own, alone=True)
    assert [*sharing_request._of_rounds(own, alone=False)] == ["urk"]


def test_an_archive_opens_with_its_password_only(house, approved):
    """The copy is in it and nowhere beside it; the password is kept nowhere."""
    folder = disclosure.issue(int(approved()), password="Zeven-Paarden-9")
    assert sorted(path.name for path in folder.iterdir()) == ["fenomenen.zip", "verstrekking.json"]
    with pyzipper.AESZipFile(folder / "fenomenen.zip") as archive:
        with pytest.raises(RuntimeError, match="password"):
            archive.read("fenomenen.csv")
        archive.setpassword(b"Zeven-Paarden-9")
        assert archive.read("fenomenen.csv")
    kept = [path for path in house.rglob("*") if path.is_file() and b"Zeven-Paarden" in path.read_bytes()]
    assert (kept, disclosure.verified(any_parameters())) == ([], ())


def test_a_dashboard_for_another_counts_as_a_copy_that_left(house, approved, run, monkeypatch):
    """Shown twice as it is; not any more once an own cell changed, until a second copy was issued."""
    went_in(monkeypatch, "URK-01 V01 municipality", "0")
    for _ in range(2):
        sharing_request.record_showing("municipality", ("urk",))
    sharing_request.record_showing("riec", ("urk",))
    assert [one.kind for one in recorded_events(house / "data")] == ["event"] * 2
    many = {f"URK-01 V{at:02} municipality": "3" for at in range(1, 41)}
    monkeypatch.setattr(sharing_request, "went_in", lambda _: {"cells": many, "figures": ""})
    with pytest.raises(RegisterError) as refused:
        sharing_request.record_showing("municipality", ("urk",))
    told = "URK-01 V01 gemeente, URK-01 V02 gemeente, URK-01 V03 gemeente en nog 37 oordelen"
    assert told in str(refused.value)
    assert "werkbank share BESTAND … --again" in str(refused.value)
    number = approved(again="De gemeente verbeterde een vergissing.")
    assert run("share", number, "--issue")[0] == 0
    sharing_request.record_showing("municipality", ("urk",))


@pytest.mark.parametrize("audience", ["municipality", "partners"])
@pytest.mark.parametrize(("then", "told"), [("0", []), ("1", ["URK-01 G01 municipality"])])
def test_rounds_beside_one_another_count_as_a_copy_of_every_round_in_them(monkeypatch, then, audience, told):
    """An earlier round that was filled in otherwise since its copy left is a second copy of that round.

    Also of what another audience saw, by the cells that both see: the municipality sits in the working group too.
    """
    went = {"cells": {"URK-01 G01 municipality": "0"}, "figures": "a"}
    about = {"round": "2025-1", "audience": "municipality", "municipality": "urk", "municipalities": ("urk",)}
    about |= dict.fromkeys(("file", "sha256", "role", "basis", "purpose"), "")
    seen = went | {"cells": went["cells"] | {"URK-01 V01 municipality": "0"}} if audience == "partners" else went
    left = sharing_request.Asked(**about | {"audience": audience}, went_in={"urk": seen})
    monkeypatch.setattr(sharing_request, "earlier_copies", lambda: (left,))
    before = went | {"cells": {"URK-01 G01 municipality": then}}
    now = sharing_request.Asked(**about | {"round": "2026-1"}, went_in={"urk": went, "urk 2025-1": before})
    assert sharing_request._changed_since(now) == told
