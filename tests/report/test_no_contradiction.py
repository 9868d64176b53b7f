"""No page contradicts itself: what page one, the certainty chapter and the park pages say is what advice.json says.

Every sentence is read back as its reader would, and each claim in it is compared: score, what of it is estimated,
bounds, intervals, shares, what to do, strong signals, blind spots, how much is known, and the advice itself. For two
municipalities of the fictional district, and for a few of which next to nothing is known.
"""

import re
import shutil

import numpy as np
import pytest

import werkbank as wb
from tests.advice.small import NOTHING
from tests.report.reading import said, tables
from werkbank.advice.advice import of_hundred
from werkbank.report.outputs import advice_document
from werkbank.report.terms import words
from werkbank.wording import number, points

CHAPTERS = ("front_page", "key_points", "information_position", "ranking_table", "certainty", "park_pages")
ACTIONS = {"advised": "advies", "blind_spot": "informatie halen", "follow": "volgen", "no_cause": "geen aanleiding"}
GROUPS = {"Dreiging": "threat", "Gelegenheid": "opportunity", "Tekort aan weerbaarheid": "resilience_gap"}
FIGURE = r"(\d+(?:,\d+)?)"


def nothing_known(judged):
    judged["state"], judged["level"], judged["source_strength"] = "unknown", None, ""


def some(share):
    """Only this share of the levels is filled in, by either party."""

    def change(judged):
        gone = (judged["state"] == "level") & (np.random.default_rng(7).random(len(judged)) > share)
        judged.loc[gone, ["state", "level", "source_strength"]] = ["unknown", None, ""]

    return change


def noughts_unknown(judged):
    """Honest: of the park with the highest score the parties put "onbekend" for every nought."""
    gone = (judged["park_id"] == "URK-04") & (judged["level"] == 0)
    judged.loc[gone, ["state", "level", "source_strength"]] = ["unknown", None, ""]


def one_indication(judged):
    """Threats are suspected on one park alone, and of another nothing at all is known."""
    threat = judged["indicator"].str.startswith("V") & (judged["state"] == "level")
    judged.loc[threat & (judged["park_id"] != "URK-02"), "level"] = 0
    judged.loc[judged["park_id"] == "URK-03", ["state", "level", "source_strength"]] = ["unknown", None, ""]


def police_alone(judged):
    judged.loc[judged["party"] == "municipality", ["state", "level", "source_strength"]] = ["unknown", None, ""]


MADE_UP = {
    "nothing known": (nothing_known, {}),
    "a tenth known": (some(0.1), {}),
    "half known, two to choose": (some(0.5), {"capacity": 2}),
    "noughts unknown": (noughts_unknown, {}),
    "one indication": (one_indication, {}),
    "police alone": (police_alone, {}),
    "more to choose than there are": (some(0.6), {"capacity": 9}),
    "nothing recalculated": (some(0.4), {"method": {"uncertainty": NOTHING}}),
}
SLUGS = ("almere", "urk")
FILES = {"police": "politie", "municipality": "gemeente"}


def changed(workspace, change):
    """Urk with other judgements, as a list per party in place of its workbooks."""
    parks, folder = wb.load_parks(workspace / "data" / "parks.csv"), workspace / "data" / "matrices" / "2026-1"
    books = sorted(folder.glob("urk_*.xlsx"))
    judged = wb.load_matrix(books, wb.load_catalogue(), parks, round="2026-1").judgements.assign(remark="")
    change(judged)
    for book in books:
        book.unlink()
    for party, own in judged.groupby("party"):
        own.to_csv(folder / f"urk_{FILES[party]}.csv", index=False)


@pytest.fixture(scope="module", params=[*SLUGS, *MADE_UP])
def page(request, demo_workspace, assessed, tmp_path_factory):
    if request.param in SLUGS:
        return Page(assessed(request.param))
    change, options = MADE_UP[request.param]
    workspace = tmp_path_factory.mktemp("made-up") / "w"
    shutil.copytree(demo_workspace, workspace)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WERKBANK_WORKSPACE", str(workspace))
        changed(workspace, change)
        return Page(wb.assess(wb.load_parameters("urk", **options)))


