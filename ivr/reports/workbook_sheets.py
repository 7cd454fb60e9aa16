"""Excel workbooks: sheets of rows, whose texts are never taken for formulas.

Only the functions that write a workbook import this file, because openpyxl takes longer to load than a report to make.
"""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from rich.cells import cell_len

_WIDEST = 60  # columns of a cell


def new_workbook() -> Workbook:
    """Return a workbook without a sheet."""
    book = Workbook()
    del book["Sheet"]  # every new workbook has one
    return book


def append_row(sheet: Worksheet, cells: Sequence[str | int | float | datetime | None], *, bold: bool = False) -> None:
    """Add a row; a text is never taken for a formula."""
    sheet.append(list(cells))
    for cell in sheet[sheet.max_row]:
        if isinstance(cell, Cell) and isinstance(cell.value, str):
            cell.data_type = "s"
        if bold:
            cell.font = Font(bold=True)
            cell.alignment = Alignment(wrap_text=True, vertical="top")


def written(book: Workbook) -> bytes:
    """Return the file of a workbook, each column as wide as its widest cell below the title, within reason."""
    for sheet in book.worksheets:
        for column, cells in enumerate(sheet.iter_cols(), start=1):
            width = max(cell_len(str(cell.value or "")) for cell in cells[1:] or cells)
            sheet.column_dimensions[get_column_letter(column)].width = min(max(width, 9), _WIDEST) + 2
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()
