"""Forgetting a customer: the work that it takes, each piece by itself, and the receipt that is given for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.escalation import slack_time
from bot.domain.work import Crew, Work

WORD = "FORGET"  # what is typed to confirm, where there is no number to type the end of
_DIGITS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasing(Work):
    """A piece of forgetting, in the order in which the pieces were caused."""

    erasure_id: int

    @property
    def lane(self) -> str:
        return f"forget:{self.erasure_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseRows(Erasing):
    """Erase all that the database holds. `names` are what WhatsApp called them: the task forgets them too."""

    kind = "forget.rows"
    crew = Crew.DESK
    customer_id: int
    names: list[str]

    @property
    def key(self) -> str | None:
        return f"forget.rows:{self.erasure_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseThreads(Erasing):
    """Find in Slack what we wrote in these threads; `posts` and `files` are known. Places are channel and ts."""

    kind = "forget.threads"
    threads: list[list[str]]
    posts: list[list[str]] = field(default_factory=list[list[str]])
    files: list[str] = field(default_factory=list[str])

    @property
    def key(self) -> str | None:
        return f"forget.threads:{self.erasure_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasePost(Erasing):
    kind = "forget.post"
    channel: str
    ts: str

    @property
    def key(self) -> str | None:
        return f"forget.post:{self.erasure_id}:{self.channel}:{self.ts}"


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseFile(Erasing):
    kind = "forget.file"
    file_id: str

    @property
    def key(self) -> str | None:
        return f"forget.file:{self.erasure_id}:{self.file_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveReceipt(Erasing):
    """All is done that can be: tell whoever asked. What Slack told of these threads meanwhile goes too."""

    kind = "forget.receipt"
    crew = Crew.DESK
    threads: list[list[str]]

    @property
    def key(self) -> str | None:
        return f"forget.receipt:{self.erasure_id}"


def phrase(phone: str | None, *, is_masked: bool) -> str:
    """What has to be typed, so that nobody is forgotten by a slip: the end of the number, where staff may see it."""
    return phone[-_DIGITS:] if phone and not is_masked and len(phone) > _DIGITS else WORD


def receipt(customer_id: int, asked_by: str, asked_at: datetime, ended_at: datetime, counts: Mapping[str, int]) -> str:
    """Mrkdwn, and nothing about who they were."""

    def many(name: str, words: str) -> str:
        return f"{counts.get(name, 0)} {words}"

    kept = [
        f"{counts[name]} {words}"
        for name, words in (
            ("staff_posts", "messages that staff wrote in the threads: Slack lets no app delete those; please do it"),
            ("posts_emptied", "posts that Slack would not delete; they say nothing any more"),
            ("posts_left", "posts that Slack would neither delete nor empty"),
            ("files_left", "files that Slack would not delete"),
            ("taught", "answers taught from their conversation; `/knowledge list` shows whether they name them"),
            ("threads_left", "threads that Slack would not show"),
            ("given_up", "steps that failed for good; `switchboard tasks` names them"),
        )
        if counts.get(name)
    ]
    lines = [
        f"🧾 *Customer {customer_id} is forgotten.* Asked for by <@{asked_by}> {slack_time(asked_at)}, "
        f"done {slack_time(ended_at)}.",
        f"Erased here: {many('messages', 'messages')}, {many('files', 'files')}, {many('notes', 'notes')}, "
        f"{many('escalations', 'escalations (their words)')}, {many('tasks', 'records of work')}.",
        f"Erased in Slack: {many('posts', 'posts')}, {many('slack_files', 'files')}.",
    ]
    lines += ["Not erased: " + "; ".join(kept) + "."] if kept else []
    lines += ["WhatsApp keeps copies of its own, on their phone and with Meta; old backups are yours to purge."]
    return "\n".join(lines)
