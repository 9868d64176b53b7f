"""Random edits of a plan in LibreOffice: each comes back right, or as a finding that names it; none is lost in silence."""

import datetime as dt
import json
import random
import subprocess
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

import docx

import werkbank as wb
from tests.plan.test_plan import SELECTED
from tests.plan.test_returned import cell_paragraph
from tests.report.office import convert
from werkbank.plan.drafting import proposal_of
from werkbank.plan.form import word_parts
from werkbank.plan.kept import keep_proposal
from werkbank.plan.returned import issued_version, keep_issued, read_back

OFFICE = Path(__file__).with_name("plan_in_office.py")
EDITS, PER_DOCUMENT = 200, 8
KINDS = (
    "typing", "enter", "paste", "tracked", "comment", "row_moved", "row_deleted", "row_deleted_tracked", "row_inserted",
    "cells_joined", "outside", "emptied", "beside_the_name",
)  # fmt: skip
DAY = dt.date(2026, 3, 3)
WORDS = "wij beginnen bij de haven met een schouw en daarna een gesprek over sloten licht en beheer"


def issued(folder):
    """A plan of the demo as it is kept and issued, in a folder."""
    assessment = wb.assess("urk")
    plan = wb.report.plan_for(assessment, assessment.advice.park_ids[0], SELECTED)
    keep_proposal(folder, proposal_of(plan, assessment, assessment.catalogue, DAY))
    file = wb.report.write_plan_docx(plan, assessment, folder / "projectplan.docx")
    version = issued_version(plan, word_parts(file))
    keep_issued(folder, version)
    return file, version, assessment.catalogue


def commented(target, order):
    """The file with its comments: LibreOffice without a screen stops when a program asks it to make one."""
    document = docx.Document(target)
    for _, key, lines, _ in (one for one in order if one[0] == "comment"):
        document.add_comment(cell_paragraph(document, key).add_run(" "), text=" ".join(lines), author="J. Jansen")
    document.save(target)


def drawn(chance, key):
    """What somebody types in a field: a value of its kind, with a mark by which it is found again."""
    number = chance.randrange(10**6)
    if key.endswith("/owner") or key == "lead":
        return [f"adviseur {number}, gemeente Urk"], f"adviseur {number}, gemeente Urk"
    lines = [f"{' '.join(chance.sample(WORDS.split(), 5))} {number}.{at}" for at in range(chance.randint(1, 3))]
    return lines, None


def main(edits=EDITS, seed=2018):
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        file, version, catalogue = issued(folder)
        keys = [key for key in version.shown if key == "lead" or key.startswith(("fields/", "texts/"))
                or key.endswith(("/owner", "/hours", "/cost", "/conditions"))]  # fmt: skip
        orders, expected = [], {}
        for number in range(-(-edits // PER_DOCUMENT)):
            target = str(folder / f"terug-{number}.docx")
            own = [(KINDS[(number * PER_DOCUMENT + at) % len(KINDS)], key)
                   for at, key in enumerate(chance.sample([key for key in keys if key != "lead"], PER_DOCUMENT))]  # fmt: skip
            order = [(kind, key, *drawn(chance, key)) for kind, key in own]
            orders.append((target, [[kind, key, lines] for kind, key, lines, _ in order if kind != "comment"]))
            expected[target] = order
        (folder / "orders.json").write_text(json.dumps(orders), encoding="utf-8")
        command = ["/usr/bin/python3", str(OFFICE), str(file), str(folder / "orders.json"), str(folder / "profile")]
        failed = json.loads(
            subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=3_000).stdout
        )
        for target, order in expected.items():
            commented(target, order)
        convert(expected, "docx", folder / "again")
        table = defaultdict(Counter)
        undone = {(target, key) for target, _, key, _ in failed}
        lost = []
        for target, order in expected.items():
            returned = read_back(folder / "again" / Path(target).name, folder, catalogue, {"urk": "Urk"}, DAY)
            for kind, key, lines, whole in order:
                outcome = "not done" if (target, key) in undone else judged(returned, kind, key, lines, whole)
                table[kind][outcome] += 1
                if outcome == "lost":
                    lost.append((target, kind, key, lines))
            table["(nothing that nobody typed)"][invented(returned, order)] += 1
    for kind, counts in table.items():
        print(f"{kind:28} {dict(counts)}", flush=True)
    assert not failed, failed
    assert not lost, lost


def judged(returned, kind, key, lines, whole):
    """Right, named, or lost: whether every line is in a change, a note or a finding."""
    changes = {one.field.key: one.new for one in returned.changes}
    told = " ".join(str(one) for one in returned.findings)
    text = whole or (" " if kind not in ("enter", "paste") else "\n").join(lines)
    if kind == "emptied":
        return "right" if key not in changes else "lost"
    if kind == "comment":
        return "right" if (key, " ".join(lines)) in [(one.field, one.text) for one in returned.notes] else "lost"
    if kind in ("typing", "enter", "paste", "tracked", "row_moved") and changes.get(key) == text:
        return "right"
    name = any(one.rule in ("plan-field-gone", "plan-field-twice") for one in returned.findings)
    return "named" if all(line[:150] in told for line in lines) or (name and kind.startswith("row_deleted")) else "lost"


def invented(returned, order):
    """Whether a field was changed that nobody touched."""
    return "right" if {one.field.key for one in returned.changes} <= {key for _, key, _, _ in order} else "invented"