class Page:
    """The chapters as lines and tables, beside what advice.json says."""

    def __init__(self, assessment):
        document = advice_document(assessment)
        self.assessment, self.advice = assessment, document["advice"]
        self.parks = {park["park_id"]: park for park in document["parks"]}
        self.codes = {park["name"]: code for code, park in self.parks.items()}
        counted = assessment.parks.set_index("park_id")[["unknown", "asked", "suspected", "drawn_low", "drawn_high"]]
        self.counted = counted.to_dict("index")
        self.names = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in self.codes))
        made = {name: getattr(wb.report, name)(assessment) for name in CHAPTERS}
        self.lines = {name: said(chapter) for name, chapter in made.items()}
        self.tables = {name: tables(chapter) for name, chapter in made.items()}
        method = assessment.parameters.method
        self.edges, self.least, self.draws = method.class_borders, method.minimum_coverage - 5e-5, method.draws

    @property
    def text(self):
        return "\n".join(line for lines in self.lines.values() for line in lines)

    def points(self, value):
        return points(value, self.edges)

    def about(self, *chapters):
        """Every stretch of text from a park's name on to the next one, with the park's code."""
        for line in (line for name in chapters or CHAPTERS for line in self.lines[name]):
            found = list(self.names.finditer(line))
            for one, following in zip(found, [*found[1:], None], strict=False):
                yield self.codes[one[0]], line[one.end() : following.start() if following else len(line)]

    def on_pages(self, *chapters):
        """The lines below each park's heading."""
        for chapter in chapters:
            park = None
            for line in self.lines[chapter]:
                park = self.codes.get(line, self.codes.get(line.rpartition(" ")[0], park))
                if park:
                    yield park, line

    def items(self, first, following):
        """The lines of page one between two of its headings."""
        lines = self.lines["key_points"]
        start, end = (next(at for at, line in enumerate(lines) if line.startswith(one)) for one in (first, following))
        return lines[start + 1 : end]

    def threats_known(self, park):
        return self.parks[park]["themes"]["threat"]["coverage"] or 0


def test_every_score_with_what_is_estimated_and_its_bounds_is_that_of_advice_json(page):
    claims = 0
    for code, text in page.about():
        park, counted = page.parks[code], page.counted[code]
        if found := re.search(rf"^ \({FIGURE} van 100", text):
            claims += 1
            assert found[1] == page.points(park["score"])
            assert ("grotendeels geschat" in text) == park["mostly_estimated"]
            assert ("mogelijk tussen" in text) == (page.points(park["score_low"]) != page.points(park["score_high"]))
            assert ("bij geen enkele partij bekend" in text) == (counted["unknown"] > 0)
        if found := re.search(rf"waarvan {FIGURE} geschat", text):
            assert found[1] == number(park["score_estimated"], 1)
        if found := re.search(r"([\d.]+) van de ([\d.]+) vragen", text):
            assert found.groups() == (number(counted["unknown"]), number(counted["asked"]))
        if found := re.search(rf"mogelijk tussen {FIGURE} en {FIGURE}", text):
            assert found.groups() == (page.points(park["score_low"]), page.points(park["score_high"]))
        if found := re.search(rf"mogelijk tot {FIGURE}", text):
            assert found[1] == page.points(park["score_high"])
        if "grotendeels geschat" in text.split(".")[0]:
            assert park["mostly_estimated"]
    assert claims >= min(1, len(page.advice["park_ids"]))


