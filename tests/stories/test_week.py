"""A week of two inboxes, simulated in seconds: exactly this is said."""

from __future__ import annotations

import itertools
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import aiohttp
import pytest

from bot.delivery.notices import StaffNotices
from bot.delivery.pacing import Pace
from bot.domain.conversation import Author
from bot.domain.delivery import Delivery
from bot.domain.escalation import Actor, Close, Event, Refusal, ReturnToBot, Status, Take
from bot.domain.hours import Hours, Span
from bot.domain.inbound import Inbound
from bot.domain.inboxes import Inbox, Inboxes
from bot.domain.notice_work import Notify, NotifyOfReminder
from bot.domain.notices import GATHERED_FOR
from bot.domain.people import Address, AddressKind
from bot.domain.preferences import Extent, Preferences, QuietHours, Topic
from bot.domain.reminders import usual_ladder
from bot.domain.rules import InboxRules
from bot.domain.text.slack_in import Mentions
from bot.domain.work import Crew, Work
from bot.flows.customer_writes import customer_writes
from bot.flows.snooze import snooze
from bot.flows.staff_presses import staff_presses
from bot.flows.staff_replies import StaffReply, staff_replies
from bot.listeners.clock import ClockDoor
from bot.roster import Roster
from bot.worker import Handler
from integrations.sandbox.people import TEAM
from integrations.sandbox.server import Sandbox
from integrations.slack.client import Slack, make_client
from storage import conversations, escalations, preferences, tasks
from storage import inboxes as inbox_rows
from storage.database import Credentials
from storage.models import ConversationRow, CustomerRow, EscalationRow, MessageRow, Notice, Task
from storage.tasks import Claim, NotYetError, unit
from tests.brisk import BRISK
from tests.stories.town import ANA, ASK_FOR_PERSON, BEN, CHANNEL

MADRID, NEW_YORK = ZoneInfo("Europe/Madrid"), ZoneInfo("America/New_York")
COLLEAGUE = "A colleague will read this chat and answer you right here."
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NAMES = {ANA: "Ana", BEN: "Ben"}

DAY = (Span.parse("09:00-14:00"), Span.parse("16:00-19:00"))
SHOP = InboxRules(
    ladder=usual_ladder([5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR]),
    debounce=timedelta(0),
    send_grace=MINUTE,
    on_call_group="S0ONCALL",
    lead_group="S0LEADS",
    hours=Hours(MADRID, (*[DAY] * 5, (Span.parse("10:00-14:00"),), ()), {date(2026, 10, 29): ()}),
    release_after=3 * HOUR,
    close_after=16 * HOUR,
    close_warning=2 * HOUR,
)
NIGHT = InboxRules(
    ladder=usual_ladder([30 * MINUTE, 2 * HOUR]),
    debounce=timedelta(0),
    send_grace=MINUTE,
    hours=Hours(NEW_YORK, ((Span.parse("22:00-06:00"),),) * 7),
)

# Ana is on call and, as Ben, a lead. She wants to hear of her own, and nothing in the evening; he wants all reminders,
# but none between midnight and two of his night in New York.
ANAS = Preferences(quiet=QuietHours(time(18, 30), time(8)))
BENS = Preferences({Topic.REMINDER: Extent.ALL}, quiet=QuietHours(time(0), time(2)))

