"""The process of the dashboard's server: Voilà with one page, one address, one key and no more doors than that needs.

`python -m werkbank.dashboard.server`, told what to do on its standard input; its first line is its address. It stops
when it is told to, and also when whoever started it is gone.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_core.utils import run_sync
from jupyter_server.auth.identity import IdentityProvider
from jupyter_server.base.handlers import JupyterHandler
from tornado import web
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop, PeriodicCallback
from tornado.netutil import bind_sockets
from traitlets.config.loader import Config
from voila.app import Voila  # type: ignore[import-untyped]

from werkbank.dashboard.agenda import Agenda
from werkbank.dashboard.kernels import (
    KernelPage,
    OwnKernel,
    Shutdown,
    State,
    VisitorKernels,
    closed,
    share_of,
    stamp_of,
)
from werkbank.dashboard.processes import (
    AGENDA,
    NOTEBOOK,
    PAGE,
    PORT_TAKEN,
    WHAT_IF,
    Order,
    sockets_fit,
    stop_when_alone,
)
from werkbank.dashboard.proxy import ProxyOnly

ADDRESS = "127.0.0.1"
DRAWS_SECONDS = 60
"""How long is waited for recalculations that are still being made."""
_EXTENSIONS = ("@jupyter-widgets/jupyterlab-manager", "@voila-dashboards/widgets-manager8")
_CONTENT = (
    "default-src 'none'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' {host}; base-uri 'none'; "
    "form-action 'none'; frame-src 'self'; frame-ancestors 'none'"
)
_CLOSED = re.compile(r"/voila/(files|query|execution|api/themes|api/shutdown)/|/login|/logout|^/\(\.\*\)")
_REFUSED = (
    '<!DOCTYPE html><html lang="nl"><head><meta charset="utf-8"><title>Geen toegang</title></head><body>'
    "<h1>Geen toegang</h1><p>{}</p></body></html>"
)
_NO_KEY = "Open het dashboard met de link die “werkbank dashboard” gaf. Die link werkt zolang het dashboard openstaat."
_STRANGER = "U hebt geen toegang tot dit dashboard; vraag die aan wie u de link gaf."
_ENDED = "Dit dashboard is gesloten: de grondslag waarop het berustte, geldt niet meer."
_LOGGERS = ("traitlets", "voila", "tornado.access", "tornado.application", "tornado.general", "asyncio")


def server_config(order: Order) -> Config:
    """The configuration of Voilà; nothing in it can be overridden by a file, an address or a notebook."""
    page = {"title": order.title, "style": order.style, "words": order.words}
    config: dict[str, dict[str, Any]] = {
        "Voila": {
            "ip": ADDRESS,
            "open_browser": False,
            "root_dir": str(order.folder("page")),
            "notebook_path": str(order.folder("page") / NOTEBOOK),
            "connection_dir_root": str(order.folder("sockets")),
            "config_file_paths": [],
            "token": order.key,
            "log_level": "ERROR",
        },
        "VoilaConfiguration": {
            "template": "lab",
            "theme": "light",
            "allow_template_override": "NO",
            "allow_theme_override": "NO",
            "file_allowlist": [],
            "strip_sources": True,
            "show_tracebacks": False,
            "extension_allowlist": list(_EXTENSIONS),
            # So often it looks whether the reader of a page that is being made is still there.
            "http_keep_alive_timeout": 1,
            "resources": {"werkbank": page},
        },
        "VoilaExecutor": {
            "cell_error_instruction": "Dit onderdeel kon niet worden gemaakt. Sluit het dashboard en maak het opnieuw."
        },
        # A kernel that is started anew knows nothing of its page.
        "KernelManager": {"autorestart": False},
        # The cookie is for this browser and this server only, and for as long as the browser is open.
        "IdentityProvider": {"cookie_options": {"httponly": True, "samesite": "Lax", "expires_days": None}},
    }
    if sockets_fit(f"{order.folder('sockets')}/voila_12345678"):
        config["KernelManager"]["transport"] = "ipc"
    return Config(config)


def headers(host: str) -> dict[str, str]:
    """What the browser is told at every answer: fetch nothing from elsewhere, tell nobody; `host` is of its sockets."""
    return {
        "Content-Security-Policy": _CONTENT.format(host=host),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Opener-Policy": "same-origin",
    }


class KeyOnly(IdentityProvider):
    """Who has the key may come in; there is no form to try keys in."""

    def get_handlers(self) -> list[tuple[str, object]]:
        """No page to log in or out."""
        return []


class NativeKernel(KernelSpecManager):
    """Only this very Python runs kernels, whatever kernels the user has installed."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kernel_dirs = []


