"""The commands that show: the dashboard, and the notebooks in JupyterLab."""

from __future__ import annotations

import click

from werkbank.cli.terminal import DutchCommand, audience_option, option

__all__ = ["dashboard", "lab"]


@click.command(cls=DutchCommand)
@audience_option(help="Voor wie het dashboard is: {audiences}.")
@option("--municipality", "-m", metavar="GEMEENTE", help="Alleen deze gemeente.")
@option("--port", default=0, type=click.IntRange(0, 65535), metavar="POORT", help="Vaste poort; anders een vrije.")
@option("--no-browser", is_flag=True, help="Open geen browser; toon alleen het adres.")
def dashboard(audience: str, municipality: str | None, port: int, no_browser: bool) -> int:
    """Open het dashboard op deze computer, met alleen wat de doelgroep mag zien.

    \b
    Stoppen: Ctrl-C.
    \b
    Voorbeelden:
      werkbank dashboard
      werkbank dashboard --municipality urk --audience municipality
    """
    from werkbank.dashboard.serve import run

    return run(audience, municipality, port, open_browser=not no_browser)


@click.command(cls=DutchCommand)
@option("--no-browser", is_flag=True, help="Open geen browser; toon alleen het adres.")
@option("--allow-root", is_flag=True, help="Begin ook als u als beheerder (root) werkt.")
def lab(no_browser: bool, allow_root: bool) -> int:
    """Open JupyterLab met de notebooks, om zelf verder te verkennen.

    \b
    U werkt in eigen exemplaren, in output/verkennen; de notebooks van de werkbank zelf veranderen niet.
    Stoppen: Ctrl-C.
    \b
    Voorbeeld:
      werkbank lab
    """
    from werkbank.dashboard.laboratory import open_lab

    return open_lab(open_browser=not no_browser, allow_root=allow_root)
