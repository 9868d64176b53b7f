"""What each audience of the catalogue gets to see: its views, and of rounds and plans no more than it may know."""

import datetime as dt
import json
import re
import shutil
from dataclasses import replace
from hashlib import sha256
from types import SimpleNamespace

import lxml.html
import pytest

import werkbank as wb
from tests.bundles import write_bundle
from tests.report.reading import text_of
from werkbank.assessment.decisions import select_in_demo
from werkbank.assessment.inputs import legal_basis_of
from werkbank.batch.manifest import manifest_bytes, parse_manifest
from werkbank.dashboard import serve
from werkbank.dashboard.gathered import beside
from werkbank.dashboard.views import _history, _working_together, dashboard_html
from werkbank.errors import OutputError, ParametersError, WerkbankError
from werkbank.files.canonical import canonical_json
from werkbank.release.sharing_request import record_showing, served
from werkbank.report import copies
from werkbank.report.view import view_of
from werkbank.sharing import for_audience
from werkbank.sharing.bundle import BUNDLE_FILE, Beside, bundle_of, read_bundle
from werkbank.sharing.what import of_one_park

SEEN = {
    "riec": (["Overzicht", "Terrein", "Verschillen", "Wat als", "Ontwikkeling", "Plannen"], None, ""),
    "police": (["Overzicht", "Terrein", "Ontwikkeling", "Plannen"], "zeewolde", ""),
    "municipality": (["Overzicht", "Terrein", "Ontwikkeling", "Plannen"], "zeewolde", ""),
    "steering": (["Overzicht", "Ontwikkeling", "Plannen"], None, ""),
    "partners": (["Terrein", "Ontwikkeling", "Plannen"], "zeewolde", "ZEE-01"),
    "entrepreneurs": (["Terrein", "Ontwikkeling", "Plannen"], "zeewolde", "ZEE-01"),
    "public": (["Overzicht"], None, ""),
}
"""Audience → its views, and of what its dashboard is made."""


@pytest.fixture(scope="module")
def followed(_analysed, tmp_path_factory):
    """The district with analyses, a chosen park with a plan, and in Zeewolde two rounds beside one another."""
    workspace = shutil.copytree(_analysed[0], tmp_path_factory.mktemp("followed") / "w")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WERKBANK_WORKSPACE", str(workspace))
        now = wb.load_parameters("zeewolde")
        for name in now.earlier_rounds:
            then = now.model_copy(update={"round": name})
            (made := wb.assess(then)).save(then.output_folder)
            select_in_demo("zeewolde", made)
        wb.follow_rounds(now).save(now.output_folder.parent / "monitor" / "zeewolde")
        assert select_in_demo("zeewolde").park_id == "ZEE-01"
        yield workspace


@pytest.fixture(scope="module")
def pages(followed, tmp_path_factory):
    """The page of every audience."""
    folder, made = tmp_path_factory.mktemp("pages"), {}
    for audience, (_, municipality, park) in SEEN.items():
        assert serve.run(audience, municipality, out=folder / f"{audience}.html", park=park) == 0
        assert (folder / f"{audience}.html").stat().st_size <= 3_000_000
        made[audience] = lxml.html.document_fromstring((folder / f"{audience}.html").read_text(encoding="utf-8"))
    return made


def text(page, view, place="zeewolde"):
    (found,) = page.xpath(f"//section[@data-view='{view}'][@data-place='{place}']")
    return " ".join(found.text_content().replace("\N{NON-BREAKING HYPHEN}", "-").split())


def test_the_table_names_every_audience():
    assert list(SEEN) == [one.id for one in wb.load_catalogue().audiences]


