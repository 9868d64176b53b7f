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
    for module in (werkbank, werkbank.report):
        with pytest.raises(AttributeError, match="no attribute 'asses'"):
            getattr(module, "asses")  # noqa: B009


def test_no_module_carries_the_name_of_a_public_function():
    """`werkbank.assess` must stay the function, also after somebody imports a module of that name."""
    modules = {path.stem for path in PACKAGE.glob("*.py")} | {path.name for path in PACKAGE.iterdir() if path.is_dir()}
    assert modules & set(werkbank.__all__) <= {"dashboard", "report", "scoring"}


KERNEL = "import werkbank; werkbank.assess, werkbank.report, werkbank.scoring; import altair"
HELP = "from contextlib import suppress; from werkbank.cli import main\nwith suppress(SystemExit): main(['--help'])"


HEAVY = {
    "import werkbank": "pandas numpy altair pydantic",
    "import werkbank.settings.catalogue": "pandas numpy altair",
    HELP: "pandas numpy altair pydantic papermill rich",
    KERNEL: "scipy",
}


@pytest.mark.parametrize(("code", "heavy"), HEAVY.items(), ids=["the package", "the words", "the help", "a kernel"])
def test_nothing_heavy_is_loaded_until_it_is_used(code, heavy):
    """Nor ever, as a kernel does, the grammar that takes a second to compile."""
    told = f"import sys\n{code}\nprint(set('{heavy}'.split()) & set(sys.modules), sys.modules['rfc3987_syntax'])"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("set() None\n")
