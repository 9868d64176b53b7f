"""A new workspace holds what a district begins with, is sound but for its examples, and never takes another's place."""

import datetime as dt
import re
from pathlib import Path

import pytest
import yaml

from werkbank.cli import command
from werkbank.collecting.check import check_round
from werkbank.demo.truth import MUNICIPALITIES
from werkbank.errors import ParametersError, RegisterError
from werkbank.parks.municipalities import dutch_municipalities
from werkbank.register import LegalBasis
from werkbank.settings.catalogue import load_catalogue
from werkbank.settings.parameters import load_parameters

ROOT = Path(__file__).parents[2]
ELSEWHERE = re.compile(
    rf"Flevoland|Midden-Nederland|Zuiderzee|\b({'|'.join(one.slug for one in MUNICIPALITIES)})\b", re.IGNORECASE
)
"""What names the district of the demo."""
TWENTE = "Almelo, Enschede, Hof van Twente"


@pytest.fixture
def begun(tmp_path, monkeypatch, run):
    """A folder that `werkbank init` filled, on a path with spaces and accents, as the workspace."""

    def make(*options, name="Twènte en meer"):
        folder = tmp_path / "een map" / name
        assert run("init", folder, *options)[0] == 0
        monkeypatch.setenv("WERKBANK_WORKSPACE", str(folder))
        return folder

    return make


def files(folder):
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in folder.rglob("*.*")}


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("Almelo; hof van twente,ENSCHEDE", "almelo hof-van-twente enschede"),
        ("sudwest fryslan, Súdwest-Fryslân, den haag, ’s-Gravenhage", "sudwest-fryslan s-gravenhage"),
        ("Hengelo (O.), hengelo, GM0164, Bergen (NH.), Bergen (L.)", "hengelo bergen-nh bergen-l"),
        ("Nuenen, Gerwen en Nederwetten, Helmond", "nuenen-gerwen-en-nederwetten helmond"),
    ],
)
def test_a_municipality_is_known_however_it_is_written_and_counts_once(text, slugs):
    assert [one.slug for one in dutch_municipalities(text)] == slugs.split()


def test_every_name_that_is_none_or_several_is_told_at_once_with_the_nearest():
    with pytest.raises(ParametersError) as caught:
        dutch_municipalities("Almello, Bergen, Almelo, Xyzzy")
    for told in ("“Almello”: bedoelt u “Almelo”?", "“Bergen”: bedoelt u “Bergen (NH.)” of “Bergen (L.)”?",
                 "“Xyzzy”: zo heet geen gemeente"):  # fmt: skip
        assert told in caught.value.message
    with pytest.raises(ParametersError, match="Er is geen gemeente"):
        dutch_municipalities(" , ")


def test_all_municipalities_are_in_the_table_and_those_of_the_demo_have_its_codes():
    text = ",".join(f"GM{number:04d}" for number in (34, 303, 995, 171, 184, 50))
    demo = [(one.slug, one.code) for one in MUNICIPALITIES]
    assert [(one.slug, one.code) for one in dutch_municipalities(text)] == demo
    table = (ROOT / "werkbank" / "parks" / "municipalities.csv").read_text(encoding="utf-8").splitlines()
    assert len(table) == 343
    assert all(re.match(r"GM\d{4},", line) for line in table[1:])


def test_the_parameters_are_sound_and_the_workspace_s_own(begun):
    folder = begun("--municipalities", f"{TWENTE}, Den Haag")
    made = load_parameters("s-gravenhage")
    assert (made.name, made.code, made.district) == ("'s-Gravenhage", "GM0518", "Twènte en meer")
    assert made.round == f"{dt.date.today().year}-1"
    assert made.catalogue is None
    assert made.method == load_parameters("almelo").method
    assert [name for name, text in files(folder).items() if ELSEWHERE.search(text)] == []


def test_an_own_catalogue_is_the_packaged_one_to_begin_with(begun):
    folder = begun("--municipalities", TWENTE, "--catalogue", "--district", "Twente: oost")
    made = load_parameters("almelo")
    assert (made.district, made.catalogue_path) == ("Twente: oost", folder / "catalogue")
    assert [name for name, text in files(folder).items() if ELSEWHERE.search(text)] == []
    assert load_catalogue(made.catalogue_path).fingerprint == load_catalogue().fingerprint
    schemas = re.findall(r"\$schema=(\S+)", "".join(files(folder).values()))
    assert len(schemas) == 4 + 7 + 1
    assert all((folder / "catalogue" / schema).is_file() for schema in schemas)


