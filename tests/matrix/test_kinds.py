"""Files of every kind that people send instead of a matrix, and of every kind that someone makes to do harm.

Each is called what it is, in plain Dutch, at once and with little memory.
"""

import gzip
import json
import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from werkbank.matrix.opening import MAX_BYTES

from .conftest import by_cell, said
from .formats import MAIN, compound, rewritten, with_member, xlsx, zipped

MATRIX = ("Matrix", [["", "URK-01", "URK-02"], ["V01", 0, 1], ["V02", 2, 3]])


def sheet(xml):
    return rewritten(xlsx(MATRIX), lambda name, old: xml if name == "xl/worksheets/sheet1.xml" else old)


def rows(xml, head=""):
    return sheet(f'{head}<worksheet xmlns="{MAIN}"><sheetData>{xml}</sheetData></worksheet>'.encode())


def lying():
    """A member that says it is a thousand times smaller than it is."""
    content = bytearray(rows("".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 3_000))))
    place = content.rindex(b"xl/worksheets/sheet1.xml") - 46
    content[place + 24 : place + 28] = struct.pack("<I", 100)
    return bytes(content)


def locked_archive():
    """Every member marked as encrypted, as a zip program with a password does."""
    content = bytearray(xlsx(MATRIX))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(mark)
        while place >= 0:
            content[place + offset] |= 1
            place = content.find(mark, place + 4)
    return bytes(content)


def many_texts(number=1_000_000):
    texts = b"<sst>" + b"<si><t>a</t></si>" * number + b"</sst>"
    content = rewritten(xlsx(MATRIX), lambda name, old: texts if name == "xl/sharedStrings.xml" else old)
    return content if b"xl/sharedStrings.xml" in content else with_member(content, "xl/sharedStrings.xml", texts)


def entity_xlsx(reference):
    bomb = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
    return rows(f'<row r="1"><c r="A1" t="str"><v>&{reference};</v></c></row>', bomb)


