"""The wheel, installed from a house of wheels into an empty environment: a folder to practise in, from begin to end."""

import re
import signal
import subprocess
import tempfile
import time
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

from tests import outside

COMMANDS = (
    ("demo",),
    ("check",),
    ("analyse", "-m", "urk"),
    ("plan",),
    ("monitor", "-m", "urk"),
    ("verify",),
)
SERVERS = {
    ("lab", "--no-browser", "--allow-root"): "JupyterLab",
    ("dashboard", "--no-browser"): "Dashboard",
    ("dashboard", "--no-browser", "-m", "urk", "--audience", "municipality"): "Dashboard bedrijventerreinen Urk",
}


def main():
    with tempfile.TemporaryDirectory() as folder:
        house, workspace = Path(folder) / "house", Path(folder) / "Mijn wérk" / "Oefen één"
        house.mkdir()
        outside.wheelhouse(house)
        environment = outside.environment(Path(folder) / "empty", outside.build(folder), house)
        print(f"installed from {len(list(house.iterdir()))} wheels, with --no-index", flush=True)
        tried(folder, environment, "init", str(workspace), "--demo")
        for command in COMMANDS:
            tried(workspace, environment, *command)
        for command, title in SERVERS.items():
            served(workspace, environment, command, title)


def tried(folder, environment, *command):
    begun = time.monotonic()
    done = subprocess.run(
        ["werkbank", *command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, (command, done.stdout, done.stderr)
    print(f"werkbank {command[0]}: {time.monotonic() - begun:.1f} s", flush=True)


def served(folder, environment, command, title):
    """The page that the command tells opens, and Ctrl-C ends it."""
    with subprocess.Popen(
        ["werkbank", *command], cwd=folder, env=environment, stdout=subprocess.PIPE, text=True
    ) as run:
        link = next(found[0] for line in run.stdout if (found := re.search(r"http://\S+", line)))
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        with opener.open(link, timeout=120) as page:
            assert f"<title>{title}" in page.read().decode()
        run.send_signal(signal.SIGINT)
        run.communicate(timeout=60)
    assert run.returncode == 0, command
    print(f"werkbank {' '.join(command)}: served and stopped", flush=True)


if __name__ == "__main__":
    main()