def test_check_says_that_both_examples_must_be_replaced_and_then_nothing_but_what_is_missing(begun, run):
    folder = begun("--municipalities", TWENTE)
    with pytest.raises(RegisterError) as caught:
        check_round()
    assert [found.rule for found in caught.value.findings] == ["example-park", "legal-basis"]
    assert (run("check")[0], run("matrix")[0]) == (1, 2)
    parks = folder / "data" / "parks.csv"
    parks.write_text(parks.read_text(encoding="utf-8").replace("VOORBEELD", "ALM-1"), encoding="utf-8")
    others = {"municipality-without-parks", "missing-workbook"}  # of one municipality there is a park now
    assert {found.rule for found in check_round().findings} == {*others, "legal-basis"}
    for file in (folder / "data" / "legal_bases.yaml", folder / "parameters" / "district.yaml"):
        file.write_text(file.read_text(encoding="utf-8").replace(": voorbeeld ", ": besluit-1 "), encoding="utf-8")
    assert {found.rule for found in check_round().findings} == others


def test_a_folder_to_practise_in_is_as_the_checkout(begun, run):
    """So that the demo works in it as it does there; in a district's own folder it is refused."""
    folder = begun("--demo")
    made = files(folder)
    for name in ("parameters", "notebooks"):
        own = {f"{name}/{path.name}": path.read_text("utf-8") for path in (ROOT / name).iterdir() if path.suffix}
        assert {path: text for path, text in made.items() if path.startswith(f"{name}/")} == own
    assert not (folder / "data").exists()
    begun("--municipalities", "Urk", name="urk")
    code, _, err = run("demo")
    assert code == 2
    assert "werkbank init ../oefenen --demo" in err


def test_nothing_is_written_over_what_is_there_and_all_of_it_is_named(begun, run):
    folder = begun("--municipalities", TWENTE)
    before = files(folder)
    code, _, err = run("init", folder, "--demo", "--catalogue")
    assert code == 2
    assert "staat al: README.md, docs, notebooks en parameters." in err
    assert files(folder) == before
    assert run("init", folder / "README.md", "--demo")[:1] == (2,)
    beside = folder.with_name("met iets anders")
    beside.mkdir()
    (beside / "aantekeningen.txt").write_text("x")
    assert run("init", beside, "--municipalities", TWENTE)[0] == 0
    assert sorted(path.name for path in beside.iterdir()) == ["README.md", "aantekeningen.txt", *sorted(
        ["data", "docs", "notebooks", "parameters"])]  # fmt: skip


def test_what_cannot_be_begun_leaves_no_folder_and_one_within_a_repository_is_warned_of(tmp_path, run):
    """What is confidential would be among the files that are kept."""
    for options in ((), ("--demo", "--municipalities", "Urk"), ("--municipalities", "Urkk")):
        assert run("init", tmp_path / "x", *options)[0] == 2
        assert not (tmp_path / "x").exists()
    (tmp_path / ".git").mkdir()
    assert "ligt in een repository" in run("init", tmp_path / "diep" / "x", "--demo")[1]


@pytest.mark.parametrize("options", [("--demo",), ("--municipalities", TWENTE, "--catalogue")])
def test_the_readme_is_a_page_of_commands_and_files_that_there_are(begun, options):
    folder = begun(*options)
    text = (folder / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 50
    assert "{" not in text
    assert set(re.findall(r"(?:`| {4})werkbank ([a-z]+)", text)) <= set(command.commands)
    for name in re.findall(r"`((?:docs|parameters|data|catalogue)\b[^`]*)`", text):
        made_later = name.startswith(("data/matrices", "data/plans")) or (name == "data" and options == ("--demo",))
        assert (folder / name).exists() or made_later
    for page in (folder / "docs").glob("*.md"):
        for link in re.findall(r"\]\((?!https?:|images/)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), (page.name, link)
    if options != ("--demo",):
        _explained(folder)


def _explained(folder):
    """The example of a legal basis explains every key."""
    text = (folder / "data" / "legal_bases.yaml").read_text(encoding="utf-8")
    assert (folder / "data" / re.match(r"# yaml-language-server: \$schema=(\S+)", text)[1]).is_file()
    (entry,) = yaml.safe_load(text)["legal_bases"]
    assert set(entry) | set(re.findall(r"#(dpia|note|purposes):", text)) == set(LegalBasis.model_fields)
