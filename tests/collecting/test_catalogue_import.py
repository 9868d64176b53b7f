"""A catalogue goes out as a workbook and comes back equal; every fault stands at its cell, every assumption is named."""

import io
import shutil
from pathlib import Path

import openpyxl
import pytest

import werkbank as wb
from tests.matrix.formats import changed
from werkbank.collecting.catalogue_book import SHEETS, render
from werkbank.collecting.catalogue_import import catalogue_findings, keep_catalogue, read_catalogue
from werkbank.errors import CatalogueError
from werkbank.files.models import models_at
from werkbank.settings.catalogue import MODELS, load_catalogue, told_of_catalogue
from werkbank.settings.method import PACKAGED
from werkbank.settings.parameters import load_parameters

SMALL = Path(__file__).parents[1] / "settings" / "small"
MAPPING = """earlier:
  - version: "5"
  - version: "6"
    indicators:
      - {code: V00, becomes: [V01], note: Hernoemd.}
      - {code: G09, becomes: [], was: {name: Weg, family: opportunity, weight: 0.5}}
"""
HEADS = ("code", "naam", "soort", "toelichting")
OWN = [("T01", "Hennepkwekerijen", "Verschijningsvorm", "a"), ("V02", "Grenssmokkel", "Dreiging", "b"),
       ("T03", "Aan de grens", "gelegenheid", "c"), ("T04", "Parkmanagement", "Weerbaarheid", "d")]  # fmt: skip


@pytest.fixture(scope="module")
def packaged():
    """The bytes of the workbook of the packaged catalogue."""
    return render(load_catalogue())


@pytest.fixture(scope="module")
def opened(packaged):
    return openpyxl.load_workbook(io.BytesIO(packaged))


@pytest.fixture
def spoiled(opened, tmp_path):
    """Writes the workbook of the packaged catalogue with another value under a heading, on the row of a code.

    Its path, and which cell that is.
    """

    def write(sheet, head, code, value):
        column = next(cell.column for cell in opened[sheet][3] if cell.value == head)
        row = next(cell.row for cell in opened[sheet]["A"] if cell.value == code)
        cell = opened[sheet].cell(row, column)
        before, cell.value = cell.value, value
        opened.save(tmp_path / "catalogus.xlsx")
        cell.value = before
        return tmp_path / "catalogus.xlsx", cell.coordinate

    return write


@pytest.fixture
def book(tmp_path, packaged):
    """Writes a workbook of a catalogue, passed through a change, and gives its path."""

    def write(change=lambda _: None, catalogue=None):
        path = tmp_path / "catalogus.xlsx"
        path.write_bytes(render(catalogue) if catalogue else packaged)
        with changed(path) as made:
            change(made)
        return path

    return write


@pytest.fixture
def listed(tmp_path):
    """Writes a plain list on a sheet of its own."""

    def write(rows, heads=HEADS):
        made = openpyxl.Workbook()
        for row in (["Lijst van ons district"], [], heads, *rows):
            made.active.append(row)
        made.save(tmp_path / "lijst.xlsx")
        return tmp_path / "lijst.xlsx"

    return write


def read(path):
    return read_catalogue(path, load_catalogue(), own=False)


def refused(path):
    with pytest.raises(CatalogueError) as caught:
        read(path)
    return caught.value.findings


def columns_of(model, *around):
    """The path of every key in a model, with 0 for a place in a list of groups."""
    for key, field in model.model_fields.items():
        inner = [*models_at(field.annotation, ()), *models_at(field.annotation, (0,))]
        own = (*around, key) if [*models_at(field.annotation, ())] else (*around, key, 0)
        yield from columns_of(inner[0], *own) if inner else [(*around, key)]


