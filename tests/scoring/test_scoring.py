"""The package as a whole: what it offers, and what it leans on."""

from __future__ import annotations

import ast
import pickle
from pathlib import Path

import pytest

from werkbank import scoring
from werkbank.errors import ScoringError
from werkbank.scoring import aggregate

from .drawn import flat, table


def test_the_public_names_are_sorted_and_exist():
    """What __all__ names can be imported, once, in alphabetical order."""
    assert scoring.__all__ == sorted(set(scoring.__all__))
    assert all(hasattr(scoring, name) for name in scoring.__all__)


def test_scoring_knows_nothing_of_risk_matrices():
    """It imports of werkbank only itself and the errors."""
    for path in Path(scoring.__file__).parent.glob("*.py"):
        modules = [node.module for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ImportFrom)]
        ours = [module for module in modules if module and module.startswith("werkbank")]
        assert all(m == "werkbank.errors" or m.startswith("werkbank.scoring") for m in ours), path.name


def test_an_error_names_what_it_concerns_and_stays_readable():
    """Of fifty faulty units twenty are named and the rest counted; the error survives a process border."""
    values = table("  a \n p  0").reindex([f"p{i}" for i in range(50)], fill_value=0.0)
    with pytest.raises(ScoringError) as caught:
        aggregate(values, flat(["a"]), mean="geometric")
    assert "“p19” en nog 30" in str(caught.value)
    assert isinstance(caught.value, ValueError)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
