"""What a notebook costs above its own work: wall time minus the same cells called plainly, side by side in one run."""

import ast
import statistics
import subprocess
import sys
import time

import nbformat

from werkbank.batch.worker import Workers

ROUNDS, MOST = 5, 0.3


def overhead(workspace, rounds=ROUNDS):
    """The stock `papermill` command on papermill's own engine, and a fresh process of ours. Each run stands between two
    of the plain cells; medians of what it took more than they did."""
    notebook, folder = workspace / "notebooks" / "analyse.ipynb", workspace / "bench-notebooks"
    folder.mkdir(exist_ok=True)
    plain, passed = _cells(notebook, folder), {"municipality": "urk", "audience": "riec", "output_folder": str(folder)}

    def stock():
        command = [sys.executable, "-m", "papermill", "--engine", "nbclient", "--no-progress-bar", str(notebook)]
        command += [str(folder / "stock.ipynb"), "-p", "municipality", "urk", "-p", "output_folder", str(folder)]
        subprocess.run(command, check=True, capture_output=True)

    _plainly(plain)
    with Workers() as workers:

        def ours():
            workers.execute(notebook, passed, folder)

        ours()
        pairs = [(_more(stock, plain), _more(ours, plain)) for _ in range(rounds)]
    theirs, mine = map(statistics.median, zip(*pairs, strict=True))
    return (
        f"overhead of one notebook above its cells: stock papermill: {theirs:.3f} s; a fresh process: {mine:.3f} s, at "
        f"most {MOST} s; ratio {theirs / mine:.1f}"
    )


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
