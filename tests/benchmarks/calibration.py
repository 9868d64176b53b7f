"""Hold the recalculations against planted truths, and write what came out to docs/kalibratie.md and its figure.

    python -m tests.benchmarks.calibration [districts]

Only `missing` and `party_error` are drawn, and the truth is scored by the nominal method (method.md 11). Three ways of
looking at the truth: as the model assumes; with one party that sees too little and cells that are unknown the more
often the more there is to see; and the same where little is known. The first is done twice, with the district's figures estimated as in an analysis and
with those by which it was planted: what the estimates cost is the difference.
"""

import math
import sys
from functools import partial
from pathlib import Path
from statistics import NormalDist

import altair as alt
import numpy as np
import pandas as pd

from werkbank.advice.scorecard import recalculate, score_matrix
from werkbank.demo.truth import MUNICIPALITIES
from werkbank.matrix.risk_matrix import RiskMatrix, judgement_frame
from werkbank.scoring.unknown_cells import District
from werkbank.settings.catalogue import load_catalogue
from werkbank.settings.method import Method
from werkbank.wording import capital, number, percent

DOCS = Path(__file__).parents[2] / "docs"
CATALOGUE = load_catalogue()
PARTIES = ("municipality", "police")
PARKS = [park for place in MUNICIPALITIES for park in place.park_ids]
HIGHEST = np.array([CATALOGUE.scale_of(code).highest for code in CATALOGUE.indicator_ids])
BORDERS = {"threat": (0.55, 1.15, 1.75), "opportunity": (-0.4, 0.4, 1.2), "resilience": (-0.9, 0.1, 0.9)}
EDGES = (0.0, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 1.0)
DRAWS = 1_000
CORRELATION = 0.35
ERROR = 0.05
"""How often a party says a step too much, and how often a step too little."""
ONLY_UNKNOWN = dict.fromkeys(("group_weights", "indicator_weights", "combination", "threat_power"))
METHOD = Method.model_validate({"draws": DRAWS, "uncertainty": {**ONLY_UNKNOWN, "scale_points": False}})


def truth_of(rng):
    """True levels by a one-factor copula; the risk of a park is what its indicators have in common."""
    factor = rng.standard_normal((len(PARKS), 1))
    own = rng.standard_normal((len(PARKS), len(CATALOGUE.indicators)))
    latent = math.sqrt(CORRELATION) * factor + math.sqrt(1 - CORRELATION) * own
    columns = {}
    for place, (indicator, highest) in enumerate(zip(CATALOGUE.indicators, HIGHEST, strict=True)):
        step = np.digitize(latent[:, place], BORDERS[indicator.family][:highest])
        columns[indicator.id] = highest - step if _falling(indicator) else step
    return pd.DataFrame(columns, index=PARKS, dtype="float64")


def planted_figures():
    """The figures by which `as_assumed` makes its districts."""
    frequencies = {}
    for indicator, highest in zip(CATALOGUE.indicators, HIGHEST, strict=True):
        shares = np.diff([0.0, *map(NormalDist().cdf, BORDERS[indicator.family][:highest]), 1.0]).tolist()
        frequencies[indicator.id] = tuple(shares)
    return District(frequencies, CORRELATION, 4 * ERROR)


def _falling(indicator):
    return CATALOGUE.family(indicator.family).protective


def as_assumed(rng):
    """Each party errs by one step as often up as down; what is unknown is so whatever the level."""
    truth = truth_of(rng)
    known = rng.uniform(0.35, 0.95, (len(PARKS), 1))
    said = {}
    for party in PARTIES:
        step = rng.choice([-1, 0, 1], size=truth.shape, p=[ERROR, 1 - 2 * ERROR, ERROR])
        said[party] = (truth + step).clip(0, HIGHEST, axis=1).where(rng.random(truth.shape) < known)
    return truth, said


def otherwise(rng, least=0.35, most=0.95):
    """The municipality sees too little of the threats, and a threat is the less known the heavier it is."""
    truth = truth_of(rng)
    suspected = np.isin(CATALOGUE.indicator_ids, [one.id for one in CATALOGUE.threats])
    known = rng.uniform(least, most, (len(PARKS), 1)) * np.where(suspected, 1 - 0.12 * truth.to_numpy(), 1.0)
    said = {}
    for party in PARTIES:
        low = np.where(suspected & (party == "municipality"), 0.25, 0.05)
        luck = rng.random(truth.shape)
        step = np.where(luck < low, -1, np.where(luck > 0.95, 1, 0))
        said[party] = (truth + step).clip(0, HIGHEST, axis=1).where(rng.random(truth.shape) < known)
    return truth, said


MODELS = {
    "assumed": ("zoals het model aanneemt", as_assumed),
    "otherwise": ("met een ander ruismodel", otherwise),
    "scarce": ("met een ander ruismodel en weinig kennis", partial(otherwise, least=0.1, most=0.35)),
}
PLANTED = "idem, met de geplante cijfers van het district"


def matrix_of(said):
    """What the parties say, park × indicator with NaN for unknown, as a matrix."""
    rows = pd.concat({party: table.stack(future_stack=True) for party, table in said.items()}).reset_index()
    rows.columns = ["party", "park_id", "indicator", "level"]
    levels = [None if level != level else int(level) for level in rows["level"]]  # noqa: PLR0124 - NaN
    states = ["unknown" if level is None else "level" for level in levels]
    columns = {name: rows[name].tolist() for name in ("park_id", "indicator", "party")}
    texts = dict.fromkeys(("remark", "source_strength"), [""] * len(rows))
    frame = judgement_frame({**columns, **texts, "state": states, "level": levels, "date": [None] * len(rows)})
    return RiskMatrix("", tuple(PARKS), CATALOGUE.indicator_ids, tuple(said), (), (), frame)


