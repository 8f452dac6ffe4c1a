"""Which sides are paused: one row each, shared by all replicas. One task at a time may probe."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain.pauses import Pause, probe_after
from storage.database import connection
from storage.engine_models import PauseRow

_BEGIN = """
INSERT INTO pause (key, inbox_id, side, reason, since, probe_at, failures) VALUES ($1, $2, $3, $4, $5, $6, 1)
ON CONFLICT (key) DO NOTHING RETURNING 1
"""

_PROBE = "UPDATE pause SET probe_at = $3 WHERE key = ANY($1::text[]) AND probe_at <= $2 RETURNING 1"


def as_pause(row: PauseRow) -> Pause:
    return Pause(row.inbox_id, row.side, row.reason, row.since, row.probe_at, row.failures)


async def everywhere() -> list[Pause]:
    return [as_pause(row) for row in await PauseRow.all().order_by("since")]


async def find(key: str) -> Pause | None:
    row = await PauseRow.get_or_none(key=key)
    return as_pause(row) if row else None


async def begin(pause: Pause) -> bool:
    """Returns whether it is new: of those who find the side blocked at the same time, one is first."""
    values = [pause.key, pause.inbox_id, pause.side, pause.reason, pause.since, pause.probe_at]
    return bool(await connection().execute_query_dict(_BEGIN, values))


async def take_probe(pauses: Sequence[Pause], now: datetime, patience: timedelta) -> bool:
    """Whether the caller is the one to try again; if no word comes of it, the next one may after `patience`."""
    keys = [each.key for each in pauses]
    return len(await connection().execute_query_dict(_PROBE, [keys, now, now + patience])) == len(keys)


async def refused_again(pause: Pause, reason: str, now: datetime) -> Pause:
    """The probe was refused too: the next one comes later."""
    failures = pause.failures + 1
    await PauseRow.filter(key=pause.key).update(failures=failures, reason=reason, probe_at=now + probe_after(failures))
    return await find(pause.key) or pause


async def of_side(side: str) -> list[Pause]:
    """Those of all inboxes."""
    return [as_pause(row) for row in await PauseRow.filter(side=side)]


async def probe_at_once(now: datetime) -> list[Pause]:
    """Whoever starts Switchboard may have mended something: every side may be tried now."""
    await PauseRow.all().update(probe_at=now)
    return await everywhere()


async def lift(key: str) -> None:
    await PauseRow.filter(key=key).delete()
