"""JupyterLab with the user's own copies of the notebooks, for who explores further.

What is seen there is confidential: the copies lie in the output folder, which git ignores, so that saving a notebook
puts nothing among the files that are kept.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from werkbank.dashboard.processes import stop, stoppable
from werkbank.errors import OutputError
from werkbank.settings.parameters import find_workspace

__all__ = ["OWN_FOLDER", "lab_environment", "lab_options", "open_lab", "own_notebooks"]

OWN_FOLDER = Path("output") / "verkennen"
"""Where the user's own copies lie, within the workspace."""
FIRST = "verkennen.ipynb"
LONGEST_SOCKET = 100
"""A socket's name may be 104 characters on macOS, 108 on Linux, its closing zero included."""
_SOCKET_NAME = "kernel-00000000-0000-0000-0000-000000000000-ipc-5"
LANGUAGE = "nl_NL"
LANGUAGE_PACK = "jupyterlab_language_pack_nl_NL"
_SETTINGS = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}}
"""Nothing is fetched from outside, and nobody is asked whether it may."""


def open_lab(*, open_browser: bool, allow_root: bool = False) -> int:
    """Run JupyterLab on this machine only until Ctrl-C; 0 when stopped so, 1 when it stopped of itself.

    Raises OutputError for an administrator who did not ask for it, and when JupyterLab does not start.
    """
    _refuse_root(allow_root=allow_root)
    workspace = find_workspace()
    own = own_notebooks(workspace)
    with tempfile.TemporaryDirectory(prefix="wb-") as private, stoppable() as asked:
        options = lab_options(workspace, Path(private), open_browser=open_browser, allow_root=allow_root)
        process = _start(options, lab_environment(os.environ, workspace, Path(private)))
        try:
            _tell(process, own / FIRST)
            while not asked.is_set() and process.poll() is None:
                asked.wait(0.3)
        finally:
            stop(process)
    sys.stdout.write("\nJupyterLab is gestopt.\n")
    return 0 if asked.is_set() else 1


def own_notebooks(workspace: Path) -> Path:
    """The folder with the user's own copies, made as far as they are not there yet; what is there stays as it is."""
    own = workspace / OWN_FOLDER
    own.mkdir(parents=True, exist_ok=True)
    for notebook in sorted((workspace / "notebooks").glob("*.ipynb")):
        if not (own / notebook.name).exists():
            shutil.copyfile(notebook, own / notebook.name)
    return own


def lab_options(workspace: Path, private: Path, *, open_browser: bool, allow_root: bool = False) -> list[str]:
    """The options of JupyterLab: on 127.0.0.1, with Jupyter's own random token, opening the exploration notebook."""
    settings = private / "settings"
    settings.mkdir(exist_ok=True)
    (settings / "overrides.json").write_text(json.dumps({**_SETTINGS, **_in_dutch()}), encoding="utf-8")
    return [
        "--ip=127.0.0.1",
        f"--ServerApp.root_dir={workspace}",
        f"--LabApp.default_url=/lab/tree/{(OWN_FOLDER / FIRST).as_posix()}",
        # As an extension of Lab, Voila would serve pictures of the workspace to anyone who asks, without the token.
        "--ServerApp.jpserver_extensions={'voila.server_extension': False}",
        # Nothing here asks anything of the internet.
        "--LabApp.extension_manager=readonly",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate",
        f"--LabApp.app_settings_dir={settings}",
        # What was open before, perhaps a notebook that git keeps, is not opened again.
        f"--LabApp.workspaces_dir={private / 'workspaces'}",
        "--ServerApp.log_level=ERROR",
        "--LabApp.log_level=ERROR",
        *(["--KernelManager.transport=ipc"] if _sockets_fit(private) else []),
        *([] if open_browser else ["--no-browser"]),
        *(["--allow-root"] if allow_root else []),
    ]


def _in_dutch() -> dict[str, object]:
    """The setting for menus in Dutch, where the language pack is installed; who chose another language keeps it."""
    if find_spec(LANGUAGE_PACK) is None:
        return {}
    return {"@jupyterlab/translation-extension:plugin": {"locale": LANGUAGE}}


def lab_environment(environment: Mapping[str, str], workspace: Path, private: Path) -> dict[str, str]:
    """The environment of the server: the workspace, and a private folder for its sockets and its token."""
    quiet = {"PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    return {**environment, **quiet, "WERKBANK_WORKSPACE": str(workspace), "JUPYTER_RUNTIME_DIR": str(private)}


def _refuse_root(*, allow_root: bool) -> None:
    if not allow_root and hasattr(os, "geteuid") and os.geteuid() == 0:
        raise OutputError(
            "U werkt als beheerder (root). Wat in een notebook staat, kan dan alles op deze computer veranderen. "
            "Meld u aan als gewone gebruiker, of begin toch, met: werkbank lab --allow-root"
        )


def _sockets_fit(folder: Path) -> bool:
    """Whether kernels can talk over sockets that only this user can read, instead of over ports."""
    return os.name == "posix" and len(f"{folder}/{_SOCKET_NAME}") <= LONGEST_SOCKET


def _start(options: list[str], environment: Mapping[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603  our own command
        [sys.executable, "-P", "-m", "werkbank.dashboard.laboratory", *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=dict(environment),
        # Ctrl-C is for us; we stop the server in our own order.
        start_new_session=True,
    )


def _tell(process: subprocess.Popen[str], notebook: Path) -> None:
    """Say where it is and how to stop, once it answers."""
    link = process.stdout.readline().strip() if process.stdout else ""
    if not link:
        raise OutputError("JupyterLab kon niet starten.")
    sys.stdout.write(
        f"JupyterLab staat open. Opent er niets, open dan deze link; wie hem heeft, kan bij uw bestanden:\n{link}\n"
        f"U werkt in uw eigen exemplaren, in {os.path.relpath(notebook.parent)}. Bewaar of deel ze nergens anders: "
        "wat erin staat, is vertrouwelijk.\nStoppen: Ctrl-C.\n"
    )
    sys.stdout.flush()
