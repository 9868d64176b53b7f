"""Opening the zip archive that an .xlsx or .ods is, without unpacking what is not what it says."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Final

from werkbank.matrix.opening import MAX_BYTES, refusal, too_large

__all__ = ["open_archive"]

_MAX_MEMBERS: Final = 2_000
_ENCRYPTED: Final = 0x1


def open_archive(path: Path, content: bytes) -> zipfile.ZipFile:
    """The archive, of which no member is unpacked yet.

    Refuses what unpacks to far more than a matrix, names that lead out of the archive, a password, and two members of
    one name, for which of them a reader takes is not certain.
    """
    archive = zipfile.ZipFile(io.BytesIO(content))
    members = archive.infolist()
    if len(members) > _MAX_MEMBERS or sum(member.file_size for member in members) > MAX_BYTES:
        raise too_large(path)
    if any(_leads_out(member.filename) for member in members):
        raise refusal(path, "unsafe-archive")
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise refusal(path, "password")
    if len({member.filename.lower() for member in members}) < len(members):
        raise ValueError("two members of one name")
    return archive


def _leads_out(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or parts[0] == "" or parts[0].endswith(":")
