"""Blank workbooks out, filled workbooks in: the park register, the checks, and the RiskMatrix."""

from werkbank.matrix.parks import load_parks
from werkbank.matrix.read import load_matrix
from werkbank.matrix.risk_matrix import RiskMatrix

__all__ = ["RiskMatrix", "load_matrix", "load_parks"]
