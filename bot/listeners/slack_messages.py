"""Messages in threads: what staff say, edit and delete there, and what that is in the customer's terms."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, cast

from slack_bolt.context.async_context import AsyncBoltContext

from bot.domain.escalation import Escalation
from bot.domain.files import StaffFile
from bot.domain.inboxes import Inbox
from bot.domain.people import StaffMember
from bot.domain.staff_work import TellStaff
from bot.domain.text.slack_in import SlackText, mentions, slack_to_whatsapp
from bot.domain.thread_work import RefreshCard
from bot.flows.staff_edits import StaffDeletion, StaffEdit, staff_deletes, staff_edits
from bot.flows.staff_replies import StaffReply, staff_replies
from bot.listeners.slack_front import Dispatcher, Front, is_place, is_user, json_object, json_objects
from integrations.errors import ServiceError
from integrations.slack.media import is_stub, read_file
from storage import escalations
from storage.tasks import Claim, Unit, unit

Json = dict[str, Any]

# Everything else (joins, our own updates) is not something said in a thread.
_SPOKEN = (None, "file_share", "thread_broadcast", "me_message")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A message in a thread of ours: what it says to the customer, or why its author may not say it."""

    inbox: Inbox
    event: Json
    reply: StaffReply | None = None
    refusal: str | None = None


@dataclass(frozen=True, slots=True)
class Edited:
    """The same for a message that says something else now."""

    spoken: Spoken
    at: datetime


Heard = Spoken | Edited | StaffDeletion


