"""Days of a desk in simulated time: real flows, the real clock, and direct messages really written, in seconds."""

from __future__ import annotations

import itertools
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import aiohttp

from bot.delivery.notices import StaffNotices
from bot.delivery.pacing import Pace
from bot.domain.delivery import Delivery
from bot.domain.escalation import Actor, Event, Refusal, Status
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
from storage.models import CustomerRow, EscalationRow, MessageRow
from storage.tasks import Claim, NotYetError, unit
from tests.brisk import BRISK
from tests.stories.town import ANA, ASK_FOR_PERSON, BEN, CHANNEL

MADRID, NEW_YORK = ZoneInfo("Europe/Madrid"), ZoneInfo("America/New_York")
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

    async def live(self, until: datetime, down: tuple[datetime, datetime] | None = None) -> None:
        door = ClockDoor(self.inboxes, lambda: self.now)
        plans = sorted(self._plans, key=lambda each: each[0])
        while self.now < until:
            while plans and plans[0][0] <= self.now:
                await plans.pop(0)[1]()
            await MessageRow.filter(status=Delivery.QUEUED).update(status=Delivery.SENT)
            if not (down and down[0] <= self.now < down[1]):
                await door.tick()
                await self._write()
            self.now = min([*(moment for moment, _ in plans[:1]), *await self._due(), self.now + HOUR / 2])

    async def _write(self) -> None:
        """Let the direct messages of this moment be written; what else is to be done in Slack is not the point here."""
        for later in range(3):  # a reminder finds its readers, and they are written to when no more comes
            clock = partial(self._soon, later * GATHERED_FOR)
            notices = StaffNotices(
                self.slack, Roster(self.slack, lambda: TEAM, clock), self.inboxes, clock, Pace(BRISK, clock)
            )
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
        row = await self.escalation(inbox_id, customer)
        await escalations.set_thread(row.id, CHANNEL, f"{row.id}.0")

    async def presses(self, inbox_id: int, customer: str, event: Event, by: str) -> None:
        row = await self.escalation(inbox_id, customer)
        async with unit(self.now) as turn:
            outcome = await staff_presses(turn, row.id, event, Actor(by), self.inboxes[inbox_id].rules)
        assert not isinstance(outcome, Refusal)

    async def puts_off(self, inbox_id: int, customer: str, until: datetime, by: str) -> None:
        row = await self.escalation(inbox_id, customer)
        async with unit(self.now) as turn:
            outcome = await snooze(turn, row.id, until, Actor(by), self.inboxes[inbox_id].rules)
        assert not isinstance(outcome, Refusal)

    async def answers(self, inbox_id: int, customer: str, by: str) -> None:
        row = await self.escalation(inbox_id, customer)
        ts = f"{self.now.timestamp():.0f}.{next(self._numbers):06}"
        reply = StaffReply(CHANNEL, str(row.card_ts), ts, by, "It is on its way.", Mentions())
        async with unit(self.now) as turn:
            await staff_replies(turn, reply, self.inboxes[inbox_id].rules)

    async def escalation(self, inbox_id: int, customer: str) -> EscalationRow:
        person = await CustomerRow.get(inbox_id=inbox_id, name=customer)
        conversation = await conversations.of_customer(person.id)
        assert conversation is not None
        return (await EscalationRow.filter(conversation_id=conversation.id).order_by("-id").limit(1))[0]


async def run(hand: Handler | None, claimed: Claim, now: datetime) -> None:
    try:
        await (hand(claimed.work, claimed) if hand else tasks.finish(claimed, now))
    except NotYetError as wait:
        await tasks.defer(claimed, wait, now)


@asynccontextmanager
async def open_week(sandbox: Sandbox, begins: datetime) -> AsyncGenerator[Week]:
    """Two inboxes, Ana and Ben. The database is open already."""
    sandbox.slack.add_group("S0ONCALL", "oncall", [ANA])
    sandbox.slack.add_group("S0LEADS", "leads", [ANA, BEN])
    sandbox.slack.change_user(replace(sandbox.slack.workspace.users[BEN], tz="America/New_York"))
    shop = await inbox_rows.settle("1", "Shop", CHANNEL, masks_numbers=False)
    night = await inbox_rows.settle("2", "Night", CHANNEL, masks_numbers=False)
    known = Inboxes([Inbox(shop.id, "Shop", "1", (CHANNEL,), SHOP), Inbox(night.id, "Night", "2", (CHANNEL,), NIGHT)])
    await preferences.save(shop.id, ANA, ANAS)
    await preferences.save(shop.id, BEN, BENS)
    async with aiohttp.ClientSession() as session:
        slack = Slack(make_client(session, sandbox.slack_api_url, sandbox.config.slack_bot_token), session)
        week = Week(shop.id, night.id, known, slack, begins)
        sandbox.world.clock = lambda: week.now.timestamp()
        yield week
