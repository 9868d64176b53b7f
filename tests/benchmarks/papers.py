"""What is timed: the page, the workbook and the Word file of the largest municipality, once it has been scored."""

import datetime as dt
import time
from concurrent.futures import ThreadPoolExecutor

import psutil

import werkbank as wb
from tests.benchmarks.measures import RUNS
from werkbank.batch.execute import execute_notebook
from werkbank.report.figure import SPEC_MIME, _drawn
from werkbank.report.outputs import draw_ahead, figures
from werkbank.report.word import _pixels

MOST, EACH = 1.5, 0.1
"""Seconds for the three files together, and for each picture in them."""


def three_files(workspace, municipality="almere", runs=RUNS):
    """In a process that has made one before, as in a batch; every picture drawn anew, and each picture counted once."""
    parameters = wb.load_parameters(municipality)
    folder = workspace / "bench-papers"
    folder.mkdir(exist_ok=True)
    notebook = execute_notebook(workspace / "notebooks" / "analyse.ipynb", parameters, folder)
    assessment = wb.Assessment.load(folder)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    drawn = sum(SPEC_MIME in output.get("data", {}) for output in outputs)

    def page():
        html = wb.report.render_html(notebook, assessment, dt.date(2026, 6, 1))
        (folder / "analyse.html").write_text(html, encoding="utf-8")

    files = {
        "HTML": page,
        "xlsx": lambda: wb.report.write_scores(assessment, folder / "scores.xlsx"),
        "docx": lambda: wb.report.write_analysis_docx(assessment, folder / "analyse.docx"),
    }

    def all_three():
        """As a batch does: what draws leaves the interpreter to what writes."""
        with ThreadPoolExecutor(max_workers=1) as beside:
            ahead = beside.submit(draw_ahead, notebook)
            files["xlsx"]()
            ahead.result()
            shown = figures(assessment)
            pixels = beside.submit(lambda: [_pixels(one.svg) for one in shown])
            page()
            pixels.result()
        wb.report.write_analysis_docx(assessment, folder / "analyse.docx", drawn=shown)

    wall, core = _least({"all": all_three}, runs)["all"]
    least = _least(files, runs)
    told = ", ".join(f"{name} {seconds:.2f}" for name, (seconds, _) in least.items())
    return (
        f"HTML, xlsx and docx of {len(assessment.parks)} parks after scoring: {wall:.2f} s ({core:.2f} s of one "
        f"core); at most {MOST + EACH * drawn:.2f} s with {drawn} pictures ({len(figures(assessment))} of them in Word "
        f"too); one after another {told}; the page {(folder / 'analyse.html').stat().st_size / 1e6:.2f} MB; "
        f"this process {psutil.Process().memory_info().rss / 2**20:.0f} MiB"
    )


def _least(files, runs):
    """Per file the least seconds of the wall clock and of one core, after a run that does not count."""
    taken = {name: [] for name in files}
    for _ in range(runs + 1):
        _drawn.cache_clear()
        for name, make in files.items():
            wall, core = time.perf_counter(), time.process_time()
            make()
            taken[name].append((time.perf_counter() - wall, time.process_time() - core))
    return {name: tuple(map(min, zip(*each[1:], strict=True))) for name, each in taken.items()}
