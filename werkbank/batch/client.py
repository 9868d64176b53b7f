"""papermill's client of a kernel without its idle waits: one save, one time limit for the whole, no farewells.

papermill saves the notebook before and after every cell, waits a fixed fifth of a second for a new kernel's messages,
hands a kernel its next cell when it has read all that came of the last, and lets a kernel take its leave. Here a kernel
says when its messages arrive, has the next cells already, and ends at once when its work is done.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from collections.abc import Iterable, Mapping
from queue import Empty
from typing import Any
from uuid import uuid4

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.client import KernelClient
from jupyter_client.manager import KernelManager
from jupyter_core.utils import run_sync
from nbclient.util import ensure_async
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NotebookExecutionManager
from papermill.log import logger

from werkbank.batch.provisioner import WarmKernels, WarmProvisioner

__all__ = ["SavedOnce", "WarmClient", "run_cells"]

_AHEAD = 2
"""Cells that lie ready for the kernel while it executes one. A few, for what nobody has read yet has a limit too."""
_LEAN = ("--HistoryManager.enabled=False", "--IPKernelApp.capture_fd_output=False")
"""Nobody asks a kernel of a batch for its history, or for what compiled code prints."""
_FOR_OTHERS = {"input_path", "timeout", "autosave_cell_every"}
"""Arguments that papermill's command passes to every engine and that mean nothing here."""


class SavedOnce(NotebookExecutionManager):  # type: ignore[misc]
    """papermill's bookkeeping of cells; the notebook is written by papermill when it is done, and by `keep`."""

    def cell_start(self, cell: NotebookNode, cell_index: int | None = None, **more: Any) -> None:
        """The cell runs. When it began is kept for papermill's own file, and where it writes none for nobody."""
        super().cell_start(cell, cell_index, **more)
        if self.output_path is None:
            cell.metadata.papermill["start_time"] = None

    def save(self, **_: Any) -> None:
        """Nothing: what is half done is not for reading."""

    def keep(self) -> None:
        """Write what there is, for who wants to see where it stopped."""
        super().save()


def run_cells(
    manager: NotebookExecutionManager,
    kernel_name: str,
    *,
    kernels: WarmKernels | None = None,
    notebook_timeout: float = math.inf,
    start_timeout: float = 60,
    execution_timeout: float | None = None,
    env: Mapping[str, str] | None = None,
    **more: Any,
) -> None:
    """Execute the cells of papermill's manager in a kernel of their own, within `notebook_timeout` seconds together.

    A start that fails is tried once more, the ordinary way; what has begun is never tried again. `env` is the whole
    environment of the kernel. The other arguments are papermill's; what is left goes to
    nbclient. Raises what nbclient raises.
    """
    passed = {name: value for name, value in more.items() if name not in _FOR_OTHERS}
    passed |= {"kernel_name": kernel_name, "timeout": execution_timeout, "startup_timeout": start_timeout}
    start = {} if env is None else {"env": dict(env)}
    client = WarmClient.within(manager, notebook_timeout, kernels, **passed)
    try:
        client.execute(**start)
    except (OSError, RuntimeError, TimeoutError):
        if client.code_cells_executed or (kernels and kernels.stopped):
            raise
        # The kernel did not start; nothing has run yet.
        again = WarmClient.within(manager, notebook_timeout, kernels, **passed)
        again.fork = False
        again.execute(**start)


class _CellsAhead(AsyncKernelClient):
    """A client that sends the next cells before they are asked for: the kernel takes them one after the other.

    After a cell that fails a kernel executes none of what lies ready, as nbclient would have sent none.
    """

    _ready: deque[tuple[str, str]]
    _cells: deque[tuple[str, bool]]

    def expect(self, cells: Iterable[tuple[str, bool]]) -> None:
        """These sources will be asked for in this order; with each whether its failure is the end."""
        self._ready, self._cells = deque(), deque(cells)

    def execute(self, code: str, *args: Any, stop_on_error: bool = True, **more: Any) -> str:
        """The number of the request; sent now, or already. What was not expected is only sent."""
        while self._cells and len(self._ready) <= _AHEAD:
            source, last = self._cells.popleft()
            self._ready.append((source, super().execute(source, stop_on_error=last)))
        if self._ready and self._ready[0][0] == code:
            return self._ready.popleft()[1]
        number: str = super().execute(code, *args, stop_on_error=stop_on_error, **more)
        return number


