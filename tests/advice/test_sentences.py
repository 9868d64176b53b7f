"""Every sentence of an advice is true: small districts are drawn, and what is said is held against what it claims.

What is claimed is reckoned here anew from the judgements, the scores and the totals of the recalculations, and every
case must have occurred; `make soak` does the same with 5,000 districts.
"""

import re
from collections import Counter

import numpy as np
import pytest

from tests.advice.small import CATALOGUE, advised, alike, drawn, method, scored
from werkbank.advice.advice import CHOICES
from werkbank.scoring.robustness import drivers
from werkbank.wording import number, points

TIED = 1e-9
PARK = r"Terrein (P\d)"
COUNTED = r"alle \d+|geen van de \d+|meer dan 99 van de 100|minder dan 1 van de 100|\d+ van de 100"
FIGURES = re.compile(
    PARK + r" \((?P<score>[\d,]+) van 100"
    r"(?:, (?P<part>waarvan (?P<estimated>[\d,]+) geschat|grotendeels geschat, (?P<mostly>[\d,]+) punten daarvan)"
    r": (?P<unknown>\d+) van de (?P<asked>\d+) vragen (?:is|zijn) bij geen enkele partij bekend)?"
    r"(?:; mogelijk tussen (?P<low>[\d,]+) en (?P<high>[\d,]+), als wat is ingevuld klopt)?\)"
)
CASES = {
    "none": r"In Urk is op (geen van de (?P<of>\d+) terreinen|het enige terrein geen)( een)? ?aanwijzing ingevuld; "
    r"er is geen terrein om te adviseren\.",
    "highest": r"In Urk heeft Terrein .*? de hoogste risicoscore(?P<some> van de terreinen met een aanwijzing)?\.",
    "highest of several": r"In Urk hebben de hoogste risicoscores(?P<some> van de terreinen met een aanwijzing)?: .*?\)\.",
    "level": r"In Urk scoren even hoog(?P<than>, hoger dan (de andere terreinen|het andere terrein)"
    r"(?P<some> met een aanwijzing)?)?: .*?\)\.",
    "only park": r"Het is het enige terrein; er valt niets te vergelijken\.",
    "all chosen": r"Alle terreinen kunnen worden gekozen; er valt niets te vergelijken\.",
    "only one": r"Dit is het enige terrein met een ingevulde aanwijzing; er valt niets te vergelijken\.",
    "only these": r"Dit zijn de enige (?P<of>\d+) terreinen met een ingevulde aanwijzing; er valt niets te vergelijken\.",
    "more than k": r"Dat zijn er meer dan (?P<k>\d+), omdat (?P<of>zij|\d+ daarvan) gelijk staan\.",
    "fixed": r"Wat nu nog onbekend is, verandert dat niet: geen ander terrein(?P<some> met een aanwijzing)? kan "
    r"hoger uitkomen( dan één daarvan)?\.",
    "not fixed": r"Dat staat niet vast: zolang een deel onbekend is, (kan|kunnen) in het uiterste geval ook (?P<who>.*?) "
    r"hoger uitkomen( dan één daarvan)?\.",
    "share": rf"In (?P<share>{COUNTED}) doorrekeningen met andere verdedigbare keuzes sta(at dit terrein|an precies deze "
    r"(?P<of>\d+) terreinen) bovenaan\.",
    "more often": r"Vaker kom(t|en) (?P<rest>.*?) bovenaan( dan (?P<behind>.*?))?\.(?=$| Deze| Het verschil)",
    "as often": r"Even vaak kom(t|en) (?P<rest>.*?) bovenaan( als (?P<behind>.*?))?\.(?=$| Deze| Het verschil)",
    "alike": r"Deze terreinen zijn niet goed te onderscheiden\.",
    "driver": r"Het verschil zit vooral in (?P<choice>[^.]*)\.",
    "likely": r"Dat is waarschijnlijk, niet zeker\.",
    "mostly so": r"Dat is meestal zo, maar zeker is het niet\.",
    "none more often": r"Geen ander terrein staat vaker bovenaan, maar zeker is het niet\.",
    "besides": rf"Daarnaast komt {PARK} het vaakst bovenaan, in (?P<share>{COUNTED}) doorrekeningen\.",
    "not apart": rf"Niet goed te onderscheiden zijn (?P<who>[^:]*): in (?P<share>{COUNTED}) doorrekeningen staat een "
    r"daarvan bovenaan\.",
    "seats": r"Niet goed te onderscheiden zijn (?P<who>[^:]*): samen bezetten zij (?P<seats>meer dan 99%|\d+%) van de "
    r"hoogste (?P<of>\d+) plaatsen\.",
}


