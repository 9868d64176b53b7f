"""Which business parks there are: the district's list, outlines, IBIS, municipalities, context figures."""

from werkbank.parks.context import load_context
from werkbank.parks.register import ParkRegister, load_parks, read_parks

__all__ = ["ParkRegister", "load_context", "load_parks", "read_parks"]
