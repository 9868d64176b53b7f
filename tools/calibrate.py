# ruff: noqa: INP001, T201 - a script beside the package, not part of it
"""Hold the recalculations against planted truths, and write what came out to docs/kalibratie.md and its figure.

    python tools/calibrate.py [districts]

Only `missing` and `party_error` are drawn, and the truth is scored by the nominal method (method.md 11). Three ways of
looking at the truth: as the model assumes; with one party that sees too little and cells that are unknown the more
often the more there is to see; and the fictional district of `werkbank demo`, whose leaders are planted. The first is
done twice, with the district's figures estimated as in an analysis and with those by which it was planted: what the
estimates cost is the difference.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import NormalDist

import altair as alt
import numpy as np
import pandas as pd
from werkbank.scoring.unknown_cells import District, describe_district

from werkbank.advice.scorecard import ROOT, points_per_level, rules_of, structure
from werkbank.demo.district import generate
from werkbank.demo.truth import MUNICIPALITIES
from werkbank.scoring import combine, score_risk
from werkbank.scoring.robustness import robustness
from werkbank.settings.catalogue import Catalogue, load_catalogue
from werkbank.settings.method import Method
from werkbank.wording import capital, number, percent

DOCS = Path(__file__).parents[1] / "docs"
PARTIES = ("municipality", "police")
EDGES = (0.0, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 1.0)
DRAWS = 1_000
CORRELATION = 0.35
ERROR = 0.05
"""How often a party says a step too much, and how often a step too little."""
HEAD = """# Kalibratie: zeggen de doorrekeningen wat ze beloven?

Deze bladzijde is gemaakt door `python tools/calibrate.py`. Alles hier is verzonnen en geplant.

In {districts} fictieve districten is de waarheid bekend. Steeds vullen twee partijen in wat zij ervan zien: een deel,
en soms een stap ernaast. Daarna rekent de werkbank {draws} keer door met alleen *wat ontbreekt* en *wat een stap anders
kan zijn*. Als een terrein in 70 van de 100 doorrekeningen bovenaan staat, hoort het in ongeveer 70 van de 100 gevallen
ook werkelijk het hoogste te zijn.

![Voorspeld tegen werkelijk](images/kalibratie.svg)

De Brier-score is het gemiddelde van het gekwadrateerde verschil tussen voorspelling en uitkomst: lager is beter.
*Zonder doorrekening* is de score als het hoogste totaal zonder meer voor zeker wordt genomen. Het *verschil met de ware
score* is de mediaan van de doorrekeningen min de ware score, gemiddeld over de terreinen, in punten van 100.
"""
COLUMNS = (
    "| Hoe naar de waarheid is gekeken | terreinen | Brier-score | Brier-score zonder doorrekening "
    "| ware score binnen 5-95% | verschil met de ware score |"
)
BINS = "## Per klasse van voorspelde aandelen"
TAIL = """## Waar het niet klopt

- Zoals het model aanneemt, ligt de ware score bij {inside} van de terreinen tussen de grenzen van 5 en 95%; het zou 90%
  moeten zijn. Met de cijfers waarmee het district is gemaakt, in plaats van geschatte, is het {inside_true}: dat de
  cijfers uit dezelfde 77 terreinen zijn geschat en daarna als zeker gelden, kost dus weinig.
- Eerst was het 86%, om twee redenen. Het aandeel verschillen van precies een stap gold zelf als maat voor hoe vaak
  partijen zich vergissen; aan de uiteinden van een schaal is de helft van de vergissingen niet te zien, en daar liggen
  de meeste oordelen: het aandeel was 13% waar 20% was geplant. En vergissingen werden los getrokken van wat op
  hetzelfde terrein onbekend is; maar waar te laag is geoordeeld, ligt ook het onbekende vaak hoger. Beide is verholpen.
- Met een ander ruismodel (één partij ziet te weinig, en hoe zwaarder het vermoeden, hoe vaker het onbekend is) is het
  {inside_otherwise}, en ligt de ware score gemiddeld {off_otherwise} punten hoger. De doorrekening mist wat ze niet kan
  weten: dat wat onbekend is, vaak om een reden onbekend is. Wat 73 van de 100 keer bovenaan kwam, was het daar 63 keer.
- Twee partijen die twee stappen of meer verschillen, weten verschillende dingen. Dat wordt niet als vergissing
  doorgerekend; het staat op de agenda voor hun overleg. Twee vergissingen van een stap, de ene omhoog en de andere
  omlaag, worden daarmee ook voor een verschil in kennis gehouden.