def one_district(planted, seed, figures=None):
    """A row per park: how often it came first, whether it should, and whether its true total lies in its interval.

    The district's `figures` are estimated from what the parties say, as in an analysis, when they are not given.
    """
    truth, said = planted
    method = METHOD.model_copy(update={"seed": seed})
    true_totals = score_matrix(matrix_of(dict.fromkeys(PARTIES, truth)), CATALOGUE, METHOD, PARTIES).risk.total
    matrix = matrix_of(said)
    whole = score_matrix(matrix, CATALOGUE, method, PARTIES, figures)
    nominal = whole.risk.total
    for place in MUNICIPALITIES:
        parks = list(place.park_ids)
        found = recalculate(score_matrix(matrix.select(tuple(parks)), CATALOGUE, method, PARTIES, whole.district))
        between, p_first = found.intervals, found.p_first
        first = true_totals[parks] >= true_totals[parks].max() - 1e-9
        for park in parks:
            low, high = between["score_low"][park] - 1e-6, between["score_high"][park] + 1e-6
            yield {
                "p": float(p_first[park]),
                "first": bool(first[park]) / first.sum(),
                "nominal": float(nominal[park] >= nominal[parks].max() - 1e-9),
                "inside": low <= true_totals[park] <= high,
                "off": float(between["score_median"][park] - true_totals[park]),
            }


def summary(rows):
    """The Brier scores, the share of true totals within their intervals, and the mean difference in points."""
    return {
        "parks": len(rows),
        "brier": float(((rows["p"] - rows["first"]) ** 2).mean()),
        "brier_nominal": float(((rows["nominal"] - rows["first"]) ** 2).mean()),
        "inside": float(rows["inside"].mean()),
        "off": float(rows["off"].mean()),
    }


def bins(rows):
    """Per bin of predicted shares: how many, the mean predicted, the share that was first, a 95 % Wilson interval."""
    found = []
    for _, part in rows.groupby(pd.cut(rows["p"], EDGES, include_lowest=True, labels=False)):
        n, share = len(part), part["first"].mean()
        low, high = wilson(share, n)
        found.append({"n": n, "predicted": part["p"].mean(), "observed": share, "low": low, "high": high})
    return pd.DataFrame(found)


def wilson(share, n, z=1.959964):
    """The score interval of a share (Wilson 1927)."""
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def figure(tables):
    """Observed against predicted shares, with the intervals and the line on which they are equal."""
    base = alt.Chart(tables)
    x = alt.X("predicted:Q").title("aandeel van de doorrekeningen waarin het terrein bovenaan staat").axis(format=".0%")
    y = alt.Y("observed:Q").title("werkelijk het hoogste").axis(format=".0%").scale(domain=[0, 1])
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


def page(tables, figures, districts):
    """The page in Dutch: what was done, the figures, and where it is off."""
    rows = {label: figures[name] for name, (label, _) in MODELS.items()}
    first, *others = rows.items()
    lines = [
        f"| {label} | {number(found['parks'])} | {number(found['brier'], 4)} | {number(found['brier_nominal'], 4)} "
        f"| {percent(found['inside'], 1)} | {number(found['off'], 1)} |"
        for label, found in (first, (PLANTED, figures["planted"]), *others)
    ]
    told = []
    for label, part in tables.groupby("model", sort=False):
        told += ["", f"### {capital(label)}", "", "| voorspeld | werkelijk | 95%-interval | terreinen |"]
        told.append("|---:|---:|---:|---:|")
        for row in part.to_dict("records"):
            between = f"{percent(row['low'], 1)} – {percent(row['high'], 1)}"
            shares = f"{percent(row['predicted'], 1)} | {percent(row['observed'], 1)}"
            told.append(f"| {shares} | {between} | {number(row['n'])} |")
    return (
        Path(__file__)
        .with_suffix(".md")
        .read_text(encoding="utf-8")
        .format(
            districts=number(districts),
            draws=number(DRAWS),
            figures="\n".join(lines),
            bins="\n".join(told),
            inside=percent(figures["assumed"]["inside"], 1),
            inside_true=percent(figures["planted"]["inside"], 1),
            inside_otherwise=percent(figures["otherwise"]["inside"], 1),
            off_otherwise=number(-figures["otherwise"]["off"], 1),
            clear="; ".join(f"{label}: {_clear(tables, label)}" for label, _ in MODELS.values()),
        )
    )


def _clear(tables, label):
    """What came true of what came first in nine of ten recalculations or more."""
    last = tables[(tables["model"] == label) & (tables["predicted"] >= EDGES[-2])]
    return f"{percent(last['predicted'].item())} voorspeld, {percent(last['observed'].item())} werkelijk"


def main():
    """Run every model and write the page and the figure."""
    districts = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    tables, figures = [], {}

    def tried(name, stream, known=None):
        rngs = (np.random.default_rng([stream, seed]) for seed in range(districts))
        planted = (MODELS[name][1](rng) for rng in rngs)
        return pd.DataFrame([row for seed, one in enumerate(planted) for row in one_district(one, seed, known)])

    for stream, (name, (label, _)) in enumerate(MODELS.items()):
        rows = tried(name, stream)
        tables.append(bins(rows).assign(model=label))
        figures[name] = summary(rows)
    figures["planted"] = summary(tried("assumed", 0, planted_figures()))
    together = pd.concat(tables)
    figure(together).save(str(DOCS / "images" / "kalibratie.svg"))
    (DOCS / "kalibratie.md").write_text(page(together, figures, districts), encoding="utf-8")


if __name__ == "__main__":
    main()