@pytest.mark.parametrize("audience", SEEN)
def test_every_audience_gets_its_views_with_its_label_and_no_other_is_there(pages, audience):
    page, tabs = pages[audience], pages[audience].xpath("//nav//a")
    assert [tab.text for tab in tabs] == SEEN[audience][0]
    there = [(one.get("data-view"), one.get("data-place")) for one in page.find_class("view")]
    assert len(set(there)) == len(there)
    assert {view for view, _ in there} == {tab.get("href").partition("=")[2] for tab in tabs}
    towns = [one["place"] for one in json.loads(page.get_element_by_id("gegevens").text)["places"] if one["codes"]]
    assert "Terrein" not in SEEN[audience][0] or [place for view, place in there if view == "terrein"] == towns
    assert wb.load_catalogue().audience(audience).label.strip() in page.find_class("band")[0].text_content()
    assert len(set(page.xpath("//@id"))) == len(page.xpath("//@id"))


@pytest.mark.parametrize(
    ("audience", "there", "not_there"),
    [
        ("riec", ["echt", "Te verwachten", "Het samenwerkingsbeeld", "anders beoordeeld"], ["nog niet naast elkaar"]),
        (
            "police",
            ["Plaats 2025-1", "Politie", "hierboven is gekozen"],
            ["Te verwachten", "Anders beoordeeld", "Gemeente "],
        ),
        ("municipality", ["Score 2025-1", "Gemeente"], ["Te verwachten", "Anders beoordeeld", "Politie "]),
        ("steering", ["Score 2025-1"], ["Te verwachten", "Wat anders is ingevuld"]),
        ("partners", ["Wat anders is ingevuld"], ["Score 2025-1", "Plaats 2025-1", "Politie", "V0", "hierboven"]),
        ("entrepreneurs", ["Wat anders is ingevuld"], ["Score 2025-1", "Politie", "V0", "G13", "hierboven"]),
    ],
)
def test_of_the_rounds_each_is_told_what_its_own_analyses_told(pages, audience, there, not_there):
    told = text(pages[audience], "ontwikkeling")
    assert [words for words in there if words not in told] == []
    (view,) = pages[audience].xpath("//section[@data-view='ontwikkeling'][@data-place='zeewolde']")
    # Whether another party delivered stands in the chapter about the cooperation.
    parts = view.xpath(".//section[contains(@class, 'wb') and not(contains(@class, 'cooperation'))]")
    elsewhere = " ".join(" ".join(one.text_content() for one in parts).split())
    assert [words for words in not_there if words in elsewhere] == []


def test_who_sees_cells_of_no_party_is_not_told_that_it_sees_its_own(pages):
    told = {one: text(pages[one], "overzicht") for one in ("municipality", "police", "steering")}
    assert [one for one in told if "Zelf staan ze hier niet in" in told[one]] == [*told]
    assert [one for one in told if "zijn alleen die van de eigen partij" in told[one]] == ["municipality", "police"]


def cooperation_in(page, place="zeewolde"):
    """The words of the chapters about the cooperation in Ontwikkeling of a place."""
    found = page.xpath(f"//section[@data-view='ontwikkeling'][@data-place='{place}']//section[@class='wb cooperation']")
    return ["".join(one.text_content().split()) for one in found]


def cooperation_of(chapters):
    return ["".join(text_of(one).split()) for one in chapters if one.name == "cooperation"]


TOGETHER = {
    "police": ["Bekend bij de politie", "staan 9 acties", "2 afspraken"],
    "municipality": ["Bekend bij de gemeente", "staan 9 acties", "2 afspraken"],
    "steering": ["staan 9 acties", "2 afspraken"],
    "partners": ["aangeleverd"],
    "entrepreneurs": [],
    "public": [],
}
"""Audience → what it reads of the cooperation, of all that these say."""


@pytest.mark.parametrize("audience", TOGETHER)
def test_of_the_cooperation_each_reads_in_the_dashboard_what_its_copy_of_the_monitor_tells(pages, audience):
    """And nothing at all of it for who may not know how much is covered."""
    now, day, reader = wb.load_parameters("zeewolde"), dt.date.today(), wb.load_catalogue().audience(audience)
    rounds = copies.kept_rounds(now, day)
    kept = copies.kept_analyses(now, rounds.rounds, day)
    _, copied = copies.rounds_pages(kept, reader, rounds.cooperation).get(SEEN[audience][2] or "monitor", ("", ()))
    (told, *more) = cooperation_in(pages[audience]) or [""]
    assert [told] == (cooperation_of(copied) or [""])
    assert not more
    said = {"".join(one.split()) for every in TOGETHER.values() for one in every} | {"Alfa(Krippendorff)"}
    assert {one for one in said if one in told} == {"".join(one.split()) for one in TOGETHER[audience]} | (
        {"aangeleverd"} if told else set()
    )


