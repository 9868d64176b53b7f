"""Kernels of visitors: whose each is, in whose turn it starts, how many there may be, and when it ends.

A kernel takes some 150 MB, and two seconds of a core to start. It belongs to who opened its page. What a page is told
of its own kernel is in `State`.
"""

from __future__ import annotations

import asyncio
import math
import os
import subprocess
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jupyter_core.utils import ensure_async
from jupyter_server.auth.authorizer import Authorizer
from jupyter_server.auth.decorator import authorized
from jupyter_server.auth.identity import User
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado import web
from voila.shutdown_kernel_handler import VoilaShutdownKernelHandler  # type: ignore[import-untyped]
from voila.tornado.handler import TornadoVoilaHandler  # type: ignore[import-untyped]

from werkbank.dashboard.processes import BUNDLE_VARIABLE, kernel_environment

LONE_SECONDS = 6.0
"""How long a kernel stays of which nothing is heard any more.

An open page gives a sign every second, also when its connection is broken, and tries again to connect after at most 0,
1 and 4 seconds: a fault of the network loses nothing, and what a closed or killed browser leaves is gone within ten.
"""
FIRST_SECONDS = 20.0
"""The same for a page that was sent and has not connected yet: a busy computer has to read its scripts first."""

TURNS = os.cpu_count() or 2
"""How many kernels start at once: each keeps a core busy until its page is made."""
PAGE_SECONDS = 60.0
"""How long a page may take to be made. Voilà waits for ever for one whose kernel died meanwhile."""


@dataclass(slots=True)
class Visit:
    """Whose kernel it is, and until when it may be without a connection: for ever while its page is being made."""

    visitor: str
    until: float = math.inf


