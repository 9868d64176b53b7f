"""One park of the dashboard by itself, as a page shows it."""

from werkbank.dashboard.views import _profile
from werkbank.report import blocks as b
from werkbank.sharing.bundle import Beside


def profile_html(view, park_id, chosen=""):
    """One park as HTML."""
    park = view.park(park_id)
    return b.Chapter(park.name, "", (b.Group(tuple(_profile(view, park, chosen, Beside())), "park", page=True),)).html
