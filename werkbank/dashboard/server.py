"""Voilà with one page, one key and no more doors than that page needs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_core.utils import ensure_async, run_sync
from jupyter_server.auth.identity import IdentityProvider
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado import web
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop
from tornado.netutil import bind_sockets
from voila.app import Voila  # type: ignore[import-untyped]
from voila.tornado.handler import TornadoVoilaHandler  # type: ignore[import-untyped]

from werkbank.dashboard.processes import Order, kernel_environment
from werkbank.dashboard.server import ADDRESS, headers, server_config

__all__ = ["DashboardServer"]

_CLOSED = re.compile(r"/voila/(files|query|execution|api/themes)/|/login|/logout|^/\(\.\*\)")
_REFUSED = (
    '<!DOCTYPE html><html lang="nl"><head><meta charset="utf-8"><title>Geen toegang</title></head><body>'
    "<h1>Geen toegang</h1><p>Open het dashboard met de link die “werkbank dashboard” gaf. "
    "Die link werkt zolang het dashboard openstaat.</p></body></html>"
)


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


class QuietKernels(AsyncMappingKernelManager):
    """Kernels that get a clean environment and whose own complaints, which may hold a judgement, go nowhere."""

    async def _async_start_kernel(self, **kwargs: Any) -> str:
        kwargs["env"] = kernel_environment(kwargs.get("env") or os.environ)
        kwargs.update(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        kernel_id: str = await super()._async_start_kernel(**kwargs)
        return kernel_id

    start_kernel = _async_start_kernel  # type: ignore[assignment]


class Page(TornadoVoilaHandler):  # type: ignore[misc]
    """The one page; a key in the address becomes a cookie, and leaves the address."""

    @web.authenticated
    async def get(self, path: str | None = None) -> None:
        """The page, or the way to it without the key."""
        if self.request.query:
            self.redirect("/")
            return
        await super().get(path)


class Refused(web.RequestHandler):
    """Where those without the key end up."""

    def get(self) -> None:
        """Say how to get in, and show nothing."""
        self.set_status(403)
        self.finish(_REFUSED)


class DashboardServer(Voila):  # type: ignore[misc]
    """One notebook on this computer, for who has the key.

    Raises OSError when the port is taken.
    """

    def __init__(self, order: Order, **kwargs: Any) -> None:
        self.order = order
        super().__init__(config=server_config(order), **kwargs)
        self._sockets = bind_sockets(order.port, ADDRESS)
        self.port = self._sockets[0].getsockname()[1]
        self.identity_provider_class = KeyOnly
        self.tornado_settings = {
            "headers": headers(f"{ADDRESS}:{self.port}"),
            "allow_remote_access": False,
            "local_hostnames": [ADDRESS],
            "log_function": lambda _handler: None,
        }

    @property
    def place(self) -> str:
        """Where the page is."""
        return f"http://{ADDRESS}:{self.port}"

    def initialize(self, argv: list[str] | None = None) -> None:
        """Our own templates come before Voilà's, our own kernels in the place of Jupyter's."""
        super().initialize(argv)
        self.template_paths.insert(0, str(Path(__file__).parent / "voila_template"))
        self.voila_configuration.multi_kernel_manager_class = QuietKernels
        self.voila_configuration.kernel_spec_manager_class = NativeKernel

    def init_handlers(self) -> list[Any]:
        """What Voilà opens, less what a page does not need: files, forms, themes, and every other address."""
        opened = [handler for handler in super().init_handlers() if not _CLOSED.search(handler[0])]
        return [*opened, *self._own_handlers()]

    def _own_handlers(self) -> Iterator[Any]:
        yield r"/werkbank/(chart\.js)", web.StaticFileHandler, {"path": self.order.script}
        yield "/login", Refused
        page = {
            "notebook_path": os.path.relpath(self.notebook_path, self.root_dir),
            "template_paths": self.template_paths,
            "config": self.config,
            "voila_configuration": self.voila_configuration,
        }
        yield "/", Page, page

    def listen(self) -> None:
        """Answer on the port that is ours, tell who started us, and go on until told to stop."""
        server = HTTPServer(self.app)
        server.add_sockets(self._sockets)
        self.ioloop = IOLoop.current()
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
            with suppress(web.HTTPError, RuntimeError, KeyError):
                # Whether jupyter_server says what it returns depends on what mypy has seen before.
                ended = AsyncMappingKernelManager.shutdown_kernel(self.kernel_manager, kernel_id, now=True)  # type: ignore[no-untyped-call,unused-ignore]
                await ensure_async(ended)
