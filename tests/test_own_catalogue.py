"""A catalogue of one's own works everywhere, and nothing of the packaged one or of another district comes along."""

import datetime as dt
import re
from pathlib import Path

import pytest

import werkbank as wb
from tests import own_district
from tests.bundles import write_bundle
from werkbank import dashboard
from werkbank.dashboard.views import dashboard_html
from werkbank.errors import OutputError
from werkbank.settings.catalogue import load_catalogue
from werkbank.sharing.bundle import OWN_CATALOGUE, read_bundle

CHAPTERS = (
    "front_page", "key_points", "information_position", "ranking_table", "certainty", "park_pages", "phenomena",
    "agreement", "heat_map", "direction", "findings", "accountability", "glossary",
)  # fmt: skip


@pytest.fixture(scope="module")
def home(coast):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WERKBANK_WORKSPACE", str(coast))
        yield coast


@pytest.fixture(scope="module")
def one_group(tmp_path_factory):
    """The same district with threats only."""
    return own_district.make(tmp_path_factory.mktemp("one") / "kust", "threat")


def told(assessment, *chapters):
    """What these chapters say."""
    return " ".join(re.sub(r"<[^>]+>", " ", str(getattr(wb.report, name)(assessment).html)) for name in chapters)


def seen_by(audience, slug="veere"):
    return wb.for_audience(wb.assess(wb.load_parameters(slug, audience=audience)))


def test_what_every_parameters_file_begins_with_falls_away_with_its_family(home):
    """The method of a new workspace names all families of the packaged catalogue."""
    assert set(wb.load_parameters("veere").method.group_weights.model_dump()) == {"threat", "opportunity"}


@pytest.mark.parametrize("audience", ["riec", "municipality"])
def test_a_bundle_carries_its_catalogue_and_is_shown_where_there_is_no_workspace(home, tmp_path, monkeypatch, audience):
    write_bundle([seen_by(audience)], tmp_path / "b")
    monkeypatch.setenv("WERKBANK_WORKSPACE", "/nonexistent")
    bundle = read_bundle(tmp_path / "b")
    catalogue = bundle.assessment("veere").catalogue
    assert (catalogue.version, catalogue.indicator_ids) == ("1", ("K01", "K02", "K03", "K04", "K05"))
    assert bundle.label == catalogue.audience(audience).label
    assert f"voor: {catalogue.audience(audience).name}" in dashboard_html(bundle, dt.date(2026, 3, 2))
    assert "alert" not in getattr(dashboard.show(str(tmp_path / "b")), "value", "")


@pytest.mark.parametrize("damage", [lambda file: file.unlink(), lambda file: file.write_text(
    file.read_text(encoding="utf-8").replace("Smokkel via de haven", "Iets anders"), encoding="utf-8"
)], ids=["missing", "changed"])  # fmt: skip
def test_a_bundle_with_another_catalogue_is_not_shown(home, tmp_path, damage):
    write_bundle([seen_by("riec")], tmp_path / "b")
    damage(tmp_path / "b" / OWN_CATALOGUE / "indicators.yaml")
    with pytest.raises(OutputError, match="opnieuw"):
        read_bundle(tmp_path / "b")


def test_two_catalogues_are_not_put_in_one_bundle(home, assessed, tmp_path):
    packaged = assessed("urk")
    mixed = [packaged, seen_by("riec")]
    with pytest.raises(OutputError, match="verschillende catalogi"):
        write_bundle(mixed, tmp_path / "b")


@pytest.mark.parametrize("audience", ["riec", "municipality"])
def test_a_report_says_nothing_of_the_packaged_catalogue(home, audience):
    """No question, phenomenon or family of it, no code as an example, and no phenomenon that nobody asks about."""
    assessment, packaged = seen_by(audience), load_catalogue()
    text = told(assessment, *CHAPTERS)
    gone = [one.name for one in (*packaged.indicators, *packaged.phenomena, *packaged.subcategories)]
    gone += ["weerbaarheid", "Stroperij", "V08", "Flevoland"]
    assert [name for name in gone if re.search(rf"\b{re.escape(name)}\b", text)] == []
    assert "zoals K01." in text
    assert "zoals smokkel over water." in text


@pytest.mark.parametrize("file", ["plan/plan.yaml", "report/texts.yaml", "matrix/guide.yaml"])
def test_prose_names_no_family_and_no_level_of_the_packaged_catalogue(file):
    said = (Path(wb.__file__).parent / file).read_text(encoding="utf-8")
    assert re.findall(r"(?i).*\b(?:gelegenheid|weerbaarheid|structureel vermoeden|de andere partij)\b.*", said) == []


def test_where_there_is_one_group_nothing_is_weighed(one_group, monkeypatch):
    """No fields for weights, no note that one weight is no whole, and no sentence about another weighing."""
    monkeypatch.setenv("WERKBANK_WORKSPACE", str(one_group))
    assessment = seen_by("riec")
    assert "er is niets te wegen" in dashboard.what_if(assessment).value
    text = told(assessment, "certainty", "accountability")
    assert "weging van de groepen brengt" not in text
    assert "samen 0,9" not in text
