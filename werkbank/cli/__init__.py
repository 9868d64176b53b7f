"""The command `werkbank`: thin, in Dutch; everything heavy is imported inside the command that needs it."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from pathlib import Path

import click

from werkbank.cli.analyse import analyse, verify
from werkbank.cli.collect import check, matrix, vignettes
from werkbank.cli.decide import agree, approve, intake, propose, register, select, why, withdraw
from werkbank.cli.plans import actions, guideline, monitor, plan
from werkbank.cli.share import purge_command, rectify_command, search_command, share
from werkbank.cli.terminal import DONE, FINDINGS, INTERRUPTED, WRONG_USE, DutchGroup, speak_dutch
from werkbank.cli.workspace import catalogue, dashboard, demo, init, lab
from werkbank.errors import WerkbankError, unforeseen
from werkbank.wording import disk_fault

__all__ = ["main"]

_FAULTS = {errno.ENOSPC, getattr(errno, "EDQUOT", 122), errno.EROFS, errno.EIO, errno.EACCES, errno.EPERM}
_FAULTS_OF_SQLITE = ("SQLITE_FULL", "SQLITE_READONLY", "SQLITE_IOERR", "SQLITE_CANTOPEN")


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code: 0 done, 1 failures or findings, 2 wrong use."""
    try:
        code = command.main(arguments, prog_name="werkbank", standalone_mode=False)
        sys.stdout.flush()  # what the system refuses of it is said below; later Python would say it, in its own words
    except click.exceptions.Abort:
        click.echo("Afgebroken.", err=True)
        sys.exit(INTERRUPTED)
    except click.ClickException as error:
        click.echo(speak_dutch(error), err=True)
        sys.exit(WRONG_USE)
    except WerkbankError as error:
        click.echo(str(error), err=True)
        sys.exit(FINDINGS if _of_the_disk(error) else WRONG_USE)
    except BrokenPipeError:  # who was reading has seen enough, as `| head` has
        _let_go_of_output()
        sys.exit(FINDINGS)
    except OSError as error:
        file = f": {Path(str(error.filename)).name}" if error.filename else ""  # by its name alone
        click.echo(f"De opdracht kon niet verder ({disk_fault(error)}){file}.", err=True)
        _let_go_of_output()
        sys.exit(FINDINGS)
    except Exception as error:  # noqa: BLE001  its traceback may hold a judgement
        click.echo(str(unforeseen(error)), err=True)
        sys.exit(FINDINGS)
    sys.exit(code if isinstance(code, int) else DONE)


def _of_the_disk(error: BaseException | None) -> bool:
    """Whether what stopped it is the disk, for a register in SQLite too: no wrong use, and to be tried again."""
    while error is not None:
        register = str(getattr(getattr(error, "orig", None), "sqlite_errorname", None))
        if register.startswith(_FAULTS_OF_SQLITE) or (isinstance(error, OSError) and error.errno in _FAULTS):
            return True
        error = error.__cause__ or error.__context__
    return False


def _let_go_of_output() -> None:
    """What could not be written leads nowhere from now on; else Python tries once more when it ends."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


@click.group(cls=DutchGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(
    package_name="werkbank-bedrijventerreinen", message="werkbank %(version)s", help="Toon de versie."
)
def command() -> None:
    """Van ingevulde risicomatrices naar een analyse per gemeente.

    \b
    Begin met een map om te oefenen:
      werkbank init oefenen --demo
    Daarna, in die map:
      werkbank demo       maakt een fictief district in de map data
      werkbank check      zegt wat er aan de ingevulde matrices te verbeteren is
      werkbank analyse    maakt van elke gemeente een analyse in de map output
    """


_COMMANDS = (
    init, demo, catalogue, matrix, check, vignettes, analyse, verify, intake, propose, select, withdraw, agree,
    register, why, guideline, plan, approve, actions, monitor, share, purge_command, search_command, rectify_command,
    dashboard, lab,
)  # fmt: skip
for _command in _COMMANDS:
    command.add_command(_command)
