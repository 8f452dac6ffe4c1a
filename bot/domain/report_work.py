"""What Switchboard does about reports: post them in an inbox's channel, and send their rows to whoever asks."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.work import Crew, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class PostReport(Work):
    """Show everybody in the inbox's channel how a period went. `by` shared it; without, it is the weekly one."""

    kind = "slack.report"
    period: str  # as `Period.iso` writes it
    by: str | None = None
    about: str = ""  # which click it was

    @property
    def lane(self) -> str:
        return f"report:{self.inbox_id}"

    @property
    def key(self) -> str | None:
        return f"report:{self.inbox_id}:{self.period}{f':{self.by}:{self.about}' if self.by else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SendReportFile(Work):
    """The rows behind a report as a file, in direct messages to the one who asked."""

    kind = "slack.report_file"
    crew = Crew.MEDIA
    period: str
    user: str
    about: str

    @property
    def lane(self) -> str:
        return f"report_file:{self.user}"

    @property
    def key(self) -> str | None:
        return f"report_file:{self.user}:{self.inbox_id}:{self.period}:{self.about}"