def test_of_the_district_the_cooperation_is_for_who_gets_the_district_as_its_copy_tells_it(pages):
    now, day, catalogue = wb.load_parameters("zeewolde"), dt.date.today(), wb.load_catalogue()
    found, left_out = copies.kept_everywhere(now, day)
    copied = copies.district_rounds_copy(found, left_out, catalogue.audience("steering"), legal_basis_of(now, day))
    assert len(cooperation_of(copied)) == 1
    assert cooperation_in(pages["steering"], "alle") == cooperation_of(copied)
    assert len(cooperation_in(pages["riec"], "alle")) == 1


def test_of_the_district_the_police_read_no_cooperation_for_they_get_no_copy_of_it(besides, followed):
    """Each municipality tells its own."""
    urk = for_audience(wb.assess(wb.load_parameters("urk", audience="police")))
    assessment, own = besides["police"]
    page = lxml.html.document_fromstring(
        dashboard_html(bundle_of([assessment, urk], beside={"zeewolde": own}), dt.date(2026, 3, 2))
    )
    assert len(cooperation_in(page)) == 1
    assert cooperation_in(page, "urk") == cooperation_in(page, "alle") == []


@pytest.mark.parametrize(
    ("audience", "actions", "there", "not_there"),
    [
        ("riec", 9, ["Te laat", "accountmanager bedrijven, gemeente", "afgerond: bevestigd"], ["delen met"]),
        ("police", 9, ["Te laat"], ["accountmanager", "bevestigd"]),
        ("steering", 9, ["Te laat"], ["accountmanager", "bevestigd"]),
        ("partners", 9, ["Te laat"], ["accountmanager", "bevestigd"]),
        ("entrepreneurs", None, [], ["accountmanager", "bevestigd", "Bibob", "Keuze en projectplan"]),
    ],
)
def test_the_actions_of_plans_are_told_without_free_text_but_to_who_sees_the_plan(
    pages, audience, actions, there, not_there
):
    page = pages[audience]
    told = text(page, "plannen")
    rows = page.xpath(
        "//section[@data-view='plannen'][@data-place='zeewolde']//table[contains(@class, 'listed')]/tbody/tr"
    )
    assert actions is None or len(rows) == actions
    assert 0 < len(rows) <= 9
    assert [words for words in there if words not in told] == []
    assert [words for words in not_there if words in told] == []
    if there:
        assert "Te laat" in rows[0].text_content()
        assert {row.findtext("th") for row in rows if row.get("data-park")} == {"Zonnedauw"}, (
            "by its name a park is chosen"
        )


def test_who_is_told_of_no_park_gets_numbers_of_which_none_is_below_five(pages):
    page = pages["public"]
    told = " ".join(page.text_content().split())
    figures = [int(one) for one in re.findall(r"\d+", " ".join(td.text for td in page.xpath("//main//td")))]
    assert min(figures) >= 5
    assert not re.search(r"ZEE-|Zonnedauw|Zeewolde|Politiecel", told)
    assert "Vermoedens, geen vaststelling" not in told


def test_the_terrain_tells_its_history_and_the_district_where_each_stands(pages):
    """Of rounds that are not there yet it says how they are made."""
    page = pages["riec"]
    assert "Eerder:" in text(page, "terrein")
    told = text(page, "ontwikkeling", "alle")
    assert "Wat er in het district veranderde" in told
    assert "Dat doet: werkbank monitor." in told
    assert "werkbank monitor -m urk" in text(page, "ontwikkeling", "urk")
    over = text(page, "overzicht", "alle")
    assert "In 6 van de 6 gemeenten leverde elke partij haar risicomatrix aan." in over
    assert "Risico en kennis naast elkaar, Flevoland (fictief)" in over
    others = text(pages["steering"], "ontwikkeling", "alle")
    assert re.search(r"Zeewolde \(fictief\) ?Zonnedauw ?Zonnedauw", others)


