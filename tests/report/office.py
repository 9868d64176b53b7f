"""LibreOffice as a reader of Word and Excel files; a test that needs it is skipped, with the reason, where it is not."""

import os
import shutil
import subprocess

import pytest

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")


def convert(paths, kind, folder):
    """The files as another kind ("pdf", "xlsx:Calc MS Excel 2007 XML") in a folder of their own."""
    if SOFFICE is None:
        pytest.skip("LibreOffice is not installed, so nothing can be recalculated or laid out")
    profile = folder.parent / "office-profile"
    command = [SOFFICE, "--headless", f"-env:UserInstallation=file://{profile}", "--convert-to", kind]
    quiet = {**os.environ, "SAL_USE_VCLPLUGIN": "svp"}
    subprocess.run(
        [*command, "--outdir", str(folder), *map(str, paths)], check=True, capture_output=True, env=quiet, timeout=300
    )
    return folder
