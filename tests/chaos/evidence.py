"""What is there when the storm is over: on the phones, in the threads, and in the database."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import asyncpg

from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack_state import Message
from tests.chaos.people import CHANNEL, CUSTOMER_NAME, has_button

# Nobody needs these done: a prompt that falls due in a minute, and pages that are redrawn when somebody looks.
_MAY_WAIT = ["slack.recall", "slack.home"]
_STATES = {"🟡": "queued", "🟢": "open", "✅": "resolved", "⚪": "closed"}
_ENDED_BY = re.compile(r"by <@(\w+)>")


@dataclass(frozen=True, slots=True)
class Received:
    """A message of the business on a customer's phone."""

    at: float
    customer: str
    text: str
    wamid: str


@dataclass(frozen=True, slots=True)
class Post:
    """One message in the channel. `by` is the name it stands under."""

    at: float
    text: str
    by: str = ""
    trace: str = ""
    can_retry: bool = False
    reactions: frozenset[str] = frozenset()
    ts: str = ""


@dataclass(frozen=True, slots=True)
class Thread:
    """A card and what stands under it."""

    card: Post
    customer: str
    state: str
    ended_by: str
    replies: tuple[Post, ...]


@dataclass(frozen=True, slots=True)
class Escalated:
    """An escalation as the database has it."""

    customer: str
    status: str
    card: str


@dataclass(frozen=True, slots=True)
class Evidence:
    phones: tuple[Received, ...] = ()
    threads: tuple[Thread, ...] = ()
    whispers: tuple[tuple[str, str], ...] = ()  # to whom, what
    escalations: tuple[Escalated, ...] = ()
    dead: tuple[str, ...] = ()  # tasks that were given up
    said_again: Mapping[str, int] = field(default_factory=dict[str, int])  # of the AI, several times

    @property
    def posts(self) -> Iterable[Post]:
        for thread in self.threads:
            yield thread.card
            yield from thread.replies


async def gather(sandbox: Sandbox, database_url: str) -> Evidence:
    connection = await asyncpg.connect(database_url)
    try:
        escalations = await connection.fetch(
            "SELECT c.name, e.status, coalesce(e.card_ts, '') AS card FROM escalation e "
            "JOIN conversation v ON v.id = e.conversation_id JOIN customer c ON c.id = v.customer_id ORDER BY e.id"
        )
        again = await connection.fetch(
            "SELECT text, count(*) AS many FROM message WHERE author = 'bot' GROUP BY text HAVING count(*) > 1"
        )
        dead = await connection.fetch("SELECT kind, payload::text, last_error FROM task WHERE dead ORDER BY id")
    finally:
        await connection.close()
    cards = [each for each in sandbox.slack.root_messages(CHANNEL) if each.is_ours]
    return Evidence(
        phones=tuple(Received(each.at, each.customer, each.text, each.wamid) for each in sandbox.whatsapp.sent),
        threads=tuple(_thread(sandbox, each) for each in cards if CUSTOMER_NAME.search(each.text)),
        whispers=tuple((each.user, each.text) for each in sandbox.slack.workspace.ephemerals),
        escalations=tuple(
            Escalated(row["name"].removeprefix("Customer "), row["status"], row["card"]) for row in escalations
        ),
        said_again={row["text"]: row["many"] for row in again},
        dead=tuple(f"{row['kind']} {row['payload']}: {row['last_error'][:300]}" for row in dead),
    )


async def unfinished(database_url: str) -> dict[str, int]:
    """How many tasks of which kind are still to be done."""
    connection = await asyncpg.connect(database_url, timeout=5)
    try:
        rows = await connection.fetch(
            "SELECT kind, count(*) AS many FROM task WHERE done_at IS NULL AND kind <> ALL($1::text[]) GROUP BY kind",
            _MAY_WAIT,
        )
    finally:
        await connection.close()
    return {row["kind"]: row["many"] for row in rows}


def _thread(sandbox: Sandbox, card: Message) -> Thread:
    found, ended = CUSTOMER_NAME.search(card.text), _ENDED_BY.search(card.text.splitlines()[0])
    assert found is not None
    replies = tuple(_post(each) for each in sandbox.slack.thread(CHANNEL, card.ts)[1:])
    return Thread(_post(card), found[1], _STATES.get(card.text[:1], "?"), ended[1] if ended else "", replies)


def _post(message: Message) -> Post:
    metadata = message.metadata or {}
    return Post(
        at=float(message.ts),
        text=message.text,
        by=message.username or message.user or "",
        trace=str(metadata.get("event_payload", {}).get("trace", "")) if message.is_ours else "",
        can_retry=has_button(message, "retry_send"),
        reactions=frozenset(name for name, users in message.reactions.items() if users),
        ts=message.ts,
    )
