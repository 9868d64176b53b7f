"""The scores behind a development: one method over the indicators that are asked, and how many cells are known."""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from functools import reduce

import pandas as pd

from werkbank.advice.scorecard import ROOT, combined_by, structure
from werkbank.scoring import score_risk
from werkbank.scoring.change import Score
from werkbank.settings.catalogue import Catalogue
from werkbank.settings.parameters import Method

__all__ = ["COUNTS", "known_cells", "method_score"]

COUNTS = ("cells_old", "cells_new", "cells_both")
Values = Mapping[str, pd.DataFrame]
"""Party → park × indicator."""


def method_score(catalogue: Catalogue, method: Method, codes: Sequence[str] | None = None) -> Score:
    """The method over these indicators, all when not given; no scores at all where no threat is among them."""
    tree = structure(catalogue, method)
    if codes is not None:
        groups = set(tree.loc[tree["code"].isin(codes), "parent"])
        tree = tree[tree["code"].isin([*codes, *groups, ROOT])].reset_index(drop=True)
        if "threat" not in groups:
            return lambda values: pd.DataFrame(index=next(iter(values.values())).index, columns=[ROOT], dtype="float64")
    asked = list(catalogue.indicator_ids if codes is None else codes)
    mean = {**method.power.model_dump(), ROOT: "arithmetic"}

    def score(levels: Values) -> pd.DataFrame:
        combined = combined_by({party: table[asked] for party, table in levels.items()}, catalogue, method)
        return score_risk(combined, tree, mean={code: mean[code] for code in mean if code in set(tree["code"])}).groups

    return score


def known_cells(old: Values, new: Values, catalogue: Catalogue, both: Sequence[str]) -> dict[str, pd.Series]:
    """How many party cells each round knows, and both, per park and group, of the indicators that both asked."""
    own = pd.Index(both)
    known_old, known_new = (
        {party: table.notna() & table.columns.isin(own) for party, table in values.items()} for values in (old, new)
    )
    shared = {
        party: table & known_new[party].reindex(index=table.index, fill_value=False)
        for party, table in known_old.items()
    }
    return dict(zip(COUNTS, (_per_group(known, catalogue) for known in (known_old, known_new, shared)), strict=True))


def _per_group(known: Values, catalogue: Catalogue) -> pd.Series:
    cells = reduce(operator.add, (table.astype("int64") for table in known.values()))
    codes: dict[str, list[str]] = {ROOT: list(catalogue.indicator_ids)}
    for family in catalogue.families:
        codes[family.score] = [indicator.id for indicator in catalogue.by_family(family.id)]
    return pd.Series(pd.DataFrame({group: cells[own].sum(axis=1) for group, own in codes.items()}).stack())
