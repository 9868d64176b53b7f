"""An assessment as if its legal basis released something else: nothing, or what a test says, per audience."""

import dataclasses
import re


def with_releases(assessment, **releases):
    basis = assessment.legal_basis.model_copy(update={"releases": releases})
    return dataclasses.replace(assessment, legal_basis=basis)


def release_nothing(workspace):
    """The legal basis of a workspace with nothing released: every copy is as strict as it comes."""
    path = workspace / "data" / "legal_bases.yaml"
    text, times = re.subn(r"  releases:\n(    .*\n)+", "  releases: {}\n", path.read_text(encoding="utf-8"))
    assert times == 1
    path.write_text(text, encoding="utf-8")