def test_what_a_score_lies_between_in_most_draws_lies_within_its_bounds_and_holds_the_score(page):
    claim = rf"{FIGURE} punten\. .*?doorrekeningen (?:precies|tussen) {FIGURE}(?: en {FIGURE})?"
    for code, text in page.about("key_points"):
        park = page.parks[code]
        if found := re.search(claim, text):
            score, low, high = (float((one or found[2]).replace(",", ".")) for one in found.groups())
            assert park["score_low"] - 0.06 <= low <= score <= high <= park["score_high"] + 0.06
            assert found[1] == page.points(park["score"])
            assert park["score_estimated"] > 0
    for counted, park in ((page.counted[code], park) for code, park in page.parks.items()):
        if counted["drawn_low"] == counted["drawn_low"]:
            assert park["score_low"] - 1e-6 <= counted["drawn_low"] <= park["score"] + 1e-6
            assert park["score"] - 1e-6 <= counted["drawn_high"] <= park["score_high"] + 1e-6


def test_the_figures_of_a_park_are_the_same_on_page_one_its_own_page_and_in_the_ranking(page):
    seen = set()
    for code, line in page.on_pages("key_points", "park_pages"):
        park = page.parks[code]
        for name, group in GROUPS.items():
            if found := re.match(rf"{name} {FIGURE} tussen {FIGURE} en {FIGURE}$", line):
                theme = park["themes"][group]
                assert found.groups() == tuple(page.points(theme[one]) for one in ("score", "low", "high"))
        if found := re.match(rf"Totaal {FIGURE} (.*), tussen {FIGURE} en {FIGURE}$", line):
            seen.add(code)
            told = (found[1], found[3], found[4])
            assert told == tuple(page.points(park[one]) for one in ("score", "score_low", "score_high"))
            assert ("grotendeels geschat" in found[2]) == park["mostly_estimated"]
        if found := re.search(r"plaats (\d+) van (\d+)", line):
            assert found.groups() == (str(park["rank"]), str(len(page.parks)))
    assert seen == set(page.parks)
    ((heads, rows),) = page.tables["ranking_table"]
    assert len(rows) == len(page.parks)
    for row in (dict(zip(heads, row, strict=True)) for row in rows):
        name = page.names.match(row["Terrein"])[0]
        code, tags = page.codes[name], row["Terrein"].removeprefix(name)
        park = page.parks[code]
        assert row["Totaal"] == page.points(park["score"])
        assert row["Grenzen"] == f"{page.points(park['score_low'])}–{page.points(park['score_high'])}"
        assert row["Rang"] == str(park["rank"])
        assert ("grotendeels geschat" in row["Klasse"]) == park["mostly_estimated"]
        assert ("advies" in tags) == (code in page.advice["park_ids"])
        assert ("sterk signaal" in tags) == bool(park["strong_signals"])
        assert row["Wat te doen"].removesuffix(" (geen aanwijzing)") == ACTIONS[park["action"]]
        assert row["Wat te doen"].endswith("(geen aanwijzing)") == (not page.counted[code]["suspected"])


def test_what_is_advised_is_the_same_everywhere_and_never_without_an_indication(page):
    advised, sentence = page.advice["park_ids"], page.advice["sentence"]
    assert {code for code, park in page.parks.items() if park["action"] == "advised"} == set(advised)
    assert all(page.counted[code]["suspected"] for code in advised)
    assert page.lines["front_page"].count(sentence) == 1
    assert ("geen terrein om te adviseren" in page.text) == (not advised)
    cards = [line for line in page.lines["key_points"] if page.codes.get(line.rpartition(" ")[0])]
    assert [page.codes[line.rpartition(" ")[0]] for line in cards] == advised
    scores = [page.parks[code]["score"] for code in advised]
    assert scores == sorted(scores, reverse=True)
    others = [park for code, park in page.parks.items() if page.counted[code]["suspected"] and code not in advised]
    assert all(park["score"] <= min(scores) for park in others)
    first = sentence.split(". ")[0]
    assert [page.codes[one] for one in dict.fromkeys(page.names.findall(first))] == advised


