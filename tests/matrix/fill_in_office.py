"""Run by LibreOffice's own Python, not by pytest: fills in a workbook cell by cell, and saves it as .xlsx.

Usage: SOURCE TARGET ORDER.json PROFILE. The order is a list of [sheet, cell, value]: a text as it is, a number, or
{"date": days since 30 December 1899}. What was seen on the way goes to standard output, as JSON.
"""

import json
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue


def setting(name, value):
    one = PropertyValue()
    one.Name, one.Value = name, value
    return one


def connect(pipe):
    context = uno.getComponentContext()
    resolver = context.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", context)
    for _ in range(600):
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except Exception:  # noqa: BLE001 - it has not started yet
            time.sleep(0.1)
    raise SystemExit("LibreOffice did not start")


def seen(document):
    """Per sheet whether it is protected, and of a few cells what they show and whether they are locked."""
    report = {sheet.Name: {"protected": sheet.isProtected()} for sheet in document.Sheets}
    sheet = document.Sheets.getByName("Matrix")
    for name in ("A5", "B5", "C2", "C3", "C5", "C1", "B3"):
        cell = sheet.getCellRangeByName(name)
        report["Matrix"][name] = {"text": cell.String, "locked": cell.CellProtection.IsLocked}
    return report


@contextmanager
def started(profile):
    """LibreOffice, as long as it is used: its context and its desktop."""
    pipe = f"werkbank-{time.time_ns()}"
    flags = ["--headless", "--norestore", "--nologo", f"-env:UserInstallation=file://{profile}"]
    office = subprocess.Popen(["soffice", *flags, f"--accept=pipe,name={pipe};urp;"], stderr=subprocess.DEVNULL)
    context = connect(pipe)
    desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
    try:
        yield context, desktop
    finally:
        desktop.terminate()
        office.wait(60)


def main(source, target, order, profile):
    with started(profile) as (_, desktop):
        url = uno.systemPathToFileUrl(source)
        document = desktop.loadComponentFromURL(url, "_blank", 0, (setting("Hidden", True),))
        document.calculateAll()
        report = {"blank": seen(document)}
        for sheet, name, value in json.loads(Path(order).read_text(encoding="utf-8")):
            cell = document.Sheets.getByName(sheet).getCellRangeByName(name)
            if isinstance(value, dict):
                cell.Value = value["date"]
            else:
                cell.String = value
        document.calculateAll()
        report["filled"] = seen(document)
        document.storeToURL(uno.systemPathToFileUrl(target), (setting("FilterName", "Calc MS Excel 2007 XML"),))
        document.close(True)
    sys.stdout.write(json.dumps(report) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
