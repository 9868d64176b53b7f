"""Blank workbooks out, filled workbooks in: the checks, and the RiskMatrix."""

from werkbank.matrix.reading import load_matrix
from werkbank.matrix.risk_matrix import RiskMatrix

__all__ = ["RiskMatrix", "load_matrix"]
