"""Excel workbooks: sheets of rows. Excel takes no text of them for a formula.

openpyxl is loaded with the first workbook, because loading it takes longer than making a report.
"""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING

from rich.cells import cell_len

from ivr.lazy import late

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_openpyxl, _cell = late("openpyxl"), late("openpyxl.cell")
_styles, _utils = late("openpyxl.styles"), late("openpyxl.utils")

_WIDEST = 60  # columns of a cell


def new_workbook() -> "Workbook":
    """Return a workbook without a sheet."""
    book: Workbook = _openpyxl.Workbook()
    del book["Sheet"]  # which every new workbook has
    return book


def append_row(sheet: "Worksheet", cells: Sequence[str | int | float | datetime | None], *, bold: bool = False) -> None:
    """Add a row; a text is never taken for a formula."""
    sheet.append(list(cells))
    for cell in sheet[sheet.max_row]:
        if isinstance(cell, _cell.Cell) and isinstance(cell.value, str):
            cell.data_type = "s"
        if bold:
            cell.font = _styles.Font(bold=True)
            cell.alignment = _styles.Alignment(wrap_text=True, vertical="top")


def workbook_bytes(book: "Workbook") -> bytes:
    """Return the file of a workbook, each column as wide as its widest cell below the title, within reason."""
    for sheet in book.worksheets:
        for column, cells in enumerate(sheet.iter_cols(), start=1):
            width = max(cell_len(str(cell.value or "")) for cell in cells[1:] or cells)
            sheet.column_dimensions[_utils.get_column_letter(column)].width = min(max(width, 9), _WIDEST) + 2
    file = BytesIO()
    book.save(file)
    return file.getvalue()