def test_every_key_of_every_file_has_a_column_but_what_the_werkbank_decides():
    """And nothing else has; a trigger is one text, the points of a scale stand beside its levels."""
    asked = {path for model in MODELS.values() for path in columns_of(model)}
    left = {("audiences", 0, "owner"), ("earlier", 0, "indicators", 0, "levels")}
    made = {(*((sheet.key, 0) if sheet.key else ()), *each.path) for sheet in SHEETS for each in sheet.columns}
    trigger = ("interventions", 0, "triggers")
    plain = {path for path in asked if path[:3] != trigger} | {trigger}
    assert {path[:-1] if path[-1] == 0 else path for path in made} == plain - left


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("mapping.yaml", "", MAPPING),
        ("scales.yaml", "points: [0, 30, 100]", "points: [0, 12.5, 100]\n    high: 1"),
        ("indicators.yaml", "power: 2}", "power: .inf}"),
        ("interventions.yaml", "operator: is not, value: lowest", "operator: is, value: unknown"),
        ("interventions.yaml", "V01, operator: is not, value: lowest", 'threat_share, operator: ">=", value: 6'),
        ("scales.yaml", "synonyms: [nvt]", 'synonyms: [nvt, "a, b; c"]'),
        ("indicators.yaml", "name: Kwekerij", 'name: "=1+1"'),
        ("indicators.yaml", "best_judge: police", "best_judge: police\n    asked_of: [police]"),
        ("indicators.yaml", 'version: "7"', 'version: "1e3"'),
    ],
)
def test_what_goes_out_comes_back_equal(book, tmp_path, name, old, new):
    """By its fingerprint, and as the YAML that was written; nothing was assumed."""
    own = shutil.copytree(SMALL, tmp_path / "own")
    file = own / name
    file.write_text(file.read_text(encoding="utf-8").replace(old, new) if old else new, encoding="utf-8")
    catalogue = load_catalogue(own)
    found = read_catalogue(book(catalogue=catalogue), catalogue, own=True)
    assert (found.catalogue, found.catalogue.fingerprint, found.told) == (catalogue, catalogue.fingerprint, ())
    keep_catalogue(found, tmp_path / "new", "x.xlsx")
    assert load_catalogue(tmp_path / "new") == catalogue


@pytest.mark.parametrize(
    ("sheet", "head", "code", "value", "rule", "said"),
    [
        ("Indicatoren", "familie", "V03", "threatt", "unknown-reference", "bedoelt u “threat”?"),
        ("Indicatoren", "gewicht", "V02", "zwaar", "wrong-type", "schrijf een getal"),
        ("Indicatoren", "ernst", "V02", 9, "wrong-value", "3 of lager"),
        ("Indicatoren", "naam", "V02", None, "missing-key", "“naam” is verplicht"),
        ("Indicatoren", "code", "V02", "V01", "duplicate-code", "elke code één keer"),
        ("Indicatoren", "code", "V02", "V 2", "wrong-value", "“code”"),
        ("Families", "richting", "threat", "omhoog", "wrong-value", "risico of bescherming"),
        ("Families", "verplicht", "opportunity", "misschien", "wrong-type", "ja of nee"),
        ("Families", "exponent", "threat", "0,5", "wrong-value", "1 of hoger"),
        ("Interventies", "komt naar voren bij", "C01", "W05 klein", "wrong-type", "zoals “V01 is hoog”"),
        ("Interventies", "komt naar voren bij", "C01", "W05 <= 1", "trigger-operator", "“is hoog”, “is hoogst”"),
        ("Interventies", "komt naar voren bij", "C01", "W05 is groot", "wrong-type", "zoals “V01 is hoog”"),
        ("Interventies", "werkt in op", "C01", "W05, X99", "unknown-reference", "“X99” bestaat niet"),
        ("Interventies", "weken minstens", "C01", None, "missing-key", "“weken minstens”"),
        ("Interventies", "bevoegdheid", "C01", None, "missing-key", "“bevoegdheid”"),
        ("Schalen", "niveau", "presence", 3, "levels-not-consecutive", "vanaf 0"),
        ("Schalen", "punten", "presence", 50, "wrong-type", "een getal"),
        ("Bijzondere waarden", "code", "leeg", "open?", "wrong-value", "onbekend, niet van toepassing of leeg"),
        ("Doelgroepen", "ziet onderdelen", "riec", "scores\nalles", "wrong-value", "namen van terreinen"),
        ("Catalogus", "status", "0.2", None, "missing-key", "“status” is verplicht"),
        ("Partners", "naam", "fiod", "=1/0", "odd-cell", "typ in de cel wat er staat"),
    ],
)  # fmt: skip
def test_a_fault_stands_at_its_cell_in_the_words_of_the_workbook(spoiled, sheet, head, code, value, rule, said):
    path, cell = spoiled(sheet, head, code, value)
    found = [each for each in refused(path) if each.rule == rule]
    assert {(each.file, each.sheet) for each in found} == {("catalogus.xlsx", sheet)}
    assert cell in [each.cell for each in found] or rule in ("wrong-type", "duplicate-code")
    assert any(said in f"{each.found} {each.allowed} {each.remedy}" for each in found)


