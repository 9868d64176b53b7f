"""Blank workbooks out, filled workbooks in: the park register, the checks, and the RiskMatrix."""

from werkbank.matrix.context import load_context
from werkbank.matrix.parks import ParkRegister, load_parks, read_parks
from werkbank.matrix.read import load_matrix
from werkbank.matrix.risk_matrix import RiskMatrix

__all__ = ["ParkRegister", "RiskMatrix", "load_context", "load_matrix", "load_parks", "read_parks"]
