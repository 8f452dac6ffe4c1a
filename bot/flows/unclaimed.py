"""Words for a number that no inbox has, and inboxes that the settings have forgotten: said aloud, and nothing lost."""

from __future__ import annotations

from datetime import datetime

import structlog

from bot.domain.arrivals import Unclaimed
from bot.domain.effects import KINDS
from bot.domain.inboxes import Inbox, Inboxes
from bot.domain.text.slack_out import escape
from bot.domain.thread_work import NoteInChannel
from storage import tasks, tasks_admin
from storage.tasks import Unit, unit

log = structlog.get_logger("switchboard.inboxes")

_AT_ONCE = 10_000


async def number_is_unknown(work: Unclaimed, first: Inbox, now: datetime) -> None:
    """Told once for each number, however much comes for it."""
    words = (
        f"⚠️ *Customers write to a WhatsApp number that no inbox has* (its id is `{escape(work.number)}`). What they "
        "write is kept. Name the number in `switchboard.toml` and restart Switchboard: then it arrives, in order."
    )
    await tasks.enqueue([NoteInChannel(inbox_id=first.id, text=words, about=f"unknown_number:{work.number}")], now)


def arrives(turn: Unit, work: Unclaimed, inbox: Inbox) -> None:
    """The number has an inbox now: it is as though it had come today."""
    turn.cause(KINDS[work.what].from_payload(inbox.id, work.told))


async def numbers_are_known(inboxes: Inboxes, now: datetime) -> None:
    """Before anything newer can come: what waited for an inbox arrives, in the order in which it came."""
    for entry in await tasks_admin.listed(dead=False, waiting=True, kind=Unclaimed.kind, limit=_AT_ONCE):
        assert isinstance(entry.work, Unclaimed)
        inbox = inboxes.of_number(entry.work.number)
        if inbox is None:
            continue
        async with unit(now) as turn:
            arrives(turn, entry.work, inbox)
            await turn.flush()
            if not await tasks_admin.set_aside(entry, now):
                log.info("unclaimed.elsewhere", task=entry.id)  # another replica hands it on; its key makes it once


async def inboxes_are_gone(inboxes: Inboxes, now: datetime) -> None:
    """Nobody should learn from silence that an inbox is not in the settings any more."""
    for each in inboxes.values():
        if not each.is_former:
            continue
        log.error("inbox.not_in_settings", inbox=each.name, open=each.active)
        words = (
            f"⚠️ *The inbox “{escape(each.name)}” is not in the settings any more*, and {each.active} of its "
            "conversations are not over. They go on where they are; new words of its customers come to people, because "
            "its AI has nothing to go by. Once they are over it is let go at the next start."
        )
        note = NoteInChannel(inbox_id=inboxes.first.id, text=words, about=f"former:{each.id}:{now:%Y-%m-%d}")
        await tasks.enqueue([note], now)