def test_all_faults_are_told_at_once_and_a_required_column_that_is_gone_is_one_of_them(book):
    """In the order of the sheets; a column that may be empty may also be gone."""

    def spoil(made):
        made["Families"]["H4"], made["Indicatoren"]["D5"] = "omhoog", "dreigen"
        made["Partners"].delete_cols(2)
        made["Indicatoren"].delete_cols(12, 2)

    found = refused(book(spoil))
    assert [each.sheet for each in found] == ["Indicatoren", "Families", "Partners"]
    assert (found[-1].rule, found[-1].found) == ("column-missing", "de kolom “naam” ontbreekt")


def test_what_a_workbook_has_too_much_is_named_and_what_it_lacks_is_taken_from_the_catalogue_in_use(book):
    def change(made):
        for row in made["Partners"].iter_rows():  # whatever the order of the columns
            row[0].value, row[1].value = row[1].value, row[0].value
        made["Indicatoren"]["P3"], made["Indicatoren"]["P4"] = "Opmerking", "x"
        made["Fenomenen"].title = "Fenomen"
        del made["Catalogus"]

    found = read(book(change))
    assert found.catalogue.phenomena == load_catalogue().phenomena
    assert found.catalogue.partners == load_catalogue().partners
    assert [each.rule for each in found.told] == ["column-not-read", "sheet-not-read", "default", "default"]
    assert found.told[1].remedy == "bedoelt u “Fenomenen”?"


def test_a_plain_list_becomes_a_catalogue_with_every_default_named(listed):
    """Families by their names; interventions of other indicators take no part, also where a code is alike."""
    found = read(listed(OWN))
    catalogue = found.catalogue
    assert [(one.id, one.family, one.severity, one.scale) for one in catalogue.indicators] == [
        ("T01", "threat", 2, "suspicion"), ("V02", "threat", 2, "suspicion"), ("T03", "opportunity", None, "presence"),
        ("T04", "resilience", None, "strength"),
    ]  # fmt: skip
    assert {one.sensitivity for one in catalogue.indicators} == {catalogue.sensitivities[-1].id}
    assert catalogue.version == "1"
    assert catalogue.interventions == ()
    told = " ".join(each.found for each in found.told)
    for said in ("ernst (2 bij", "schaal (die van de familie)", "versie 1", "Partners", "nieuwe subcategorieën",
                 "31 interventies horen bij indicatoren die u niet hebt; zij doen niet mee"):  # fmt: skip
        assert said in told
    (gone,) = [each for each in found.told if each.rule == "indicator-gone"]
    assert gone.remedy == "bedoelt u “T01” in plaats van “V01”?"


def test_a_list_without_codes_gets_them_and_a_family_without_rows_takes_no_part(listed):
    found = read(listed([("Een", "Drugs"), ("Twee", "Drugs"), ("Drie", "Wapens")], ("naam", "thema")))
    catalogue = found.catalogue
    assert catalogue.indicator_ids == ("V01", "V02", "V03")
    assert [one.subcategory for one in catalogue.indicators] == ["drugs", "drugs", "wapens"]
    assert [family.id for family in catalogue.families] == ["threat"]
    assert all(set(one.families) <= {"threat"} for one in catalogue.audiences)
    assert any("Gelegenheid en Weerbaarheid" in each.found for each in found.told)


def test_a_family_that_nobody_knows_is_one_fault_and_not_guessed(listed):
    (found,) = refused(listed([*OWN, ("T05", "Wat", "Bestuurlijke druk", "e")]))
    assert (found.rule, found.cell) == ("unknown-reference", "C8")


def test_a_list_as_text_is_read_too_and_a_file_without_a_list_is_refused(tmp_path):
    path = tmp_path / "lijst.csv"
    path.write_text("code;naam;familie\nA1;Lab;dreiging\n", encoding="utf-8")
    assert read(path).catalogue.indicator("A1").description == "Lab"
    path.write_text("a;b\n1;2\n", encoding="utf-8")
    assert [each.rule for each in refused(path)] == ["no-list"]
    assert [each.rule for each in refused(tmp_path / "nergens.xlsx")] == ["unreadable-file"]


