"""A catalogue of two versions: 0.9 as it was, and 1.0 with indicators renamed, dropped and new."""

import shutil
from pathlib import Path

from werkbank.settings.catalogue import load_catalogue

FILES = Path(__file__).with_name("earlier_catalogue")
"""A folder per version."""
MAPPING = (FILES / "1.0" / "mapping.yaml").read_text(encoding="utf-8")
OLD_CODES = ("V01", "V02", "V03", "V04", "V05", "V06", "V07", "V09", "G01", "W01", "W02")
NEW_CODES = ("V01", "V12", "V03", "V04", "V05", "V06", "V09", "V10", "G01", "W01", "W12")


def load(folder, version):
    """One of the two catalogues, with its files in the folder."""
    return load_catalogue(write(folder, version))


def write(folder, version):
    """The files of a version in a folder."""
    return shutil.copytree(FILES / version, folder, dirs_exist_ok=True)
