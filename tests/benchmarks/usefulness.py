"""Is the advice worth following? The share of the true harm that it reaches, beside what people do in Excel.

    python -m tests.benchmarks usefulness        # prints the comparison
    python -m tests.benchmarks.usefulness        # writes docs/bruikbaarheid.md and its figure

Each regime's best rule of Excel is chosen on seeds 1-200, and so were the defaults; what is told is of seeds 1001-1200.
"""

from itertools import product
from pathlib import Path

import altair as alt
import numpy as np
import pandas as pd

from tests.benchmarks import usefulness_world as world
from tests.benchmarks.usefulness_world import CODES, POINTS, SEVERITY, THREAT
from werkbank.advice import described as parks
from werkbank.advice.scorecard import means, rules_of, structure
from werkbank.scoring import combine, score_risk
from werkbank.scoring.unknown_cells import describe_district
from werkbank.settings.method import Method
from werkbank.wording import number, percent

DOCS = Path(__file__).parents[2] / "docs"
CHOOSE, REPORT, DISTRICTS = range(1, 201), range(1001, 1201), 3
DEFAULT = (Method().group_weights.threat, Method().power.threat)
"""Weight of the threats (the other groups share the rest) and their exponent."""
BORDERS, CLASSES = Method().class_borders, ("laag", "matig", "hoog", "zeer hoog")
OURS, BEST, OTHER = "werkbank", "beste Excel-regel", "andere Excel-regel"
MAIN = "harm == 'wat er gebeurt' and capacity == 1"


def score(said, weight, power):
    """A score per park by the package's own functions, from what each party says of a whole district (party × park ×
    indicator, in steps of risk, NaN unknown)."""
    combined, method = combined_of(said), Method.model_validate(chosen_way(weight, power))
    tree = structure(world.CATALOGUE, method)
    return score_risk(combined, tree, mean=means(method), district=figures_of(combined)).total.to_numpy()


def combined_of(said):
    """What the parties say, as one value per cell."""
    levels = {party: pd.DataFrame(steps, columns=CODES) for party, steps in zip(world.PARTIES, said, strict=True)}
    return combine(
        levels, points=dict.fromkeys(CODES, POINTS), rules=rules_of(world.CATALOGUE, Method()), best_judge={}
    )


def figures_of(combined):
    """What the whole district says of what is unknown."""
    families = {one.id: one.family for one in world.CATALOGUE.indicators}
    return describe_district(combined, families=families, at_least=Method().uncertainty.missing.at_least)


def chosen_way(weight, power):
    """The choices of a method with this weight and exponent of the threats; the other groups share the rest."""
    threat, *others = [family.score for family in world.CATALOGUE.families]
    weights = dict.fromkeys(others, (1 - weight) / len(others))
    return {"group_weights": {threat: weight, **weights}, "power": {threat: power}}


def advised(said, weight, power):
    """The scores of the parks that may be advised, by which they are; a park without any indication may not."""
    return np.where((np.nan_to_num(said[..., THREAT]) > 0).any(axis=(0, 2)), score(said, weight, power), -np.inf)


def excel_rules(said):
    """What people do in a workbook, on the highest of what the parties say; blank is 0 where it adds up."""
    best = np.fmax.reduce(said)
    threat, known = np.nan_to_num(best[:, THREAT]), ~np.isnan(best)
    return {
        "som van alles, leeg = 0": np.nan_to_num(best).sum(axis=1),
        "som van de dreiging, leeg = 0": threat.sum(axis=1),
        "gemiddelde van wat bekend is": np.nan_to_num(best).sum(axis=1) / known.sum(axis=1).clip(1),
        "gemiddelde van de bekende dreiging": threat.sum(axis=1) / known[:, THREAT].sum(axis=1).clip(1),
        "aantal vermoedens van 2 of meer": (threat >= 2).sum(axis=1) * 1.0,
        "alleen de politie": np.nan_to_num(said[0][:, THREAT]).sum(axis=1),
        "hoogste vermoeden": threat.max(axis=1),
        "ernst × hoogste": threat @ SEVERITY[THREAT],
        "ernst × hoogste²": threat**2 @ SEVERITY[THREAT],
    }


def captured(points, harm, capacity):
    """The harm of the parks with most points, as a share of the most that as many have; the mean over municipalities.
    Parks that are level share the places that are left, as if they were taken blindly."""
    shares = []
    for own in (np.flatnonzero(place == world.MUNICIPALITY) for place in range(len(world.COUNTS))):
        most, able = np.sort(harm[own])[-capacity:].sum(), own[np.isfinite(points[own])]
        last = np.sort(points[able])[-capacity] if len(able) > capacity else -np.inf
        above, level = able[points[able] > last + 1e-9], able[abs(points[able] - last) <= 1e-9]
        shared = (capacity - len(above)) * harm[level].mean() if level.size else 0.0
        shares += [(harm[above].sum() + shared) / most] if most else []
    return np.mean(shares)


