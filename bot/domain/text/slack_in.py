"""What staff write in Slack, as the customer should read it in WhatsApp."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.text.mrkdwn import mrkdwn_to_whatsapp, tokens
from bot.domain.text.rich_text import NotUnderstoodError, leaves, rich_text_to_whatsapp


@dataclass(frozen=True, slots=True)
class SlackText:
    """The words of a Slack message as its event holds them: raw `blocks` and the `text` beside them."""

    blocks: Sequence[Mapping[str, object]] = ()
    text: str = ""

    @property
    def rich_text(self) -> list[Mapping[str, object]]:
        return [block for block in self.blocks if block.get("type") == "rich_text"]


@dataclass(frozen=True, slots=True)
class Mentions:
    """Whom a Slack message calls: user ids, user group ids, and whether it calls everybody."""

    users: tuple[str, ...] = ()
    usergroups: tuple[str, ...] = ()
    broadcast: bool = False

    def __bool__(self) -> bool:
        return bool(self.users or self.usergroups or self.broadcast)


def slack_to_whatsapp(message: SlackText, names: Mapping[str, str]) -> str:
    """The message for the customer; `names` are those of the ids it mentions, and an id without one is left out.

    The composer writes rich_text; API posts, /me and some file shares bring only `text`.
    """
    try:
        shown = "\n".join(rich_text_to_whatsapp(block, names) for block in message.rich_text)
    except NotUnderstoodError:
        shown = ""
    return shown.strip() or mrkdwn_to_whatsapp(message.text, names)


def mentions(message: SlackText) -> Mentions:
    """Whom the message calls, by its blocks or by its text: either is reason enough to ask before sending."""
    called = [*_called_in_blocks(message), *_called_in_text(message.text)]
    return Mentions(
        users=_ids(called, "user"),
        usergroups=_ids(called, "usergroup"),
        broadcast=any(kind == "broadcast" for kind, _ in called),
    )


def _ids(called: Sequence[tuple[str, str]], wanted: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for kind, each in called if kind == wanted))


def _called_in_blocks(message: SlackText) -> Iterator[tuple[str, str]]:
    for block in message.rich_text:
        for leaf in leaves(block):
            kind = str(leaf.get("type"))
            if kind in ("user", "usergroup", "broadcast"):
                yield kind, str(leaf.get(f"{kind}_id"))


def _called_in_text(text: str) -> Iterator[tuple[str, str]]:
    for token in tokens(text):
        target = token.partition("|")[0]
        if target.startswith("@"):
            yield "user", target[1:]
        elif target.startswith("!subteam^"):
            yield "usergroup", target.removeprefix("!subteam^")
        elif target in ("!here", "!channel", "!everyone", "!group"):
            yield "broadcast", target
