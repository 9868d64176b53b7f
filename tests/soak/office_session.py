"""Run by LibreOffice's own Python, not by pytest: LibreOffice as long as it is used, spoken to over a pipe."""

import subprocess
import time
from contextlib import contextmanager

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
