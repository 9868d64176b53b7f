"""What people do in the Word file of a plan comes back right, or as a finding that names it: nothing is lost in silence."""

import copy
import datetime as dt
import json
import os
import signal
import zipfile
from io import BytesIO

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

import werkbank as wb
from tests.plan.test_plan import SELECTED
from tests.register.samples import ended, forked, kill
from werkbank.errors import OutputError
from werkbank.files import whole
from werkbank.files.yaml import read_yaml
from werkbank.plan.drafting import make_plan, proposal_of
from werkbank.plan.form import word_parts
from werkbank.plan.kept import keep_changed, keep_proposal, kept_plan, plan_file
from werkbank.plan.returned import ISSUED, issued_version, keep_issued, read_back

CATALOGUE = wb.load_catalogue()
DAY, PARK = dt.date(2026, 3, 3), "URK-04"
NAMES = {PARK: "Duizendblad", "urk": "Urk (fictief)"}
OWNER, START, END = (f"interventions/H02/{name}" for name in ("owner", "start", "end"))
AUTHOR = 'w:id="900" w:author="J. Jansen" w:date="2026-03-03T09:00:00Z"'


@pytest.fixture(scope="module")
def issued(demo_workspace, assessed, tmp_path_factory):
    """A folder with a plan as it is kept, the version that was issued, and its Word file."""
    folder, urk = tmp_path_factory.mktemp("issued"), assessed("urk")
    plan = make_plan(urk, PARK, SELECTED, CATALOGUE)
    keep_proposal(folder, proposal_of(plan, urk, CATALOGUE, DAY))
    wb.report.write_plan_docx(plan, urk, folder / "projectplan.docx")
    keep_issued(folder, issued_version(plan, word_parts(folder / "projectplan.docx")))
    return folder


@pytest.fixture
def plan_of(issued, tmp_path):
    """The plan as one may change it: its file, and a way to read a Word file back after edits."""

    class Plan:
        data, yaml = tmp_path, plan_file(tmp_path, PARK)

        def edited(self, *edits):
            document = docx.Document(str(issued / "projectplan.docx"))
            for edit in edits:
                edit(document)
            document.save(str(tmp_path / "terug.docx"))
            return self.read(tmp_path / "terug.docx")

        def keep(self, returned):
            return keep_changed(tmp_path, returned.plan, CATALOGUE)

        def read(self, file):
            return read_back(file, tmp_path, CATALOGUE, NAMES, DAY)

        def replaced(self, old, new):
            text = self.yaml.read_text(encoding="utf-8")
            assert old in text
            self.yaml.write_text(text.replace(old, new, 1), encoding="utf-8")

    for path in (*(issued / "plans").glob("*.yaml"), *(issued / "plans" / ISSUED).iterdir()):
        target = tmp_path / path.relative_to(issued)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    return Plan()


def row_of(document, key):
    (tag,) = [one for one in document.element.body.iter(qn("w:tag")) if one.get(qn("w:val")) == key]
    return next(tag.iterancestors(qn("w:tr")))


def cell_of(document, key):
    return row_of(document, key).findall(qn("w:tc"))[1]


def xml(text):
    return parse_xml(text.replace(">", f" {nsdecls('w')}>", 1))


def typed(key, *lines):
    """Type lines in a field, with Enter between them."""

    def edit(document):
        cell = cell_of(document, key)
        first, *more = cell.findall(qn("w:p"))
        for one in more:
            cell.remove(one)
        for one in first.findall(qn("w:r")):
            first.remove(one)
        for line, paragraph in zip(lines, [first, *(copy.deepcopy(first) for _ in lines[1:])], strict=False):
            if paragraph is not first:
                cell.append(paragraph)
            paragraph.append(xml(f'<w:r><w:t xml:space="preserve">{line}</w:t></w:r>'))

    return edit


def put(key, *pieces):
    """Put XML in the first paragraph of a field."""
    return lambda document: [cell_of(document, key).find(qn("w:p")).append(xml(one)) for one in pieces]


def row(key, do):
    return lambda document: do(row_of(document, key))


def away(element):
    element.getparent().remove(element)


def twice(element):
    element.addnext(copy.deepcopy(element))


def moved(element):
    element.getparent().getparent().iter(qn("w:tbl")).__next__().append(element)