def test_how_often_it_comes_out_is_said_in_one_way(page):
    """With one park to choose the share of the advice is that of the park itself."""
    advice, advised = page.advice, page.advice["park_ids"]
    sure = page.assessment.advice.sureness
    assert (sure is None) == (advice["grade"] in (None, "no_comparison"))
    assert ("doorrekeningen" in advice["sentence"]) == (sure is not None)
    if sure is None:
        assert advice["flips"] == [] or advice["grade"] is None
        return
    assert sure.grade == advice["grade"]
    assert of_hundred(sure.share, sure.draws) in advice["sentence"]
    if len(advised) == 1:
        assert sure.share == pytest.approx(page.parks[advised[0]]["p_selected"])
    if "niet goed te onderscheiden" in page.text.lower():
        assert advice["grade"] == "indistinguishable"
    if advice["grade"] == "clear":
        assert not re.search("niet zeker|staat niet vast|Vaker", advice["sentence"])
    for code, text in page.about("front_page"):
        if found := re.match(r" \(in ([^()]*doorrekening(?:en)?)\)", text):
            assert found[1] == of_hundred(page.parks[code]["p_selected"], sure.draws)
    assert set(advice["contenders"]) <= {code for code, counted in page.counted.items() if counted["suspected"]}


def test_blind_spots_stand_on_page_one_by_their_share_with_what_nobody_knows(page):
    """At most three, and the count of the rest; nothing that is blind is called quiet."""
    cells = page.assessment.cells.set_index(["park_id", "indicator"])
    found = [code for code, park in page.parks.items() if park["action"] == "blind_spot"]
    items = page.items("Blinde vlekken", "Op welke grondslag?")
    named = [(page.codes[one[0]], line) for line in items if (one := page.names.match(line))]
    rest = [int(one[1]) for line in items if (one := re.match(r"en nog (\d+)", line))]
    assert len(named) + sum(rest) == len(found)
    assert len(named) <= 3
    assert {code for code, _ in named} <= set(found)
    order = [(-(page.parks[code]["p_selected"] or 0), -page.parks[code]["score_high"]) for code, _ in named]
    assert order == sorted(order)
    for code, line in named:
        share = page.parks[code]["p_selected"]
        told = re.search(r"\(in (.*?doorrekening(?:en)?) bovenaan\)", line)
        assert (told[1] if told else None) == (of_hundred(share, page.draws) if (share or 0) >= 0.005 else None)
        codes = re.findall(r"\(([VGW]\d\d)\)", line)
        assert codes
        assert not cells.loc[[(code, one) for one in codes], "known"].any()
        assert "Vraag de " in line


def test_what_to_do_follows_from_what_is_known_and_seen(page):
    for code, park in page.parks.items():
        unknown, share = page.counted[code]["unknown"], park["p_selected"] or 0
        near = share - 2 * (share * (1 - share) / page.draws) ** 0.5 >= 0.05
        little = page.threats_known(code) < page.least
        blind, seen = little or (near and unknown > 0), bool(near or park["strong_signals"])
        if park["action"] != "advised":
            assert (park["action"] == "blind_spot") == blind
            assert not (park["action"] == "no_cause" and seen)
    for code, line in page.on_pages("park_pages"):
        for action, word in ACTIONS.items():
            if line.lower().startswith(f"{word}: "):
                assert page.parks[code]["action"] == action
                assert words(f"action.{action}") in line
    counts = {word: int(n) for word, n in re.findall(r"(Volgen|Geen aanleiding): (\d+) terrein", page.text)}
    for word, action in (("Volgen", "follow"), ("Geen aanleiding", "no_cause")):
        assert counts.get(word, 0) == sum(park["action"] == action for park in page.parks.values())


def test_strong_signals_stand_on_page_one_with_their_sources_and_are_never_quiet(page):
    has = {code: park["strong_signals"] for code, park in page.parks.items() if park["strong_signals"]}
    items = page.items("Sterke signalen", "Blinde vlekken")
    named = {page.codes[one[0]]: line for line in items if (one := page.names.match(line))}
    rest = [int(one[1]) for line in items if (one := re.match(r"en nog (\d+)", line))]
    assert len(named) + sum(rest) == len(has)
    for code, line in named.items():
        assert set(re.findall(r"\(([VGW]\d\d);", line)) == {one["indicator"] for one in has[code]}
        sources = sorted(one["source_strength"] for one in has[code] if one["source_strength"])
        assert sorted(re.findall(r"bron ([ABC])", line)) == sources
    assert not [code for code in has if page.parks[code]["action"] == "no_cause"]