def test_rounds_of_another_analysis_are_left_out_and_it_is_said(followed, tmp_path):
    file = followed / "output" / "2026-1" / "riec" / "monitor" / "zeewolde" / "rounds.json"
    kept = file.read_text(encoding="utf-8")
    mark = json.loads(kept)["analyses"]["2026-1"]
    file.write_text(kept.replace(mark, "0" * 64), encoding="utf-8")
    try:
        assert serve.run("riec", "zeewolde", out=tmp_path / "z.html") == 0
    finally:
        file.write_text(kept, encoding="utf-8")
    page = lxml.html.document_fromstring((tmp_path / "z.html").read_text(encoding="utf-8"))
    told = text(page, "ontwikkeling")
    assert "De analyse is veranderd sinds de rondes naast elkaar zijn gelegd" in told
    assert "Te verwachten" not in told


@pytest.mark.parametrize(
    ("audience", "municipality", "park", "message"),
    [
        ("partners", "zeewolde", "", "ziet één terrein"),
        ("entrepreneurs", "zeewolde", "", "ziet één terrein"),
        ("riec", "zeewolde", "ZEE-01", "laat --park weg"),
    ],
)
def test_who_sees_one_park_names_it_and_nobody_else_does(followed, audience, municipality, park, message):
    with pytest.raises(ParametersError, match=message):
        serve.run(audience, municipality, park=park)


def test_the_record_of_a_dashboard_that_was_shown_names_the_rounds_in_it(followed):
    record_showing("police", ("zeewolde",))
    record_showing("partners", ("zeewolde",), ("ZEE-01",))
    whole, of_one = (one for _, one in served())
    assert {"zeewolde", "zeewolde 2025-1"} <= set(whole.went_in)
    assert of_one.parks == ("ZEE-01",)
    assert {cell.partition(" ")[0] for went in of_one.went_in.values() for cell in went["cells"]} == {"ZEE-01"}


def test_an_audience_that_gets_nothing_gets_no_dashboard(followed, monkeypatch):
    real = wb.load_catalogue()
    nothing = real.audience("public").model_copy(update={"documents": ()})
    monkeypatch.setattr(serve, "district_catalogue", lambda: SimpleNamespace(audience=lambda _: nothing))
    with pytest.raises(ParametersError, match="krijgt volgens de catalogus"):
        serve.run("public")


def test_a_district_with_a_catalogue_of_its_own_has_every_dashboard_too(coast, monkeypatch, tmp_path):
    """Its rounds are not there yet: who makes the analyses reads how to make them."""
    monkeypatch.setenv("WERKBANK_WORKSPACE", str(coast))
    for audience, (views, _, park) in SEEN.items():
        municipality = None if audience in ("riec", "public", "steering") else "veere"
        if audience == "entrepreneurs":  # of a park with few firms, or nobody knows how many, they get no page
            with pytest.raises(WerkbankError, match="het aantal bedrijven is niet bekend"):
                serve.run(audience, municipality, park="VEE-01")
            continue
        assert serve.run(audience, municipality, out=tmp_path / "d.html", park=park and "VEE-01") == 0
        page = lxml.html.document_fromstring((tmp_path / "d.html").read_text(encoding="utf-8"))
        tabs = [tab.text for tab in page.xpath("//nav//a")]
        assert set(tabs) <= set(views), audience
        assert ("Ontwikkeling" in tabs) is (audience == "riec")
        assert ("werkbank monitor -m veere" in page.text_content()) is (audience == "riec")


def other_district(text):
    """The manifest as if a return of another municipality was not there yet."""
    kept = parse_manifest(text.encode())[0]
    urk = kept.units["urk"]
    urk = replace(urk, parts={**urk.parts, "district": "0"})
    return manifest_bytes(replace(kept, units={**kept.units, "urk": urk})).decode()


