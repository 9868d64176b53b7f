"""What `import werkbank` offers is exactly what it says, and costs nothing until it is used."""

import subprocess
import sys
from pathlib import Path

import pytest

import werkbank

PACKAGE = Path(werkbank.__file__).parent


def test_every_public_name_is_there_sorted_and_they_are_few():
    for name in werkbank.__all__:
        assert getattr(werkbank, name) is not None
    assert werkbank.__all__ == sorted(werkbank.__all__)
    assert len(werkbank.__all__) <= 25
    assert dir(werkbank) == werkbank.__all__
    with pytest.raises(AttributeError, match="no attribute 'asses'"):
        getattr(werkbank, "asses")  # noqa: B009


def test_no_module_carries_the_name_of_a_public_function():
    """`werkbank.assess` must stay the function, also after somebody imports a module of that name."""
    modules = {path.stem for path in PACKAGE.glob("*.py")} | {path.name for path in PACKAGE.iterdir() if path.is_dir()}
    assert modules & set(werkbank.__all__) <= {"dashboard", "report", "scoring"}


def test_importing_werkbank_loads_nothing_heavy():
    code = "import sys, werkbank; print(sorted({'pandas', 'numpy', 'altair', 'pydantic'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_the_grammar_that_takes_a_second_to_compile_is_never_imported():
    code = "import werkbank as wb, sys; wb.assess; wb.report; import altair; print(sys.modules['rfc3987_syntax'])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "None\n"
