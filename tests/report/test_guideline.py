"""The guideline tells every intervention of any catalogue, without data; what a catalogue does not have is not there."""

import datetime as dt
import re
import shutil

import docx
import pytest

import werkbank as wb
from tests.dutch import faults, page_texts
from tests.report.reading import text_of as told
from werkbank.errors import OutputError
from werkbank.report import blocks as b
from werkbank.report.interventions import guideline_chapters, write_guideline
from werkbank.report.terms import SUSPICION
from werkbank.settings.entries import Trigger
from werkbank.settings.method import PACKAGED

DAY = dt.date(2026, 3, 2)
CATALOGUE = wb.load_catalogue()


def block_of(catalogue, code):
    """What the guideline says of one intervention, by the names of its facts."""
    blocks = (block for chapter in guideline_chapters(catalogue) for block in chapter.blocks)
    groups = {block.anchor: block for block in blocks if isinstance(block, b.Group)}
    facts = groups[f"interventie-{code}"].blocks[-1]
    return {b.plain(row.cells[0]): b.plain(row.cells[1]) for row in facts.rows}


def changed(catalogue=CATALOGUE, *, keep=lambda one: True, **updates):
    """The catalogue with the interventions that are kept, changed in these fields."""
    own = tuple(one.model_copy(update=updates) for one in catalogue.interventions if keep(one))
    return catalogue.model_copy(update={"interventions": own})


def test_every_packaged_intervention_says_all_that_is_asked_of_it():
    asked = {
        "Doel", "Trekker en partners", "Grondslag", "Inzet (schatting)", "Doorlooptijd", "Maatstaven",
        "Komt naar voren bij", "Delen",
    }  # fmt: skip
    for one in CATALOGUE.interventions:
        facts = block_of(CATALOGUE, one.id)
        assert asked <= facts.keys(), one.id
        assert {"Direct antwoord op", "Steunt bij"} & facts.keys(), one.id
        assert facts["Trekker en partners"].startswith(CATALOGUE.partner(one.lead).name)
        assert ("Voorwaarden" in facts) is bool(one.conditions)


def test_lasting_cooperation_tells_of_its_five_parts_each_with_an_intervention():
    (chapter,) = [one for one in guideline_chapters(CATALOGUE) if one.title == "Duurzame samenwerking"]
    headings = [b.plain(block.line) for block in chapter.blocks if isinstance(block, b.Heading)]
    assert headings == [one.name for one in CATALOGUE.cooperation]
    assert len(headings) == 5
    said = told(chapter)
    for word in ("APV", "Bibob", "ergunningplicht", "D01", "D10", "D12"):
        assert word in said


@pytest.mark.parametrize(
    ("source", "operator", "value", "says"),
    [
        ("V01", "is", "high", "V01 Hennepkwekerij: niveau 2 of hoger (van 3)"),
        ("V01", "is not", "lowest", "V01 Hennepkwekerij: niveau hoger dan 0 (van 3)"),
        ("W01", "is", "high", "W01 Georganiseerde ondernemers: niveau 1 of lager (van 3)"),
        ("W01", "is", "unknown", "W01 Georganiseerde ondernemers: bij geen enkele partij bekend"),
        ("two_sided", "<", 50, "Bekend bij alle partijen, in procenten: lager dan 50"),
        ("severe_threat", "is", "highest", "(V02, V03, V05, V08, V10, V11, V14 of V16): niveau precies 3 (van 3)"),
    ],
)
def test_a_trigger_is_told_in_words(source, operator, value, says):
    catalogue = changed(triggers=(Trigger(source=source, operator=operator, value=value),))
    assert block_of(catalogue, "C01")["Komt naar voren bij"].endswith(says)


def test_what_a_catalogue_does_not_have_is_not_there_and_what_it_does_not_answer_is_named():
    """Communication alone: no other kind, no lasting cooperation, no sources; a suspicion has no answer that enforces."""
    own = changed(keep=lambda one: one.id in ("C01", "C02"), direct=("V01",), supporting=(), triggers=(), effort=None)
    own = own.model_copy(update={"cooperation": (), "sources": (), "kinds": own.kinds[:1]})
    chapters = guideline_chapters(own)
    assert [one.title for one in chapters][2:] == ["Communicatie"]
    assert not {"Inzet (schatting)", "Bronnen", "Steunt bij"} & block_of(own, "C01").keys()
    assert block_of(own, "C01")["Komt naar voren bij"].startswith("geen drempel")
    assert "zwaar alleen" not in told(chapters[0]).lower()
    holes = told(chapters[1])
    assert "V01 Hennepkwekerij (geen direct antwoord uit de handhaving)" in holes
    assert "W01 Georganiseerde ondernemers (geen direct antwoord)" in holes
    # Of the framework, and of no part of it: told all the same.
    assert "Andere interventies voor duurzame samenwerking" in told(guideline_chapters(changed(cooperation=None))[-2])


def test_a_catalogue_without_interventions_is_refused_in_one_sentence(tmp_path):
    with pytest.raises(OutputError, match="geen interventies"):
        write_guideline(changed(keep=lambda one: False), tmp_path, DAY)
    assert not list(tmp_path.iterdir())


def test_the_command_writes_page_and_word_file_of_an_own_catalogue_without_any_data(own_workspace, run):
    """Public, and of nothing that was judged; what it says is what the workspace's own catalogue has."""
    shutil.rmtree(own_workspace / "data")
    shutil.copytree(PACKAGED, own_workspace / "catalogue")
    for name, old, new in (
        ("catalogue/interventions.yaml", "Integrale controle", "Gezamenlijk bezoek"),
        ("parameters/district.yaml", "#catalogue:", "catalogue:"),
    ):
        text = (own_workspace / name).read_text(encoding="utf-8")
        (own_workspace / name).write_text(text.replace(old, new), encoding="utf-8")
    assert run("guideline")[0] == 0
    folder = own_workspace / "output" / "leidraad"
    page = (folder / "leidraad.html").read_text(encoding="utf-8")
    word = docx.Document(str(folder / "leidraad.docx"))
    written = "\n".join(one.text for one in word.element.body.iter() if one.text)
    for text in (page, written):
        assert "Gezamenlijk bezoek" in text
        assert SUSPICION not in text
    assert "<p>OPENBAAR" in page
    assert faults(page_texts(page)) == []
    assert word.sections[0].header.paragraphs[-1].text.startswith("OPENBAAR")
    links = set(re.findall(r'href="#([^"]+)"', page))
    assert links <= set(re.findall(r'id="([^"]+)"', page))


def test_equal_catalogues_give_equal_files_on_one_day(tmp_path):
    made = [[file.read_bytes() for file in write_guideline(CATALOGUE, tmp_path / name, DAY)] for name in "ab"]
    assert made[0] == made[1]
