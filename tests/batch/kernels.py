"""Small notebooks that try what a kernel should not do, and what they printed."""

import ast
import contextlib
import os
from pathlib import Path

import nbformat
import papermill

from werkbank.batch.provisioner import WarmKernels
from werkbank.batch.sockets import kernel_config
from werkbank.batch.warm import KERNELS


def notebook(*sources):
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    nb.metadata = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "python"},
    }
    return nb


def run(kernels, *sources, **more):
    """Execute the sources, one cell each, in one kernel; the value of the last one."""
    return shown_by(kernels, *sources, **more)[-1]


def shown_by(kernels, *sources, **more):
    """Execute the sources, one cell each, in one kernel; the value that each shows."""
    with kernel_config() as config:
        done = papermill.execute_notebook(
            notebook(*sources), None, progress_bar=False, kernels=kernels, config=config, **more
        )
    shown = [[one for one in cell.outputs if one.output_type == "execute_result"] for cell in done.cells]
    return [ast.literal_eval(one[0].data["text/plain"]) if one else None for one in shown]


def alive(pid):
    """Whether a process runs; one that has ended and waits to be reaped does not."""
    with contextlib.suppress(OSError):
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


@contextlib.contextmanager
def zygote(**environment):
    """A warm process that is ready, in an environment with these variables more."""
    before = dict(os.environ)
    os.environ.update(environment)
    try:
        with WarmKernels() as kernels:
            assert kernels.can(KERNELS), kernels.note
            yield kernels
    finally:
        os.environ.clear()
        os.environ.update(before)