class VisitorPage(JupyterHandler):
    """The visitor's page, or what it loads, made before anybody came; a key in the address becomes a cookie."""

    def initialize(self, pages: dict[str, dict[str, Callable[[], bytes]]]) -> None:
        """Of each bundle what reads its page, compressed, and what that loads, by their addresses."""
        self._pages = pages

    @web.authenticated
    async def get(self) -> None:
        """The page, or the way to it without the key."""
        if self.request.query:
            self.redirect("/")
            return
        if closed(self):
            refuse(self, _ENDED)
            return
        # Who marks a difference as discussed needs it as a cookie.
        _ = self.xsrf_token
        self.set_header("Cache-Control", "no-store")
        read = self._pages[share_of(self)].get(self.request.path)
        if read is None:
            raise web.HTTPError(404)
        content = await _whole(read)
        self.set_header("Vary", "Accept-Encoding")
        if self.request.path != "/":
            self.set_header("Content-Type", "application/octet-stream")
        elif "gzip" in self.request.headers.get("Accept-Encoding", ""):
            self.set_header("Content-Encoding", "gzip")
        else:
            content = gzip.decompress(content)
        self.finish(content)

    def write_error(self, status_code: int, **_kwargs: Any) -> None:
        """Who does not get the page, is told where to ask."""
        self.set_status(status_code)
        self.finish(_REFUSED.format(_STRANGER))


class WhatIf(KernelPage):
    """What a kernel makes, in a frame of the page: whoever opens it alone gets the page, which has the labels."""

    @property
    def content_security_policy(self) -> str:
        """Only our own page may frame it."""
        policy: str = super().content_security_policy
        return policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'")

    @web.authenticated
    async def get(self, path: str | None = None) -> None:
        """Start a kernel and show what it makes."""
        if self.request.query or self.request.headers.get("Sec-Fetch-Dest") == "document":
            self.redirect("/#weergave=wat-als")
            return
        if closed(self):
            refuse(self, _ENDED)
            return
        if share_of(self) not in self.settings["frames"]:
            raise web.HTTPError(404)
        await self.show(path)


class Refused(web.RequestHandler):
    """Where those without the key end up."""

    def get(self) -> None:
        """Say how to get in, and show nothing."""
        refuse(self, _NO_KEY)


def refuse(handler: web.RequestHandler, why: str) -> None:
    """One sentence, 403, and nothing else."""
    handler.set_status(403)
    handler.finish(_REFUSED.format(why))


class DashboardServer(Voila):  # type: ignore[misc]
    """One notebook on this computer, for who has the key.

    Raises OSError when the port is taken.
    """

    def __init__(self, order: Order, **kwargs: Any) -> None:
        self.order = order
        super().__init__(config=server_config(order), **kwargs)
        self._sockets = bind_sockets(order.port, ADDRESS)
        self.place = f"http://{ADDRESS}:{self._sockets[0].getsockname()[1]}"
        host = order.proxy.get("host", "")
        self.public = f"https://{host}" if host else self.place
        self.identity_provider_class = ProxyOnly if host else KeyOnly
        self.authorizer_class = OwnKernel
        self.pages = {share: dict(_given(order.page(share))) for share in order.bundles}
        self.tornado_settings = {
            "headers": headers(self.public.replace("http", "ws", 1)),
            "allow_remote_access": False,
            "local_hostnames": [host.partition(":")[0] or ADDRESS],
            "log_function": lambda _handler: None,
            "xsrf_cookie_kwargs": {"samesite": "Strict", "secure": bool(host)},
            "proxy": order.proxy,
            "shares": order.shares,
            "frames": order.frames,
            "bundles": {share: (order.bundle(share), stamp_of(order.bundle(share))) for share in order.bundles},
            "marks": {share: sha256(given["/"]()).hexdigest() for share, given in self.pages.items()},
        }

    def initialize(self, argv: list[str] | None = None) -> None:
        """Our own templates come before Voilà's, our own kernels in the place of Jupyter's."""
        super().initialize(argv)
        self.template_paths.insert(0, str(Path(__file__).parent / "voila_template"))
        self.voila_configuration.multi_kernel_manager_class = VisitorKernels
        self.voila_configuration.kernel_spec_manager_class = NativeKernel

    def init_handlers(self) -> list[Any]:
        """What Voilà opens, less what a page does not need: files, forms, themes, and every other address."""
        opened = [handler for handler in super().init_handlers() if not _CLOSED.search(handler[0])]
        return [*opened, *self._own_handlers()]

    def _own_handlers(self) -> Iterator[Any]:
        yield r"/werkbank/draws-[0-9a-f]+\.bin", VisitorPage, {"pages": self.pages}
        yield r"/werkbank/state/(?P<kernel_id>[0-9a-f-]*)", State
        yield r"/voila/api/shutdown/(?P<kernel_id>[0-9a-f-]+)", Shutdown
        yield "/login", Refused
        if self.order.register:
            yield AGENDA, Agenda, {"bundle": self.order.folder("bundle")}
        page = {
            "notebook_path": os.path.relpath(self.notebook_path, self.root_dir),
            "template_paths": self.template_paths,
            "config": self.config,
            "voila_configuration": self.voila_configuration,
        }
        yield WHAT_IF, WhatIf, page
        yield "/", VisitorPage, {"pages": self.pages}

    def listen(self) -> None:
        """Answer on the port that is ours, tell who started us, and go on until told to stop."""
        server = HTTPServer(self.app)
        server.add_sockets(self._sockets)
        self.ioloop = IOLoop.current()
        self.kernel_manager.most, self.kernel_manager.each = self.order.visitors, self.order.each
        self.kernel_manager.closed = self.order.closed
        PeriodicCallback(self.kernel_manager.end_lone, 1000).start()
        sys.stdout.write(f"{self.place}\n")
        sys.stdout.flush()
        try:
            self.ioloop.start()
        finally:
            server.stop()
            self.stop()

    def stop(self) -> None:
        """End every kernel, also those that wait or are still starting; what is half started ends with this process."""
        shutil.rmtree(self.connection_dir, ignore_errors=True)
        run_sync(self._end_kernels)()  # type: ignore[no-untyped-call,unused-ignore]

    async def _end_kernels(self) -> None:
        for kernel_id in tuple(self.kernel_manager.list_kernel_ids()):
            await self.kernel_manager.end(kernel_id)