def measured(seeds, way=DEFAULT, **changed):
    """Captured share by harm, capacity, regime and seed (rows) and by rule (columns)."""
    rows = []
    for seed, (place, regime), part in product(seeds, enumerate(world.REGIMES), range(DISTRICTS)):
        truth, said = world.district(np.random.default_rng([seed, place, part]), *world.REGIMES[regime], **changed)
        rules = {**excel_rules(said), OURS: advised(said, *way)}
        for (harm, values), capacity in product(world.harms(truth).items(), (1, 2)):
            shares = {rule: captured(points, values, capacity) for rule, points in rules.items()}
            rows.append({"harm": harm, "capacity": capacity, "regime": regime, "seed": seed, **shares})
    return pd.DataFrame(rows).groupby(["harm", "capacity", "regime", "seed"], sort=False).mean()


def compared(chosen, reported):
    """Per harm, capacity and regime, and on average: ours, the best of Excel by the chosen seeds, and the difference."""
    best = chosen.drop(columns=OURS).groupby(level=[0, 1, 2], sort=False).mean().idxmax(axis=1)
    rules = [best[key[:3]] for key in reported.index]
    pair = reported[[OURS]].assign(best=[row[rule] for (_, row), rule in zip(reported.iterrows(), rules, strict=True)])
    mean = pair.groupby(level=["harm", "capacity", "seed"], sort=False).mean()
    mean = pd.concat({"gemiddeld": mean}, names=["regime"]).reorder_levels(reported.index.names)
    pair = pd.concat([pair, mean]).assign(more=lambda both: both[OURS] - both["best"])
    by_case = pair.groupby(level=[0, 1, 2], sort=False)
    told = by_case.mean().assign(error=by_case["more"].sem(), rule=best)
    return told.sort_index(level=["harm", "capacity"], sort_remaining=False)


def described(weight, power):
    """The scores of the described parks."""
    return parks.described(world.CATALOGUE, Method.model_validate(chosen_way(weight, power)))


def usefulness(_, chosen=CHOOSE, reported=REPORT):
    """The comparison as text; the files of a workspace are not needed."""
    found = compared(measured(chosen), measured(reported))
    return "captured share of the true harm, beside the best rule of Excel:\n" + found.round(4).to_string()


def figure(shares, best):
    """Draws the captured share by rule (rows) and regime (columns), with the best rule of Excel of each regime."""
    dots = shares.rename_axis("rule").reset_index().melt("rule", var_name="regime", value_name="share")
    kind = np.where(dots["rule"] == OURS, OURS, np.where(dots["rule"] == dots["regime"].map(best), BEST, OTHER))
    scale = alt.Scale(domain=[OURS, BEST, OTHER], range=["#154273", "#a63d00", "#b4b4b4"])
    x = alt.X("share:Q").title("gevangen aandeel van de ware schade").axis(format=".0%").scale(zero=False)
    y = alt.Y("regime:N").title("hoeveel bekend is").sort([*shares.columns])
    chart = alt.Chart(dots.assign(kind=kind)).mark_point(filled=True, size=90, opacity=0.9)
    shape = alt.Shape("kind:N").title(None).scale(domain=scale.domain, range=["circle", "square", "triangle-up"])
    chart = chart.encode(x, y, alt.Color("kind:N", scale=scale).title(None), shape).properties(width=520, height=200)
    chart.save(str(DOCS / "images" / "bruikbaarheid.svg"))


def _table(frame, *first):
    told = frame.map(lambda cell: percent(cell, 1) if isinstance(cell, float) else cell)
    rows = [[*first, *frame.columns], ["---"] * len(first) + ["---:"] * len(frame.columns)]
    rows += [[*np.atleast_1d(key), *row] for key, row in zip(told.index, told.to_numpy(), strict=True)]
    return "\n".join(f"| {' | '.join(map(str, row))} |" for row in rows)


def _comparison(found):
    names = {OURS: OURS, "best": BEST, "rule": "welke", "more": "verschil", "error": "standaardfout"}
    return _table(found[[*names]].fillna("").rename(columns=names), "schade", "terreinen", "kennis")


def main():
    """Measure, and write the page and the figure."""
    found = compared(measured(CHOOSE), reported := measured(REPORT))
    means = reported.query(MAIN).groupby(level="regime", sort=False).mean().T
    figure(means, found.query(MAIN)["rule"].droplevel(["harm", "capacity"]))
    told = [f"{number(at, 1)} {CLASSES[np.digitize(at, BORDERS)]}" for at in described(*DEFAULT).values()]
    table = pd.DataFrame(np.reshape(told, (-1, 3)), [*parks.PARKS], [*parks.SITES])
    loose = compared(*(measured(seeds[:60], pull=0.0) for seeds in (CHOOSE, REPORT)))
    tables = {"comparison": _comparison(found), "rules": _table(means, "regel"), "described": _table(table, "terrein")}
    page = Path(__file__).with_suffix(".md").read_text(encoding="utf-8")
    page = page.format(**tables, loose=_comparison(loose.query("capacity == 1")))
    (DOCS / "bruikbaarheid.md").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
