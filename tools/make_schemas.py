# ruff: noqa: INP001 - a script beside the package, not part of it
"""Makes the JSON Schemas of the files that people write, for editors: `docs/schemas/*.schema.json`.

Run it after a change of a model or of `werkbank/settings/keys.yaml`: `python tools/make_schemas.py`. An editor with the
YAML language server (in VS Code the extension of Red Hat) reads the first line of such a file, completes its keys,
shows what they mean in Dutch, and marks what does not fit.
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel

from werkbank.plan.kept import KeptPlan
from werkbank.register.legal_bases import LegalBases
from werkbank.settings.catalogue import MODELS
from werkbank.settings.method import Method
from werkbank.settings.parameters import DistrictFile, MunicipalityFile

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "docs" / "schemas"
TEXTS = ROOT / "werkbank" / "settings" / "keys.yaml"
DRAFT = "https://json-schema.org/draft/2020-12/schema"
FILES: dict[str, type[BaseModel]] = {
    **{name.removesuffix(".yaml"): model for name, model in MODELS.items()},
    "district": DistrictFile,
    "municipality": MunicipalityFile,
    "legal_bases": LegalBases,
    "plan": KeptPlan,
}
"""The name of a kind of file, and the model it must fit."""
_LIMITS = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}
"""What pydantic leaves as it is behind a validator of ours, and what JSON Schema calls it."""


def main(target: Path = TARGET) -> None:
    """Write every schema to `target`."""
    target.mkdir(parents=True, exist_ok=True)
    for name, text in schemas().items():
        (target / name).write_text(text, encoding="utf-8")


def schemas() -> dict[str, str]:
    """File name → schema as text; the same for the same models and texts."""
    texts = yaml.safe_load(TEXTS.read_text(encoding="utf-8"))
    return {
        f"{name}.schema.json": json.dumps(_schema(model, texts), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
        for name, model in FILES.items()
    }


def _schema(model: type[BaseModel], texts: dict[str, dict[str, str]]) -> dict[str, Any]:
    made = model.model_json_schema()
    parts = made.pop("$defs", {})
    if model is MunicipalityFile:
        # A municipality may deviate in any choice of the method; the loader checks it against the same model.
        method = Method.model_json_schema()
        parts |= {**method.pop("$defs"), "Method": method}
        parts["Deviations"]["properties"]["method"] = {"$ref": "#/$defs/Method"}
    described = {name: _described(name, part, texts) for name, part in sorted(parts.items())}
    whole = _described(model.__name__, made, texts)
    return {"$schema": DRAFT, "title": whole.pop("description"), **whole, **({"$defs": described} if described else {})}


def _described(name: str, part: dict[str, Any], texts: dict[str, dict[str, str]]) -> dict[str, Any]:
    """One model's part, its keys explained in Dutch."""
    told = texts[name]
    properties = {key: {**_plain(value), "description": told[key]} for key, value in part["properties"].items()}
    return {**_plain(part), "description": told["_"], "properties": properties}


def _plain(value: Any) -> Any:
    """Without titles, English descriptions and defaults that JSON cannot hold; limits by their own names."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if not isinstance(value, dict):
        return value
    kept = {_LIMITS.get(key, key): item for key, item in value.items() if key not in ("title", "description")}
    if isinstance(kept.get("default"), (dict, list)) or not _finite(kept.get("default")):
        del kept["default"]
    return {key: item if key in ("default", "properties") else _plain(item) for key, item in kept.items()}


def _finite(value: Any) -> bool:
    return not isinstance(value, float) or math.isfinite(value)


if __name__ == "__main__":
    main()
    sys.stdout.write(f"{len(FILES)} schemas\n")