def deleted_tracked(element):
    element.find(qn("w:trPr")).append(xml(f"<w:del {AUTHOR}/>".replace("/>", "></w:del>")))


def commented(at):
    """A comment on the field with this key; without one on the title."""

    def edit(document):
        paragraph = document.paragraphs[1] if not at else cell_paragraph(document, at)
        run = paragraph.add_run(" ")
        document.add_comment(run, text="Is dit rond met Zaken?", author="J. Jansen", initials="JJ")

    return edit


def cell_paragraph(document, key):
    return docx.text.paragraph.Paragraph(cell_of(document, key).find(qn("w:p")), document._body)


def strange(document):
    own = row_of(document, OWNER)
    twice(own)
    next(own.getnext().iter(qn("w:tag"))).set(qn("w:val"), "interventions/X99/owner")
    typed("interventions/X99/owner", "van een ander plan")(document)


def text_box(document):
    box = (
        "<w:r><w:pict><v:shape xmlns:v='urn:schemas-microsoft-com:vml'><v:textbox><w:txbxContent><w:p><w:r><w:t>in een "
        "vak</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    )
    cell_of(document, "texts/scope").find(qn("w:p")).append(xml(box))


INS, DEL = f"<w:ins {AUTHOR}>", f"<w:del {AUTHOR}>"
GEMEENTE = "adviseur, gemeente Urk"
EDITS = {
    "typing": ([typed("texts/scope", "Wij beginnen bij de haven.")], {"texts/scope": "Wij beginnen bij de haven."}, {}),
    "enter": ([typed("texts/scope", "Een.", "", "Twee.")], {"texts/scope": "Een.\nTwee."}, {}),
    "an owner, role first": ([typed(OWNER, "adviseur, gemeente Urk")], {OWNER: GEMEENTE}, {}),
    "an owner, organisation first": ([typed(OWNER, "Gemeente Urk – adviseur")], {OWNER: GEMEENTE}, {}),
    "an owner in brackets": ([typed(OWNER, "adviseur (gemeente Urk)")], {OWNER: GEMEENTE}, {}),
    "a partner of the catalogue": ([typed(OWNER, "politie")], {OWNER: "Politie"}, {}),
    "a new organisation": ([typed(OWNER, "nieuw: Havenbedrijf, adviseur")], {OWNER: "adviseur, Havenbedrijf"}, {}),
    "an owner that is a park": ([typed(OWNER, "adviseur, gemeente Duizendblad")], {}, {"plan-field-unreadable": "nieuw:"}),
    "an unknown owner": ([typed(OWNER, "gemeente Urkk, adviseur")], {}, {"plan-field-unreadable": "bedoelt u “gemeente Urk”?"}),
    "a role alone": ([typed(OWNER, "projectleider")], {}, {"plan-field-unreadable": "nieuw: organisatie, rol"}),
    "dates as people write them": ([typed(START, "1-4-2026"), typed(END, "1 juni 2026")], {START: "1 april 2026", END: "1 juni 2026"}, {}),
    "no date": ([typed(START, "na de zomer")], {}, {"plan-field-unreadable": "1 april 2026"}),
    "reversed dates": ([typed(START, "1-6-2026"), typed(END, "1-4-2026")], {}, {"plan-field-invalid": "einde (end) op of na"}),
    "running without an owner": ([typed("interventions/H02/state", "loopt")], {}, {"plan-field-invalid": "eigenaar"}),
    "a state with its owner": ([typed("interventions/H02/state", "Loopt."), typed(OWNER, "politie")], {"interventions/H02/state": "loopt", OWNER: "Politie"}, {}),
    "no state": ([typed("interventions/H02/state", "lopt")], {}, {"plan-field-unreadable": "bedoelt u “loopt”?"}),
    "done too early": ([typed("interventions/C03/state", "afgerond")], {}, {"plan-field-invalid": "zet de stand eerst op loopt"}),
    "dropped": ([typed("interventions/H02/state", "vervallen")], {"interventions/H02/state": "vervallen"}, {}),
    "added": ([typed("add", "c04, D01")], {"add": "C04; D01"}, {}),
    "added, unknown": ([typed("add", "C44")], {}, {"plan-field-unreadable": "bedoelt u"}),
    "a yardstick": ([typed("interventions/C03/measures", "bereikte verhuurders: nu 3, doel 12", "kosten")], {"interventions/C03/measures": "bereikte verhuurders: nu 3, doel 12\nkosten: nu …, doel …"}, {}),
    "half a yardstick": ([typed("interventions/C03/measures", "verhuurders: nu 3 en 12")], {}, {"plan-field-unreadable": "maatstaf: nu"}),
    "members": ([typed("members", "adviseur, brandweer", "politie")], {"members": "adviseur, Brandweer\nPolitie"}, {}),
    "partners": ([typed("interventions/H02/partners", "Politie; RIEC")], {"interventions/H02/partners": "Politie; RIEC"}, {}),
    "agreements": ([typed("agreements", "Elke zes weken.", "Eén mandaat.")], {"agreements": "Elke zes weken.\nEén mandaat."}, {}),
    "a new state of the project": ([typed("state", "vastgesteld"), typed("since", "1 april 2026")], {"state": "vastgesteld", "since": "1 april 2026"}, {}),
    "stopped without a reason": ([typed("state", "gestopt")], {}, {"plan-field-invalid": "reden"}),
    "a reason without a state": ([typed("reason", "Geen tijd.")], {}, {"plan-state-incomplete": "zonder nieuwe stand"}),
    "a proposal changed": ([typed("fields/organisation/Overlegritme", "voorstel: elke maand")], {"fields/organisation/Overlegritme": "elke maand"}, {}),
    "inserted, tracked": ([put(OWNER, f"{INS}<w:r><w:t>politie</w:t></w:r></w:ins>")], {OWNER: "Politie"}, {"plan-field-tracked": "aanvaard"}),
    "deleted, tracked": ([typed("texts/scope", "Wel."), put("texts/scope", f"{DEL}<w:r><w:delText>Niet.</w:delText></w:r></w:del>")], {"texts/scope": "Wel."}, {"plan-field-tracked": ""}),
    "moved away, tracked": ([typed("texts/scope", "Wel."), put("texts/scope", f"<w:moveFrom {AUTHOR}><w:r><w:t>Niet.</w:t></w:r></w:moveFrom>")], {"texts/scope": "Wel."}, {"plan-field-tracked": ""}),
    "an arrow, a tab and a line end": ([put("texts/scope", '<w:r><w:t>a</w:t><w:sym w:font="Wingdings" w:char="F0E0"/><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r>')], {"texts/scope": "a→ b\nc"}, {}),
    "emptied": ([typed("fields/organisation/Overlegritme", "")], {}, {"plan-field-emptied": "er stond “voorstel: elke zes weken”"}),
    "a row moved": ([row(OWNER, moved), typed(OWNER, "politie")], {OWNER: "Politie"}, {}),
    "a row deleted": ([typed(OWNER, "politie"), row(OWNER, away)], {}, {"plan-field-gone": "H02 Eigenaar"}),
    "a row deleted, tracked": ([row(OWNER, deleted_tracked)], {}, {"plan-field-gone": ""}),
    "a control deleted": ([typed(OWNER, "politie"), row(OWNER, lambda one: away(next(one.iter(qn("w:sdt")))))], {}, {"plan-field-gone": "", "plan-outside": "“politie”"}),
    "a row twice": ([row(OWNER, twice)], {}, {"plan-field-twice": "2 keer"}),
    "a row of another plan": ([strange], {}, {"plan-field-stranger": "van een ander plan"}),
    "text beside a name": ([row(OWNER, lambda one: one.find(qn("w:tc")).append(xml("<w:p><w:r><w:t>van de gemeente</w:t></w:r></w:p>")))], {}, {"plan-outside": "van de gemeente"}),
    "another column": ([row(OWNER, lambda one: one.append(xml("<w:tc><w:p><w:r><w:t>nog een kolom</w:t></w:r></w:p></w:tc>")))], {}, {"plan-outside": "nog een kolom"}),
    "a paragraph between": ([lambda one: one.paragraphs[4].insert_paragraph_before("Los getypt.")], {}, {"plan-outside": "Los getypt."}),
    "a line at the foot": ([lambda one: one.sections[0].footer.add_paragraph("Onderaan.")], {}, {"plan-outside": "Onderaan."}),
    "a paragraph taken away": ([lambda one: away(one.paragraphs[4]._p)], {}, {"plan-outside-gone": "1 keer"}),
    "a text box": ([text_box], {"texts/scope": "in een vak"}, {"plan-field-picture": "Scope: Eigen tekst"}),
    "a comment on a field": ([commented(OWNER)], {}, {}),
    "a comment elsewhere": ([commented("")], {}, {"plan-comment-outside": "rond met Zaken"}),
    "a name of a person": ([typed("texts/scope", "Bel de heer Jansen op 06-12345678.")], {"texts/scope": "Bel de heer Jansen op 06-12345678."}, {"plan-field-personal": "telefoon"}),
}  # fmt: skip


@pytest.mark.parametrize("kind", EDITS)
def test_every_edit_comes_back_right_or_is_named(plan_of, kind):
    """And what comes back is kept, stands in the plan, and is not found again."""
    edits, changes, told = EDITS[kind]
    returned = plan_of.edited(*edits)
    assert {one.field.key: one.new for one in returned.changes} == changes
    rules = {one.rule: str(one) for one in returned.findings}
    assert set(rules) - {"plan-field-personal"} == set(told) - {"plan-field-personal"}
    assert all(words in rules[rule] for rule, words in told.items())
    notes = [(OWNER, "Is dit rond met Zaken?")] if kind == "a comment on a field" else []
    assert [(one.field, one.text) for one in returned.notes] == notes
    if returned.changed:
        plan_of.keep(returned)
        assert kept_plan(plan_of.data, PARK, CATALOGUE).notes == returned.notes
        again = plan_of.read(plan_of.data / "terug.docx")
        assert not again.changed
        assert "J. Jansen" not in plan_of.yaml.read_text(encoding="utf-8")


def test_unchanged_it_says_nothing_and_what_is_cleared_is_empty(plan_of):
    untouched = plan_of.edited()
    assert (untouched.changes, untouched.notes, untouched.findings) == ((), (), ())
    plan_of.replaced("lead: null", "lead: {organisation: RIEC}")
    plan_of.replaced("texts: {}", "texts: {scope: Begin.}")
    returned = plan_of.edited(typed("lead", "(wissen)"), typed("texts/scope", "(Wissen)"))
    assert returned.changes == ()  # they were empty when it was issued
    assert {one.rule for one in returned.findings} == {"plan-field-conflict"}


def test_what_the_plan_and_word_both_changed_is_a_conflict_and_the_same_change_is_none(plan_of):
    plan_of.replaced("texts: {}", "texts: {scope: Uit het bestand., goal: Hetzelfde.}")
    plan_of.replaced("- id: H02\n", "- id: H02\n  # ons eigen commentaar\n")
    edits = typed("texts/scope", "Uit Word."), typed("texts/goal", "Hetzelfde."), typed("texts/risk", "Alleen Word.")
    returned = plan_of.edited(*edits)
    assert [one.field.key for one in returned.changes] == ["texts/risk"]
    (conflict,) = returned.findings
    assert "in het bestand “Uit Word.”, in het plan intussen “Uit het bestand.”" in str(conflict)
    plan_of.keep(returned)
    kept = kept_plan(plan_of.data, PARK, CATALOGUE)
    assert kept.texts == {"scope": "Uit het bestand.", "goal": "Hetzelfde.", "risk": "Alleen Word."}
    assert "# ons eigen commentaar" in plan_of.yaml.read_text(encoding="utf-8")


def test_an_intervention_that_is_gone_from_the_plan_is_a_conflict_and_a_dropped_one_comes_back(plan_of):
    plan_of.replaced("state: not_started", "state: dropped")
    returned = plan_of.edited(typed("interventions/C03/owner", "politie"), typed("add", "C03"))
    assert [one.rule for one in returned.findings] == ["plan-field-conflict"]
    plan_of.keep(returned)
    assert kept_plan(plan_of.data, PARK, CATALOGUE).interventions[0].state == "not_started"


def test_a_file_in_which_a_change_has_no_place_is_written_anew_and_the_old_one_stays(plan_of):
    plan_of.replaced("lead: null", "? lead\n: null")
    old = plan_of.yaml.read_bytes()
    plan_of.keep(plan_of.edited(typed("lead", "politie")))
    assert str(kept_plan(plan_of.data, PARK, CATALOGUE).lead) == "Politie"
    assert [path.read_bytes() for path in (plan_of.yaml.parent / "earlier").iterdir()] == [old]


def test_an_intervention_that_runs_can_be_finished_with_a_day_what_shows_it_and_a_result(plan_of, assessed):
    plan_of.replaced("owner: null", "owner: {organisation: RIEC}")
    plan_of.replaced("state: not_started\n", "state: running\n")
    urk, file = assessed("urk"), plan_of.data / "loopt.docx"
    plan = make_plan(urk, PARK, SELECTED, CATALOGUE, kept_plan(plan_of.data, PARK, CATALOGUE))
    wb.report.write_plan_docx(plan, urk, file)
    keep_issued(plan_of.data, issued_version(plan, word_parts(file)))
    document = docx.Document(str(file))
    done = {"state": "afgerond", "done": "2-3-2026", "evidence": "https://zaak.example/12", "result": "bevestigd"}
    for name, text in done.items():
        typed(f"interventions/C03/{name}", text)(document)
    document.save(str(file))
    returned = plan_of.read(file)
    assert returned.findings == ()
    plan_of.keep(returned)
    finished = kept_plan(plan_of.data, PARK, CATALOGUE).interventions[0]
    assert (finished.state, finished.done, finished.result) == ("done", dt.date(2026, 3, 2), "confirmed")
    assert finished.evidence.link == "https://zaak.example/12"
    assert not plan_of.read(file).changed


def zipped(parts):
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def parts_of(path, **changed):
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name, change in changed.items():
        (own,) = [one for one in parts if one.endswith(f"/{name}.xml")]
        parts[own] = change(parts[own])
    return zipped(parts)


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (lambda _: b"geen Word", "is geen Word-bestand"),
        (lambda path: path.read_bytes()[:30_000], "is geen Word-bestand"),
        (lambda _: zipped({"xl/workbook.xml": b"<a/>"}), "is geen Word-bestand"),
        (lambda path: parts_of(path, custom=lambda _: b"<Properties/>"), "het kenmerk ontbreekt"),
        (lambda path: parts_of(path, document=lambda part: part[:-20]), "beschadigd"),
        (lambda path: parts_of(path, custom=lambda part: part.replace(b"URK-04", b"ALM-01")), "veranderd of kapot"),
        (lambda path: parts_of(path, custom=lambda part: part.replace(b"werkbank-issued", b"x")), "kenmerk ontbreekt"),
    ],
)
def test_what_is_no_plan_of_here_is_refused_in_a_sentence(plan_of, issued, made, told):
    file = plan_of.data / "iets.docx"
    file.write_bytes(made(issued / "projectplan.docx"))
    with pytest.raises(OutputError, match=told):
        plan_of.read(file)


