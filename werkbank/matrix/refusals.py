"""Why a file cannot be read: each kind of file that is no matrix is called what it is, with what to do about it."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import Final

from werkbank.errors import Finding
from werkbank.matrix.opening import Where

__all__ = ["MAX_BYTES", "UnreadableWorkbookError", "described", "file_content", "refusal", "too_large"]

MAX_BYTES: Final = 50_000_000
_AGAIN: Final = "open het in Excel en sla het opnieuw op als .xlsx"
_UNLOCK: Final = "haal het wachtwoord eraf, sla het bestand op en lever het over een veilige weg aan"
_REASONS: Final[dict[str, tuple[str, str]]] = {
    "empty-file": ("het bestand is leeg (0 bytes)", "lever de ingevulde werkmap opnieuw aan"),
    "password": ("het bestand is met een wachtwoord beveiligd", _UNLOCK),
    "damaged-workbook": ("het bestand is beschadigd of niet volledig overgekomen", _AGAIN),
    "unsafe-archive": ("in het bestand zitten onderdelen met een pad dat naar buiten wijst", _AGAIN),
    "too-large": (
        "het bestand is uitgepakt groter dan 50 MB of dan 1 miljoen cellen",
        "lever alleen de risicomatrix aan, zonder cellen ver daarbuiten",
    ),
}
"""Rule → what was found and what to do."""
_NO_WORKBOOK: Final = (
    (b"%PDF", "een PDF", "lever de werkmap zelf aan, geen afdruk"),
    (b"{\\rtf", "een tekst uit een tekstverwerker", _AGAIN),
    (b"\x89PNG", "een afbeelding", "lever de werkmap zelf aan, geen foto"),
    (b"\xff\xd8\xff", "een afbeelding", "lever de werkmap zelf aan, geen foto"),
    (b"\x1f\x8b", "een ingepakt bestand (gzip)", "pak het uit en lever wat erin zit"),
    (b"7z\xbc\xaf", "een ingepakt bestand (7-Zip)", "pak het uit en lever wat erin zit"),
    (b"Rar!", "een ingepakt bestand (RAR)", "pak het uit en lever wat erin zit"),
)
"""First bytes → what kind of file that is and what to do."""
_HTML: Final = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body|table|meta|style)\b", re.IGNORECASE | re.DOTALL
)
_XML_OF_EXCEL: Final = b"urn:schemas-microsoft-com:office:spreadsheet"
_HEAD: Final = 4_096


class UnreadableWorkbookError(Exception):
    """The file is not a workbook that can be read; carries the finding that says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.rule)
        self.finding = finding


def refusal(
    path: Path, rule: str, found: str = "", remedy: str = "", where: Where | None = None
) -> UnreadableWorkbookError:
    """The refusal of a file by one of the rules; `found` and `remedy` may say more than the rule itself does."""
    usual = _REASONS.get(rule, ("", ""))
    finding = Finding(
        rule=rule,
        severity="error",
        file=path.name,
        found=found or usual[0],
        allowed="een ingevulde risicomatrix (.xlsx, .xlsm, .xls, .ods of .csv)",
        remedy=remedy or usual[1],
        **(where or {}),
    )
    return UnreadableWorkbookError(finding)


def too_large(path: Path) -> UnreadableWorkbookError:
    """The refusal of a file that is larger than any risk matrix."""
    return refusal(path, "too-large")


def described(path: Path, content: bytes) -> UnreadableWorkbookError:
    """What a file is that is neither an archive nor an old workbook nor lines of text, as its first bytes tell."""
    if not content:
        return refusal(path, "empty-file")
    head = content[:_HEAD]
    for start, kind, remedy in _NO_WORKBOOK:
        if head.startswith(start):
            return refusal(path, "not-a-workbook", f"het bestand is {kind}, al heet het misschien anders", remedy)
    if _HTML.match(head.removeprefix(b"\xef\xbb\xbf")):
        found = "het bestand is een webpagina (HTML) met de naam van een werkmap"
        return refusal(path, "not-a-workbook", found, _AGAIN)
    if _XML_OF_EXCEL in head:
        return refusal(path, "other-format", "het bestand is een XML-werkmap van Excel 2003", _AGAIN)
    if not content.strip(b"\0"):
        return refusal(path, "damaged-workbook", "het bestand bestaat uit louter nullen: er is niets overgekomen")
    found = "het bestand is geen Excel-werkmap, al heet het misschien zo"
    return refusal(path, "not-a-workbook", found, _AGAIN)


def file_content(path: Path) -> bytes:
    """The file's bytes; refused unread when it is too large, no ordinary file, or may not be read."""
    try:
        # Before it is opened: opening a pipe waits for whoever writes to it.
        kind = path.stat().st_mode
        if not stat.S_ISREG(kind):
            raise _no_file(path, "het is een map, al heet zij als een bestand" if stat.S_ISDIR(kind) else "")
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > MAX_BYTES:
                raise too_large(path)
            content = file.read(size)
    except OSError as error:
        raise _no_file(path, _reason(error)) from None
    return content


def _no_file(path: Path, reason: str) -> UnreadableWorkbookError:
    return refusal(path, "unreadable-file", reason or "het is geen gewoon bestand", "controleer het bestand")


def _reason(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "het bestand is er niet (meer)"
    if isinstance(error, PermissionError):
        return "het bestand mag niet gelezen worden (is het nog open in Excel?)"
    return "het bestand is niet te lezen"
