"""Dutch on the terminal: what click says of its own accord, said in the language of who reads it."""

from __future__ import annotations

import contextlib
import functools
import os
import re
from pathlib import Path
from typing import Any

import click

from werkbank.errors import ParametersError
from werkbank.settings.workspace import find_workspace, municipality_slugs
from werkbank.wording import did_you_mean, listing

DONE, FINDINGS, WRONG_USE, INTERRUPTED = 0, 1, 2, 130
"""Exit codes: done; done with failures or findings, each named; wrong use; broken off."""

_EXTRA = re.compile(r"Got unexpected extra arguments? \((.*)\)")
_EXTRAS = {r"\[required\]": "[verplicht]", r"default: ": "standaard: ", r"(\d+)<=x<=(\d+)": r"\1 tot en met \2"}
_MUNICIPALITY, _EXAMPLE = "--municipality", "urk"
_HEADINGS = {"Options": "Opties", "Commands": "Opdrachten", "Arguments": "Argumenten"}


class DutchFormatter(click.HelpFormatter):
    """Headings of the help text in Dutch."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The usage line behind “Gebruik:”."""
        dutch = args.replace("[OPTIONS]", "[OPTIES]").replace("COMMAND [ARGS]...", "OPDRACHT …")
        super().write_usage(prog, dutch, prefix or "Gebruik: ")

    def write_heading(self, heading: str) -> None:
        """A heading in Dutch."""
        super().write_heading(_HEADINGS.get(heading, heading))


class DutchOption(click.Option):
    """An option whose default, range and necessity are explained in Dutch."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The option and its explanation."""
        record = super().get_help_record(ctx)
        if record is None:
            return None
        words = record[1]
        for english, dutch in _EXTRAS.items():
            words = re.sub(english, dutch, words)
        return record[0], words


class AudienceOption(DutchOption):
    """For whom: who makes the analyses, unless another is named; the help names all for whom something can be made."""

    def get_default(self, ctx: click.Context, call: bool = True) -> str:  # noqa: ARG002  click asks for it
        """Who makes the analyses; the catalogue is read when it is asked, for every command would pay for it."""
        from werkbank.settings.catalogue import owner_code

        return owner_code()

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The option and its explanation, with every audience."""
        from werkbank.settings.catalogue import load_catalogue

        ready = load_catalogue().audiences
        told = [f"{one.id} ({'alles' if one.owner else f'wat de {one.name.lower()} zelf mag zien'})" for one in ready]
        self.help = (self.help or "").format(audiences=listing(told, "of"))
        return super().get_help_record(ctx)


option = functools.partial(click.option, cls=DutchOption)
audience_option = functools.partial(
    click.option, "--audience", cls=AudienceOption, show_default=True, metavar="DOELGROEP"
)


def _ask_for_round(ctx: click.Context, _option: click.Parameter, word: str | None) -> None:
    """Tell every process of this command which round is meant; until it ends, for a test runs several in one."""
    if word is None:
        return
    from werkbank.assessment.choosing import chosen_round
    from werkbank.settings.workspace import ROUND

    before = os.environ.pop(ROUND, None)
    os.environ[ROUND] = chosen_round(word)
    ctx.call_on_close(lambda: os.environ.pop(ROUND, None) if before is None else os.environ.update({ROUND: before}))


round_option = functools.partial(
    click.option,
    "--round",
    cls=DutchOption,
    metavar="RONDE",
    expose_value=False,
    callback=_ask_for_round,
    help="Een andere ronde dan die van parameters/district.yaml.",
)


class DutchContext(click.Context):
    """A context that formats help in Dutch."""

    formatter_class = DutchFormatter


class DutchCommand(click.Command):
    """A command that explains itself in Dutch."""

    context_class: type[click.Context] = DutchContext

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The help option, explained in Dutch."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "Toon deze uitleg."
        return option

    def get_help(self, ctx: click.Context) -> str:
        """The help; its examples have a municipality of this workspace, or that of the demo where there is none."""
        slugs: tuple[str, ...] = ()
        with contextlib.suppress(ParametersError):
            slugs = municipality_slugs(find_workspace())
        own = _EXAMPLE if _EXAMPLE in slugs else (*slugs, _EXAMPLE)[0]
        return super().get_help(ctx).replace(f"{_MUNICIPALITY} {_EXAMPLE}", f"{_MUNICIPALITY} {own}")

    def get_short_help_str(self, limit: int = 45) -> str:  # noqa: ARG002  click asks for it
        """The first sentence whole, whatever the limit: the list of commands wraps it."""
        first = self.short_help or (self.help or "").split("\n\n", maxsplit=1)[0]
        return " ".join(first.replace("\b", "").split())

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse; what is wrong says in which command."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx
            raise


class DutchGroup(DutchCommand, click.Group):
    """A group that explains itself in Dutch and knows near misses."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command, or a refusal with the nearest one."""
        if self.get_command(ctx, args[0]) is None:
            names = self.list_commands(ctx)
            question = did_you_mean(args[0], names)
            raise click.UsageError(
                f"Onbekende opdracht “{args[0]}”{', ' + question if question else '.'}\nEr zijn: {listing(names)}.", ctx
            )
        return super().resolve_command(ctx, args)


