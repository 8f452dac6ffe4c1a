"""The closed list of what Switchboard can cause: each effect becomes a task."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from bot.domain.arrivals import (
    ColleagueWrote,
    CustomerWrote,
    PreferenceTold,
    ReadBack,
    SlackEvent,
    StatusReported,
    TemplateChanged,
    Unclaimed,
    WebhookKept,
)
from bot.domain.copilot import PrepareDraft, ShowDraft
from bot.domain.erasing import EraseFile, ErasePost, EraseRows, EraseThreads, GiveReceipt
from bot.domain.file_work import FetchMedia, PrepareFile, Transcribe
from bot.domain.handback import PrepareBrief
from bot.domain.notice_work import Notify, NotifyOfReminder, SettleNotices
from bot.domain.recaps import Recap
from bot.domain.report_work import PostReport, SendReportFile
from bot.domain.staff_work import (
    AskAboutHeld,
    MarkReply,
    OfferCorrection,
    RecallHeld,
    RecallOffer,
    RefreshHome,
    ShowReaction,
    TellStaff,
    WriteToStaff,
)
from bot.domain.thread_work import (
    BeginAnew,
    MirrorMessage,
    NoteInChannel,
    NoteInThread,
    OpenThread,
    RefreshCard,
    RemindHolder,
    RemindThread,
    ReportFailure,
    ShareFile,
    ShowHeard,
    ShowJoined,
    WarnOfClosing,
    WarnOfWindow,
)
from bot.domain.translation import ShowTranslation, TranslateMessage, TranslateReply
from bot.domain.whatsapp_work import FetchTemplates, MarkRead, SendAfter, SendToCustomer, ShowTyping
from bot.domain.work import Crew, Later, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Think(Later):
    """Let the AI answer what the customer said. Overtaken turns are redone, never sent."""

    kind = "agent.think"
    crew = Crew.THINK
    conversation_id: int

    @property
    def lane(self) -> str:
        return f"think:{self.conversation_id}"

    @property
    def latest(self) -> str | None:
        return self.lane


KINDS: dict[str, type[Work]] = {
    cast("type[Work]", each).kind: each
    for each in (
        CustomerWrote,
        ColleagueWrote,
        PreferenceTold,
        TemplateChanged,
        StatusReported,
        Unclaimed,
        WebhookKept,
        SlackEvent,
        ReadBack,
        Think,
        PrepareDraft,
        ShowDraft,
        Recap,
        TranslateMessage,
        TranslateReply,
        ShowTranslation,
        PrepareBrief,
        SendToCustomer,
        SendAfter,
        MarkRead,
        ShowTyping,
        FetchTemplates,
        OpenThread,
        RefreshCard,
        BeginAnew,
        MirrorMessage,
        ShowJoined,
        ShareFile,
        FetchMedia,
        PrepareFile,
        Transcribe,
        ShowHeard,
        RemindThread,
        RemindHolder,
        WarnOfWindow,
        WarnOfClosing,
        NoteInThread,
        NoteInChannel,
        ReportFailure,
        PostReport,
        SendReportFile,
        AskAboutHeld,
        RecallHeld,
        OfferCorrection,
        RecallOffer,
        TellStaff,
        WriteToStaff,
        Notify,
        NotifyOfReminder,
        SettleNotices,
        MarkReply,
        ShowReaction,
        RefreshHome,
        EraseRows,
        EraseThreads,
        ErasePost,
        EraseFile,
        GiveReceipt,
    )
}