def test_how_much_is_known_is_counted_in_one_way(page):
    enough = sum(page.threats_known(code) >= page.least for code in page.parks)
    found = re.search(r"Van (\d+) van de (\d+) terrein\w* is minstens", page.text)
    assert (int(found[1]), int(found[2])) == (enough, len(page.parks))
    little = [code for code in page.parks if page.threats_known(code) < page.least]
    assert all(page.parks[code]["action"] in ("blind_spot", "advised") for code in little)
    cells = page.assessment.cells
    found = re.search(r"Van ([\d.]+) cellen .*? er ([\d.]+) bij geen enkele partij bekend", page.text)
    unknown, asked = (sum(one[name] for one in page.counted.values()) for name in ("unknown", "asked"))
    assert found.groups() == (number(asked), number(unknown))
    assert (asked, unknown) == (cells["applicable"].sum(), (cells["applicable"] & ~cells["known"]).sum())
    for code in page.parks:
        told = re.findall(r"\b([VGW]\d\d) ", " ".join(_not_known(page, code)))
        own = cells[(cells["park_id"] == code) & cells["applicable"] & ~cells["known"]]
        assert sorted(told) == sorted(own["indicator"])


def _not_known(page, code):
    """What a park's page lists below its heading about what nobody knows."""
    on = False
    for park, line in page.on_pages("park_pages"):
        on = (line == "Wat niemand weet") or (on and re.match("Vraag|Zoek", line) is not None)
        if on and park == code:
            yield line


def test_who_may_still_come_higher_in_the_extreme_is_who_can(page):
    advised = page.advice["park_ids"]
    if not advised:
        assert "hoger uitkomen" not in page.text
        return
    least = min(page.parks[code]["score_low"] for code in advised)
    able = {code for code, park in page.parks.items() if code not in advised and park["score_high"] > least}
    named = [code for code, text in page.about("key_points") if text.startswith(" (mogelijk tot")]
    rest = re.search(r"hoger uitkomen: .*? en nog (\d+) terrein", page.text)
    assert set(named) <= able
    assert len(named) + (int(rest[1]) if rest else 0) == len(able)
    assert ("kan geen ander terrein hoger laten uitkomen" in page.text) == (not able)


def test_what_turns_the_advice_and_what_to_ask_is_what_advice_json_says(page):
    lines, advice = page.lines["certainty"], page.advice
    names = {code: park["name"] for code, park in page.parks.items()}
    cells = page.assessment.cells.set_index(["park_id", "indicator"])
    candidates = {code for code, counted in page.counted.items() if counted["suspected"]}
    for flip in advice["flips"] if page.assessment.advice.sureness else ():
        assert flip["rival"] in candidates - set(advice["park_ids"])
        rival, turns = names[flip["rival"]], bool(flip["changes"])
        if flip["kind"] == "weights":
            assert any(line.startswith(f"Geen enkele weging van de groepen brengt {rival}") for line in lines) != turns
            assert any(f"{rival} komt" in line and "de weging verandert" in line for line in lines) == turns
        else:
            assert any(re.match(rf"{re.escape(rival)} komt .* stap(pen)? verschil", line) and " niet " not in line
                       for line in lines) == turns  # fmt: skip
    asked = [line for line in lines if re.search(r"Vraag (het )?de ", line)]
    if page.assessment.advice.sureness:
        assert len(asked) == len(advice["questions"])
    for one in advice["questions"]:
        share = page.parks[one["park_id"]]["p_selected"]
        assert 0 < share < 1
        if one["indicator"]:
            assert not cells.loc[(one["park_id"], one["indicator"]), "known"]
        else:
            assert 0.05 <= share <= 0.95
