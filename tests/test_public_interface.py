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


def test_importing_loads_nothing_heavy_until_it_is_used():
    """Nor, as every kernel does, scipy with scoring, nor ever the grammar that takes a second to compile."""
    code = """if True:
        import sys, werkbank as wb
        print(sorted({"pandas", "numpy", "altair", "pydantic"} & set(sys.modules)))
        wb.assess, wb.report, wb.scoring
        import altair
        print("scipy" in sys.modules, sys.modules["rfc3987_syntax"])
    """
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert found == "[]\nFalse None\n"