CHANGED = {
    "a figure": ("data/context.csv", lambda text: re.sub(r"(URK-01,.*)\d", r"\g<1>7", text)),
    "the basis": (
        "data/legal_bases.yaml",
        lambda text: text.replace("besluit", "raadsbesluit").replace("2099", "2098"),
    ),
    "what was kept": ("output/2026-1/riec/urk/assessment.json", lambda text: text.replace("Duizendblad", "Klaproos")),
    "the district": ("output/2026-1/riec/manifest.json", other_district),
}


def test_what_was_analysed_is_not_assessed_again_until_something_changes(followed, monkeypatch, tmp_path):
    def never(_):
        raise OutputError("opnieuw berekend")

    monkeypatch.setattr(serve, "assess", never)
    for name, change in CHANGED.values():
        file = followed / name
        kept = file.read_bytes()
        file.write_bytes(change(kept.decode()).encode())
        assert file.read_bytes() != kept
        with pytest.raises(WerkbankError, match="opnieuw berekend"):
            serve.run("riec", "urk", out=tmp_path / "u.html")
        file.write_bytes(kept)
    for audience in ("riec", "municipality"):
        assert serve.run(audience, "urk", out=tmp_path / "u.html") == 0


def test_a_round_without_a_basis_tells_nothing_and_the_others_what_they_told(followed, monkeypatch, tmp_path):
    """Almere chose a park in 2024-1 alone; why rounds are not there is for who makes the analyses."""
    workspace = shutil.copytree(followed, tmp_path / "w")
    monkeypatch.setenv("WERKBANK_WORKSPACE", str(workspace))
    now, today = wb.load_parameters("almere"), dt.date.today()
    for name in now.earlier_rounds:
        then = now.model_copy(update={"round": name})
        (made := wb.assess(then)).save(then.output_folder)
        select_in_demo("almere", made)
    made = wb.assess(now)
    made.save(now.output_folder)

    def told(park=""):
        found = {}
        for audience in ("riec", "municipality", "steering", "partners"):
            copy = replace(made, parameters=made.parameters.model_copy(update={"audience": audience}))
            copy = for_audience(of_one_park(copy, "ALM-13") if audience == "partners" else copy)
            own = beside(copy, today, "ALM-13" if audience == "partners" else "")
            rounds = own.rounds.rounds[:-1] if own.rounds else [one.parameters.round for one in own.earlier]
            assert {one.park_id for one in own.actions} <= {"ALM-13"}
            found[audience] = len(own.actions), [*rounds], bool(own.missing)
        return found

    others = ("municipality", "steering", "partners")
    first = told()
    assert [first[one] for one in others] == [(0, [], False)] * 3
    assert (first["riec"][0] > 0, first["riec"][2]) == (True, True)
    wb.follow_rounds(now).save(now.output_folder.parent / "monitor" / "almere")
    laid = told()
    assert [(laid[one][0] > 0, laid[one][1]) for one in laid] == [(True, ["2024-1", "2025-1"])] * 4
    bases = workspace / "data" / "legal_bases.yaml"
    bases.write_text(bases.read_text(encoding="utf-8").replace("  - 2024-1\n", ""), encoding="utf-8")
    assert told() == dict.fromkeys(("riec", *others), (0, ["2025-1"], False))


def test_a_plan_is_found_under_the_code_that_its_park_had(followed):
    now = wb.load_parameters("zeewolde")
    catalogue = wb.load_catalogue()
    found = {code: copies.agreed_plans([(now, {code: "ZEE-01"})], catalogue) for code in ("ZEE-01", "ZEE-91")}
    assert found["ZEE-91"]["ZEE-91"] == found["ZEE-01"]["ZEE-01"] is not None
    assert copies.agreed_plans([(now, {"ZEE-91": "ZEE-01"})], catalogue, ["ZEE-01"]) == {}


# What stands beside an assessment in a bundle.