class WarmClient(PapermillNotebookClient):  # type: ignore[misc]
    """Executes a notebook in a kernel of the warm process `kernels`, where there is one, within `limit` seconds.

    The time begins when the kernel is there, at the moment `ends` less the limit.
    """

    km: Any
    kc: Any
    kernels: WarmKernels | None = None
    fork = True
    limit = ends = math.inf

    @classmethod
    def within(
        cls, manager: NotebookExecutionManager, limit: float, kernels: WarmKernels | None, **more: Any
    ) -> WarmClient:
        """A client with its limits, whose notebook becomes no part of anyone's history of commands."""
        client = cls(manager, log=logger, extra_arguments=list(_LEAN), **more)
        client.limit, client.kernels = limit, kernels
        return client

    def _get_timeout(self, cell: NotebookNode | None) -> int | None:
        """The cell's own time, or what is left of that of the whole notebook."""
        limits = [limit for limit in (super()._get_timeout(cell), self.ends - time.monotonic()) if limit is not None]
        return None if min(limits) == math.inf else max(1, round(min(limits)))

    def create_kernel_manager(self) -> KernelManager:
        """A manager whose kernel comes from the warm process."""
        manager: KernelManager = super().create_kernel_manager()
        manager.client_factory = _CellsAhead
        provisioner = WarmProvisioner(kernel_id=str(uuid4()), kernel_spec=manager.kernel_spec, parent=manager)
        provisioner.kernels, provisioner.fork = self.kernels, self.fork
        manager.provisioner = provisioner
        return manager

    def papermill_execute_cells(self) -> None:
        """Execute the cells; the kernel never waits for what came of one to be read."""
        self.kc.expect((cell.source, not self._may_fail(cell)) for cell in self.nb.cells if self._is_executed(cell))
        super().papermill_execute_cells()

    def _is_executed(self, cell: NotebookNode) -> bool:
        """As nbclient decides it."""
        skipped = self.skip_cells_with_tag in cell.metadata.get("tags", [])
        return cell.cell_type == "code" and bool(cell.source.strip()) and not skipped

    def _may_fail(self, cell: NotebookNode) -> bool:
        """As nbclient decides it."""
        allowed = self.allow_errors or "raises-exception" in cell.metadata.get("tags", [])
        return bool(allowed and not self.force_raise_errors)

    async def async_start_new_kernel(self, **more: Any) -> None:
        """Start a kernel; of one that fails to start nothing is left."""
        try:
            await super().async_start_new_kernel(**more)
        except BaseException:
            await self._async_cleanup_kernel()
            raise

    start_new_kernel = run_sync(async_start_new_kernel)

    async def async_start_new_kernel_client(self) -> KernelClient:
        """Connect, and let the time begin."""
        client = await self._connected()
        self.ends = time.monotonic() + self.limit
        return client

    async def _connected(self) -> KernelClient:
        """A forked kernel's sockets are there already, so its welcome is all there is to wait for."""
        if not self.km.provisioner.forked:
            ordinary: KernelClient = await super().async_start_new_kernel_client()
            return ordinary
        client: KernelClient = self.km.client()
        self.kc = client
        client.start_channels(hb=False)
        client.allow_stdin = False
        try:
            await self._welcome(client)
        except BaseException:
            await self._async_cleanup_kernel()
            raise
        return client

    start_new_kernel_client = run_sync(async_start_new_kernel_client)

    async def _welcome(self, client: KernelClient) -> None:
        """The kernel greets who receives its messages; from then on no output is lost."""
        ends = time.monotonic() + self.startup_timeout
        while time.monotonic() < ends:
            try:
                message = await ensure_async(client.iopub_channel.get_msg(timeout=1))
            except Empty:
                await self._async_check_alive()
            else:
                if message["msg_type"] == "iopub_welcome":
                    return
        raise RuntimeError("the forked kernel sends no messages")

    async def _async_cleanup_kernel(self) -> None:
        """End the kernel at once; everything it made is saved by then."""
        manager, client = self.km, self.kc
        provisioner = manager.provisioner
        try:
            if provisioner is not None and provisioner.has_process:
                await provisioner.kill()
                await asyncio.wait_for(provisioner.wait(), 10)
        finally:
            await ensure_async(manager.cleanup_resources())
            if client is not None:
                client.stop_channels()
            self.kc = self.km = None

    _cleanup_kernel = run_sync(_async_cleanup_kernel)
