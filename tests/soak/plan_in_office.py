"""Run by LibreOffice's own Python, not by pytest: edits the Word file of a plan as people do, and saves it as .docx.

Usage: SOURCE ORDERS.json PROFILE. Of each order a new document: [TARGET, [[kind of edit, key, lines], …]]. What could
not be done goes to standard output, as JSON.
"""

import json
import sys
from pathlib import Path

import uno
from com.sun.star.text.ControlCharacter import PARAGRAPH_BREAK
from office_session import setting, started


def rows(document):
    """Key → its table and row, by the content controls that are there now."""
    found = {}
    for table in document.TextTables:
        for at in range(table.Rows.Count):
            cell = table.getCellByName(f"A{at + 1}")
            for paragraph in cell.createEnumeration() if cell else ():
                for portion in paragraph.createEnumeration():
                    if portion.TextPortionType == "ContentControl":
                        found[portion.ContentControl.Tag] = (table, at)
    return found


class Editor:
    def __init__(self, context, document):
        self.context, self.document = context, document
        self.frame, self.count = document.CurrentController.Frame, None

    def row(self, key):
        """Looked up again only when rows came, went or moved: it takes a second."""
        count = [table.Rows.Count for table in self.document.TextTables]
        if count != self.count:
            self.count, self.rows = count, rows(self.document)
        return self.rows[key]

    def dispatch(self, command):
        helper = self.context.ServiceManager.createInstanceWithContext(
            "com.sun.star.frame.DispatchHelper", self.context
        )
        helper.executeDispatch(self.frame, f".uno:{command}", "", 0, ())

    def cell(self, key):
        table, at = self.row(key)
        return table.getCellByName(f"B{at + 1}")

    def typing(self, key, lines):
        self.cell(key).String = " ".join(lines)

    def enter(self, key, lines):
        cell = self.cell(key)
        cell.String = ""
        cursor = cell.createTextCursor()
        for at, line in enumerate(lines):
            if at:
                cell.insertControlCharacter(cursor, PARAGRAPH_BREAK, False)
            cell.insertString(cursor, line, False)

    def paste(self, key, lines):
        """Paragraphs with a look of their own, as from another document."""
        source = Path(self.scratch).with_suffix(".html")
        source.write_text(f"<meta charset=utf-8>{''.join(f'<p><b>{line}</b></p>' for line in lines)}", encoding="utf-8")
        cell = self.cell(key)
        cell.String = ""
        cell.createTextCursor().insertDocumentFromURL(uno.systemPathToFileUrl(str(source)), ())

    def tracked(self, key, lines):
        self.document.RecordChanges = True
        self.typing(key, lines)
        self.document.RecordChanges = False

    def select(self, key):
        table, at = self.row(key)
        self.document.CurrentController.select(table.getCellRangeByName(f"A{at + 1}:B{at + 1}"))

    def row_moved(self, key, lines):
        """Cut, and pasted as a row of the table of the first intervention."""
        self.typing(key, lines)
        self.select(key)
        self.dispatch("Copy")
        table, at = self.row(key)
        table.Rows.removeByIndex(at, 1)
        target, place = self.row("lead")
        self.document.CurrentController.select(target.getCellByName(f"A{place + 1}"))
        self.dispatch("PasteRowsBefore")

    def row_deleted(self, key, lines):
        self.typing(key, lines)
        table, at = self.row(key)
        table.Rows.removeByIndex(at, 1)

    def row_deleted_tracked(self, key, lines):
        self.typing(key, lines)
        self.document.RecordChanges = True
        self.select(key)
        self.dispatch("DeleteRows")
        self.document.RecordChanges = False

    def row_inserted(self, key, lines):
        """A new row below, in which somebody types."""
        table, at = self.row(key)
        table.Rows.insertByIndex(at + 1, 1)
        table.getCellByName(f"B{at + 2}").String = " ".join(lines)

    def cells_joined(self, key, lines):
        self.typing(key, lines)
        table, at = self.row(key)
        cursor = table.createCursorByCellName(f"A{at + 1}")
        cursor.gotoCellByName(f"B{at + 1}", True)
        cursor.mergeRange()

    def outside(self, key, lines):
        """A paragraph behind the table of a field."""
        table, _ = self.row(key)
        parts = list(self.document.Text.createEnumeration())
        names = [getattr(one, "Name", "") for one in parts]
        parts[names.index(table.Name) + 1].String = " ".join(lines)

    def emptied(self, key, lines):
        self.cell(key).String = ""

    def beside_the_name(self, key, lines):
        table, at = self.row(key)
        cell = table.getCellByName(f"A{at + 1}")
        cell.insertString(cell.End, " ".join(lines), False)


def main(source, orders, profile):
    failed = []
    with started(profile) as (context, desktop):
        for target, edits in json.loads(Path(orders).read_text(encoding="utf-8")):
            url = uno.systemPathToFileUrl(source)
            document = desktop.loadComponentFromURL(url, "_blank", 0, (setting("Hidden", True),))
            editor = Editor(context, document)
            editor.scratch = target
            for kind, key, lines in edits:
                try:
                    getattr(editor, kind)(key, lines)
                except Exception as error:  # noqa: BLE001 - told to who ordered it
                    failed.append([target, kind, key, f"{type(error).__name__}: {error}"[:200]])
            document.storeToURL(uno.systemPathToFileUrl(target), (setting("FilterName", "MS Word 2007 XML"),))
            document.close(True)
    sys.stdout.write(json.dumps(failed) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
