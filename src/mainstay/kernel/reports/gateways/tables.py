"""Tables as files: CSV (RFC 4180) and the workbooks of spreadsheets (Office Open XML)."""

import csv
import io
from datetime import datetime
from typing import Any

import xlsxwriter

from mainstay.kernel.reports.engine.cells import cell
from mainstay.kernel.reports.engine.sheet import Sheet

CSV, XLSX = "csv", "xlsx"
MEDIA = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
#: What a spreadsheet allows as the name of a sheet.
LONGEST_NAME, NOT_IN_NAMES = 31, str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
WIDEST = 60


def written(sheet: Sheet, form: str, *, made: datetime) -> bytes:
    """Return a sheet as a file of the form `csv` or `xlsx`; `made` (UTC) is when it says it was made."""
    return _csv(sheet) if form == CSV else _xlsx(sheet, made)


def _csv(sheet: Sheet) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([cell(heading) for heading in sheet.headings])
    writer.writerows([cell(value) for value in row] for row in sheet.rows)
    return text.getvalue().encode("utf-8-sig")  # the mark tells spreadsheets that it is UTF-8


def _xlsx(sheet: Sheet, made: datetime) -> bytes:
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(file, options)
    book.set_properties({"created": made.replace(tzinfo=None)})
    bold = book.add_format({"bold": True})
    table = book.add_worksheet(_name(sheet.name))
    table.freeze_panes(1, 0)
    for number, line in enumerate([sheet.headings, *sheet.rows]):
        for column, value in enumerate(line):
            _put(table, number, column, value, bold if number == 0 else None)
    for column, heading in enumerate(sheet.headings):
        longest = max(len(str(row[column])) for row in [sheet.headings, *sheet.rows])
        table.set_column(column, column, min(max(longest, len(heading)) + 2, WIDEST))
    if sheet.notes:
        notes = book.add_worksheet(_name(sheet.about))
        notes.set_column(0, 0, 20)
        notes.set_column(1, 1, 100)
        for number, (name, words) in enumerate(sheet.notes):
            _put(notes, number, 0, name, bold)
            _put(notes, number, 1, words, None)
    book.close()
    return file.getvalue()


def _put(sheet: Any, row: int, column: int, value: Any, style: Any) -> None:
    if isinstance(value, (int, float)):
        sheet.write_number(row, column, value, style)
    elif value is not None:
        sheet.write_string(row, column, cell(value), style)


def _name(text: str) -> str:
    return " ".join(text.translate(NOT_IN_NAMES).split())[:LONGEST_NAME]
