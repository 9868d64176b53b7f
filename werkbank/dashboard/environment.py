"""What a dashboard's processes get of the environment: what they need, and nothing that happens to be there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

__all__ = ["clean_environment", "kernel_environment", "own_places"]

KEPT = frozenset((
    "PATH", "HOME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TEMP", "TMP", "PYTHONPATH", "PYTHONHASHSEED", "PYTHONUTF8",
    "VIRTUAL_ENV", "LD_LIBRARY_PATH", "XDG_CACHE_HOME", "USER", "LOGNAME", "USERNAME", "USERPROFILE", "APPDATA",
    "LOCALAPPDATA", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "NUMBER_OF_PROCESSORS",
))  # fmt: skip
_KEPT_PREFIXES = ("LC_",)
_OWN = frozenset((
    "WERKBANK_BUNDLE", "WERKBANK_CHART_SCRIPT", "IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR",
    "JUPYTER_RUNTIME_DIR", "JUPYTER_PREFER_ENV_PATH",
))  # fmt: skip
_SECRET = re.compile(r"TOKEN|PASSW|SECRET|CREDENTIAL|API_?KEY|DATABASE_URL|_DSN", re.IGNORECASE)


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables a kernel needs to run; never a token, a password or the address of a database.

    What is not on the list is left out, whatever it is called.
    """
    return {name: value for name, value in environment.items() if _kept(name.upper()) and not _SECRET.search(name)}


def kernel_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """What a kernel gets: a clean environment, and where its bundle and its own folders are."""
    own = {name: value for name, value in environment.items() if name in _OWN}
    return {**clean_environment(environment), **own}


def own_places(folder: Path) -> dict[str, str]:
    """Jupyter's and IPython's own folders within `folder`: no configuration or start-up file of the user is read."""
    places = {
        "IPYTHONDIR": "ipython",
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "share",
        "JUPYTER_RUNTIME_DIR": "run",
    }
    return {**{name: str(folder / place) for name, place in places.items()}, "JUPYTER_PREFER_ENV_PATH": "1"}


def _kept(name: str) -> bool:
    return name in KEPT or name.startswith(_KEPT_PREFIXES)