def shown(path: Path) -> str:
    """The path as the user would type it from here."""
    typed = os.path.relpath(path)
    return str(path) if typed.startswith("..") else typed


def speak_dutch(error: click.ClickException) -> str:
    """What went wrong in the use of the command, in Dutch, with what to type instead."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.format_message()
    ctx = getattr(error, "ctx", None)
    return f"{_message(error, ctx)}\nUitleg: {ctx.command_path if ctx else 'werkbank'} --help"


def _message(error: click.ClickException, ctx: click.Context | None) -> str:
    if isinstance(error, click.NoSuchOption):
        near = f", bedoelt u “{error.possibilities[0]}”?" if error.possibilities else "."
        return f"Onbekende optie “{error.option_name}”{near}"
    if isinstance(error, click.MissingParameter):
        return f"Er ontbreekt iets: {_name(error)}."
    if isinstance(error, click.BadParameter):
        return f"De waarde van {_name(error)} klopt niet{_range(error)}."
    if isinstance(error, click.BadOptionUsage):
        without = "does not take a value" in error.format_message()
        return f"De optie “{error.option_name}” {'krijgt geen waarde' if without else 'mist haar waarde'}."
    if (extra := _EXTRA.match(error.format_message())) is not None:
        several = "staan woorden" if " " in extra[1] else "staat een woord"
        return f"Er {several} te veel: “{extra[1]}”.{_meant(extra[1], ctx)}"
    wrong_number = isinstance(error, click.BadArgumentUsage)
    return "Er staat een woord te veel of te weinig." if wrong_number else error.format_message()


def _meant(words: str, ctx: click.Context | None) -> str:
    """What too many words were meant as: the municipality, or a text with spaces, where the command takes one."""
    parameters = ctx.command.params if ctx else []
    if " " not in words and any(_MUNICIPALITY in each.opts for each in parameters):
        return f" Bedoelt u “{_MUNICIPALITY} {words}”?"
    texts = any(each.metavar == "TEKST" for each in parameters)
    return " Zet een tekst met spaties tussen aanhalingstekens." if texts else ""


def _name(error: click.BadParameter) -> str:
    parameter: Any = error.param
    if isinstance(parameter, click.Argument):
        return f"“{parameter.human_readable_name.strip('[].')}”"
    return f"“{parameter.opts[0]}”" if parameter is not None else "een optie"


def _range(error: click.BadParameter) -> str:
    kind = error.param.type if error.param is not None else None
    if isinstance(kind, click.IntRange):
        return f": geef een geheel getal van {kind.min} tot en met {kind.max}"
    if isinstance(kind, click.types.IntParamType):
        return ": geef een geheel getal"
    return ""
