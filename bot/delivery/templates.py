"""Asks WhatsApp which templates there are, and shows them to whoever waits for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.blocks import modals
from bot.blocks.parts import View
from bot.domain.inboxes import Inboxes
from bot.domain.text.slack_out import escape
from bot.domain.whatsapp_work import FetchTemplates
from bot.flows.templates import choice
from integrations.errors import ErrorClass, ServiceError
from integrations.slack.client import Slack
from integrations.whatsapp.client import WhatsApp
from storage import tasks, templates
from storage.tasks import Claim

log = structlog.get_logger("switchboard.delivery")

_WORTH_ANOTHER_TRY = frozenset({ErrorClass.TRANSIENT, ErrorClass.THROTTLED, ErrorClass.UNKNOWN})
_TRIES = 5


@dataclass(frozen=True, slots=True)
class TemplateDelivery:
    """Templates belong to an inbox's WhatsApp Business Account; without it nothing asks for them."""

    whatsapp: WhatsApp
    slack: Slack
    inboxes: Inboxes
    clock: Callable[[], datetime]

    async def fetch(self, work: FetchTemplates, claimed: Claim) -> None:
        """Somebody who waits is told at once what went wrong; nothing here may hold up the sending of words."""
        if account := self.inboxes[work.inbox_id].account:
            try:
                listed = await self.whatsapp.templates(account)
            except ServiceError as error:
                log.warning("templates.not_fetched", error=error.code, reason=error.reason)
                is_waited_for = work.view_id is not None
                if error.error_class in _WORTH_ANOTHER_TRY and not is_waited_for and claimed.started < _TRIES:
                    raise
                await self._show(work, _sorry(work, error))
            else:
                await templates.replace(work.inbox_id, listed, self.clock())
                await self._show(work, None)
        await tasks.finish(claimed, self.clock())

    async def _show(self, work: FetchTemplates, instead: View | None) -> None:
        """Unless the modal was closed, or shows something else by now."""
        if work.view_id is None or work.escalation_id is None:
            return
        view = instead or modals.template_picker(await choice(work.escalation_id), self.clock())
        try:
            await self.slack.update_modal(work.view_id, view, work.view_hash)
        except ServiceError as error:
            log.info("modal.not_updated", error=error.code)


def _sorry(work: FetchTemplates, error: ServiceError) -> View:
    reason = f"WhatsApp did not say which templates there are: {escape(error.reason)}."
    if error.error_class is ErrorClass.AUTH:
        reason += " The token needs the permission `whatsapp_business_management` for this account."
    return modals.no_templates(work.escalation_id or 0, reason)
