"""The inboxes of this Switchboard: each one WhatsApp number with its agent, its Slack channels and its rules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.rules import InboxRules
from bot.domain.text.slack_out import escape

_LINK = re.compile(r" \((?:<#\w+>(?: or )?)+\)")


@dataclass(frozen=True, slots=True)
class Inbox:
    """One inbox as its business describes it. `id` is ours; all others are the platforms' names for its parts."""

    id: int
    name: str
    number: str  # WhatsApp's phone number id
    channels: tuple[str, ...]  # where its threads begin; the first also hears what concerns the whole inbox
    rules: InboxRules
    account: str | None = None  # WhatsApp's id of the business account, which owns the templates
    active: int = 0  # conversations that were not over when the settings had forgotten it
    is_former: bool = False  # the settings name it no more

    @property
    def channel(self) -> str:
        return self.channels[0]


class UnknownInboxError(KeyError):
    """This process has never heard of it: it has older settings than whoever made it."""


class Inboxes(Mapping[int, Inbox]):
    """All of them by id, in the order of the settings, then those that are let go once nothing is open there.

    There is at least one. Of those that are over only the ids are known.
    """

    def __init__(self, inboxes: Sequence[Inbox], former: Sequence[Inbox] = ()) -> None:
        self._by_id = {each.id: each for each in inboxes}
        self._former = {each.id: each for each in former}
        # Where a channel has a new owner, that is whose it is.
        self._by_channel = {channel: each for each in reversed(inboxes) for channel in each.channels}
        self._by_number = {each.number: each for each in inboxes}

    def __getitem__(self, inbox_id: int) -> Inbox:
        try:
            return self._by_id.get(inbox_id) or self._former[inbox_id]
        except KeyError:
            raise UnknownInboxError(inbox_id) from None

    def __iter__(self) -> Iterator[int]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self._by_id)

    @property
    def first(self) -> Inbox:
        """Where something belongs that belongs to none of them by itself."""
        return next(iter(self._by_id.values()))

    @property
    def ids(self) -> list[int]:
        return list(self._by_id)

    @property
    def served(self) -> list[int]:
        """All whose rules are known here; of others this process has older settings than whoever made them."""
        return [*self._by_id, *self._former]

    def known(self, inbox_id: int | None) -> Inbox:
        """For what a person named who may be mistaken: the first one where there is none."""
        return self.get(inbox_id or 0, self.first)

    def of_account(self, account: str | None) -> list[Inbox]:
        """Several numbers may belong to one business account."""
        return [each for each in self._by_id.values() if account is not None and each.account == account]

    def of_channel(self, channel: str | None) -> Inbox | None:
        return self._by_channel.get(channel or "")

    def of_number(self, number: str) -> Inbox | None:
        return self._by_number.get(number)


def not_there(inboxes: Sequence[Inbox], *, is_sure: bool) -> str:
    """Why somebody may not act who is in none of their channels, or of whom Slack does not say whether they are."""
    named = [f"{escape(each.name)} ({' or '.join(f'<#{channel}>' for channel in each.channels)})" for each in inboxes]
    if not is_sure:
        return (
            f"Slack could not say just now whether you are in the channel of {' or '.join(named)}, and only members "
            "answer these customers. Nothing was changed; please try again in a moment."
        )
    return (
        f"The customers of {' or '.join(named)} are answered by the members of its channel. "
        "Join it, or ask somebody there to add you, and try again."
    )


def unlinked(words: str) -> str:
    """The same where Slack shows plain text only."""
    return _LINK.sub("", words)
