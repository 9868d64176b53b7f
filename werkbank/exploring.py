"""How our values look and complete in a notebook: a table with every text escaped, else the same in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from werkbank.wording import safe_html

__all__ = ["Listed", "Shown", "facts_html"]


class Shown:
    """What is shown of a value that has `__str__` where no HTML can be: those words, not its fields one by one."""

    __slots__ = ()

    def __init_subclass__(cls) -> None:
        """In each class itself: IPython looks there, and a dataclass has a `__repr__` of its own."""
        super().__init_subclass__()
        cls._repr_pretty_ = _in_words  # type: ignore[attr-defined]


def _in_words(value: object, printer: Any, _cycle: bool) -> None:
    printer.text(str(value))


class Listed:
    """Completion offers the fields and our own names, and nothing of the library that reads the files."""

    __slots__ = ()

    def __dir__(self) -> list[str]:
        own = [vars(each) for each in type(self).__mro__ if each.__module__.partition(".")[0] == "werkbank"]
        fields = getattr(type(self), "model_fields", {})
        names = {name for members in own for name in members if not name.startswith(("_", "model_")) and name.islower()}
        return sorted({*fields, *names})


def facts_html(title: str, facts: Mapping[str, object]) -> str:
    """A title and a table of two columns; every word of it is escaped."""
    row = '<tr><th scope="row" style="text-align:left">{}</th><td style="text-align:left">{}</td></tr>'
    rows = "".join(str(safe_html(row, name, value)) for name, value in facts.items())
    return f"{safe_html('<p><strong>{}</strong></p>', title)}<table>{rows}</table>"