class Claims:
    """What an advice may claim, reckoned from the judgements, the scores and the totals of the recalculations."""

    def __init__(self, card, found, advice, capacity):
        self.card, self.found, self.advice, self.capacity = card, found, advice, capacity
        self.said = advice.park_ids
        rows = card.matrix.judgements.to_dict("records")
        said = {(row["park_id"], row["indicator"], row["party"]): row for row in rows}
        self.level = {key: int(row["level"]) if row["state"] == "level" else None for key, row in said.items()}
        self.declined = {key for key, row in said.items() if row["state"] == "not_applicable"}
        self.parks = list(card.table.index)
        self.score = card.risk.total.to_dict()
        threats = [one.id for one in CATALOGUE.threats]
        self.suspected = [
            park
            for park in self.parks
            if any(self.level[park, code, party] for code in threats for party in card.parties)
        ]
        self.chosen = [park for park in self.suspected if self._ahead(self.suspected, park) < capacity]
        if found is not None and self.said:
            self.top = self._top(len(self.said))

    def _ahead(self, parks, own):
        return sum(self.score[park] > self.score[own] + TIED for park in parks)

    def _top(self, k):
        """Recalculation × candidate: among the first k, a tie over the edge split."""
        totals = self.found.totals.loc[self.suspected].to_numpy().T
        above = (totals[:, None, :] > totals[:, :, None] + TIED).sum(axis=2)
        level = (np.abs(totals[:, None, :] - totals[:, :, None]) <= TIED).sum(axis=2)
        return dict(zip(self.suspected, np.clip((k - above) / level, 0, 1).mean(axis=0), strict=True))

    def nobody(self, park):
        """The indicators of which no party gives a level."""
        parties, codes = self.card.parties, CATALOGUE.indicator_ids
        return [code for code in codes if all(self.level[park, code, party] is None for party in parties)]

    def unknown(self, park):
        """How many cells nobody knows, and how many were asked and apply."""
        nobody, parties = self.nobody(park), self.card.parties
        out = [code for code in nobody if any((park, code, party) in self.declined for party in parties)]
        return len(nobody) - len(out), len(CATALOGUE.indicator_ids) - len(out)

    def figures(self, one):
        """What stands in brackets behind a park."""
        park, edges = one[1], self.card.method.class_borders
        unknown, asked = self.unknown(park)
        risk, weights = self.card.risk, self.card.risk.coverage.loc[park, "total"]
        assert one["score"] == points(self.score[park], edges)
        assert bool(one["part"]) == (unknown > 0)
        if unknown:
            estimated = number(risk.contributions.loc[park, self.nobody(park)].sum(), 1)
            assert (int(one["unknown"]), int(one["asked"])) == (unknown, asked)
            assert (one["mostly"] if weights < 2 / 3 - TIED else one["estimated"]) == estimated
        low, high = points(risk.low[park], edges), points(risk.high[park], edges)
        assert (one["low"], one["high"]) == ((None, None) if low == high else (low, high))
        assert risk.low[park] <= self.score[park] <= risk.high[park]
        yield "mostly estimated" if one["mostly"] else "estimated" if unknown else "known"
        yield "bounds" if one["low"] else "no bounds"

    def counted(self, text, share):
        """A count of the hundred says what the share is; certain only when it is."""
        draws = self.found.draws
        if text.startswith(("alle", "geen")):
            return (text, share) in ((f"alle {draws}", 1), (f"geen van de {draws}", 0))
        if text.startswith(("meer", "minder")):
            return 0.995 - 1e-9 <= share < 1 or 0 < share < 0.005
        return abs(100 * share - int(text.split()[0])) <= 0.5 + 1e-9 and 0 < share < 1

    def named(self, text):
        return re.findall(PARK, text)

    def listed(self, text):
        """Parks with their shares."""
        found = re.findall(rf"{PARK} \(in ({COUNTED}) doorrekeningen\)", text)
        assert len(found) == len(self.named(text))
        assert all(self.counted(told, self.top[park]) for park, told in found)
        return [park for park, _ in found]

    def share(self):
        """How often exactly the advised come first."""
        return float(self.found.comes_out(self.said, self.suspected).mean())

    def others(self):
        return sorted((share for park, share in self.top.items() if park not in self.said), reverse=True)

    # What each case claims.

    def none(self, one):
        assert (self.suspected, self.said) == ([], ())
        assert int(one["of"] or 1) == len(self.parks)

    def highest(self, one):
        assert len(self.chosen) == 1
        self.above(one)

    def highest_of_several(self, one):
        scores = [self.score[park] for park in self.said]
        assert max(scores) > min(scores) + TIED
        self.above(one)

    def above(self, one):
        """Who scores as high and is not said has no indication, and then it is said of whom it holds."""
        lowest = min(self.score[park] for park in self.said)
        above = [park for park in self.parks if park not in self.said and self.score[park] > lowest - TIED]
        assert bool(one["some"]) == bool(above)
        assert not set(above) & set(self.suspected)

    def level_(self, one):
        scores = [self.score[park] for park in self.said]
        assert max(scores) - min(scores) <= TIED
        if one["than"]:
            others = set(self.suspected if one["some"] else self.parks) - set(self.said)
            assert (len(others) == 1) == ("het andere" in one["than"])
            assert all(self.score[park] < min(scores) - TIED for park in others)
        else:
            assert set(self.said) == set(self.suspected)

    def only_park(self, _):
        assert len(self.parks) == len(self.said) == 1

    def all_chosen(self, _):
        assert set(self.said) == set(self.parks) == set(self.suspected)
        assert len(self.parks) <= self.capacity

    def only_one(self, _):
        assert list(self.said) == self.suspected
        assert len(self.said) == 1 < len(self.parks)

    def only_these(self, one):
        assert set(self.said) == set(self.suspected)
        assert 1 < int(one["of"]) == len(self.said) <= self.capacity

    def more_than_k(self, one):
        lowest = min(self.score[park] for park in self.said)
        level = sum(self.score[park] <= lowest + TIED for park in self.said)
        assert len(self.said) > self.capacity == int(one["k"])
        assert one["of"] == (f"{level} daarvan" if level < len(self.said) else "zij")

    def possible(self, parks):
        low = min(self.card.risk.low[park] for park in self.said)
        return [park for park in parks if park not in self.said and self.card.risk.high[park] > low + TIED]

    def fixed(self, one):
        assert self.possible(self.suspected if one["some"] else self.parks) == []

    def not_fixed(self, one):
        able = self.possible(self.suspected)
        assert set(able) == set(self.advice.contenders)
        # In the order of how high they could come.
        assert tuple(self.named(one["who"])) == self.advice.contenders[: len(self.named(one["who"]))]
        high = [self.card.risk.high[park] for park in self.advice.contenders]
        assert high == sorted(high, reverse=True)
        rest = re.search(r"(\d+) ander", one["who"])
        assert len(self.named(one["who"])) + (int(rest[1]) if rest else 0) == len(able)

    def share_(self, one):
        assert self.counted(one["share"], self.share())
        assert int(one["of"] or 1) == len(self.said)
        grade = "clear" if self.share() >= 0.9 else "likely" if self.share() >= 0.7 else "indistinguishable"
        assert self.advice.grade == grade

    def more_often(self, one):
        rest, behind = self.listed(one["rest"]), self.listed(one["behind"] or "") or list(self.said)
        assert min(self.top[park] for park in rest) > max(self.top[park] for park in behind)
        self.favourites(rest, behind)

    def as_often(self, one):
        rest, behind = self.listed(one["rest"]), self.listed(one["behind"] or "") or list(self.said)
        assert abs(min(self.top[park] for park in rest) - max(self.top[park] for park in behind)) <= 0.01
        self.favourites(rest, behind)

    def favourites(self, rest, behind):
        """Those named are all that come first more often than an advised one."""
        assert len(rest) == len(behind)
        assert set(behind) <= set(self.said)
        assert not set(rest) & set(self.said)
        among = sorted(self.top.values(), reverse=True)[: len(self.said)]
        assert min(self.top[park] for park in rest) >= among[-1] - TIED
        self.pair = min(self.top[park] for park in rest), max(self.top[park] for park in behind)

    def alike(self, _):
        assert self.pair[1] >= self.pair[0] / 2

    def driver(self, one):
        first = drivers(self.found, self.said).index[0]
        assert one["choice"] == CHOICES[first]

    def likely(self, _):
        assert 0.7 <= self.share() < 0.9

    def mostly_so(self, _):
        assert 0.5 < self.share() < 0.7
        assert not self.others() or self.others()[0] <= min(self.top[park] for park in self.said)

    def none_more_often(self, _):
        assert self.share() <= 0.5
        assert self.others()[0] <= min(self.top[park] for park in self.said) + TIED

    def besides(self, one):
        assert one[1] not in self.said
        assert self.top[one[1]] == pytest.approx(self.others()[0])
        assert self.counted(one["share"], self.top[one[1]])

    def together(self, one):
        named, rest = self.named(one["who"]), re.search(r"(\d+) andere?\b", one["who"])
        whole = self.advice.sureness.leading
        assert tuple(named) == whole[: len(named)]
        assert len(whole) == len(named) + (int(rest[1]) if rest else 0)
        assert set(self.said) <= set(whole)
        assert self.others()[0] >= min(self.top[park] for park in self.said) / 2
        return sum(self.top[park] for park in whole)

    def not_apart(self, one):
        total = self.together(one)
        assert total >= 0.9 - TIED
        assert self.counted(one["share"], min(1, round(total, 9)))

    def seats(self, one):
        part = self.together(one) / len(self.said)
        assert int(one["of"]) == len(self.said)
        told = one["seats"]
        assert 0.995 - TIED <= part < 1 if told.startswith("meer") else abs(100 * part - int(told[:-1])) <= 0.5 + 1e-9


