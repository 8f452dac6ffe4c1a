"""Rows as a file that programs read (RFC 4180) and that a spreadsheet cannot be hurt by."""

from __future__ import annotations

import csv
from typing import TextIO
from zoneinfo import ZoneInfo

from bot.domain.csv_cells import cell
from storage.database import Rows


async def write(rows: Rows, out: TextIO, zone: ZoneInfo) -> int:
    """How many rows there were below the header."""
    writer, count = csv.writer(out, lineterminator="\r\n"), 0
    writer.writerow(rows.columns)
    async for row in rows.each:
        writer.writerow([cell(row[name], zone) for name in rows.columns])
        count += 1
    return count
