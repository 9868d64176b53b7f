"""JupyterLab with the user's own copies of the notebooks, for who explores further.

What is seen there is confidential: the copies lie in the output folder, which git ignores, so that saving a notebook
puts nothing among the files that are kept. The server is a process of its own, `python -m werkbank.dashboard.laboratory
OPTIONS`; it logs errors only, for what else it has to say is English, and said in Dutch by who started it.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from werkbank.dashboard.processes import ends_by_itself, sockets_fit, started, stop_when_alone, stoppable
from werkbank.errors import OutputError
from werkbank.settings.workspace import find_workspace

OWN_FOLDER = Path("output") / "verkennen"
"""Where the user's own copies lie, within the workspace."""
FIRST = "verkennen.ipynb"
_SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/translation-extension:plugin": {"locale": "nl_NL"},
    "@jupyter-widgets/jupyterlab-manager:plugin": {"saveState": False},
}
"""Nothing is fetched from outside, and nobody is asked whether it may; menus in Dutch for who chose no language; and
what is typed in a field of a notebook is not saved with it."""


def open_lab(*, open_browser: bool, allow_root: bool = False) -> int:
    """Run JupyterLab on this machine only until Ctrl-C; 0 when stopped so, 1 when it stopped of itself.

    Raises OutputError for an administrator who did not ask for it, and when JupyterLab does not start.
    """
    if not allow_root and hasattr(os, "geteuid") and os.geteuid() == 0:
        raise OutputError(
            "U werkt als beheerder (root). Wat in een notebook staat, kan dan alles op deze computer veranderen. "
            "Meld u aan als gewone gebruiker, of begin toch, met: werkbank lab --allow-root"
        )
    workspace = find_workspace()
    own = own_notebooks(workspace)
    with tempfile.TemporaryDirectory(prefix="wb-") as private, stoppable() as asked:
        options = lab_options(workspace, Path(private), open_browser=open_browser, allow_root=allow_root)
        environment = lab_environment(os.environ, workspace, Path(private))
        with started([__name__, *options], environment) as (process, tell):
            link = tell("")().strip()
            if not link:
                raise OutputError("JupyterLab kon niet starten.")
            _tell(link, own)
            failed = ends_by_itself(process, asked)
    sys.stdout.write("\nJupyterLab is gestopt.\n")
    return 1 if failed else 0


def own_notebooks(workspace: Path) -> Path:
    """The folder with the user's own copies, made as far as they are not there yet; what is there stays as it is."""
    own = workspace / OWN_FOLDER
    own.mkdir(parents=True, exist_ok=True)
    for notebook in sorted((workspace / "notebooks").glob("*.ipynb")):
        if not (own / notebook.name).exists():
            (own / notebook.name).write_text(_as_lab_keeps_it(notebook), encoding="utf-8")
    return own


def _as_lab_keeps_it(notebook: Path) -> str:
    """The notebook with what Lab adds at the start of its kernel, so that it is not changed by being opened."""
    from ipykernel.ipkernel import IPythonKernel  # noqa: PLC0415  takes a moment, and only the first time

    book = json.loads(notebook.read_text(encoding="utf-8"))
    book.setdefault("metadata", {})["language_info"] = IPythonKernel.language_info
    return json.dumps(book, ensure_ascii=False, indent=1) + "\n"


def lab_options(workspace: Path, private: Path, *, open_browser: bool, allow_root: bool = False) -> list[str]:
    """The options of JupyterLab: on 127.0.0.1, with Jupyter's own random token, opening the exploration notebook."""
    settings = private / "settings"
    settings.mkdir(exist_ok=True)
    (settings / "overrides.json").write_text(json.dumps(_SETTINGS), encoding="utf-8")
    _write_kernel(private / "kernels" / "python3")
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
        *(["--KernelManager.transport=ipc"] if sockets_fit(str(private)) else []),
        *([] if open_browser else ["--no-browser"]),
        *(["--allow-root"] if allow_root else []),
    ]


def _write_kernel(folder: Path) -> None:
    """The kernel of this Python; it completes by what is there, for guessing by the source is slower than Lab waits."""
    from ipykernel.kernelspec import write_kernel_spec  # noqa: PLC0415

    folder.parent.mkdir(exist_ok=True)
    if not folder.exists():
        write_kernel_spec(str(folder), extra_arguments=["--IPCompleter.use_jedi=False"])


def lab_environment(environment: Mapping[str, str], workspace: Path, private: Path) -> dict[str, str]:
    """The environment of the server: the workspace, and a private folder for its kernel, its sockets and its token."""
    quiet = {"PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    kernels = os.pathsep.join(filter(None, (str(private), environment.get("JUPYTER_PATH"))))
    own = {"WERKBANK_WORKSPACE": str(workspace), "JUPYTER_RUNTIME_DIR": str(private), "JUPYTER_PATH": kernels}
    return {**environment, **quiet, **own}


def _tell(link: str, own: Path) -> None:
    """Say where it is and how to stop."""
    sys.stdout.write(
        f"JupyterLab staat open. Opent er niets, open dan deze link; wie hem heeft, kan bij uw bestanden:\n{link}\n"
        f"U werkt in uw eigen exemplaren, in {os.path.relpath(own)}. Bewaar of deel ze nergens anders: "
        "wat erin staat, is vertrouwelijk.\nStoppen: Ctrl-C.\n"
    )
    sys.stdout.flush()


class ErrorsOnly(logging.Filter):
    """Lets errors through; that a server starts, stops or finds no browser is no error but is logged as worse."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is an error."""
        return record.levelno == logging.ERROR


def main(options: list[str]) -> int:
    """Serve JupyterLab until told to stop; the first line is its address."""
    from jupyterlab.labapp import LabApp  # noqa: PLC0415  takes a second

    stop_when_alone()
    server = LabApp.initialize_server(argv=options)
    for place in (logging.getLogger(), server.log, *server.log.handlers):
        place.addFilter(ErrorsOnly())
    # The server binds its port in the loop; this comes after it.
    server.io_loop.add_callback(_tell_address, server.local_url)
    server.start()
    return 0


def _tell_address(address: str) -> None:
    """One line for who started us; anything more would fill the pipe."""
    sys.stdout.write(f"{address}\n")
    sys.stdout.flush()
    sys.stdout = sys.stderr


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
