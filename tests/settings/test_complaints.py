"""What a file must hold is said in words, never in the signs of a pattern."""

import re
from pathlib import Path

import werkbank
from werkbank.files.models import _PATTERNS


def test_every_pattern_of_a_model_is_told_in_words():
    """Whoever reads the refusal does not read regular expressions."""
    modules = Path(werkbank.__file__).parent.rglob("*.py")
    patterns = {found for path in modules for found in re.findall(r'pattern=r"([^"]+)"', path.read_text("utf-8"))}
    assert len(patterns) >= 5
    assert patterns - set(_PATTERNS) == set()
    assert not [words for words in _PATTERNS.values() if re.search(r"[\\^$*+]", words)]
