"""The pages of a check open in a browser without internet, complain of nothing, and fit the window."""

import shutil

import openpyxl
import pytest

from werkbank.collecting.check import check_round
from werkbank.collecting.replies import write_replies

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def folder(_district, tmp_path_factory):
    workspace = tmp_path_factory.mktemp("check") / "w"
    for name in ("parameters", "data"):
        shutil.copytree(_district / name, workspace / name)
    returns = workspace / "data" / "matrices" / "2026-1"
    book = openpyxl.load_workbook(returns / "urk_politie.xlsx")
    for cell in ("D6", "D7", "E9"):
        book["Matrix"][cell] = "9"
    book.save(returns / "urk_politie.xlsx")
    (returns / "zeewolde_gemeente.xlsx").unlink()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WERKBANK_WORKSPACE", str(workspace))
        return write_replies(check_round())[0].parent


@pytest.mark.parametrize("width", [1000, 700])
@pytest.mark.parametrize("name", ["urk_politie_bevindingen.html", "stand_van_zaken.html"])
def test_the_page_asks_for_nothing_and_never_scrolls_sideways(folder, offline_page, name, width):
    offline_page.set_viewport_size({"width": width, "height": 900})
    offline_page.goto((folder / name).as_uri())
    assert [url for url in offline_page.requests_made if not url.startswith("file:")] == []
    assert offline_page.complaints == []
    assert offline_page.evaluate("document.documentElement.scrollWidth") <= width
    assert offline_page.locator("h1").count() == 1
    assert offline_page.get_by_text("FICTIEVE GEGEVENS").first.is_visible()