@dataclass(frozen=True, slots=True)
class SlackMessages:
    front: Front

    def register(self, app: Dispatcher) -> None:
        app.event("message")(self.on_message)

    async def on_message(self, event: Json, body: Json, context: AsyncBoltContext) -> None:
        """Runs in a worker, on a stored event; the unit that records the reply also ends the task."""
        heard = await self.understand(event, body.get("team_id"))
        lost = await self._card_of(event)
        async with unit(self.front.clock(), cast("Claim", context["claimed"])) as turn:
            if heard:
                await self.write_down(turn, heard)
            if lost:
                turn.cause(RefreshCard(inbox_id=lost.inbox_id, escalation_id=lost.id))

    async def understand(self, event: Json, team: str | None) -> Heard | None:
        """Who says what, or None where it is no reply in a thread of ours. Asks Slack, so not within a transaction."""
        if event.get("subtype") == "message_deleted":
            return self._deletion(event)
        if event.get("subtype") == "message_changed":
            return await self.understand_edit(_nested(event, "message"), team, _nested(event, "previous_message"))
        return await self._understand(event, team)

    async def understand_edit(self, said: Json, team: str | None, before: Json | None = None) -> Edited | None:
        """What a message says since somebody edited it. Slack tells of its own changes too, such as unfurled links.

        Source: docs.slack.dev/reference/events/message/message_changed; only people's edits carry `edited`.
        """
        edited, earlier = json_object(said.get("edited")), json_object((before or {}).get("edited"))
        at = read_ts(edited.get("ts"))
        if at is None or edited == earlier or not (spoken := await self._understand(said, team)):
            return None
        return Edited(spoken, at)

    async def _understand(self, event: Json, team: str | None) -> Spoken | None:
        about = await escalations.of_thread(event["channel"], event["thread_ts"]) if self._is_reply(event) else None
        if about is None:
            return None
        inbox = self.front.inboxes[about.inbox_id]
        member = await self._author(event, team)
        if refusal := member.refusal(self.front.us.team_id):
            return Spoken(inbox, event, refusal=refusal)
        return Spoken(inbox, event, reply=await self._reply(event))

    async def write_down(self, turn: Unit, heard: Heard) -> None:
        """Once, however often it is told."""
        if isinstance(heard, StaffDeletion):
            return await staff_deletes(turn, heard)
        spoken = heard.spoken if isinstance(heard, Edited) else heard
        if spoken.reply and isinstance(heard, Edited):
            await staff_edits(turn, StaffEdit(spoken.reply, heard.at), spoken.inbox.rules)
        elif spoken.reply:
            await staff_replies(turn, spoken.reply, spoken.inbox.rules)
        elif spoken.refusal:
            turn.cause(self._tell(spoken, spoken.refusal))
        return None

    def _deletion(self, event: Json) -> StaffDeletion | None:
        """Slack does not say who deleted it; what is left of it says who wrote it."""
        gone = _nested(event, "previous_message")
        return self.deleted(gone) if self._is_reply(gone) else None

    @staticmethod
    def deleted(gone: Json) -> StaffDeletion:
        return StaffDeletion(str(gone["channel"]), str(gone["thread_ts"]), str(gone["ts"]), str(gone["user"]))

    async def _card_of(self, event: Json) -> Escalation | None:
        """Whose card somebody has just deleted: drawing it again makes a new one."""
        gone = event.get("deleted_ts") if event.get("subtype") == "message_deleted" else None
        after = json_object(event.get("message"))
        if event.get("subtype") == "message_changed" and after.get("subtype") == "tombstone":
            gone = after.get("ts")  # what is left of the first message of a thread
        return (
            await escalations.of_thread(event["channel"], str(gone)) if is_place(event.get("channel"), gone) else None
        )

    def _is_reply(self, event: Json) -> bool:
        ts, thread_ts, user = event.get("ts"), event.get("thread_ts"), event.get("user")
        in_thread = thread_ts != ts and all(is_place(event.get("channel"), each) for each in (ts, thread_ts))
        spoken = event.get("subtype") in _SPOKEN and not event.get("hidden") and is_user(user)
        return in_thread and spoken and not event.get("bot_id") and not self.front.us.said(event)

    async def reply_of(self, message: Json) -> StaffReply | None:
        """A message in a thread in the customer's terms, whatever became of it; None where no person wrote it."""
        return await self._reply(message) if self._is_reply(message) else None

    async def _author(self, event: Json, team: str | None) -> StaffMember:
        user, home = str(event["user"]), self.front.us.team_id
        team = event.get("user_team") or event.get("team") or team
        if home and team and team != home:
            return StaffMember(user, user, team_id=team)
        return await self.front.member(user)

    async def _reply(self, event: Json) -> StaffReply:
        said = SlackText(tuple(json_objects(event.get("blocks"))), str(event.get("text") or ""))
        called = mentions(said)
        names = {user: await self._name(user) for user in called.users}
        return StaffReply(
            channel=event["channel"],
            thread_ts=event["thread_ts"],
            ts=event["ts"],
            staff_id=event["user"],
            text=slack_to_whatsapp(said, {user: name for user, name in names.items() if name}),
            mentions=called,
            files=tuple([await self._file(each) for each in json_objects(event.get("files"))]),
        )

    async def _file(self, told: Json) -> StaffFile:
        if not is_stub(told):
            return read_file(told)
        try:
            return (await self.front.slack.file(str(told.get("id") or ""))).file
        except ServiceError as error:
            if error.is_retryable:
                raise
            return replace(read_file(told), is_gone=True)

    async def _name(self, user: str) -> str | None:
        try:
            return (await self.front.member(user)).name
        except ServiceError:
            return None  # a mention without a name is left out; it never becomes an id

    @staticmethod
    def _tell(spoken: Spoken, words: str) -> TellStaff:
        event = spoken.event
        return TellStaff(
            inbox_id=spoken.inbox.id,
            channel=event["channel"],
            thread_ts=event["thread_ts"],
            user=event["user"],
            text=f"⏸️ *Not sent to the customer.* {words}",
            about=f"{event['channel']}:{event['ts']}:refused",
        )


def read_ts(ts: object) -> datetime | None:
    """Slack's `ts`, seconds as text, as a time."""
    try:
        return datetime.fromtimestamp(float(str(ts)), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _nested(event: Json, name: str) -> Json:
    """The message inside an event about it; the place is told beside it."""
    told = json_object(event.get(name))
    return {"channel": event.get("channel"), **told} if told else {}
