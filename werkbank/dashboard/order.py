"""What the launcher is told: one line of JSON on its standard input, so that the key is in no command line or file."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Self

__all__ = ["Order"]


@dataclass(frozen=True, slots=True)
class Order:
    """Everything one server needs; `folder` holds only the notebook and the bundle, `key` opens the page.

    `stage` is the folder of it all, removed at the end; `sockets` is where kernels keep their sockets, `script` the
    folder of what draws charts, `pool` how many kernels wait warmed up; `head` and `style` finished
    HTML and CSS shown before any kernel answers.
    """

    stage: str
    folder: str
    sockets: str
    script: str
    port: int
    key: str
    title: str
    head: str
    style: str
    pool: int

    def to_json(self) -> str:
        """One line."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The order that `to_json` wrote."""
        return cls(**json.loads(text))
