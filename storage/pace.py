"""Budgets that all replicas share: one row each, booked in one statement, so no transaction waits for a turn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from bot.domain.pace import Budget
from storage.database import connection

# In the order of the keys, so that two replicas that book the same budgets never wait for each other crosswise.
_BOOK = """
INSERT INTO pace AS booked (key, inbox_id, booked_until)
SELECT key, $1, $2::timestamptz + cost FROM unnest($3::text[], $4::interval[]) AS asked(key, cost) ORDER BY key
ON CONFLICT (key) DO UPDATE
SET booked_until = greatest(booked.booked_until, $2) + (excluded.booked_until - $2)
RETURNING key, booked_until
"""

_BOOK_SPARE = """
INSERT INTO pace AS booked (key, inbox_id, booked_until) VALUES ($3, $1, $2::timestamptz + $4::interval)
ON CONFLICT (key) DO UPDATE
SET booked_until = greatest(booked.booked_until, $2) + (excluded.booked_until - $2)
WHERE greatest(booked.booked_until, $2) + (excluded.booked_until - $2) <= $5::timestamptz
RETURNING key
"""

_BOOKED = "SELECT booked_until FROM pace WHERE key = $1"

_HELD = "SELECT 1 FROM pace WHERE key = ANY($1::text[]) AND held_until > $2 LIMIT 1"

_HOLD_OFF = """
INSERT INTO pace AS booked (key, inbox_id, booked_until, held_until)
SELECT key, $1, until, $2 FROM unnest($3::text[], $4::timestamptz[]) AS asked(key, until) ORDER BY key
ON CONFLICT (key) DO UPDATE
SET booked_until = greatest(booked.booked_until, excluded.booked_until),
    held_until = greatest(booked.held_until, excluded.held_until)
"""


async def reserve(inbox_id: int, budgets: Sequence[Budget], now: datetime) -> datetime:
    """Book these calls in every budget they need; returns when they may be made, `now` or later."""
    costs = [each.rate.cost(each.calls) for each in budgets]
    rows = await connection().execute_query_dict(_BOOK, [inbox_id, now, [each.key for each in budgets], costs])
    booked = {str(row["key"]): cast("datetime", row["booked_until"]) for row in rows}
    return max(now, *(each.rate.opens_at(booked[each.key]) for each in budgets))


async def take_spare(inbox_id: int, budget: Budget, now: datetime) -> datetime:
    """Book these calls only where enough room stays for others; returns `now`, or when to ask again."""
    cost, limit = budget.rate.cost(budget.calls), budget.rate.spare_limit(now)
    if await connection().execute_query_dict(_BOOK_SPARE, [inbox_id, now, budget.key, cost, limit]):
        return now
    [row] = await connection().execute_query_dict(_BOOKED, [budget.key])
    return max(now + budget.rate.every, cast("datetime", row["booked_until"]) + cost - (limit - now))


async def is_held(budgets: Sequence[Budget], now: datetime) -> bool:
    """Whether a service has asked for quiet: then what was reserved before counts no more."""
    return bool(await connection().execute_query_dict(_HELD, [[each.key for each in budgets], now]))


async def hold_off(inbox_id: int, budgets: Sequence[Budget], until: datetime) -> None:
    """A service asked for quiet until then: nobody, on no replica, calls before."""
    after = [each.rate.booked_by_hold(until) for each in budgets]
    await connection().execute_query(_HOLD_OFF, [inbox_id, until, [each.key for each in budgets], after])
