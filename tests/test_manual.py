"""The Dutch manual and the README name the same steps, and only commands, options and files that there are."""

import re
from pathlib import Path

import pytest

from werkbank.cli import command

ROOT = Path(__file__).parents[1]
MANUAL, README = ROOT / "docs" / "handleiding.md", ROOT / "README.md"
STEPS = ["gegevens", "ronde", "analyses", "geef", "exemplaar", "kozen", "projectplannen", "verandert", "zien", "verder"]


@pytest.fixture(params=[MANUAL, README], ids=["manual", "readme"])
def text(request):
    return request.param.read_text(encoding="utf-8")


def options(name):
    return {each for parameter in command.commands[name].params for each in parameter.opts} | {"--help"}


def test_every_command_that_is_named_exists_with_its_options(text):
    found = re.findall(r"\bwerkbank ([a-z]+)([^`\n]*)", text)
    named = [(name, rest) for name, rest in found if name in command.commands or "--" in rest]
    assert len(named) >= 10
    for name, rest in named:
        assert name in command.commands
        assert set(re.findall(r"--[a-z-]+", rest)) <= options(name), name


def test_both_tell_the_same_ten_steps_with_the_same_commands():
    """A command that moves to another step moves in both."""
    steps = re.findall(r"(?m)^## (\d+)\. (.+)$", MANUAL.read_text(encoding="utf-8"))
    assert [int(number) for number, _ in steps] == list(range(1, 11))
    assert all(word in title for word, (_, title) in zip(STEPS, steps, strict=True))
    assert len(re.findall(r"(?m)^\d+\. \*\*", README.read_text(encoding="utf-8"))) == len(steps)
    manual = re.split(r"(?m)^## \d+\. ", MANUAL.read_text(encoding="utf-8"))[1:]
    readme = re.split(r"(?m)^\d+\. \*\*", README.read_text(encoding="utf-8"))[1:]
    for own, other in zip(manual, readme, strict=True):
        told = {name for name in re.findall(r"werkbank ([a-z]+)", other) if name in command.commands}
        assert told - {"demo"} <= set(re.findall(r"werkbank ([a-z]+)", own))


def test_every_link_leads_to_a_file(text):
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", text):
        assert any((folder / target).exists() for folder in (ROOT, ROOT / "docs")), target


def test_the_deviation_that_is_shown_is_the_one_in_the_files(text):
    shown = re.search(r"```yaml\n(.*?)```", text, re.DOTALL)[1]
    written = (ROOT / "parameters" / "urk.yaml").read_text(encoding="utf-8")
    lines = [line.strip() for line in shown.strip().splitlines()]
    assert [line.lstrip("# ") for line in written.splitlines() if line.startswith(("#deviations", "#  "))] == lines
