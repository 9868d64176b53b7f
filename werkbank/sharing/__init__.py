"""Who may see what: audiences, and the gate that filters an Assessment before anything is rendered."""

from werkbank.sharing.gate import for_audience
from werkbank.sharing.who import asked_parties, entitled

__all__ = ["asked_parties", "entitled", "for_audience"]
