"""The prompts that agents have spoken by, and the line in the audit where each of them begins to."""

from __future__ import annotations

from datetime import datetime

from storage.database import fetch, fetch_one, transaction

BEGINS = "prompt"  # the event of the audit

# The update changes nothing: it holds the row, so that of replicas that begin with it at once one is first.
_HOLD = """
INSERT INTO prompt_version (inbox_id, digest, text, first_used_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (inbox_id, digest) DO UPDATE SET digest = excluded.digest RETURNING id
"""
_LATEST = "SELECT to_status FROM audit WHERE inbox_id = $1 AND event = $2 ORDER BY at DESC, id DESC LIMIT 1"
_AUDIT = """
INSERT INTO audit (inbox_id, conversation_id, event, from_status, to_status, note, at)
VALUES ($1, $2, $3, $4, $5, '', $6)
"""


async def begins(inbox_id: int, conversation_id: int, text: str, digest: str, at: datetime) -> int:
    """The version's number. The audit gets a line unless this is what its last line says, as after a restart.

    A prompt that comes back after another one is the version that it was, and has a line of its own.
    """
    async with transaction():
        held = await fetch_one(_HOLD, inbox_id, digest, text, at)
        assert held is not None
        version = int(held["id"])
        latest = await fetch_one(_LATEST, inbox_id, BEGINS)
        before = latest["to_status"] if latest else None
        if before != str(version):
            await fetch(_AUDIT, inbox_id, conversation_id, BEGINS, before, str(version), at)
    return version
