"""One matrix in any kind of file, a workbook with a matrix or a text file with a list, in any order: the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from werkbank.matrix.layout import level_text

from . import formats
from .conftest import PARKS, by_cell, of_a_few

FILES = {
    "xlsx": lambda rows: formats.xlsx(formats.Sheet(rows, "Blad1")),
    "xlsm": lambda rows: formats.xlsx(formats.Sheet(rows, "Blad1")),
    "semicolon.csv": lambda rows: formats.delimited(rows, ";", "utf-8-sig"),
    "comma.csv": lambda rows: formats.delimited(rows, ",", "utf-8", "\n"),
    "tab.tsv": lambda rows: formats.delimited(rows, "\t", "utf-16"),
    "windows.csv": lambda rows: formats.delimited([["café"], *rows], ";", "cp1252"),
    "bars.csv": lambda rows: formats.delimited(rows, "|"),
}
OWN = PARKS.loc[PARKS["municipality"] == "urk", "park_id"].tolist()

WORDS = {"unknown": ["onbekend", "?", "Geen zicht "], "not_applicable": ["n.v.t.", "NVT"], "open": ["", " "]}
HEADS = (["park_id", "indicator", "party", "level"], ["Terreincode", "Indicator", "party", "level"])


def written(chance, said, scale):
    """What a person or a program may write for this judgement."""
    if isinstance(said, str):
        return chance.choice(WORDS[said])
    level, named = said, scale.levels[said]
    figures = [level, float(level), str(level), f" {level} ", f"{level},0", f"{level}.0"]
    return chance.choice([*figures, named.name, level_text(named), *named.synonyms])


def as_matrix(chance, judged, catalogue):
    """The matrix with or without its title, in an order as chance has it."""
    parks, codes = chance.sample(OWN, len(OWN)), chance.sample(catalogue.indicator_ids, len(catalogue.indicator_ids))
    cells = {code: [written(chance, judged[park, code], catalogue.scale_of(code)) for park in parks] for code in codes}
    rows = [["", *parks], *([code.lower(), *cells[code]] for code in codes)]
    above = [["Urk · politie · ronde 2026-1", *[""] * len(parks)], [""] * len(rows[0])]
    return rows if chance.random() < 0.5 else [*above, *rows]


def as_list(chance, judged, catalogue):
    """One line a judgement, with the columns in any order, in English or in Dutch."""
    lines = [
        [*key, chance.choice(["politie", "police", "Politie"]), written(chance, said, catalogue.scale_of(key[1]))]
        for key, said in chance.sample([*judged.items()], len(judged))
    ]
    order = chance.sample(range(4), 4)
    rows = ([row[place] for place in order] for row in (chance.choice(HEADS), *lines))
    return [["Lijst van Urk", "", "", ""], *rows]


@pytest.mark.parametrize("kind", FILES)
@of_a_few
@given(chance=st.randoms(use_true_random=False))
def test_every_kind_of_file_gives_the_same_judgements(tmp_path, catalogue, judged, load, kind, chance):
    """Any order of rows and columns, any kind of file that is read, figures or words."""
    rows = (as_list if "sv" in kind else as_matrix)(chance, judged, catalogue)
    path = tmp_path / ("urk_politie." + kind.rpartition(".")[2])
    path.write_bytes(FILES[kind](rows))
    matrix = load(path)
    assert by_cell(matrix) == judged
    assert {finding.rule for finding in matrix.findings} <= {"unknown-round", "other-encoding"}