def _given(folder: Path) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """What reads the page in a folder and what it loads, by their addresses."""
    page = (folder / PAGE).read_bytes()
    yield "/", lambda: page
    yield from ((f"/werkbank/{draws.name}", draws.read_bytes) for draws in folder.glob("draws-*.bin"))


async def _whole(read: Callable[[], bytes]) -> bytes:
    """What is read, which is empty until it is made. Raises HTTPError when that takes too long."""
    with suppress(TimeoutError):
        async with asyncio.timeout(DRAWS_SECONDS):
            while not (content := read()):  # noqa: ASYNC110  another process makes it
                await asyncio.sleep(0.05)
            return content
    raise web.HTTPError(503)


class CodesOnly(logging.Filter):
    """A log line keeps where it came from and the kind of error; its words may hold a judgement or a key."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Replace the line by its bare facts."""
        error = record.exc_info[0] if record.exc_info else None
        kind = f" ({error.__name__})" if error else ""
        record.msg = f"{record.levelname} in {record.module}, regel {record.lineno}{kind}"
        record.args, record.exc_info, record.exc_text, record.stack_info = (), None, None, None
        return True


def main() -> int:
    """Serve the order on standard input until told to stop."""
    told = sys.stdin.readline()
    if not told:  # who started it stopped before there was anything to serve
        return 0
    order = Order(**json.loads(told))
    # Sockets, cookies and connection files are for this user alone.
    os.umask(0o077)
    sys.excepthook = _kind_only
    handler = logging.StreamHandler()
    logging.basicConfig(level=logging.ERROR, handlers=[handler], force=True)
    for logger in (logging.getLogger(), *map(logging.getLogger, _LOGGERS)):
        _bare(logger)
    outdated = stop_when_alone()
    try:
        server = DashboardServer(order)
    except OSError:
        return PORT_TAKEN
    server.tornado_settings["outdated"] = outdated
    # For the agenda; a kernel gets none of them (`kernel_environment`).
    os.environ.update(order.register)
    try:
        server.initialize([])
        _bare(server.log)
        server.start()
    finally:
        shutil.rmtree(order.stage, ignore_errors=True)
    return 0


def _bare(logger: logging.Logger | logging.LoggerAdapter[logging.Logger]) -> None:
    bare = logger.logger if isinstance(logger, logging.LoggerAdapter) else logger
    for place in (bare, *bare.handlers):
        place.addFilter(CodesOnly())


def _kind_only(kind: type[BaseException], _error: BaseException, _where: TracebackType | None) -> None:
    """What stops the server is told by its kind; its words may hold a judgement or the key."""
    sys.stderr.write(f"{kind.__name__}\n")


if __name__ == "__main__":
    sys.exit(main())
