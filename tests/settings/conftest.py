"""A small catalogue to break: two indicators, one intervention, and whatever else those need."""

from __future__ import annotations

from pathlib import Path

import pytest

from werkbank.errors import CatalogueError, Finding
from werkbank.settings.catalogue import Catalogue, load_catalogue

SMALL = {
    "indicators.yaml": """\
version: "7"
status: proef
families:
  - {id: threat, name: Vormen, question: Wat?, description: d, score: threat, score_name: Dreiging, scale: steps, direction: risk, required: true, combination: maximum, weight: 0.5, power: 2}
  - {id: opportunity, name: Kans, question: Wat?, description: d, score: opportunity, score_name: Kans, scale: steps, direction: risk, combination: mean, weight: 0.25, power: 1}
subcategories:
  - {id: drugs, name: Drugs, family: threat}
  - {id: site, name: Ligging, family: opportunity}
sensitivities:
  - {id: public, name: Openbaar, description: d}
indicators:
  - id: V01
    name: Kwekerij
    description: Vermoeden
    family: threat
    subcategory: drugs
    phenomena: [cannabis]
    best_judge: police
    scale: steps
    severity: 2
    sensitivity: public
  - id: G01
    name: Ligging
    description: Kenmerk
    family: opportunity
    subcategory: site
    phenomena: []
    best_judge: both
    scale: steps
    sensitivity: public
""",
    "scales.yaml": """\
scales:
  - id: steps
    name: Treden
    description: d
    levels:
      - {value: 0, code: none, name: Geen, anchor: a}
      - {value: 1, code: some, name: Enig, anchor: a}
      - {value: 2, code: much, name: Veel, anchor: a}
    points: [0, 30, 100]
states:
  - {code: unknown, name: Onbekend, description: d, synonyms: ["onbekend", "?"]}
  - {code: not_applicable, name: Niet van toepassing, description: d, synonyms: [nvt]}
  - {code: open, name: Open, description: d, synonyms: [""]}
""",
    "phenomena.yaml": """\
phenomena:
  - {id: cannabis, name: Hennep, group: drugs}
""",
    "interventions.yaml": """\
kinds:
  - {id: enforcement, name: Handhaving}
frameworks:
  - {id: scope_for_action, name: Handelingsperspectief}
weights:
  - {id: "1", name: Licht}
  - {id: "2", name: Gericht}
interventions:
  - id: H01
    name: Controle
    description: d
    kind: enforcement
    framework: scope_for_action
    goal: g
    lead: municipality
    partners: [municipality]
    legal_basis: [Awb]
    direct: [V01]
    supporting: [G01]
    triggers:
      - {source: V01, operator: ">=", value: 1}
    weeks: {min_weeks: 1, max_weeks: 2}
    weight: 2
    shareable: false
""",
    "partners.yaml": """\
parties:
  - {id: police, name: politie, file: politie}
  - {id: municipality, name: gemeente, file: gemeente}
partners:
  - {id: municipality, name: Gemeente, kind: public}
""",
    "audiences.yaml": """\
audiences:
  - id: riec
    name: RIEC
    label: Alleen RIEC
    parties: [police, municipality]
    families: [threat, opportunity]
    sensitivity: public
    areas: district
    fields: [scores]
""",
}


class SmallCatalogue:
    """The small catalogue in a folder, with a way to change its text."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name, text in SMALL.items():
            (folder / name).write_text(text, encoding="utf-8")

    def change(self, name: str, old: str, new: str) -> int:
        """Replaces the only occurrence of `old`, and gives the line it was on."""
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"“{old}” occurs {text.count(old)} times in {name}"
        path.write_text(text.replace(old, new), encoding="utf-8")
        return text[: text.index(old)].count("\n") + 1

    def load(self) -> Catalogue:
        """The catalogue as it stands."""
        return load_catalogue(self.folder)

    def findings(self) -> tuple[Finding, ...]:
        """The findings of a catalogue that is not valid."""
        with pytest.raises(CatalogueError) as caught:
            self.load()
        return caught.value.findings


@pytest.fixture
def small(tmp_path: Path) -> SmallCatalogue:
    """A valid small catalogue in a temporary folder."""
    return SmallCatalogue(tmp_path)
