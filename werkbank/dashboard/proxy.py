"""Who may see which dashboard behind a proxy that knows its visitors: a file of settings, read and looked through.

The proxy names the visitor in one header, and shows with a secret in another that it is the proxy. Nothing else that a
visitor sends is believed.
"""

from __future__ import annotations

import hmac
import os
import stat
from pathlib import Path
from typing import Annotated

from jupyter_server.auth.identity import IdentityProvider, User
from pydantic import Field, StringConstraints
from tornado import web

from werkbank.errors import ParametersError
from werkbank.files.models import FileModel, validate
from werkbank.files.yaml import read_yaml

Header = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9-]{1,60}$")]
Host = Annotated[str, StringConstraints(pattern=r"^[a-z0-9.-]+(:[0-9]{1,5})?$")]
_SHORTEST = 32
"""Characters of the secret; `openssl rand -hex 32` gives 64."""


class Share(FileModel):
    """What one visitor sees: the dashboard of an audience, of one municipality or of all that the audience may see.

    `role` is the visitor's function, which is recorded in the register, where his name must not stand; `park` the code
    of the one it is about, for who gets pages of parks.
    """

    audience: str
    role: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
    municipality: str | None = None
    park: str = ""

    @property
    def shown(self) -> tuple[str, str | None, str]:
        """What decides on what is shown: visitors for whom it is the same share a bundle."""
        return self.audience, self.municipality, self.park


class Proxy(FileModel):
    """The name by which visitors reach the proxy, on which port we answer it, its two headers, and who may come in."""

    host: Host
    port: Annotated[int, Field(ge=1, le=65535)]
    identity_header: Header
    secret_header: Header = "X-Werkbank-Secret"  # noqa: S105  its name
    secret_file: str
    identities: Annotated[dict[str, Share], Field(min_length=1)]


def read_proxy(path: Path) -> tuple[Proxy, str]:
    """The settings, and the secret from the file they name, beside them. Raises ParametersError with what is wrong."""
    if not path.is_file():
        raise ParametersError(
            f"Er is geen bestand {path.name}. Hoe het eruitziet, staat in docs/dashboard-achter-proxy.md."
        )
    proxy = validate(Proxy, read_yaml(path), error=ParametersError)
    file = path.parent / proxy.secret_file
    if not file.is_file():
        raise ParametersError(f"Het bestand {file.name} met het geheim van de proxy is er niet.")
    if os.name == "posix" and stat.S_IMODE(file.stat().st_mode) & 0o077:
        raise ParametersError(f"Anderen kunnen {file.name} lezen. Sluit het af: chmod 600 {file.name}")
    secret = file.read_text(encoding="utf-8").strip()
    if len(secret) < _SHORTEST:
        raise ParametersError(f"Het geheim in {file.name} is te kort. Maak er een: openssl rand -hex 32")
    return proxy, secret


class ProxyOnly(IdentityProvider):
    """Who the proxy names, if it is the proxy and the name is on the list; every other request is refused, 403."""

    def get_handlers(self) -> list[tuple[str, object]]:
        """No page to log in or out."""
        return []

    def get_user(self, handler: web.RequestHandler) -> User | None:
        """The visitor; both headers are there once, or somebody else wrote one of them."""
        told = handler.settings["proxy"]
        secrets, names = (handler.request.headers.get_list(told[one]) for one in ("secret_header", "identity_header"))
        proxied = len(secrets) == 1 and hmac.compare_digest(secrets[0].encode(), told["secret"].encode())
        if proxied and len(names) == 1 and names[0] in handler.settings["shares"]:
            return User(username=names[0])
        # The page that says so asks who is there.
        handler.current_user = handler._jupyter_current_user = None  # type: ignore[attr-defined]
        raise web.HTTPError(403)