@pytest.fixture(scope="module")
def besides(followed):
    """Of Zeewolde, or its one park, for each audience the assessment and what stands beside it."""
    made = {}
    for audience in ("riec", "police", "municipality", "partners", "entrepreneurs"):
        found = serve._assessed(("zeewolde",), audience, {}, dt.date.today(), SEEN[audience][2])
        ((assessment, own),) = found
        made[audience] = assessment, own
    return made


def test_a_score_of_nought_is_history_too(besides):
    _, own = besides["police"]
    first, *_ = own.earlier
    none = replace(own, earlier=(replace(first, _parks=first.parks.assign(score=0.0)),))
    assert _history(none).keys() == own.codes[0].keys()


def with_cooperation(of, **changes):
    """What stands beside, with another cooperation: by default all there is of it; or its own with changes."""
    return lambda own: replace(
        own[of], cooperation=replace(own[of].cooperation, **changes) if changes else own["riec"].rounds.cooperation
    )


def known(own):
    """How much the municipality knows, told to the police."""
    whole = {(one.party, one.round): one for one in own["riec"].rounds.cooperation.parties}
    told = replace(own["police"].cooperation, parties=tuple(whole.values()))
    return replace(own["police"], cooperation=told)


FORGED = {
    "rounds for another": ("police", lambda own: replace(own["police"], rounds=own["riec"].rounds), "bevat rondes"),
    "of another round": (
        "riec",
        lambda own: replace(own["riec"], rounds=replace(own["riec"].rounds, developments=tuple(
            replace(one, new_round="2027-1") for one in own["riec"].rounds.developments))),
        "bevat rondes",
    ),
    "an earlier analysis of another": (
        "riec", lambda own: replace(own["riec"], earlier=own["police"].earlier), "bevat rondes"
    ),
    "roles and results": ("police", lambda own: replace(own["police"], actions=own["riec"].actions), "bevat acties"),
    **{f"the whole cooperation for {one}": (one, with_cooperation(one), "bevat meer van de samenwerking")
       for one in ("riec", "police", "municipality", "partners", "entrepreneurs")},
    "the cooperation of who reads none": (
        "entrepreneurs", lambda own: replace(own["entrepreneurs"], cooperation=own["partners"].cooperation),
        "bevat meer van de samenwerking",
    ),
    "how much another party knows": ("police", known, "bevat meer van de samenwerking"),
    "the counts of a municipality for one park": (
        "partners", with_cooperation("partners", actions={"finished": 1}), "bevat meer van de samenwerking"
    ),
    "the cooperation in a round that is not told": (
        "municipality", lambda own: replace(own["municipality"], **{
            name: getattr(own["municipality"], name)[1:] for name in ("earlier", "codes")}),
        "bevat meer van de samenwerking",
    ),
    "the cooperation without rounds": (
        "police", lambda own: replace(own["police"], earlier=(), codes=(), cooperation=own["police"].cooperation.of_rounds(
            ["2026-1"])),
        "bevat meer van de samenwerking",
    ),
}  # fmt: skip


@pytest.mark.parametrize("audience", ["entrepreneurs", "public"])
def test_who_may_not_know_of_the_cooperation_has_nothing_of_it_in_its_bundle(followed, tmp_path, audience):
    bundle, _ = serve._bundled(audience, *SEEN[audience][1:])
    bundle.write(tmp_path / "b")
    assert len(read_bundle(tmp_path / "b").beside) == (audience == "entrepreneurs")
    for file in (tmp_path / "b").glob("*.beside.json"):
        assert json.loads(file.read_bytes())["earlier"]
        assert json.loads(file.read_bytes())["cooperation"] is None


