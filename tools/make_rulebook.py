# ruff: noqa: INP001 - a script beside the package, not part of it
"""Makes docs/rekenregels.md of the drawn tables in tests/scoring/test_rule_book.py.

Run it after a change: `python tools/make_rulebook.py`. What the rule book says is what is tested, word for word.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
HEAD = """# Rekenregels

Deze bladzijde is gemaakt van de tests: elke regel hieronder wordt bij elke wijziging nagerekend. `?` is onbekend, `nvt`
is niet van toepassing. Alles staat in risicorichting: hoger is meer risico, ook bij het tekort aan weerbaarheid.
"""


def rule_book(tests: Path) -> str:
    """The page: every test with a drawn `given` and `outcome`, in the order of the file."""
    module = ast.parse(tests.read_text(encoding="utf-8"))
    rules = [node for node in module.body if isinstance(node, ast.FunctionDef) and "given" in _drawn(node)]
    parts = [HEAD, *(line for number, rule in enumerate(rules, 1) for line in _rule(number, rule))]
    return "\n".join(parts)


def _rule(number: int, rule: ast.FunctionDef) -> Iterator[str]:
    title, _, text = (ast.get_docstring(rule) or "").partition("\n")
    drawn = _drawn(rule)
    yield f"## {number}. {title.strip().rstrip('.')}\n"
    if text.strip():
        yield f"{text.strip()}\n"
    yield f"Gegeven:\n\n```text\n{drawn['given']}\n```\n"
    yield f"Uitkomst:\n\n```text\n{drawn['outcome']}\n```\n"


def _drawn(rule: ast.FunctionDef) -> dict[str, str]:
    """The texts that the function gives a name to."""
    return {
        target.id: textwrap.dedent(node.value.value).strip("\n").rstrip()
        for node in rule.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


if __name__ == "__main__":
    book = rule_book(ROOT / "tests" / "scoring" / "test_rule_book.py")
    (ROOT / "docs" / "rekenregels.md").write_text(book, encoding="utf-8")
