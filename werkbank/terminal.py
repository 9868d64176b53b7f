"""Dutch on the terminal: what click says of its own accord, said in the language of who reads it."""

from __future__ import annotations

import re
from typing import Any

import click

from werkbank.wording import did_you_mean, listing

__all__ = ["DutchCommand", "DutchGroup", "DutchOption", "speak_dutch"]

_EXTRA = re.compile(r"Got unexpected extra arguments? \((.*)\)")
_EXTRAS = {r"\[required\]": "[verplicht]", r"default: ": "standaard: ", r"(\d+)<=x<=(\d+)": r"\1 tot en met \2"}
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


class DutchContext(click.Context):
    """A context that formats help in Dutch."""

    formatter_class = DutchFormatter


class _DutchHelp(click.Command):
    context_class: type[click.Context] = DutchContext

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The help option, explained in Dutch."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "Toon deze uitleg."
        return option


class DutchCommand(_DutchHelp):
    """A command that explains itself in Dutch."""


class DutchGroup(_DutchHelp, click.Group):
    """A group that explains itself in Dutch and knows near misses."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command, or a refusal with the nearest one."""
        if self.get_command(ctx, args[0]) is None:
            names = self.list_commands(ctx)
            question = did_you_mean(args[0], names)
            raise click.UsageError(
                f"Onbekende opdracht “{args[0]}”{', ' + question if question else '.'}\nEr zijn: {listing(names)}."
            )
        return super().resolve_command(ctx, args)


def speak_dutch(error: click.ClickException) -> str:
    """What went wrong in the use of the command, in Dutch, with what to type instead."""
    if isinstance(error, click.NoSuchOption):
        near = f", bedoelt u “{error.possibilities[0]}”?" if error.possibilities else "."
        message = f"Onbekende optie “{error.option_name}”{near}"
    elif isinstance(error, click.MissingParameter):
        message = f"Er ontbreekt iets: {_name(error)}."
    elif isinstance(error, click.BadParameter):
        message = f"De waarde van {_name(error)} klopt niet{_range(error)}."
    elif isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.format_message()
    elif (extra := _EXTRA.match(error.format_message())) is not None:
        message = f"Er staat een woord te veel: “{extra[1]}”."
    else:
        message = _TRANSLATED.get(type(error), error.format_message())
    ctx = getattr(error, "ctx", None)
    return f"{message}\nUitleg: {ctx.command_path if ctx else 'werkbank'} --help"


_TRANSLATED: dict[type[click.ClickException], str] = {
    click.BadOptionUsage: "Een optie mist haar waarde.",
    click.BadArgumentUsage: "Er staat een woord te veel of te weinig.",
}


def _name(error: click.BadParameter) -> str:
    parameter: Any = error.param
    return f"“{parameter.opts[0]}”" if parameter is not None else "een optie"


def _range(error: click.BadParameter) -> str:
    kind = error.param.type if error.param is not None else None
    if isinstance(kind, click.IntRange):
        return f": geef een geheel getal van {kind.min} tot en met {kind.max}"
    if isinstance(kind, click.types.IntParamType):
        return ": geef een geheel getal"
    return ""