class VisitorKernels(AsyncMappingKernelManager):
    """Kernels that get a clean environment and whose own complaints, which may hold a judgement, go nowhere.

    `most` is how many visitors there may be, with those in the queue, `each` how many of them may be the same;
    `closed` tells of whom nothing may be shown any more.
    """

    def __init__(self, **kwargs: Any) -> None:
        self.most = self.each = 1
        self.closed: Callable[[str], bool] = lambda _visitor: False
        self.visits: dict[str, Visit] = {}
        self.turns = asyncio.Semaphore(TURNS)
        super().__init__(**kwargs)  # type: ignore[no-untyped-call]

    async def _async_start_kernel(self, **kwargs: Any) -> str:
        kwargs["env"] = kernel_environment(kwargs.get("env") or os.environ)
        kwargs.update(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        kernel_id: str = await super()._async_start_kernel(**kwargs)
        return kernel_id

    start_kernel = _async_start_kernel  # type: ignore[assignment]

    def room(self, visitor: str) -> bool:
        """Whether this visitor may come in, once more."""
        own = [one for one in self.visits.values() if one.visitor == visitor]
        return len(self.visits) < self.most and len(own) < self.each

    def open_to(self, kernel_id: str, visitor: str) -> bool:
        """Whether the visitor may ask for this kernel: his own, or one that is gone; never another's."""
        visit = self.visits.get(kernel_id)
        return visit.visitor == visitor if visit else kernel_id not in self

    @asynccontextmanager
    async def turn(self, visitor: str) -> AsyncIterator[str]:
        """The name of a kernel to be started, within the visitor's turn; from the asking on there is one place less.

        The turn ends with the `with`, however that ends, and after PAGE_SECONDS at the latest, with TimeoutError.
        """
        kernel_id = str(uuid.uuid4())
        visit = self.visits[kernel_id] = Visit(visitor)
        stays = 0.0
        try:
            async with self.turns, asyncio.timeout(PAGE_SECONDS):
                yield kernel_id
            stays = FIRST_SECONDS
        finally:
            visit.until = min(visit.until, time.monotonic() + stays)

    def notify_connect(self, kernel_id: str) -> None:
        """From now on its connection keeps the kernel."""
        super().notify_connect(kernel_id)  # type: ignore[no-untyped-call]
        if visit := self.visits.get(kernel_id):
            visit.until = time.monotonic()

    def notify_disconnect(self, kernel_id: str) -> None:
        """The page may come back. A connection that ends twice counts once, or a next one would not be seen."""
        if self._connected(kernel_id):
            super().notify_disconnect(kernel_id)  # type: ignore[no-untyped-call]
        self.sign_of_life(kernel_id)

    def sign_of_life(self, kernel_id: str) -> None:
        """The page is still there, or was a moment ago."""
        if visit := self.visits.get(kernel_id):
            visit.until = max(visit.until, time.monotonic() + LONE_SECONDS)

    async def state(self, kernel_id: str) -> str:
        """What a change on the page meets: `gone` no kernel, `apart` no connection, `busy` or `idle` a kernel."""
        if not await self._lives(kernel_id):
            return "gone"
        if not self._connected(kernel_id):
            return "apart"
        return "busy" if self.get_kernel(kernel_id).execution_state == "busy" else "idle"  # type: ignore[attr-defined]

    async def end_lone(self) -> None:
        """End the kernels that nobody looks at any more, or may, and forget those that died."""
        for kernel_id, visit in tuple(self.visits.items()):
            lone = time.monotonic() > visit.until and not self._connected(kernel_id)
            over = self.closed(visit.visitor) or not await self._lives(kernel_id)
            if lone or (visit.until < math.inf and over):
                await self.end(kernel_id)

    async def end(self, kernel_id: str) -> None:
        """End a kernel, at once; one that has ended already is no error."""
        self.visits.pop(kernel_id, None)
        with suppress(web.HTTPError, RuntimeError, KeyError):
            await ensure_async(self.shutdown_kernel(kernel_id, now=True))  # type: ignore[no-untyped-call,unused-ignore]

    def _connected(self, kernel_id: str) -> bool:
        return bool(self._kernel_connections.get(kernel_id, 0) > 0)

    async def _lives(self, kernel_id: str) -> bool:
        return kernel_id in self and bool(await ensure_async(self.get_kernel(kernel_id).is_alive()))


class KernelPage(TornadoVoilaHandler):  # type: ignore[misc]
    """A page of Voilà with a kernel of its visitor's own, or a polite word when there is no room for one."""

    _left = False
    _kernel_id = ""

    @property
    def kernel_manager(self) -> Any:
        """What Voilà asks of the kernels for this page."""
        kernels: VisitorKernels = self.settings["kernel_manager"]
        return SimpleNamespace(start_kernel=self._start, get_kernel=kernels.get_kernel)

    def on_connection_close(self) -> None:
        """Who leaves while the page is made, is not waited for."""
        super().on_connection_close()
        self._left = True

    async def _start(self, env: dict[str, str], **asked: Any) -> str:
        kernels: VisitorKernels = self.settings["kernel_manager"]
        env = {**env, BUNDLE_VARIABLE: str(self.settings["bundles"][share_of(self)][0])}
        return await kernels.start_kernel(kernel_id=self._kernel_id, env=env, **asked)

    async def show(self, path: str | None = None) -> None:
        """Send the page as it is made; nothing more of it when its reader left or it takes too long."""
        kernels: VisitorKernels = self.settings["kernel_manager"]
        refused = "replaced" if replaced(self) else "" if kernels.room(self.current_user.username) else "full"
        if refused:
            self.set_status(503)
            self.set_header("Cache-Control", "no-store")
            page = self.voila_configuration.resources["werkbank"]
            self.finish(self.render_template("full.html", page=page, state=refused))
            return
        # Voilà's own call to end a kernel, and ours, need it as a cookie.
        _ = self.xsrf_token
        with suppress(TimeoutError, Left):
            async with kernels.turn(self.current_user.username) as self._kernel_id:
                await self._send(path)

    async def _send(self, path: str | None) -> None:
        if self._left:
            raise Left
        async for html in self.get_generator(path):
            if self._left:
                raise Left
            self.write(html)
            self.flush()


class Left(Exception):  # noqa: N818  no error
    """The reader of a page did not wait for it."""


class State(JupyterHandler):
    """What a page asks every second to know whether it may be believed; without a kernel, whether there is room.

    A word: what its kernel does, `replaced` when what it rests on is, `closed` when that may not be shown any more,
    `room` or `full`; the mark of the page that is given out now; if that is outdated. It is a sign of life as well.
    """

    auth_resource = "kernels"

    @web.authenticated
    @authorized
    async def get(self, kernel_id: str) -> None:
        """The word, for who owns the kernel."""
        kernels: VisitorKernels = self.settings["kernel_manager"]
        kernels.sign_of_life(kernel_id)
        room = kernels.room(self.current_user.username)
        state = await kernels.state(kernel_id) if kernel_id else "room" if room else "full"
        state = "closed" if closed(self) else "replaced" if replaced(self) else state
        self.set_header("Cache-Control", "no-store")
        outdated = self.settings["outdated"].is_set()
        self.finish({"state": state, "page": self.settings["marks"][share_of(self)], "outdated": outdated})


class Shutdown(VoilaShutdownKernelHandler):  # type: ignore[misc]
    """A page that is closed ends its own kernel."""

    auth_resource = "kernels"

    @web.authenticated
    @authorized
    async def post(self, kernel_id: str) -> None:
        """End it, without waiting for it to tidy up."""
        await self.kernel_manager.end(kernel_id)
        self.set_status(204)
        self.finish()


class OwnKernel(Authorizer):
    """Who opened a page may ask for its kernel, and nobody else who has the key."""

    def is_authorized(self, handler: JupyterHandler, user: User, action: str, resource: str) -> bool:  # noqa: ARG002  jupyter_server's own
        """Whether the kernel is the user's own."""
        kernels: VisitorKernels = handler.settings["kernel_manager"]
        return kernels.open_to(handler.path_kwargs["kernel_id"], user.username)


def share_of(handler: JupyterHandler) -> str:
    """The name of the bundle that this visitor sees."""
    return str(handler.settings["shares"].get(handler.current_user.username, ""))


def closed(handler: JupyterHandler) -> bool:
    """Whether the legal basis of what this visitor sees has ended."""
    return bool(handler.settings["kernel_manager"].closed(handler.current_user.username))


def stamp_of(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """The files of a folder with their moment and size: another stamp, other data."""
    files = ((path, path.stat()) for path in sorted(folder.rglob("*")) if path.is_file())
    return tuple((str(path), found.st_mtime_ns, found.st_size) for path, found in files)


def replaced(handler: JupyterHandler) -> bool:
    """Whether the bundle is no longer the one that the server began with."""
    folder, stamp = handler.settings["bundles"][share_of(handler)]
    with suppress(OSError):
        return bool(stamp_of(folder) != stamp)
    return True
