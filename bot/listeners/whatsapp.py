"""Meta's door: the handshake, webhooks stored before their 200, and what the stored items mean."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from aiohttp import web

from bot.domain.arrivals import (
    ColleagueWrote,
    CustomerWrote,
    PreferenceTold,
    StatusReported,
    TemplateChanged,
    Unclaimed,
    WebhookKept,
)
from bot.domain.inboxes import Inboxes
from bot.domain.work import Work
from bot.flows.customer_writes import customer_writes
from bot.flows.delivery_reported import Report, delivery_reported, trace_ends_the_wait
from bot.flows.echoes import colleague_wrote
from bot.flows.identity import customer_changed
from bot.flows.opt_out import customer_prefers
from bot.flows.templates import template_changed
from bot.flows.unclaimed import arrives, number_is_unknown
from bot.listeners.edge import read_body
from integrations.whatsapp import echoes, errors, identity, messages, preferences, signature, templates, webhooks
from integrations.whatsapp.webhooks import (
    EchoItem,
    Item,
    MessageItem,
    OtherItem,
    PreferenceItem,
    StatusItem,
    TemplateItem,
)
from integrations.whatsapp.wire import Json
from storage import tasks
from storage.intake import Intake
from storage.tasks import Claim, NotYetError, unit

log = structlog.get_logger("switchboard.whatsapp")

FromCustomer = MessageItem | EchoItem | StatusItem | PreferenceItem
_NUMBER = re.compile(r"[0-9]{1,32}", re.ASCII)  # as WhatsApp names the numbers of businesses
_UNCLAIMED_FOR = timedelta(minutes=1)  # then it looks again whether its number has an inbox
NO_INBOX = 0  # what is kept for a number that is not ours


@dataclass(frozen=True, slots=True)
class WhatsAppDoor:
    app_secret: str
    verify_token: str
    inboxes: Inboxes
    intake: Intake
    clock: Callable[[], datetime]
    message_of: Callable[[str], int | None]

    def register(self, app: web.Application) -> None:
        app.router.add_get("/whatsapp/webhook", self.handshake)
        app.router.add_post("/whatsapp/webhook", self.webhook)

    async def handshake(self, request: web.Request) -> web.Response:
        query = request.query
        challenge = signature.answer_handshake(
            self.verify_token, query.get("hub.mode"), query.get("hub.verify_token"), query.get("hub.challenge")
        )
        if challenge is None:
            return web.Response(status=403, text="The verify token does not match.")
        # As plain text that browsers must not sniff: the challenge is whatever the caller wrote.
        return web.Response(text=challenge, headers={"X-Content-Type-Options": "nosniff"})

    async def webhook(self, request: web.Request) -> web.Response:
        """Verify the raw bytes, store every item, then answer; whatever is authentic gets its 200."""
        body = await read_body(request)
        if not signature.is_genuine(self.app_secret, body, request.headers.get("X-Hub-Signature-256")):
            return web.Response(status=401, text="The signature does not match.")
        parsed = webhooks.parse_body(body)
        if parsed is None:
            works: list[Work] = [self._keep({"raw": body.decode("utf-8", "replace")}, "not a JSON object", body)]
        else:
            works = [
                work for number, item in enumerate(webhooks.items(parsed)) for work in self._works(item, number, body)
            ]
        await self.intake.store(works, self.clock())
        return web.Response(text="ok")

    async def on_message(self, work: CustomerWrote, claimed: Claim) -> None:
        async with unit(self.clock(), claimed) as turn:
            if change := identity.read_change(work.message, work.contact):
                conversation = await customer_changed(turn, work.inbox_id, change, self.inboxes[work.inbox_id].rules)
            else:
                inbound = messages.read_message(work.message, work.contact)
                conversation = await customer_writes(turn, work.inbox_id, inbound, self.inboxes[work.inbox_id].rules)
            structlog.contextvars.bind_contextvars(conversation=conversation)  # for the log lines of this task

    async def on_echo(self, work: ColleagueWrote, claimed: Claim) -> None:
        async with unit(self.clock(), claimed) as turn:
            echo = messages.read_message(echoes.as_message(work.echo), None)
            traced = await colleague_wrote(turn, work.inbox_id, echo, self.inboxes[work.inbox_id].rules)
        if traced:
            await trace_ends_the_wait(traced, self.clock())

    async def on_status(self, work: StatusReported, claimed: Claim) -> None:
        status = webhooks.read_status(work.status)
        report = Report(
            wamid=status.wamid,
            status=status.status,
            failure=errors.in_words(status.code, status.details) if status.status == "failed" else "",
            message_id=self.message_of(status.token),
            window_refused_at=status.at or self.clock() if status.code == errors.WINDOW_CLOSED else None,
            shelves=errors.SHELVED.get(str(status.code)),
        )
        async with unit(self.clock(), claimed) as turn:
            traced = await delivery_reported(turn, work.inbox_id, report, self.inboxes[work.inbox_id].rules)
        if traced:
            await trace_ends_the_wait(traced, self.clock())

    async def on_preference(self, work: PreferenceTold, claimed: Claim) -> None:
        told = preferences.read_preference(work.preference)
        async with unit(self.clock(), claimed) as turn:
            if told.wish in ("stop", "start"):
                await customer_prefers(
                    turn, work.inbox_id, told.addresses, told.wish, self.inboxes[work.inbox_id].rules
                )

    async def on_template(self, work: TemplateChanged, claimed: Claim) -> None:
        change = templates.read_status_change(work.change)
        async with unit(self.clock(), claimed) as turn:
            await template_changed(turn, work.inbox_id, change.name, change.language, change.status, work.digest)

    async def on_kept(self, work: WebhookKept, claimed: Claim) -> None:
        """Nothing to do but say so: the task's row keeps it."""
        log.info("webhook.kept", why=work.why)
        await tasks.finish(claimed, self.clock())

    async def on_unclaimed(self, work: Unclaimed, claimed: Claim) -> None:
        """Its place in its lane is kept for as long as it takes."""
        if inbox := self.inboxes.of_number(work.number):
            async with unit(self.clock(), claimed) as turn:
                arrives(turn, work, inbox)
            return
        now = self.clock()
        if claimed.started == 1:
            log.warning("webhook.unknown_number", number=work.number)
        await number_is_unknown(work, self.inboxes.first, now)
        raise NotYetError(now + _UNCLAIMED_FOR, "unclaimed", has_begun=True)

    def _works(self, item: Item, number: int, body: bytes) -> Iterator[Work]:
        if isinstance(item, OtherItem):
            yield self._keep(item.content, item.why, body, number)
        elif isinstance(item, TemplateItem):
            owners = self.inboxes.of_account(item.account)
            for owner in owners:
                yield TemplateChanged(inbox_id=owner.id, digest=_digest(body, number), change=item.change)
            if not owners:
                yield self._keep({"template": item.change}, f"unknown account {item.account}", body, number)
        elif inbox := self.inboxes.of_number(item.phone_number_id):
            yield _work(inbox.id, item)
        elif isinstance(item, StatusItem):  # of a message that somebody else has sent
            yield self._keep({"status": item.status}, f"unknown number {item.phone_number_id}", body, number)
        elif _NUMBER.fullmatch(item.phone_number_id):
            yield _unclaimed(item)
        else:
            yield self._keep(_work(NO_INBOX, item).payload(), "no number that anybody has", body, number)

    @staticmethod
    def _keep(content: Json, why: str, body: bytes, number: int = 0) -> WebhookKept:
        return WebhookKept(inbox_id=NO_INBOX, digest=_digest(body, number), body=content, why=why)


def _work(inbox_id: int, item: FromCustomer) -> Work:
    if isinstance(item, MessageItem):
        return CustomerWrote(inbox_id=inbox_id, sender=item.sender, message=item.message, contact=item.contact)
    if isinstance(item, EchoItem):
        return ColleagueWrote(inbox_id=inbox_id, customer=item.customer, echo=item.echo)
    if isinstance(item, PreferenceItem):
        return PreferenceTold(inbox_id=inbox_id, customer=item.customer, preference=item.preference)
    return StatusReported(inbox_id=inbox_id, recipient=item.recipient, status=item.status)


def _digest(body: bytes, number: int) -> str:
    """The name of an item that has none: the webhook it came in, and its place there."""
    return hashlib.sha256(body + b"#%d" % number).hexdigest()


def _unclaimed(item: MessageItem | EchoItem | PreferenceItem) -> Unclaimed:
    work = _work(NO_INBOX, item)
    customer = item.sender if isinstance(item, MessageItem) else item.customer
    return Unclaimed(
        inbox_id=NO_INBOX,
        number=item.phone_number_id,
        customer=customer,
        what=work.kind,
        told=work.payload(),
        name=work.key,
    )
