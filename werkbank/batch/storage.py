"""A folder on shared storage, through fsspec: only over an encrypted line, with what is wrong in plain Dutch."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from werkbank.errors import OutputError, WerkbankError
from werkbank.wording import disk_fault, listing

__all__ = ["Storage", "open_storage"]

_DRIVERS = {
    "s3": "s3fs",
    "gs": "gcsfs",
    "gcs": "gcsfs",
    "abfs": "adlfs",
    "abfss": "adlfs",
    "az": "adlfs",
    "sftp": "paramiko",
    "ssh": "paramiko",
}
"""What speaks an encrypted line of its own accord, and the package that does so."""
_THIS_MACHINE = ("file", "local", "memory")


@dataclass(frozen=True, slots=True)
class Storage:
    """A folder in which files have names with `/`, relative to it."""

    files: Any
    root: str

    @property
    def here(self) -> Path | None:
        """The folder itself, when it is on this machine."""
        return Path(self.root).resolve() if "file" in self.files.protocol else None

    def _path(self, name: str) -> str:
        return f"{self.root.rstrip('/')}/{name}"

    def exists(self, name: str) -> bool:
        """Whether there is such a file."""
        return bool(self.files.isfile(self._path(name)))

    def read(self, name: str) -> bytes | None:
        """The bytes of a file; None when it is not there."""
        return bytes(self.files.cat_file(self._path(name))) if self.exists(name) else None

    def sha256(self, name: str) -> str | None:
        """The sha256 of what is there, read whole; None when nothing is."""
        if not self.exists(name):
            return None
        with self.files.open(self._path(name), "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def write(self, name: str, content: bytes) -> None:
        """Put a file, with the folders above it."""
        path = self._path(name)
        self.files.makedirs(path.rpartition("/")[0], exist_ok=True)
        self.files.pipe_file(path, content)

    def remove(self, name: str) -> None:
        """Take a file away, if it is there."""
        with suppress(FileNotFoundError):
            self.files.rm_file(self._path(name))

    def names(self, folder: str) -> list[str]:
        """The names of the files directly in a folder; none when it is not there."""
        path = self._path(folder)
        if not self.files.isdir(path):
            return []
        return sorted(one.rpartition("/")[2] for one in self.files.ls(path, detail=False))


@contextmanager
def open_storage(address: str) -> Iterator[Storage]:
    """The folder at `address`: a path, or `s3://…`, `abfs://…`, `gs://…`, `sftp://…`.

    Raises OutputError for an address that is not fit for judgements, and for whatever goes wrong in between. What a
    driver says may hold a key, so of that only the kind is told.
    """
    scheme = _scheme(address)
    try:
        from fsspec.core import url_to_fs  # noqa: PLC0415  an optional extra
    except ImportError:
        raise OutputError(
            "Voor gedeelde opslag is het pakket fsspec nodig. Installeer de werkbank met [storage]."
        ) from None
    try:
        # A listing that was kept would not see what another machine stored.
        files, root = url_to_fs(address, use_listings_cache=False)
        yield Storage(files, root)
    except WerkbankError:
        raise
    except ImportError:
        package = _DRIVERS.get(scheme, "fsspec")
        raise OutputError(
            f"Voor {scheme}:// is ook het pakket {package} nodig. Installeer dat erbij: pip install {package}"
        ) from None
    except OSError as error:
        why = disk_fault(error) if error.errno else type(error).__name__
        raise OutputError(f"De opslag is niet te gebruiken ({why}).") from None
    except Exception as error:  # noqa: BLE001  each driver has errors of its own
        raise OutputError(f"De opslag is niet te gebruiken ({type(error).__name__}).") from None


def _scheme(address: str) -> str:
    """How the storage is spoken to; a chain of several, a line in the clear and a password are refused."""
    if not address.strip():
        raise OutputError("Er is geen adres genoemd. Noem een map, of een adres als s3://… of abfs://…")
    if "://" not in address:
        return "file"
    parts = urlsplit(address)
    if "::" in address or parts.scheme not in (*_DRIVERS, *_THIS_MACHINE):
        allowed = listing((f"{one}://" for one in _DRIVERS), "of")
        raise OutputError(
            f"Op {parts.scheme}:// worden geen analyses bewaard: oordelen gaan alleen versleuteld over een netwerk. "
            f"Gebruik een map, of een adres dat begint met {allowed}."
        )
    if "@" in parts.netloc and ":" in parts.netloc.rpartition("@")[0]:
        raise OutputError(
            "Zet geen wachtwoord of sleutel in het adres: dat blijft leesbaar in de geschiedenis van uw scherm. "
            "Geef het zoals het pakket voor die opslag het vraagt, bijvoorbeeld met een omgevingsvariabele."
        )
    return parts.scheme
