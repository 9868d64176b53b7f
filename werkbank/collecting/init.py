"""A new workspace, as `werkbank init` makes it: what a district begins with, explained, and never over what is there.

What it begins with lies in `start`, beside this module; the wheel puts notebooks, parameters and docs there too, which
a checkout has at its root.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

import yaml

from werkbank.errors import OutputError
from werkbank.parks.municipalities import Municipality
from werkbank.register.legal_bases import releases_comment
from werkbank.settings.method import PACKAGED
from werkbank.settings.workspace import DISTRICT_FILE, EXAMPLE
from werkbank.wording import disk_fault, listing

START = Path(__file__).with_name("start")
_DOCS = (".md", ".json")
_MODEL = "urk.yaml"
"""The parameters file of which every municipality's own is made."""
_FIRST = re.compile(r'(?<="municipality = \\")[a-z-]+|(?<=--municipality )urk|(?<=parameters/)urk|(?<=intake )urk')
"""The municipality that a notebook begins with, or that the docs take as their example."""
_CATALOGUE = {
    True: "De map `catalogue` is uw eigen exemplaar: pas het aan tot het klopt. Wat erin staat, is er in uitgelegd.",
    False: "Er is geen eigen catalogus, dus die van de werkbank geldt. Liever een eigen? `werkbank catalogue export\n"
    "   catalogus.xlsx`, en verder zoals in `docs/handleiding.md` bij “Een eigen catalogus”.",
}


def begin_workspace(
    folder: Path,
    municipalities: Sequence[Municipality],
    *,
    district: str | None = None,
    catalogue: bool = False,
    today: dt.date | None = None,
) -> Path:
    """Fill `folder` with what a district of these municipalities begins with; without any, with what the demo needs.

    `district` is its name, else that of the folder; with `catalogue` comes a copy of the packaged one, to be changed.
    Raises OutputError, and changes nothing, when the folder holds anything by the name of what it would get.
    """
    target = folder.resolve()
    files = {f"notebooks/{path.name}": _read(path) for path in shipped("notebooks").glob("*.ipynb")} | _docs()
    if municipalities:
        name = district or target.name[:1].upper() + target.name[1:]
        files = {path: _FIRST.sub(municipalities[0].slug, text) for path, text in files.items()}
        files |= _own(name, municipalities, (today or dt.date.today()).year, catalogue)
    else:
        files |= {f"parameters/{path.name}": _read(path) for path in shipped("parameters").glob("*.yaml")}
        files["README.md"] = _read(START / "README_demo.md")
    if catalogue:
        # The packaged catalogue, with its schemas where a workspace has them.
        texts = {
            path.name: _read(path).replace("../../../docs/schemas", "../docs/schemas")
            for path in PACKAGED.glob("*.yaml")
        }
        files |= {f"catalogue/{name}": text for name, text in texts.items()}
    _write(target, files)
    return target


def shipped(name: str) -> Path:
    """A folder that comes with the werkbank: in the wheel beside this module, in a checkout at its root."""
    inside = START / name
    return inside if inside.is_dir() else START.parents[2] / name


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _docs() -> dict[str, str]:
    """The pages that commands and parameters refer to; what lies outside their folder is named and not linked."""
    docs = shipped("docs")
    paths = [path for path in docs.rglob("*") if path.suffix in _DOCS]
    outside = re.compile(r"\[([^]]+)\]\(\.\./[^)]+\)")
    return {f"docs/{path.relative_to(docs).as_posix()}": outside.sub(r"\1", _read(path)) for path in paths}


def _own(district: str, municipalities: Sequence[Municipality], year: int, catalogue: bool) -> dict[str, str]:
    """The files with the district's own names in them."""
    parameters, slugs = shipped("parameters"), [one.slug for one in municipalities]
    own, round_name = _read(parameters / _MODEL), f"{year}-1"
    shared = _with(_read(parameters / DISTRICT_FILE), district=district, round=round_name, legal_basis=EXAMPLE)
    shared = re.sub(r"matrices/\d{4}-\d", f"matrices/{round_name}", shared)
    shared = re.sub(r"(?m)^(earlier_round: ).+", rf"#\g<1>{year - 1}-1", shared)
    facts = {
        "district": district,
        "names": listing(one.name for one in municipalities),
        "slugs": ", ".join(slugs),
        "first": slugs[0],
        "round": round_name,
        "decided": f"{year}-01-01",
        "valid_until": f"{year}-12-31",
        "catalogue": _CATALOGUE[catalogue],
        "releases": releases_comment(),
    }
    return {
        f"parameters/{DISTRICT_FILE}": shared.replace("#catalogue:", "catalogue:") if catalogue else shared,
        **{
            f"parameters/{one.slug}.yaml": _with(own, municipality=one.slug, code=one.code, name=one.name)
            for one in municipalities
        },
        "data/parks.csv": _read(START / "parks.csv").format(**facts),
        "data/legal_bases.yaml": _read(START / "legal_bases.yaml").format(**facts),
        "README.md": _read(START / "README.md").format(**facts),
    }


def _with(text: str, **values: str) -> str:
    """A parameters file with other values behind these keys; what explains a value stays."""
    for key, value in values.items():
        written = yaml.safe_dump(value, allow_unicode=True, width=1000).splitlines()[0]
        written = json.dumps(value, ensure_ascii=False) if written.startswith("'") else written
        line = re.compile(rf"^{key}: \S+", re.MULTILINE)
        text = f"{key}: {written}".join(line.split(text, maxsplit=1))
    return text


def _write(target: Path, files: dict[str, str]) -> None:
    """Write everything beside its place, then put each part there; the parameters, which make it a workspace, last."""
    parts = sorted({name.partition("/")[0] for name in files}, key=lambda part: part == "parameters")
    try:
        if target.exists() and not target.is_dir():
            raise OutputError(f"{target.name} is een bestand; kies een map.")
        if there := [part for part in parts if (target / part).exists()]:
            raise OutputError(
                f"In de map {target.name} staat al: {listing(sorted(there))}. Er is niets veranderd. Kies een andere "
                "map, of geef wat er staat eerst een andere naam."
            )
        target.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".werkbank-", dir=target) as busy:
            for name, text in files.items():
                path = Path(busy) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text.encode())
            for part in parts:
                (Path(busy) / part).rename(target / part)
    except OSError as error:
        raise OutputError(f"De map {target.name} kan niet worden gemaakt ({disk_fault(error)}).") from error