def test_references_fall_away_with_their_indicator_in_one_finding(book):
    """A code that never was, stays a fault; which figure it has makes no slip."""
    found = read(book(lambda made: made["Indicatoren"].delete_rows(8, 11)))
    lost, _ = found.told
    assert (lost.rule, lost.severity) == ("indicator-gone", "warning")
    assert len(found.catalogue.interventions) < 31
    assert lost.allowed.startswith("deze indicatoren zijn er niet, of zijn iets anders: V05, V06")
    (fault,) = refused(book(lambda made: made["Interventies"].__setitem__("J4", "W05, V17")))
    assert "bedoelt" not in fault.remedy


def test_an_own_yaml_that_drops_indicators_is_a_catalogue_too(tmp_path):
    own = shutil.copytree(PACKAGED, tmp_path / "own")
    file = own / "indicators.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text[: text.index("  - id: V05")] + text[text.index("  - id: V16") :], encoding="utf-8")
    catalogue = load_catalogue(own)
    assert "V05" not in {code for one in catalogue.interventions for code in (*one.direct, *one.supporting)}
    assert "V05" in told_of_catalogue(own)["allowed"]


def test_check_names_borders_of_a_catalogue_of_another_length(own_workspace, book):
    assert catalogue_findings(load_parameters("urk"), load_catalogue()) == ()
    found = read(book(lambda made: made["Indicatoren"].delete_rows(6, 12)))
    keep_catalogue(found, own_workspace / "catalogue", "x.xlsx")
    parameters = load_parameters("urk", catalogue="catalogue")
    (told,) = catalogue_findings(parameters, found.catalogue)
    assert (told.rule, told.file) == ("packaged-borders", "district.yaml")
    proposed = [float(each) for each in told.remedy.split("[")[1].strip("]").split(",")]
    chosen = load_parameters("urk", catalogue="catalogue", method={"class_borders": proposed})
    assert catalogue_findings(chosen, found.catalogue) == ()


def test_the_commands_write_out_and_back_and_never_over_what_is_there(own_workspace, run, monkeypatch):
    monkeypatch.chdir(own_workspace)
    code, out, _ = run("catalogue", "export", "c.xlsx")
    assert (code, "35 indicatoren" in out) == (0, True)
    assert run("catalogue", "export", "c.xlsx")[0] == run("catalogue", "export", "c.txt")[0] == 2
    code, out, _ = run("catalogue", "import", "c.xlsx")
    assert code == 0
    for said in ("catalogue: catalogue", "Van de 8 beschreven paren staan er 8", "bij deze catalogus: 12, 24, 42"):
        assert said in out
    own = own_workspace / "catalogue"
    (own / "notitie.txt").write_text("van ons", encoding="utf-8")
    hint = "# yaml-language-server: $schema=scales.schema.json\n"
    (own / "scales.yaml").write_text(f"{hint}{(own / 'scales.yaml').read_text(encoding='utf-8')}", encoding="utf-8")
    assert run("catalogue", "import", "c.xlsx")[0] == 2
    assert run("catalogue", "import", "c.xlsx", "--replace")[0] == 0
    assert (own / "notitie.txt").read_text(encoding="utf-8") == "van ons"
    assert (own / "scales.yaml").read_text(encoding="utf-8").startswith(f"{hint}# Uit c.xlsx")
    assert load_catalogue(own).fingerprint == wb.load_catalogue().fingerprint
    with changed(Path("c.xlsx")) as made:
        made["Families"]["H4"] = "omhoog"
    before = (own / "indicators.yaml").read_bytes()
    code, _, err = run("catalogue", "import", "c.xlsx", "--replace")
    assert (code, "blad Families, cel H4" in err, (own / "indicators.yaml").read_bytes() == before) == (1, True, True)


def test_a_broken_catalogue_in_use_is_replaced_all_the_same(own_workspace, run, book):
    file = own_workspace / "parameters" / "district.yaml"
    file.write_text(f"{file.read_text(encoding='utf-8')}\ncatalogue: catalogue\n", encoding="utf-8")
    keep_catalogue(read(book()), own_workspace / "catalogue", "x.xlsx")
    (own_workspace / "catalogue" / "scales.yaml").write_text("scales: []\n", encoding="utf-8")
    code, out, _ = run("catalogue", "import", book(), "--replace")
    assert (code, "niet te lezen" in out, "neem hem in gebruik" in out.lower()) == (0, True, False)
    assert load_catalogue(own_workspace / "catalogue") == load_catalogue()