def read(text):
    """Every sentence with its case, in turn; nothing may be left."""
    while text:
        hits = [(name, hit) for name, case in CASES.items() if (hit := re.match(rf"{case}(?: |$)", text))]
        assert len(hits) == 1, f"{len(hits)} cases: {text}"
        yield hits[0]
        text = text[hits[0][1].end() :]


def check(card, found, advice, capacity):
    """Holds every sentence against its claim; which cases there were."""
    claims = Claims(card, found, advice, capacity)
    assert sorted(advice.park_ids) == sorted(claims.chosen)
    assert (advice.grade == "no_comparison") == (len(claims.suspected) <= capacity)
    assert set(advice.contenders) <= set(claims.suspected)
    assert card.risk.total.notna().all()
    seen = set()
    for name, hit in read(advice.sentence):
        place = name.replace(" ", "_")
        getattr(claims, f"{place}_" if name in {"share", "level"} else place)(hit)
        seen.add(f"{name}, of those with an indication" if hit.groupdict().get("some") else name)
        if name in {"highest", "highest of several", "level"}:
            figures = list(FIGURES.finditer(hit[0]))
            assert [one[1] for one in figures] == list(advice.park_ids)
            seen |= {told for one in figures for told in claims.figures(one)}
            if name == "level" and not hit["than"]:
                seen.add("level, and no other")
    return seen


