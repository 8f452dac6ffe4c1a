"""What may stand in a cell of a file that a spreadsheet opens: there some texts are commands."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

# What spreadsheets take for the beginning of a formula, and what they skip in front of one
# (owasp.org/www-community/attacks/CSV_Injection).
_COMMANDS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_GUARD = "'"

Value = str | int | datetime | None


def cell(value: Value, zone: ZoneInfo) -> str:
    """Times to the second, with their distance from UTC (ISO 8601); text that cannot be run."""
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat(timespec="seconds")
    if isinstance(value, str):
        return guarded(value)
    return "" if value is None else str(value)


def guarded(text: str) -> str:
    """With an apostrophe in front where a spreadsheet would reckon with it; it shows the rest as text.

    What begins with an apostrophe gets one too, so that taking one away always gives the text back.
    """
    is_command = text.lstrip(" ").startswith(_COMMANDS) or text.startswith(_GUARD)
    return f"{_GUARD}{text}" if is_command else text