- In het fictieve district zijn de koplopers geplant. Dat het daar klopt, zegt weinig over echte districten.
"""
Levels = dict[str, pd.DataFrame]
Planted = tuple[pd.DataFrame, Levels]
"""The true levels, and what each party says of them: park × indicator, NaN unknown."""

PARKS = [park for place in MUNICIPALITIES for park in place.park_ids]
BORDERS = {"threat": (0.55, 1.15, 1.75), "opportunity": (-0.4, 0.4, 1.2), "resilience": (-0.9, 0.1, 0.9)}


def truth_of(catalogue: Catalogue, rng: np.random.Generator) -> pd.DataFrame:
    """True levels by a one-factor copula; the risk of a park is what its indicators have in common."""
    factor = rng.standard_normal((len(PARKS), 1))
    own = rng.standard_normal((len(PARKS), len(catalogue.indicators)))
    latent = math.sqrt(CORRELATION) * factor + math.sqrt(1 - CORRELATION) * own
    columns = {}
    for place, indicator in enumerate(catalogue.indicators):
        highest = catalogue.scale_of(indicator.id).highest
        step = np.digitize(latent[:, place], BORDERS[indicator.family][:highest])
        columns[indicator.id] = highest - step if indicator.family == "resilience" else step
    return pd.DataFrame(columns, index=PARKS, dtype="float64")


def planted_figures(catalogue: Catalogue) -> District:
    """The figures by which `as_assumed` makes its districts."""
    normal = NormalDist()
    frequencies = {}
    for indicator in catalogue.indicators:
        borders = BORDERS[indicator.family][: catalogue.scale_of(indicator.id).highest]
        shares = np.diff([0.0, *map(normal.cdf, borders), 1.0]).tolist()
        frequencies[indicator.id] = tuple(shares[::-1] if indicator.family == "resilience" else shares)
    return District(frequencies, CORRELATION, 4 * ERROR)


def as_assumed(catalogue: Catalogue, rng: np.random.Generator) -> Planted:
    """Each party errs by one step as often up as down; what is unknown is so whatever the level."""
    truth = truth_of(catalogue, rng)
    highest = np.array([catalogue.scale_of(code).highest for code in truth])
    known = rng.uniform(0.35, 0.95, (len(PARKS), 1))
    said = {}
    for party in PARTIES:
        step = rng.choice([-1, 0, 1], size=truth.shape, p=[ERROR, 1 - 2 * ERROR, ERROR])
        seen = pd.DataFrame(np.clip(truth + step, 0, highest), index=truth.index, columns=truth.columns)
        said[party] = seen.where(rng.random(truth.shape) < known)
    return truth, said


def otherwise(catalogue: Catalogue, rng: np.random.Generator) -> Planted:
    """The municipality sees too little of the threats, and a threat is the less known the heavier it is."""
    truth = truth_of(catalogue, rng)
    highest = np.array([catalogue.scale_of(code).highest for code in truth])
    threats = np.array([indicator.family == "threat" for indicator in catalogue.indicators])
    known = rng.uniform(0.35, 0.95, (len(PARKS), 1)) * np.where(threats, 1 - 0.12 * truth.to_numpy(), 1.0)
    said = {}
    for party in PARTIES:
        low = np.where(threats & (party == "municipality"), 0.25, 0.05)
        luck = rng.random(truth.shape)
        step = np.where(luck < low, -1, np.where(luck > 0.95, 1, 0))
        seen = pd.DataFrame(np.clip(truth + step, 0, highest), index=truth.index, columns=truth.columns)
        said[party] = seen.where(rng.random(truth.shape) < known)
    return truth, said


def fictional(catalogue: Catalogue, rng: np.random.Generator) -> Planted:
    """The second round of a fictional district."""
    district = generate(int(rng.integers(1, 2**31)), catalogue=catalogue)
    name = district.rounds[-1]
    truth = pd.DataFrame(
        district.truth.levels[name], index=district.truth.park_ids, columns=district.truth.indicators, dtype="float64"
    )
    rows = district.judgements(name)
    said = {
        party: rows[rows["party"] == party]
        .pivot(index="park_id", columns="indicator", values="level")
        .astype("Float64")
        .reindex(index=truth.index, columns=truth.columns)
        .astype("float64")
        for party in PARTIES
    }
    return truth.where(district.truth.applicable), said


class Scorer:
    """The nominal method, and its recalculations with only what is not known for certain."""

    def __init__(self, catalogue: Catalogue) -> None:
        method = Method()
        self.points = points_per_level(catalogue)
        self.shared = {
            "rules": rules_of(catalogue, method),
            "best_judge": {indicator.id: indicator.best_judge for indicator in catalogue.indicators},
        }
        self.structure = structure(catalogue, method)
        self.mean = {**method.power.model_dump(), ROOT: "arithmetic"}
        self.minimum = method.minimum_coverage

    def nominal(self, levels: Levels) -> tuple[pd.Series, pd.DataFrame]:
        """The totals, and the combined points."""
        values = {
            party: pd.DataFrame({code: table[code].map(dict(enumerate(self.points[code]))) for code in table})
            for party, table in levels.items()
        }
        combined = combine(values, **self.shared)
        found = score_risk(combined, self.structure, mean=self.mean, minimum_coverage=self.minimum)
        return found.total, combined.values

    def drawn(self, said: Levels, parks: list[str], district: object, seed: int) -> object:
        """The recalculations of some parks."""
        return robustness(
            {party: table.loc[parks] for party, table in said.items()},
            self.structure,
            points=self.points,
            uncertain={"missing": True, "party_error": True},
            draws=DRAWS,
            seed=seed,
            mean=self.mean,
            minimum_coverage=self.minimum,
            district=district,
            **self.shared,
        )


def one_district(
    scorer: Scorer, planted: Planted, seed: int, figures: District | None = None
) -> Iterator[dict[str, object]]:
    """A row per park: how often it came first, whether it should, and whether its true total lies in its interval.

    The district's `figures` are estimated from what the parties say, as in an analysis, when they are not given.
    """
    truth, said = planted
    true_totals, _ = scorer.nominal({"truth": truth, "also": truth} if len(said) > 1 else {"truth": truth})
    nominal, combined = scorer.nominal(said)
    levels = combined.apply(lambda column: np.interp(column, *_falling_or_rising(scorer.points[column.name])))
    levels = levels.where(combined.notna())
    district = figures or describe_district(levels, said, scorer.points, at_least=0.3)
    for place in MUNICIPALITIES:
        parks = list(place.park_ids)
        found = scorer.drawn(said, parks, district, seed)
        between, best = found.intervals, true_totals[parks].max()
        first = true_totals[parks] >= best - 1e-9
        for park in parks:
            yield {
                "p": float(found.p_first[park]),
                "first": bool(first[park]) / first.sum(),
                "nominal": float(nominal[park] >= nominal[parks].max() - 1e-9),
                "inside": between["score_low"][park] - 1e-6 <= true_totals[park] <= between["score_high"][park] + 1e-6,
                "off": float(between["score_median"][park] - true_totals[park]),
            }


def _falling_or_rising(points: tuple[float, ...]) -> tuple[list[float], list[float]]:
    pairs = sorted(zip(points, range(len(points)), strict=True))
    return [point for point, _ in pairs], [float(level) for _, level in pairs]


def bins(rows: pd.DataFrame) -> pd.DataFrame:
    """Per bin of predicted shares: how many, the mean predicted, the share that was first, a 95 % Wilson interval."""
    group = pd.cut(rows["p"], EDGES, include_lowest=True, labels=False)
    found = []
    for _, part in rows.groupby(group):
        n, share = len(part), part["first"].mean()
        low, high = wilson(share, n)
        found.append({"n": n, "predicted": part["p"].mean(), "observed": share, "low": low, "high": high})
    return pd.DataFrame(found)


def wilson(share: float, n: int, z: float = 1.959964) -> tuple[float, float]:
    """The score interval of a share (Wilson 1927)."""
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


MODELS: dict[str, tuple[str, Callable[[Catalogue, np.random.Generator], Planted]]] = {
    "assumed": ("zoals het model aanneemt", as_assumed),
    "otherwise": ("met een ander ruismodel", otherwise),
    "fictional": ("het fictieve district", fictional),
}


PLANTED = "idem, met de geplante cijfers van het district"


def figure(tables: pd.DataFrame) -> alt.LayerChart:
    """Observed against predicted shares, with the intervals and the line on which they are equal."""
    base = alt.Chart(tables)
    percent = {"format": ".0%"}
    x = alt.X("predicted:Q").title("aandeel van de doorrekeningen waarin het terrein bovenaan staat").axis(**percent)
    y = alt.Y("observed:Q").title("werkelijk het hoogste").axis(**percent).scale(domain=[0, 1])
    labels = tables["model"].drop_duplicates().tolist()
    # One legend: colour and shape over the same names.
    colour = alt.Color("model:N").title(None).scale(domain=labels, range=["#154273", "#a63d00", "#3a7d44"])
    shape = alt.Shape("model:N").title(None).scale(domain=labels, range=["circle", "square", "triangle-up"])
    line = alt.Chart(pd.DataFrame({"x": [0, 1], "y": [0, 1]})).mark_line(color="#888", strokeDash=[4, 4])
    return alt.layer(
        line.encode(x="x:Q", y="y:Q"),
        base.mark_rule().encode(x=x, y="low:Q", y2="high:Q", color=colour.legend(None)),
        base.mark_point(filled=True, size=70).encode(x=x, y=y, color=colour, shape=shape),
    ).properties(width=460, height=360)


def page(tables: pd.DataFrame, figures: dict[str, dict[str, float]], districts: int) -> str:
    """The page in Dutch: what was done, the figures, and where it is off."""
    lines = [
        HEAD.format(districts=number(districts), draws=number(DRAWS)),
        COLUMNS,
        "|---|---:|---:|---:|---:|---:|",
    ]
    rows = {name: label for name, (label, _) in MODELS.items()}
    for name, label in {"assumed": rows.pop("assumed"), "planted": PLANTED, **rows}.items():
        found = figures[name]
        lines.append(
            f"| {label} | {number(found['parks'])} | {number(found['brier'], 4)} | {number(found['brier_nominal'], 4)} "
            f"| {percent(found['inside'], 1)} | {number(found['off'], 1)} |"
        )
    lines += ["", BINS, ""]
    for label, part in tables.groupby("model", sort=False):
        lines += ["", f"### {capital(str(label))}", "", "| voorspeld | werkelijk | 95%-interval | terreinen |"]
        lines.append("|---:|---:|---:|---:|")
        for row in part.to_dict("records"):
            between = f"{percent(row['low'], 1)} – {percent(row['high'], 1)}"
            shares = f"{percent(row['predicted'], 1)} | {percent(row['observed'], 1)}"
            lines.append(f"| {shares} | {between} | {number(row['n'])} |")
    told = TAIL.format(
        inside=percent(figures["assumed"]["inside"], 1),
        inside_true=percent(figures["planted"]["inside"], 1),
        inside_otherwise=percent(figures["otherwise"]["inside"], 1),
        off_otherwise=number(-figures["otherwise"]["off"], 1),
    )
    return "\n".join([*lines, "", told])


def main() -> None:
    """Run every model and write the page and the figure."""
    districts = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    catalogue = load_catalogue()
    scorer = Scorer(catalogue)
    tables, figures = [], {}

    def tried(name: str, stream: int, known: District | None = None) -> pd.DataFrame:
        plant = MODELS[name][1]
        rngs = (np.random.default_rng([stream, seed]) for seed in range(districts))
        rows = [
            row for seed, rng in enumerate(rngs) for row in one_district(scorer, plant(catalogue, rng), seed, known)
        ]
        return pd.DataFrame(rows)

    for stream, (name, (label, _)) in enumerate(MODELS.items()):
        frame = tried(name, stream)
        tables.append(bins(frame).assign(model=label))
        figures[name] = summary(frame)
        print(label, figures[name], flush=True)
    figures["planted"] = summary(tried("assumed", 0, planted_figures(catalogue)))
    print(PLANTED, figures["planted"], flush=True)
    together = pd.concat(tables)
    figure(together).save(str(DOCS / "images" / "kalibratie.svg"))
    (DOCS / "kalibratie.md").write_text(page(together, figures, districts), encoding="utf-8")


def summary(frame: pd.DataFrame) -> dict[str, float]:
    """The Brier scores, the share of true totals within their intervals, and the mean difference in points."""
    return {
        "parks": len(frame),
        "brier": float(((frame["p"] - frame["first"]) ** 2).mean()),
        "brier_nominal": float(((frame["nominal"] - frame["first"]) ** 2).mean()),
        "inside": float(frame["inside"].mean()),
        "off": float(frame["off"].mean()),
    }


if __name__ == "__main__":
    main()
