"""The werkbank outside its checkout: its wheel, a house of wheels made of what is installed here, an empty environment."""

import base64
import hashlib
import importlib.metadata
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
NAME = "werkbank-bedrijventerreinen"


def build(folder):
    """The wheel of this checkout."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    return next(Path(folder).glob("*.whl"))


def wheelhouse(folder):
    """A wheel of every package that is installed here, as it was before: nothing is asked of a registry."""
    for package in importlib.metadata.distributions(path=[sysconfig.get_path("purelib")]):
        if package.name != NAME:
            repack(package, Path(folder))


def repack(package, folder):
    own = next(file.parts[0] for file in package.files if file.parts[0].endswith(".dist-info"))
    tag = package.read_text("WHEEL").strip().rpartition("Tag: ")[2].splitlines()[0]
    stem = own.removesuffix(".dist-info")
    made = {"INSTALLER", "REQUESTED", "RECORD", "direct_url.json"}
    record = []
    with zipfile.ZipFile(folder / f"{stem}-{tag}.whl", "w") as wheel:
        for file in package.files:
            up = file.parts.count("..")
            if (file.parts[0] == own and file.name in made) or file.suffix == ".pyc" or file.parts[up] == "bin":
                continue
            name = f"{stem}.data/data/{'/'.join(file.parts[up:])}" if up else file.as_posix()
            content = Path(file.locate()).read_bytes()
            wheel.writestr(name, content)
            sha256 = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            record.append(f'"{name}",sha256={sha256},{len(content)}\n')
        wheel.writestr(f"{own}/RECORD", "".join([*record, f"{own}/RECORD,,\n"]))


def environment(folder, wheel, house=None):
    """An empty environment with the wheel, and its dependencies from the house; without one those installed here.

    The folder of its commands, as a variable for `subprocess`.
    """
    venv.create(folder, with_pip=False)
    windows = os.name == "nt"
    python = Path(folder) / ("Scripts/python.exe" if windows else "bin/python")
    options = ["--no-index", *(["--find-links", str(house)] if house else ["--no-deps"])]
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--quiet", "install", *options]
    subprocess.run([*pip, f"{wheel}[pdf]"], check=True, cwd=folder)
    if not house:
        place = next(Path(folder).rglob("site-packages"))
        (place / "borrowed.pth").write_text(sysconfig.get_path("purelib"))
    unset = {"WERKBANK_WORKSPACE", "PYTHONPATH", "VIRTUAL_ENV"}
    return {
        **{name: value for name, value in os.environ.items() if name not in unset},
        "PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}",
    }
