"""Serve one bundle to one audience on this computer, and leave nothing behind.

Everything the server may know lies in one private temporary folder: the notebook, the bundle and the script that
draws charts. What is not there cannot be shown, whatever a visitor or a fault does.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from werkbank.dashboard import BUNDLE_VARIABLE
from werkbank.dashboard.charts import kept_script
from werkbank.dashboard.page import head_html, page_style, page_title
from werkbank.dashboard.processes import Order, clean_environment, own_places, stop, stoppable
from werkbank.dashboard.server import NOTEBOOK, PORT_TAKEN, SCRIPT
from werkbank.errors import OutputError
from werkbank.settings.parameters import find_workspace
from werkbank.sharing.bundle import read_bundle
from werkbank.wording import safe_html

__all__ = ["Running", "running", "serve"]

KEY_BYTES = 32
POOL = 1
"""Kernels that wait warmed up for the next visitor."""
_COPIED = ("*.json",)


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers: `place` is its address, `key` opens it, `link` is both."""

    process: subprocess.Popen[str]
    place: str
    key: str
    stage: Path

    @property
    def link(self) -> str:
        """The address that lets its reader in."""
        return f"{self.place}/?token={self.key}"


def serve(bundle_folder: Path, *, port: int = 0, open_browser: bool = True) -> int:
    """Show the bundle until Ctrl-C or SIGTERM; 0 when stopped so, 1 when the server stopped of itself.

    Port 0 is any free port. Raises OutputError for a folder that is no bundle, a port that is taken, or a server
    that does not start.
    """
    with stoppable() as asked, running(bundle_folder, port=port) as server:
        _tell(server, open_browser=open_browser)
        while not asked.is_set():
            if server.process.poll() is not None:
                sys.stderr.write("Het dashboard is onverwacht gestopt. Start het opnieuw.\n")
                return 1
            asked.wait(0.3)
    sys.stdout.write("\nHet dashboard is gestopt.\n")
    return 0


@contextmanager
def running(bundle_folder: Path, *, port: int = 0, pool: int = POOL) -> Iterator[Running]:
    """A server for the bundle that runs inside the `with`, and of which nothing is left after it."""
    with _stage() as stage:
        order = _order(stage, bundle_folder, port, pool)
        process = _start(order)
        try:
            place = _address(process)
            yield Running(process, place, order.key, stage)
        finally:
            stop(process)


@contextmanager
def _stage() -> Iterator[Path]:
    """A folder that only this user can read, gone afterwards; short, because sockets have short names."""
    root = "/tmp" if os.name == "posix" and os.access("/tmp", os.W_OK) else None  # noqa: S108  made by mkdtemp, 0700
    stage = Path(tempfile.mkdtemp(prefix="wb-", dir=root))
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _order(stage: Path, bundle_folder: Path, port: int, pool: int) -> Order:
    """Put everything in its place, and say what the server is to do with it."""
    bundle = read_bundle(bundle_folder)
    folders = {name: stage / name for name in ("page", "k", "script", "jupyter")}
    for folder in folders.values():
        folder.mkdir(mode=0o700)
    kept = [f"{name}.json" for name in bundle.municipalities]
    (stage / "bundle").mkdir(mode=0o700)
    for name in (*kept, "bundle.json"):
        shutil.copyfile(bundle_folder / name, stage / "bundle" / name)
    shutil.copyfile(_notebook(), folders["page"] / NOTEBOOK)
    (folders["script"] / SCRIPT).write_text(kept_script(), encoding="utf-8")
    return Order(
        stage=str(stage),
        folder=str(folders["page"]),
        sockets=str(folders["k"]),
        script=str(folders["script"]),
        port=port,
        key=secrets.token_urlsafe(KEY_BYTES),
        title=page_title(bundle),
        head=head_html(bundle),
        style=page_style(),
        pool=pool,
    )


def _notebook() -> Path:
    file = find_workspace() / "notebooks" / NOTEBOOK
    if not file.is_file():
        raise OutputError(f"Het notebook notebooks/{NOTEBOOK} ontbreekt in de map van de werkbank.")
    return file


def _start(order: Order) -> subprocess.Popen[str]:
    stage = Path(order.stage)
    environment = {
        **clean_environment(os.environ),
        **own_places(stage / "jupyter"),
        BUNDLE_VARIABLE: str(stage / "bundle"),
    }
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "werkbank.dashboard.server"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=order.folder,
        env=environment,
        # Ctrl-C is for us; we stop the server in our own order.
        start_new_session=True,
    )
    if process.stdin is not None:
        process.stdin.write(order.to_json() + "\n")
        process.stdin.flush()
    return process


def _address(process: subprocess.Popen[str]) -> str:
    """Where the server answers, in its own first line."""
    line = process.stdout.readline().strip() if process.stdout else ""
    if line:
        return line
    if process.wait() == PORT_TAKEN:
        raise OutputError("Deze poort is al in gebruik. Kies een andere, of laat de poort weg.")
    raise OutputError("Het dashboard kon niet starten.")


def _tell(server: Running, *, open_browser: bool) -> None:
    """Open the page for the user; the link with its key goes to the terminal only when no browser opens."""
    if open_browser and webbrowser.open(_door(server).as_uri()):
        sys.stdout.write("Het dashboard opent in uw browser. Ziet u niets? Begin opnieuw met --no-browser.\n")
    else:
        sys.stdout.write(f"Open deze link; wie hem heeft, ziet het dashboard:\n{server.link}\n")
    sys.stdout.write("Stoppen: Ctrl-C.\n")
    sys.stdout.flush()


def _door(server: Running) -> Path:
    """A private file that leads to the page, so that the key is in no command line."""
    file = server.stage / "open.html"
    file.touch(mode=0o600)
    page = safe_html(
        '<!DOCTYPE html><html lang="nl"><meta charset="utf-8"><title>Dashboard</title>'
        '<meta http-equiv="refresh" content="0;url={0}"><p><a href="{0}">Naar het dashboard</a></p></html>',
        server.link,
    )
    file.write_text(page, encoding="utf-8")
    return file
