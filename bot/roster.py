"""Who is who in the workspace: its people, user groups and channels as Slack describes them, remembered for a while."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.domain.inboxes import Inbox
from bot.domain.people import StaffMember
from integrations.errors import ErrorClass, ServiceError
from integrations.slack.client import Slack
from storage import channel_members, groups, staff

log = structlog.get_logger("switchboard.slack")

_NEVER_SAID = frozenset({"missing_scope", "not_allowed_token_type", "unknown_method", "HTTP 404"})
_ID = re.compile(r"[A-Z0-9]{1,32}")


@dataclass(frozen=True, slots=True)
class Roster:
    """`home` is the id of our workspace, once Slack has told us."""

    slack: Slack
    home: Callable[[], str | None]
    clock: Callable[[], datetime]

    async def member(self, user: str, inbox_id: int) -> StaffMember:
        """A person, remembered for an hour. Raises `ServiceError` when Slack cannot say."""
        if not _ID.fullmatch(user):
            return StaffMember(user, user, is_outsider=True)
        now = self.clock()
        if known := await staff.known(user, now):
            return known
        try:
            member = await self.slack.describe(user, self.home())
        except ServiceError as error:
            if error.error_class is not ErrorClass.RECIPIENT:
                raise
            return StaffMember(user, user, is_outsider=True)
        await staff.describe(inbox_id, member, now)
        return member

    async def group(self, group: str, inbox_id: int) -> frozenset[str]:
        """Who is in a user group, remembered for some minutes. Raises `ServiceError` when Slack cannot say."""
        now = self.clock()
        known = await groups.known(group, now)
        if known is None:
            known = await self.slack.group_members(group)
            await groups.remember(inbox_id, group, known, now)
        return known

    async def is_of(self, inbox: Inbox, user: str) -> bool:
        """Whether somebody is in a channel of this inbox. Raises `ServiceError` when nobody can say."""
        trouble: ServiceError | None = None
        for channel in inbox.channels:
            try:
                if await self._is_in(channel, user, inbox.id):
                    return True
            except ServiceError as error:
                trouble = error
        if trouble is not None:
            raise trouble
        return False

    async def _is_in(self, channel: str, user: str, inbox_id: int) -> bool:
        """While Slack cannot say, whoever was there the last time that it could still is.

        Where it will never say, because the app was installed without the right to ask, members of the workspace count,
        as they did before anybody asked; the log and `switchboard doctor` name the missing scope.
        """
        now = self.clock()
        known = await channel_members.known(channel, user)
        if known and known.holds(now):
            return known.is_member
        try:
            members = await self.slack.channel_members(channel)
        except ServiceError as error:
            if known and known.is_member:
                return True
            if error.code in _NEVER_SAID:
                log.warning("channel.members_unknown", channel=channel, error=error.code)
                return True
            raise
        if not members:
            return True  # we are one ourselves: that is no list of Slack's
        await channel_members.remember(inbox_id, channel, members, now)
        return user in members