# The clocks go back in New York in the night to Sunday. Thursday is a holiday in Madrid. Who "reads of" somebody gets a
# direct message.
TABLE = """
Mon 10:00 CET  Carla hears: Of course. (…)
Mon 10:05 CET  Carla: nobody has taken it
Mon 10:05 CET    Ben reads of Carla
Mon 10:15 CET  Carla: nobody has taken it, to on-call
Mon 10:15 CET    Ben reads of Carla
Mon 10:30 CET  Carla: nobody has taken it, to on-call, to all
Mon 10:30 CET    Ben reads of Carla
Mon 11:15 CET  Carla waits for Ana
Mon 11:15 CET    Ben reads of Carla
Mon 18:50 CET  Diego hears: Of course. (…)
Mon 18:55 CET  Diego: nobody has taken it
Mon 18:55 CET    Ben reads of Diego
Tue 09:05 CET  Diego: nobody has taken it, to on-call
Tue 09:05 CET    Ben reads of Diego
Tue 09:20 CET  Diego: nobody has taken it, to on-call, to all
Tue 09:20 CET    Ben reads of Diego
Tue 09:50 CET  Diego: nobody has taken it, to on-call, to all
Tue 09:50 CET    Ben reads of Diego
Tue 16:30 CET  Diego: nobody has taken it, to on-call, to all
Tue 16:30 CET    Ben reads of Diego
Tue 16:50 CET  Diego: nobody has taken it, to on-call, to all
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
Wed 10:25 CET  Diego: nobody has taken it, to on-call, to all
Wed 10:25 CET    Ben reads of Diego
Wed 10:55 CET  Diego: nobody has taken it, to on-call, to all
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


def madrid(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=MADRID).astimezone(UTC)


def new_york(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=NEW_YORK).astimezone(UTC)


@dataclass
class Week:
    """Its people act at their times; the clock ticks in between, except while Switchboard is down."""

    shop: int
    night: int
    inboxes: Inboxes
    slack: Slack
    now: datetime
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    _plans: list[tuple[datetime, Callable[[], Awaitable[None]]]] = field(
        default_factory=list[tuple[datetime, Callable[[], Awaitable[None]]]]
    )

    def at(self, moment: datetime, plan: Callable[[], Awaitable[None]]) -> None:
        self._plans.append((moment, plan))

    async def live(self, until: datetime, down: tuple[datetime, datetime]) -> None:
        door = ClockDoor(self.inboxes, lambda: self.now)
        plans = sorted(self._plans, key=lambda each: each[0])
        while self.now < until:
            while plans and plans[0][0] <= self.now:
                await plans.pop(0)[1]()
            await MessageRow.filter(status=Delivery.QUEUED).update(status=Delivery.SENT)
            if not down[0] <= self.now < down[1]:
                await door.tick()
                await self._write()
            self.now = min([*(moment for moment, _ in plans[:1]), *await self._due(), self.now + HOUR / 2])

    async def _write(self) -> None:
        """Let the direct messages of this moment be written; what else is to be done in Slack is not the point here."""
        for later in range(3):  # a reminder finds its readers, and they are written to when no more comes
            clock = partial(self._soon, later * GATHERED_FOR)
            notices = StaffNotices(self.slack, Roster(self.slack, lambda: TEAM, clock), clock, Pace(BRISK, clock))
            hands: dict[type[Work], Handler] = {NotifyOfReminder: notices.ask_whom, Notify: notices.tell}
            while claims := (await tasks.claim(1, dict.fromkeys(Crew, 50), clock())).tasks:
                for claimed in claims:
                    await run(hands.get(type(claimed.work)), claimed, clock())

    def _soon(self, later: timedelta) -> datetime:
        return self.now + later

    async def _due(self) -> list[datetime]:
        """What the clock, which ticks each second, would find due before the next half hour."""
        rows = await EscalationRow.filter(status__in=[Status.QUEUED, Status.OPEN])
        times = [at for row in rows for at in (row.remind_at, row.waiting_at, row.idle_at) if at]
        return [at for at in times if at > self.now]

    async def writes(self, inbox_id: int, customer: str, text: str = ASK_FOR_PERSON) -> None:
        address = Address(AddressKind.WA_ID, f"1555{sum(map(ord, customer)):07}")
        wamid = f"wamid.{next(self._numbers)}"
        inbound = Inbound((address,), address, wamid, "text", text, self.now, name=customer)
        async with unit(self.now) as turn:
            await customer_writes(turn, inbox_id, inbound, self.inboxes[inbox_id].rules)
        row = await self._active(inbox_id, customer)
        await escalations.set_thread(row.id, CHANNEL, f"{row.id}.0")

    async def presses(self, inbox_id: int, customer: str, event: Event, by: str) -> None:
        row = await self._active(inbox_id, customer)
        async with unit(self.now) as turn:
            outcome = await staff_presses(turn, row.id, event, Actor(by), self.inboxes[inbox_id].rules)
        assert not isinstance(outcome, Refusal)

    async def puts_off(self, inbox_id: int, customer: str, until: datetime, by: str) -> None:
        row = await self._active(inbox_id, customer)
        async with unit(self.now) as turn:
            outcome = await snooze(turn, row.id, until, Actor(by), self.inboxes[inbox_id].rules)
        assert not isinstance(outcome, Refusal)

    async def answers(self, inbox_id: int, customer: str, by: str) -> None:
        row = await self._active(inbox_id, customer)
        ts = f"{self.now.timestamp():.0f}.{next(self._numbers):06}"
        reply = StaffReply(CHANNEL, str(row.card_ts), ts, by, "It is on its way.", Mentions())
        async with unit(self.now) as turn:
            await staff_replies(turn, reply, self.inboxes[inbox_id].rules)

    async def _active(self, inbox_id: int, customer: str) -> EscalationRow:
        person = await CustomerRow.get(inbox_id=inbox_id, name=customer)
        conversation = await conversations.of_customer(person.id)
        assert conversation is not None
        return (await EscalationRow.filter(conversation_id=conversation.id).order_by("-id").limit(1))[0]


async def run(hand: Handler | None, claimed: Claim, now: datetime) -> None:
    try:
        await (hand(claimed.work, claimed) if hand else tasks.finish(claimed, now))
    except NotYetError as wait:
        await tasks.defer(claimed, wait, now)


@pytest.fixture
async def sandbox() -> AsyncGenerator[Sandbox]:
    async with Sandbox() as opened:
        opened.slack.add_group("S0ONCALL", "oncall", [ANA])
        opened.slack.add_group("S0LEADS", "leads", [ANA, BEN])
        opened.slack.change_user(replace(opened.slack.workspace.users[BEN], tz="America/New_York"))
        yield opened


@pytest.fixture
async def week(database: Credentials, sandbox: Sandbox) -> AsyncGenerator[Week]:
    shop = await inbox_rows.settle("1", "Shop", CHANNEL, masks_numbers=False)
    night = await inbox_rows.settle("2", "Night", CHANNEL, masks_numbers=False)
    known = Inboxes([Inbox(shop.id, "Shop", "1", (CHANNEL,), SHOP), Inbox(night.id, "Night", "2", (CHANNEL,), NIGHT)])
    await preferences.save(shop.id, ANA, ANAS)
    await preferences.save(shop.id, BEN, BENS)
    async with aiohttp.ClientSession() as session:
        slack = Slack(make_client(session, sandbox.slack_api_url, sandbox.config.slack_bot_token), session)
        lived = Week(shop.id, night.id, known, slack, madrid("10-26 08:00"))
        sandbox.world.clock = lambda: lived.now.timestamp()
        yield lived


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
