"""Messages in threads: which of them are replies of staff, and what they say in the customer's terms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from slack_bolt.context.async_context import AsyncBoltContext

from bot.domain.effects import RefreshCard, TellStaff
from bot.domain.escalation import Escalation
from bot.domain.people import StaffMember
from bot.domain.text.slack_in import SlackText, mentions, slack_to_whatsapp
from bot.flows.staff_replies import StaffReply, staff_replies
from bot.listeners.slack_front import Dispatcher, Front
from integrations.errors import ServiceError
from storage import escalations
from storage.tasks import Claim, Unit, unit

Json = dict[str, Any]

# Everything else (joins, edits, deletions, our own updates) is not something said in a thread.
_SPOKEN = frozenset({None, "file_share", "thread_broadcast", "me_message"})


@dataclass(frozen=True, slots=True)
class Spoken:
    """A message in a thread of ours: what it says to the customer, or why its author may not say it."""

    event: Json
    reply: StaffReply | None = None
    refusal: str | None = None


@dataclass(frozen=True, slots=True)
class SlackMessages:
    front: Front

    def register(self, app: Dispatcher) -> None:
        app.event("message")(self.on_message)

    async def on_message(self, event: Json, body: Json, context: AsyncBoltContext) -> None:
        """Runs in a worker, on a stored event; the unit that records the reply also ends the task."""
        spoken = await self.understand(event, body.get("team_id"))
        lost = await self._card_of(event)
        async with unit(self.front.clock(), cast("Claim", context["claimed"])) as turn:
            if spoken:
                await self.write_down(turn, spoken)
            if lost:
                turn.cause(RefreshCard(inbox_id=lost.inbox_id, escalation_id=lost.id))

    async def understand(self, event: Json, team: str | None) -> Spoken | None:
        """Who says what, or None where it is no reply in a thread of ours. Asks Slack, so not within a transaction."""
        if not self._is_reply(event) or not await escalations.of_thread(event["channel"], event["thread_ts"]):
            return None
        member = await self._author(event, team)
        if refusal := member.refusal(self.front.us.team_id):
            return Spoken(event, refusal=refusal)
        return Spoken(event, reply=await self._reply(event))

    async def write_down(self, turn: Unit, spoken: Spoken) -> None:
        """Once, however often it is told."""
        if spoken.reply:
            await staff_replies(turn, spoken.reply, self.front.rules)
        elif spoken.refusal:
            turn.cause(self._tell(spoken.event, spoken.refusal))

    async def _card_of(self, event: Json) -> Escalation | None:
        """Whose card somebody has just deleted: drawing it again makes a new one."""
        gone = event.get("deleted_ts") if event.get("subtype") == "message_deleted" else None
        after = cast("Json", event.get("message") or {})
        if event.get("subtype") == "message_changed" and after.get("subtype") == "tombstone":
            gone = after.get("ts")  # what is left of the first message of a thread
        return await escalations.of_thread(event["channel"], gone) if gone else None

    def _is_reply(self, event: Json) -> bool:
        in_thread = bool(event.get("thread_ts")) and event.get("thread_ts") != event.get("ts")
        spoken = event.get("subtype") in _SPOKEN and not event.get("hidden") and bool(event.get("user"))
        return in_thread and spoken and not event.get("bot_id") and not self.front.us.said(event)

    async def _author(self, event: Json, team: str | None) -> StaffMember:
        user, home = str(event["user"]), self.front.us.team_id
        team = event.get("user_team") or event.get("team") or team
        if home and team and team != home:
            return StaffMember(user, user, team_id=team)
        return await self.front.member(user)

    async def _reply(self, event: Json) -> StaffReply:
        said = SlackText(tuple(cast("list[Json]", event.get("blocks") or [])), str(event.get("text") or ""))
        called = mentions(said)
        names = {user: await self._name(user) for user in called.users}
        return StaffReply(
            channel=event["channel"],
            thread_ts=event["thread_ts"],
            ts=event["ts"],
            staff_id=event["user"],
            text=slack_to_whatsapp(said, {user: name for user, name in names.items() if name}),
            mentions=called,
            files=len(cast("list[Json]", event.get("files") or [])),
        )

    async def _name(self, user: str) -> str | None:
        try:
            return (await self.front.member(user)).name
        except ServiceError:
            return None  # a mention without a name is left out; it never becomes an id

    def _tell(self, event: Json, words: str) -> TellStaff:
        return TellStaff(
            inbox_id=self.front.inbox_id,
            channel=event["channel"],
            thread_ts=event["thread_ts"],
            user=event["user"],
            text=f"⏸️ *Not sent to the customer.* {words}",
            about=f"{event['channel']}:{event['ts']}:refused",
        )
