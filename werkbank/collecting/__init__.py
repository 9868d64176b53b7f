"""Collecting the returns of a round: what is wrong with each, what goes back to whom, and how far it is.

Everything is loaded when it is first asked for: what writes workbooks and pages only with the replies.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from werkbank.collecting.check import Check, check_files, check_round
    from werkbank.collecting.replies import write_replies
    from werkbank.matrix.returns import CollectionState, collection_state

__all__ = ["Check", "CollectionState", "check_files", "check_round", "collection_state", "write_replies"]

_HOMES = {
    "werkbank.collecting.check": ("Check", "check_files", "check_round"),
    "werkbank.collecting.replies": ("write_replies",),
    "werkbank.matrix.returns": ("CollectionState", "collection_state"),
}


def __getattr__(name: str) -> object:
    """Load a public name when it is first asked for."""
    for home, names in _HOMES.items():
        if name in names:
            return getattr(importlib.import_module(home), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
