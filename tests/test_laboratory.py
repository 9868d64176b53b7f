"""JupyterLab opens on this machine only, with a token of its own, at the exploration notebook."""

from pathlib import Path

from werkbank.laboratory import lab_command

ROOT = Path(__file__).parents[1]


def test_it_listens_on_this_machine_only_and_keeps_its_token():
    command = lab_command("/w", open_browser=False)
    assert "--ip=127.0.0.1" in command
    assert "--no-browser" in command
    assert not [word for word in command if "token" in word or "password" in word]


def test_it_opens_a_notebook_that_exists():
    (url,) = [word for word in lab_command("/w", open_browser=True) if "default_url" in word]
    assert (ROOT / url.split("/lab/tree/")[1]).is_file()


def test_voila_does_not_run_along_as_an_extension():
    """It would serve every picture under the workspace without asking for the token."""
    assert "--ServerApp.jpserver_extensions={'voila.server_extension': False}" in lab_command("/w", open_browser=True)
