"""A service refuses everything: what is meant for it waits in order, people are told once, and it goes on by itself."""

from __future__ import annotations

from datetime import datetime

import structlog

from bot.domain.conversation import Author
from bot.domain.escalation import slack_time
from bot.domain.pauses import SLACK, WHATSAPP, Pause, probe_after
from bot.domain.staff_work import WriteToStaff
from bot.domain.thread_work import NoteInChannel, NoteInThread
from storage import escalations, messages, pauses, staff, tasks, tasks_hastening
from storage.tasks import Unit, unit

_SAID_ONCE_IN = 300  # seconds: a side that comes and goes does not fill the channel with its news

log = structlog.get_logger("switchboard.pauses")


async def side_pauses(inbox_id: int, side: str, reason: str, now: datetime) -> Pause:
    """The side is blocked; whoever finds it so first says it."""
    pause = Pause(inbox_id, side, reason, since=now, probe_at=now + probe_after(1))
    async with unit(now) as turn:
        if await pauses.begin(pause):
            log.error("side.paused", side=side, reason=reason)
            turn.cause(_first_word(pause))
            if side not in (WHATSAPP, SLACK):
                await _tell_people(turn, pause)
            return pause
    return await pauses.find(pause.key) or pause


async def side_resumes(pause: Pause, now: datetime) -> None:
    """A call has gone through: whatever waited goes on.

    The line is stored before the row is deleted, because all others who need both take them in that order.
    """
    async with unit(now) as turn:
        if await pauses.find(pause.key) is None:
            return
        if pause.side == WHATSAPP:
            words = (
                f"✅ *{pause.what} works again*. What waited since {slack_time(pause.since)} is on its way, in order."
            )
            turn.cause(_line(pause, words, "resumed"))
        await turn.flush()
        await pauses.lift(pause.key)
    woken = await tasks_hastening.hasten(pause.key, now)
    log.warning("side.resumed", side=pause.side, since=pause.since.isoformat(), lanes=woken)


async def started_again(now: datetime) -> None:
    """Whoever starts Switchboard may just have mended a side: each is tried at once."""
    for pause in await pauses.probe_at_once(now):
        await tasks_hastening.hasten(pause.key, now)


async def reply_waits(message_id: int, pause: Pause, now: datetime) -> None:
    """A reply of staff waits behind a pause: say so in its thread, once."""
    message = await messages.load(message_id)
    if message.author is Author.STAFF and message.escalation_id is not None:
        line = NoteInThread(
            inbox_id=message.inbox_id,
            escalation_id=message.escalation_id,
            text=f"⏳ *Not sent yet.* {pause.what} is paused since {slack_time(pause.since)}: {pause.reason}. "
            "Replies are kept and sent in order as soon as it works again.",
            about=f"waits:{pause.side}:{pause.since.timestamp():.0f}",
        )
        await tasks.enqueue([line], now)


async def _tell_people(turn: Unit, pause: Pause) -> None:
    """A channel cannot say of itself that it is closed: tell those who have conversations there, or watch them."""
    people = {*await escalations.holders(pause.inbox_id), *await staff.homes_open(turn.now)}
    words = (
        f"⛔ *{pause.what} is paused* since {slack_time(pause.since)}: {pause.reason}. What customers write is kept, "
        "and shown there as soon as it works again. In App Home you still see who waits."
    )
    for user in sorted(people):
        about = f"paused:{pause.side}:{pause.since.timestamp():.0f}"
        turn.cause(WriteToStaff(inbox_id=pause.inbox_id, user=user, text=words, about=about))


def _first_word(pause: Pause) -> NoteInChannel:
    """Of Slack this can only be said afterwards: until then the line is what tries whether Slack works again."""
    if pause.side == WHATSAPP:
        words = (
            f"⛔ *{pause.what} is paused* since {slack_time(pause.since)}: {pause.reason}. Nothing is lost: "
            "what is written meanwhile is kept, and sent in order as soon as it works again."
        )
    else:
        words = (
            f"✅ *{pause.what} works again.* It was paused since {slack_time(pause.since)}: {pause.reason}. "
            "Nothing was lost; what was kept back is shown now, in order."
        )
    return _line(pause, words, "paused")


def _line(pause: Pause, words: str, what: str) -> NoteInChannel:
    about = f"{what}:{pause.side}:{pause.since.timestamp() // _SAID_ONCE_IN:.0f}"
    return NoteInChannel(inbox_id=pause.inbox_id, text=words, about=about, channel=pause.channel)