OPEN_DOCUMENT = {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"}
LOCKED_OPEN_DOCUMENT = {"META-INF/manifest.xml": "<m><manifest:encryption-data/></m>", "Encrypted": b"\x8f\x02"}
NUMBERS = {"Index/Document.iwa": b"x", "Metadata/Properties.plist": b"x"}
HTML = "<html><body><table><tr><td>V01</td><td>0</td></tr></table></body></html>"
WORD = {"[Content_Types].xml": "x", "word/document.xml": "<x/>"}
FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>0</v></c></row>'
QUOTES = b'park_id;indicator;level\nURK-01;V01;"0\nURK-02;V01;1\n'
BOMB = b" " * 60_000_000

KINDS = {
    # name → what makes its bytes, or makes it there itself; the rule; words that the finding must hold
    # what people send
    "leeg.csv":             (lambda p: b"",                                       "empty-file",       "leeg"),
    "nullen.xlsx":          (lambda p: bytes(5_000),                              "not-a-workbook",   "geen Excel-werkmap"),
    "afdruk.xlsx":          (lambda p: b"%PDF-1.7\n",                             "not-a-workbook",   "geen Excel-werkmap"),
    "pagina.xls":           (lambda p: HTML.encode(),                             "not-a-workbook",   "geen Excel-werkmap"),
    "brief.xlsx":           (lambda p: zipped(WORD),                              "not-a-workbook",   "geen Excel-werkmap"),
    "map.zip.xlsx":         (lambda p: zipped({"urk_politie.xlsx": b"x"}),        "not-a-workbook",   "geen Excel-werkmap"),
    "ingepakt.xlsx":        (lambda p: gzip.compress(b"x"),                       "not-a-workbook",   "geen Excel-werkmap"),
    "werkmap.ods":          (lambda p: zipped(OPEN_DOCUMENT),                     "other-format",     ".ods"),
    "wachtwoord.ods":       (lambda p: zipped(LOCKED_OPEN_DOCUMENT),              "other-format",     ".ods"),
    "als xlsx.xlsx":        (lambda p: zipped(OPEN_DOCUMENT),                     "other-format",     ".ods"),
    "mac.numbers":          (lambda p: zipped(NUMBERS),                           "other-format",     ".numbers"),
    "binair.xlsb":          (lambda p: zipped({"xl/workbook.bin": b"x"}),         "other-format",     ".xlsb"),
    "excel97.xls":          (lambda p: compound("Workbook"),                      "other-format",     ".xls"),
    "wachtwoord.xlsx":      (lambda p: compound("EncryptedPackage"),              "password",         "wachtwoord"),
    "wachtwoord.zip.xlsx":  (lambda p: locked_archive(),                          "password",         "wachtwoord"),
    "afgebroken.xlsx":      (lambda p: xlsx(MATRIX)[:-1_000],                     "damaged-workbook", "niet volledig"),
    "map.xlsx":             (Path.mkdir,                                          "unreadable-file",  "een map"),
    "weg.xlsx":             (lambda p: None,                                      "unreadable-file",  "is er niet"),
    "~$urk_politie.xlsx":   (lambda p: b"\x05Jansen" + bytes(160),                "open-elsewhere",   "nog ergens open"),
    "quotes.csv":           (lambda p: QUOTES,                                    "broken-csv",       "aanhalingstekens"),
    "notities.csv":         (lambda p: b"bellen;maandag\nmailen;dinsdag\n",       "no-matrix",        "geen blad"),
    # what someone makes to do harm
    "pijp.xlsx":            (os.mkfifo,                                           "unreadable-file",  "gewoon bestand"),
    "bom.xlsx":             (lambda p: sheet(BOMB),                               "too-large",        "50 MB"),
    "leugen.xlsx":          (lambda p: lying(),                                   "damaged-workbook", "beschadigd"),
    "miljard keer.xlsx":    (lambda p: entity_xlsx("b"),                          "damaged-workbook", "beschadigd"),
    "van elders.xlsx":      (lambda p: entity_xlsx("c"),                          "damaged-workbook", "beschadigd"),
    "uitbreker.xlsx":       (lambda p: with_member(xlsx(MATRIX), "../../../tmp/x", b"x"), "unsafe-archive", "naar buiten"),
    "dubbel.xlsx":          (lambda p: with_member(xlsx(MATRIX), "XL/worksheets/SHEET1.xml", b"x"),
                                                                                  "damaged-workbook", "beschadigd"),
    "ver weg.xlsx":         (lambda p: rows(FAR),                                 "too-large",        "cellen"),
    "ver weg, klein.xlsx":  (lambda p: rows(FAR.replace("XFD", "xfd").lower()),   "damaged-workbook", "beschadigd"),
    "ver weg, achter.xlsx": (lambda p: rows(f"<!-- </sheetData> -->{FAR}"),       "too-large",        "cellen"),
    "ver weg, zonder adres.xlsx": (lambda p: rows(f'<row r="1048576">{"<c/>" * 9}<c><v>1</v></c></row>'), "too-large", "cellen"),
    "veel xml.xlsx":        (lambda p: rows(f"<!-- {'x' * 10_000_000} -->"),      "too-large",        "50 MB"),
    "reus.xlsx":            (lambda p: p.touch() or os.truncate(p, MAX_BYTES * 40), "too-large",        "50 MB"),
    "miljoen teksten.xlsx": (lambda p: many_texts(),                              "too-large",        "cellen"),
    "veel delen.xlsx":      (lambda p: zipped({f"xl/{n}": b"" for n in range(2_100)}), "too-large",   "50 MB"),
    "nul.csv":              (lambda p: b"park_id;indicator;level\nURK-01;V01;0\0\n", "not-a-workbook", "tekens"),
    "lang veld.csv":        (lambda p: QUOTES.replace(b'"0', b"x" * 10_000_000),  "broken-csv",       "131.072"),
    "utf16.xlsx":           (lambda p: sheet("<worksheet/>".encode("utf-16")),    "damaged-workbook", "beschadigd"),
}  # fmt: skip

ROOT = Path(__file__).parents[2]
MEASURE = """
import json, sys, time
from pathlib import Path
from tests.matrix.conftest import PARKS, ROUND
from werkbank.settings.catalogue import load_catalogue
from werkbank.errors import MatrixError
from werkbank.matrix import load_matrix

def memory(name):
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith(name))

catalogue, seconds, kilobytes = load_catalogue(), {}, {}
for path in sorted(Path(sys.argv[1]).iterdir()):
    Path("/proc/self/clear_refs").write_text("5")  # forget the highest use so far
    before, began = memory("VmRSS"), time.process_time()
    try:
        load_matrix([path], catalogue, PARKS, round=ROUND)
    except MatrixError:
        pass
    seconds[path.name], kilobytes[path.name] = time.process_time() - began, memory("VmHWM") - before
print(json.dumps({"seconds": seconds, "kilobytes": kilobytes}))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """One file of every kind, but for the one that is not there."""
    folder = tmp_path_factory.mktemp("kinds")
    for name, (make, _, _) in KINDS.items():
        if (content := make(folder / name)) is not None:
            (folder / name).write_bytes(content)
    return folder


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the highest use of memory of each file")
def test_every_kind_of_file_is_refused_at_once_and_with_little_memory(folder):
    """Each within a second of work and 150 MB; in a process of its own, to be measured there."""
    command = [sys.executable, "-c", MEASURE, str(folder)]
    measured = json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)
    assert len(measured["seconds"]) == len(KINDS) - 1
    assert {name: taken for name, taken in measured["seconds"].items() if taken > 1} == {}
    assert {name: used for name, used in measured["kilobytes"].items() if used > 150_000} == {}


def test_every_kind_of_file_is_called_what_it_is_and_the_good_one_among_them_is_read(folder, workbook, load, judged):
    """Each has one finding, with the file's name, the right rule, and words that a civil servant knows."""
    matrix = load(*(folder / name for name in KINDS), workbook())
    assert by_cell(matrix) == judged
    found = {each.file: (each.rule, each.found) for each in matrix.findings}
    assert len(found) == len(matrix.findings) == len(KINDS)
    for name, (_, rule, words) in KINDS.items():
        assert found[name.removeprefix("~$")][0] == rule
        assert words in found[name.removeprefix("~$")][1]
    assert all(each.allowed and each.remedy for each in matrix.findings)
    assert str(folder) not in said(matrix.findings)