def test_a_version_or_a_plan_that_is_not_here_is_named(plan_of, issued):
    """An older version is read as what it was; one that is not kept, or was altered, is not."""
    (version,) = (plan_of.data / "plans" / ISSUED).iterdir()
    kept = version.read_text(encoding="utf-8")
    version.write_text(json.dumps(json.loads(kept) | {"round": "2020-1"}), encoding="utf-8")
    with pytest.raises(OutputError, match="veranderd of kapot"):
        plan_of.edited()
    version.unlink()
    with pytest.raises(OutputError, match="hier niet bewaard"):
        plan_of.edited()
    version.write_text(kept, encoding="utf-8")
    plan_of.yaml.unlink()
    with pytest.raises(OutputError, match="hier geen plan"):
        plan_of.edited()
    with pytest.raises(OutputError, match="niet te lezen"):
        plan_of.read(plan_of.data / "weg.docx")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_killed_while_keeping_the_plan_is_as_it_was(plan_of, monkeypatch):
    returned, before = plan_of.edited(typed("lead", "politie")), plan_of.yaml.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(whole, "_flush", kill)
        assert ended(forked(plan_of.keep, returned)) == -signal.SIGKILL
    assert plan_of.yaml.read_bytes() == before
    plan_of.keep(plan_of.read(plan_of.data / "terug.docx"))
    assert read_yaml(plan_of.yaml).data["lead"] == {"organisation": "Politie", "role": ""}
