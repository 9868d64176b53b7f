"""On the page that fills in, a key is for the control that has the keyboard, never for the notebook around it."""

import base64
from pathlib import Path

import pytest

import werkbank.dashboard

pytestmark = pytest.mark.browser

SCRIPT = (Path(werkbank.dashboard.__file__).parent / "filling_keys.js").read_bytes()
# As JupyterLab's commands decide: a key is a shortcut unless what has the keyboard says otherwise.
PAGE = """
<div class="wbf"><div id="own"></div><select id="level"><option>0</option><option>2</option></select>
<button id="save">Opslaan</button></div><button id="outside">Elders</button>
<script>
  window.shortcuts = [];
  document.addEventListener("keydown", (event) => {
    if (!event.target.hasAttribute("data-lm-suppress-shortcuts")) window.shortcuts.push(event.key);
  }, true);
</script>
"""


@pytest.fixture
def page(offline_page):
    """The controls beside the widget, drawn before it is part of the page, as a notebook does."""
    offline_page.set_content(PAGE)
    source = f"data:text/javascript;base64,{base64.b64encode(SCRIPT).decode()}"
    offline_page.evaluate(
        """async (source) => {
          const widget = (await import(source)).default;
          const own = document.getElementById("own");
          const el = document.createElement("div");
          window.stop = widget.render({ el });
          await new Promise(requestAnimationFrame);
          own.append(el);
          await new Promise((done) => setTimeout(done, 100));
        }""",
        source,
    )
    return offline_page


def test_a_digit_chooses_a_level_and_is_no_shortcut(page):
    page.focus("#level")
    page.keyboard.press("2")
    assert page.input_value("#level") == "2"
    assert page.evaluate("window.shortcuts") == []


def test_enter_presses_a_button_and_is_no_shortcut(page):
    page.focus("#save")
    page.keyboard.press("Enter")
    assert page.evaluate("window.shortcuts") == []


def test_elsewhere_in_the_notebook_keys_are_shortcuts_as_ever(page):
    page.focus("#outside")
    page.keyboard.press("2")
    assert page.evaluate("window.shortcuts") == ["2"]


def test_a_screen_reader_is_told_that_the_page_is_dutch(page):
    assert page.get_attribute(".wbf", "lang") == "nl"


def test_what_is_taken_away_listens_no_longer(page):
    page.evaluate("window.stop()")
    page.focus("#save")
    assert page.get_attribute("#save", "data-lm-suppress-shortcuts") is None
    assert page.complaints == []