@pytest.mark.parametrize("rounds_freed", [3, 2])
def test_who_may_see_all_cells_in_every_round_has_all_of_the_cooperation_and_else_no_more_than_in_each(
    besides, tmp_path, rounds_freed
):
    """A basis that releases every party's cells, in all three rounds or not yet in the first."""
    now, day, reader = wb.load_parameters("zeewolde"), dt.date.today(), wb.load_catalogue().audience("police")
    rounds = copies.kept_rounds(now, day)
    kept = copies.kept_analyses(now, rounds.rounds, day)
    basis = kept[-1].legal_basis.model_copy(update={"releases": {"police": ("municipality_cells", "plan")}})
    every = [*kept[:-rounds_freed], *(replace(one, legal_basis=basis) for one in kept[-rounds_freed:])]
    *earlier, present = (one.assessment for one in copies.seen_by(every, reader))
    own = replace(besides["police"][1], earlier=tuple(earlier), cooperation=rounds.cooperation, actions=())
    if rounds_freed < len(kept):
        with pytest.raises(OutputError, match="bevat meer van de samenwerking"):
            bundle_of([present], beside={"zeewolde": own})
        return
    write_bundle([present], tmp_path / "b", beside={"zeewolde": own})
    bundle = read_bundle(tmp_path / "b")
    _, copied = copies.rounds_pages(every, reader, rounds.cooperation)["monitor"]
    (told,) = cooperation_in(lxml.html.document_fromstring(dashboard_html(bundle, day)))
    assert [told] == cooperation_of(copied)
    assert "Alfa(Krippendorff)" in told
    # Who gets the district as well, reads there no more than in its copy of the district.
    view = view_of(present)
    audience = view.audience.model_copy(update={"documents": (*view.audience.documents, "district")})
    (chapter,) = cooperation_of(_working_together(bundle, [replace(view, audience=audience)]))
    (of_district,) = cooperation_of(copies.district_rounds_copy([(now, rounds)], (), reader, basis))
    assert of_district.endswith(chapter)


@pytest.mark.parametrize("audience", ["riec", "police"])
def test_the_page_of_a_bundle_in_hand_is_that_of_the_same_bundle_kept(besides, tmp_path, audience):
    assessment, own = besides[audience]
    chosen = {"zeewolde": dict.fromkeys(("ZEE-02", "ZEE-01"), "door de stuurgroep")} if audience == "riec" else {}
    made, day = {"assessments": [assessment], "chosen": chosen, "beside": {"zeewolde": own}}, dt.date(2026, 3, 2)
    write_bundle(**made, folder=tmp_path / "b")
    assert dashboard_html(bundle_of(**made), day) == dashboard_html(read_bundle(tmp_path / "b"), day)


@pytest.mark.parametrize("name", FORGED)
def test_what_stands_beside_is_refused_when_it_holds_too_much_and_when_it_was_replace(besides, tmp_path, name):
    audience, forge, told = FORGED[name]
    assessment, own = besides[audience]
    forged = forge({audience: one for audience, (_, one) in besides.items()})
    with pytest.raises(OutputError, match=told):
        write_bundle([assessment], tmp_path / "w", beside={"zeewolde": forged})
    assert not (tmp_path / "w").exists()
    write_bundle([assessment], tmp_path / "b", beside={"zeewolde": own})
    kept = read_bundle(tmp_path / "b").beside["zeewolde"]
    assert (kept.actions, len(kept.earlier), kept.codes) == (own.actions, len(own.earlier), own.codes)
    assert canonical_json(kept.cooperation) == canonical_json(own.cooperation)
    file, head = tmp_path / "b" / "zeewolde.beside.json", tmp_path / "b" / BUNDLE_FILE
    before = sha256(file.read_bytes()).hexdigest()
    file.write_text(canonical_json(forged), encoding="utf-8")
    with pytest.raises(OutputError, match="opnieuw"):
        read_bundle(tmp_path / "b")
    mark = sha256(file.read_bytes()).hexdigest()
    head.write_text(head.read_text(encoding="utf-8").replace(before, mark), encoding="utf-8")
    with pytest.raises(OutputError, match="meer dan de doelgroep mag zien"):
        read_bundle(tmp_path / "b")


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"beside": {"urk": Beside()}}, "hoort niet bij deze gemeenten"),
        ({"counts": [("terreinen", "7")]}, "krijgt geen aantallen"),
    ],
)
def test_what_is_of_no_municipality_of_the_bundle_is_refused(besides, tmp_path, more, told):
    with pytest.raises(OutputError, match=told):
        write_bundle([besides["riec"][0]], tmp_path / "b", **more)