EVERY = {*CASES, "known", "estimated", "mostly estimated", "bounds", "no bounds", "level, and no other"} | {
    f"{name}, of those with an indication" for name in ("highest", "highest of several", "level", "fixed")
}

UNEVEN = {"draws": 1_000, "uncertainty": {"group_weights": {"concentration": 5}}}
UNEVEN |= {"group_weights": {"threat": 0.5, "opportunity": 0.25, "resilience_gap": 0.25}}
RARE = (
    # Two that are level, below one where nothing is suspected and above one where something is.
    (("10001033", "10001033", "00003300", "10000033"), {"group_weights": UNEVEN["group_weights"]}),
    # One that is known and five of which ever more may be so: four stand in the order of how high they could come.
    (("30002222", "10002222", "1?002222", "1??02222", "1???2222", "1???????"), {"uncertainty": {}}),
    # Two that are level for the second place.
    (("30002222", "10002222", "10002222", "00002222"), {}, 2),
    # One park, and six of which one thing is known: none of these comes first half as often.
    (("32202222", *["1???????"] * 6), {}),
    # The weights stray further one way than the other: the highest score comes first in just under half of the draws.
    *(
        ((*two, "10000033"), UNEVEN)
        for two in (("10210223", "01002112"), ("21032013", "10101311"), ("11022201", "21212010"))
    ),
)


def districts(number, start=0):
    """The rare ones and so many drawn, one in six without recalculations; how often each case occurred."""
    occurred = Counter()
    with pytest.MonkeyPatch.context() as patch:
        # They take long, and no sentence here is about them.
        for name in ("flips", "left_out", "questions"):
            patch.setattr(f"werkbank.advice.advice.{name}", lambda *_: ())
        for seed in range(start - len(RARE), start + number):
            card, capacity = _district(seed, RARE[seed - start] if seed < start else None)
            try:
                occurred.update(check(card, *advised(card, capacity), capacity))
            except AssertionError as failed:
                raise AssertionError(f"district {seed}, capacity {capacity}: {failed}") from failed
    return occurred


def _district(seed, rare):
    if rare is not None:
        cells, choices, *capacity = rare
        card = scored(alike(**{f"P{place}": own for place, own in enumerate(cells)}), method(**choices))
        return card, *(capacity or [1])
    rng = np.random.default_rng(seed)
    capacity = int(rng.choice([1, 1, 2, 3]))
    return scored(drawn(rng), method(**({} if seed % 6 else {"uncertainty": {}}))), capacity


def test_every_sentence_of_an_advice_is_true_and_every_case_occurs():
    assert set(districts(66)) == EVERY
