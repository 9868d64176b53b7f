"""Who may see what: audiences, and the gate that filters an Assessment before anything is rendered."""

from werkbank.sharing.audiences import asked_parties, entitled
from werkbank.sharing.gate import for_audience

__all__ = ["asked_parties", "entitled", "for_audience"]
