"""What a notebook costs above its own work: wall time minus the same cells called plainly, side by side in one run."""

import ast
import statistics
import subprocess
import sys
import time

import nbformat

import werkbank as wb
from werkbank.batch.execute import execute_notebook, warm_kernels

ROUNDS = 5


def overhead(workspace, rounds=ROUNDS):
    """The stock `papermill` command on papermill's own engine, our engine with a kernel started as ever, and with a
    forked one. Each run stands between two of the plain cells; medians of what it took more than they did."""
    parameters = wb.load_parameters("urk")
    notebook, folder = workspace / "notebooks" / "analyse.ipynb", workspace / "bench-notebooks"
    folder.mkdir(exist_ok=True)
    plain = _cells(notebook, folder)

    def ours():
        execute_notebook(notebook, parameters, folder)

    def stock():
        command = [sys.executable, "-m", "papermill", "--engine", "nbclient", "--no-progress-bar", str(notebook)]
        command += [str(folder / "stock.ipynb"), "-p", "municipality", "urk", "-p", "output_folder", str(folder)]
        subprocess.run(command, check=True, capture_output=True)

    _plainly(plain)
    with warm_kernels():
        ours()
        pairs = [(_more(stock, plain), _more(ours, plain)) for _ in range(rounds)]
    costs = {"stock papermill": _median(pair[0] for pair in pairs), "forked": _median(pair[1] for pair in pairs)}
    costs["own engine, not forked"] = _median(_more(ours, plain) for _ in range(rounds))
    told = "; ".join(f"{name}: {cost:.3f} s" for name, cost in costs.items())
    return f"overhead of one notebook above its cells: {told}; ratio {costs['stock papermill'] / costs['forked']:.1f}"


def _median(values):
    return statistics.median(values)


def _more(work, plain):
    """Seconds of the work less those of the plain cells, which run just before and just after it."""
    before, taken, after = _seconds(lambda: _plainly(plain)), _seconds(work), _seconds(lambda: _plainly(plain))
    return taken - (before + after) / 2


def _seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _cells(notebook, folder):
    """The code cells of the notebook for Urk: per cell the statements and the value it shows, compiled."""
    sources = [cell.source for cell in nbformat.read(notebook, as_version=4).cells if cell.cell_type == "code"]
    index = next(index for index, source in enumerate(sources) if source.startswith("municipality ="))
    sources.insert(index + 1, f'municipality = "urk"\noutput_folder = {str(folder)!r}')
    return [_compiled(ast.parse(source)) for source in sources]


def _compiled(tree):
    shown = ast.Expression(tree.body.pop().value) if isinstance(tree.body[-1], ast.Expr) else None
    return compile(tree, "<cell>", "exec"), shown and compile(shown, "<cell>", "eval")


def _plainly(cells):
    """Run the cells one after the other, and show what they show as a notebook would."""
    names = {}
    for statements, shown in cells:
        exec(statements, names)
        value = shown and eval(shown, names)
        if hasattr(value, "_repr_mimebundle_"):
            value._repr_mimebundle_()
