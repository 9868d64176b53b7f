"""Views made of plain values: just what the dashboard reads of them."""

from types import SimpleNamespace

from werkbank.report.view import GroupScore, Park

GROUPS = ("threat", "opportunity", "resilience_gap")
HOSTILE = "<img src=x onerror=alert(1)></script><b>\"'&"
NAMES = {"threat": "Dreiging", "opportunity": "Gelegenheid", "resilience_gap": "Tekort aan weerbaarheid"}


def group(code, score, low=None, high=None, coverage=1.0):
    return GroupScore(code, NAMES[code], score, low, high, coverage, coverage)


def park(park_id, scores, total, rank, **more):
    """One park; None is the score of a group in which nothing applies."""
    groups = tuple(group(code, score) for code, score in zip(GROUPS, scores, strict=True))
    figures = {
        "net_ha": 1.0, "low": 0.0, "high": 100.0, "district_rank": None, "place": 1,
        "action": "follow", "estimated": 0.0, "mostly_estimated": False, "unknown": 0, "asked": 3, "suspected": True,
        "coverage": 1.0, "two_sided": 1.0, "highest": None, "share_high": None,
        "p_first": None, "p_selected": None, "rank_low": None, "rank_high": None, "drawn_low": None, "drawn_high": None,
    } | more  # fmt: skip
    return Park(park_id=park_id, name=f"Park {park_id}", score=total, rank=rank, groups=groups, **figures)


def view(*parks, weights=(0.5, 0.25, 0.25)):
    chosen = dict(zip(GROUPS, weights, strict=True))
    method = SimpleNamespace(group_weights=SimpleNamespace(model_dump=lambda: dict(chosen)))
    families = tuple(SimpleNamespace(score=code, score_name=NAMES[code]) for code in GROUPS)
    return SimpleNamespace(
        parks=parks,
        assessment=SimpleNamespace(parameters=SimpleNamespace(method=method)),
        catalogue=SimpleNamespace(families=families),
    )
