"""JupyterLab with the notebooks of the workspace, for who explores further."""

from __future__ import annotations

import os
import subprocess
import sys

from werkbank.parameters import find_workspace

__all__ = ["lab_command", "open_lab"]


def open_lab(*, open_browser: bool) -> int:
    """Run JupyterLab on this machine only until it is stopped, and give back its exit code."""
    workspace = find_workspace()
    environment = {**os.environ, "WERKBANK_WORKSPACE": str(workspace)}
    command = lab_command(str(workspace), open_browser=open_browser)
    try:
        return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603  our own command
    except KeyboardInterrupt:
        return 0


def lab_command(workspace: str, *, open_browser: bool) -> list[str]:
    """The command: on 127.0.0.1, with Jupyter's own random token, opening the exploration notebook."""
    browser = [] if open_browser else ["--no-browser"]
    # The flag keeps jsonschema from compiling a grammar of a second in the server (see werkbank/__init__.py).
    start = "import werkbank; from jupyterlab.labapp import main; main()"
    options = [
        "--ip=127.0.0.1",
        f"--ServerApp.root_dir={workspace}",
        "--LabApp.default_url=/lab/tree/notebooks/verkennen.ipynb",
        # As an extension of Lab, Voila would serve pictures of the workspace to anyone who asks, without the token.
        "--ServerApp.jpserver_extensions={'voila.server_extension': False}",
        # Nothing here asks anything of the internet.
        "--LabApp.extension_manager=readonly",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate",
    ]
    return [sys.executable, "-c", start, *options, *browser]
