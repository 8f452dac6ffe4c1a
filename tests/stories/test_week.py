"""A week of two inboxes, simulated in seconds: exactly this is said."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import datetime

import pytest

from bot.domain.conversation import Author
from bot.domain.escalation import Close, ReturnToBot, Take
from integrations.sandbox.server import Sandbox
from storage.database import Credentials
from storage.desk_models import Notice
from storage.engine_models import Task
from storage.models import ConversationRow, CustomerRow, EscalationRow, MessageRow
from tests.stories.town import ANA, BEN
from tests.stories.week import MADRID, NAMES, NEW_YORK, Week, madrid, new_york, open_week

COLLEAGUE = "A colleague will read this chat and answer you right here."

# The clocks go back in New York in the night to Sunday. Thursday is a holiday in Madrid. Who "reads of" somebody gets a
# direct message.
TABLE = """
Mon 10:00 CET  Carla hears: Of course. (…)
Mon 10:05 CET  Carla: nobody has taken it
Mon 10:05 CET    Ben reads of Carla
Mon 10:15 CET  Carla: nobody has taken it, to on-call
Mon 10:15 CET    Ben reads of Carla
Mon 10:30 CET  Carla: nobody has taken it, to all
Mon 10:30 CET    Ben reads of Carla
Mon 11:15 CET  Carla waits for Ana
Mon 11:15 CET    Ben reads of Carla
Mon 18:50 CET  Diego hears: Of course. (…)
Mon 18:55 CET  Diego: nobody has taken it
Mon 18:55 CET    Ben reads of Diego
Tue 09:05 CET  Diego: nobody has taken it, to on-call
Tue 09:05 CET    Ben reads of Diego
Tue 09:20 CET  Diego: nobody has taken it, to all
Tue 09:20 CET    Ben reads of Diego
Tue 09:50 CET  Diego: nobody has taken it, to all
Tue 09:50 CET    Ben reads of Diego
Tue 16:30 CET  Diego: nobody has taken it, to all
Tue 16:30 CET    Ben reads of Diego
Tue 16:50 CET  Diego: nobody has taken it, to all
Tue 16:50 CET    Ben reads of Diego
Tue 17:10 CET  Diego waits for Ben
Tue 17:55 CET  Diego waits for Ben
Tue 17:55 CET    Ana reads of Diego
Wed 09:20 CET  Carla: closes at Wed 11:20
Wed 09:55 CET  Diego: ↩️ The customer has waited too long for <@U0BEN>, so this is back in the queue.
Wed 10:00 CET  Diego: nobody has taken it
Wed 10:00 CET    Ben reads of Diego
Wed 10:10 CET  Diego: nobody has taken it, to on-call
Wed 10:10 CET    Ben reads of Diego
Wed 10:25 CET  Diego: nobody has taken it, to all
Wed 10:25 CET    Ben reads of Diego
Wed 10:55 CET  Diego: nobody has taken it, to all
Wed 10:55 CET    Ben reads of Diego
Wed 11:20 CET  Carla: ✅ Switchboard closed this.
Wed 20:00 CET  Mina hears: Of course. (…) Our team is back on Friday at 9:00.
Fri 09:05 CET  Mina: nobody has taken it
Fri 09:05 CET    Ben reads of Mina
Fri 09:15 CET  Mina: nobody has taken it, to on-call
Fri 09:15 CET    Ben reads of Mina
Fri 12:00 CET  Carla hears: Of course. (…)
Fri 16:00 CET  Carla: nobody has taken it, to on-call, to all
Fri 16:00 CET    Ben reads of Carla
Sat 23:30 EDT  Mina hears: Of course. (…)
Sun 00:00 EDT  Mina: nobody has taken it
Sun 01:30 EDT  Mina: nobody has taken it
Sun 01:30 EST  Mina: nobody has taken it
Sun 02:30 EST  Mina: nobody has taken it
Sun 02:30 EST    Ben reads of Mina
Sun 03:30 EST  Mina: nobody has taken it
Sun 03:30 EST    Ben reads of Mina
Sun 04:30 EST  Mina: nobody has taken it
Sun 04:30 EST    Ben reads of Mina
Sun 05:30 EST  Mina: nobody has taken it
Sun 05:30 EST    Ben reads of Mina
Sun 12:00 EST  Mina hears: Our team is back today at 22:00.
Sun 22:30 EST  Mina: nobody has taken it
Sun 22:30 EST    Ben reads of Mina
"""


@pytest.fixture
async def week(database: Credentials, sandbox: Sandbox) -> AsyncGenerator[Week]:
    async with open_week(sandbox, madrid("10-26 08:00")) as opened:
        yield opened


async def test_a_week_of_two_inboxes_says_exactly_this(week: Week, sandbox: Sandbox) -> None:
    plan_the_shop(week)
    plan_the_night(week)
    await week.live(madrid("11-02 12:00"), down=(madrid("10-30 12:05"), madrid("10-30 15:30")))
    assert await table(week) == TABLE.strip().splitlines()
    assert len(sandbox.slack.dm(ANA)) + len(sandbox.slack.dm(BEN)) == await Notice.all().count()


def plan_the_shop(week: Week) -> None:
    shop = week.shop
    week.at(madrid("10-26 10:00"), lambda: week.writes(shop, "Carla"))
    week.at(madrid("10-26 10:40"), lambda: week.presses(shop, "Carla", Take(), ANA))
    week.at(madrid("10-26 10:50"), lambda: week.answers(shop, "Carla", ANA))
    week.at(madrid("10-26 11:00"), lambda: week.writes(shop, "Carla", "And when?"))
    week.at(madrid("10-26 11:20"), lambda: week.answers(shop, "Carla", ANA))  # then nobody says anything more

    week.at(madrid("10-26 18:50"), lambda: week.writes(shop, "Diego"))
    week.at(madrid("10-27 10:00"), lambda: week.puts_off(shop, "Diego", madrid("10-27 16:30"), BEN))
    week.at(madrid("10-27 16:55"), lambda: week.presses(shop, "Diego", Take(), BEN))  # who then forgets it
    week.at(madrid("10-28 11:10"), lambda: week.presses(shop, "Diego", ReturnToBot(), ANA))

    week.at(madrid("10-28 20:00"), lambda: week.writes(shop, "Mina"))
    week.at(madrid("10-28 21:00"), lambda: week.writes(shop, "Mina", "Hello?"))
    week.at(madrid("10-29 11:00"), lambda: week.writes(shop, "Mina", "Nobody?"))
    week.at(madrid("10-30 09:20"), lambda: week.presses(shop, "Mina", Take(), ANA))
    week.at(madrid("10-30 09:25"), lambda: week.presses(shop, "Mina", Close(), ANA))

    week.at(madrid("10-30 12:00"), lambda: week.writes(shop, "Carla"))  # and at once Switchboard is down
    week.at(madrid("10-30 16:30"), lambda: week.presses(shop, "Carla", Take(), BEN))
    week.at(madrid("10-30 16:35"), lambda: week.presses(shop, "Carla", Close(), BEN))


def plan_the_night(week: Week) -> None:
    night = week.night
    week.at(new_york("10-31 23:30"), lambda: week.writes(night, "Mina"))
    week.at(new_york("11-01 12:00"), lambda: week.writes(night, "Mina", "Good morning"))
    week.at(new_york("11-01 22:40"), lambda: week.presses(night, "Mina", Take(), ANA))
    week.at(new_york("11-01 22:45"), lambda: week.answers(night, "Mina", ANA))


async def table(week: Week) -> list[str]:
    """Who was told what, in the order of time: reminders, what Switchboard did by itself, what customers heard."""
    shown: list[tuple[datetime, int, str]] = []
    zones = {week.shop: MADRID, week.night: NEW_YORK}
    for task in await Task.all().order_by("id"):
        if words := await TOLD.get(task.kind, nothing)(task):
            shown.append((task.not_before, task.inbox_id, words))  # noqa: PERF401  # plainer than three lines of brackets
    shown += [
        (each.said_at, each.inbox_id, f"  {NAMES[each.staff_id]} reads of {await customer(each)}")
        for each in await Notice.all().order_by("id")
    ]
    return [f"{when.astimezone(zones[inbox]):%a %H:%M %Z}  {words}" for when, inbox, words in sorted(shown, key=at)]


def at(told: tuple[datetime, int, str]) -> datetime:
    return told[0]


async def nothing(_task: Task) -> str:
    return ""


async def not_taken(task: Task) -> str:
    also = [("to on-call", task.payload["calls"]), ("to all", task.payload["to_all"])]
    steps = "".join(f", {name}" for name, told in also if told)
    return f"{await customer(task)}: nobody has taken it{steps}"


async def not_answered(task: Task) -> str:
    return f"{await customer(task)} waits for {NAMES[str(task.payload['holder'])]}"


async def closing(task: Task) -> str:
    moment = datetime.fromtimestamp(int(str(task.payload["closes_at"])), MADRID)
    return f"{await customer(task)}: closes at {moment:%a %H:%M}"


async def by_itself(task: Task) -> str:
    said = str(task.payload["text"])
    return f"{await customer(task)}: {said}" if "Switchboard" in said or "too long" in said else ""


async def heard(task: Task) -> str:
    message = await MessageRow.get(id=task.payload["message_id"])
    row = await ConversationRow.get(id=message.conversation_id)
    name = (await CustomerRow.get(id=row.customer_id)).name
    return f"{name} hears: {message.text.replace(COLLEAGUE, '(…)')}" if message.author is Author.SYSTEM else ""


async def customer(about: Task | Notice) -> str:
    escalation_id = about.escalation_id if isinstance(about, Notice) else about.payload["escalation_id"]
    row = await EscalationRow.get(id=escalation_id)
    conversation = await ConversationRow.get(id=row.conversation_id)
    return (await CustomerRow.get(id=conversation.customer_id)).name


TOLD: dict[str, Callable[[Task], Awaitable[str]]] = {
    "slack.remind": not_taken,
    "slack.remind_holder": not_answered,
    "slack.closing": closing,
    "slack.note": by_itself,
    "whatsapp.send": heard,
}
