"""A catalogue of two versions: 0.9 as it was, and 1.0 with indicators renamed, dropped and new."""

from werkbank.settings.catalogue import load_catalogue

HEAD = """\
version: "{version}"
status: proef
families:
  - {{id: threat, name: Vormen, question: "Wat?", description: d, score: threat, score_name: Dreiging, scale: steps, direction: risk, required: true, combination: maximum, weight: 0.5, power: 2}}
  - {{id: opportunity, name: Kans, question: "Wat?", description: d, score: opportunity, score_name: Kans, scale: steps, direction: risk, combination: mean, weight: 0.25, power: 1}}
  - {{id: resilience, name: Weer, question: "Wat?", description: d, score: resilience_gap, score_name: Tekort, scale: steps, direction: protective, combination: mean, weight: 0.25, power: 1}}
subcategories:
  - {{id: drugs, name: Drugs, family: threat}}
  - {{id: site, name: Ligging, family: opportunity}}
  - {{id: people, name: Mensen, family: resilience}}
sensitivities:
  - {{id: public, name: Openbaar, description: d}}
indicators:
"""
OTHERS = {
    "phenomena.yaml": "phenomena:\n  - {id: cannabis, name: Hennep, group: drugs}\n",
    "interventions.yaml": """\
kinds: [{id: enforcement, name: Handhaving}]
frameworks: [{id: scope_for_action, name: Handelingsperspectief}]
weights: [{id: "1", name: Licht}]
interventions: []
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
    families: [threat, opportunity, resilience]
    sensitivity: public
    areas: district
    fields: [cells, scores, ranking, advice, combined, reasons, differences, phenomena]
""",
}
STEPS = """\
  - id: steps
    name: Treden
    description: d
    levels:
      - {value: 0, code: none, name: Geen, anchor: a}
      - {value: 1, code: some, name: Enig, anchor: a}
      - {value: 2, code: much, name: Veel, anchor: a}
"""
STATES = """\
states:
  - {code: unknown, name: Onbekend, description: d, synonyms: ["onbekend", "?"]}
  - {code: not_applicable, name: Niet van toepassing, description: d, synonyms: [nvt, n.v.t.]}
  - {code: open, name: Open, description: d, synonyms: [""]}
"""
MAPPING = """\
earlier:
  - version: "0.9"
    indicators:
      - {code: V02, becomes: [V12], levels: same}
      - {code: V07, becomes: [], was: {name: Gokken, family: threat, severity: 3, best_judge: police}}
      - {code: W02, becomes: [W12]}
"""
OLD_CODES = ("V01", "V02", "V03", "V04", "V05", "V06", "V07", "V09", "G01", "W01", "W02")
NEW_CODES = ("V01", "V12", "V03", "V04", "V05", "V06", "V09", "V10", "G01", "W01", "W12")


def indicator(code, version=None):
    family, heading = {"V": ("threat", "drugs"), "G": ("opportunity", "site"), "W": ("resilience", "people")}[code[0]]
    severity = f", severity: {3 if code == 'V07' else 2}" if code.startswith("V") else ""
    since = f', version: "{version}"' if version else ""
    return (
        f"  - {{id: {code}, name: Naam {code}, description: d, family: {family}, subcategory: {heading}, "
        f"phenomena: [{'cannabis' if code.startswith('V') else ''}], best_judge: police, scale: steps, "
        f"sensitivity: public{severity}{since}}}\n"
    )


def files(version):
    """The files of one of the two versions, by name."""
    codes, own = (OLD_CODES, {}) if version == "0.9" else (NEW_CODES, {"mapping.yaml": MAPPING})
    rows = "".join(indicator(code, version="1.0" if code == "V10" else None) for code in codes)
    scales = "scales:\n" + STEPS + STATES
    return OTHERS | own | {"indicators.yaml": HEAD.format(version=version) + rows, "scales.yaml": scales}


def load(folder, version):
    """One of the two catalogues, with its files in the folder."""
    return load_catalogue(write(folder, version))


def write(folder, version):
    """The files of a version in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files(version).items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder
