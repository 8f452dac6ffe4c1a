"""Who does each kind of work, and what waits while its way out is blocked: one family of work after the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot import tools
from bot.agent.answering import Agent
from bot.agent.copilot import Copilot
from bot.agent.handback import Handback
from bot.agent.hearing import Ears
from bot.agent.recap import Memory
from bot.agent.translating import Translator
from bot.delivery.figures import Figures
from bot.delivery.forgetting import Forgetting
from bot.delivery.media_fetch import MediaFetch
from bot.delivery.notices import StaffNotices
from bot.delivery.pacing import Pace
from bot.delivery.pausing import Pausing
from bot.delivery.receipts import Receipts
from bot.delivery.slack_drafts import SlackDrafts
from bot.delivery.slack_home import SlackHome
from bot.delivery.slack_people import SlackPeople
from bot.delivery.slack_posts import SlackPosts
from bot.delivery.slack_reactions import SlackReactions
from bot.delivery.slack_reminders import SlackReminders
from bot.delivery.slack_reports import SlackReports
from bot.delivery.slack_thread import SlackThread
from bot.delivery.slack_translations import SlackTranslations
from bot.delivery.staff_files import StaffFiles
from bot.delivery.templates import TemplateDelivery
from bot.delivery.thread_files import ThreadFiles
from bot.delivery.whatsapp import WhatsAppDelivery
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
from bot.domain.effects import Think
from bot.domain.erasing import EraseFile, ErasePost, EraseRows, EraseThreads, GiveReceipt
from bot.domain.file_work import FetchMedia, PrepareFile, Transcribe
from bot.domain.handback import PrepareBrief
from bot.domain.inboxes import Inboxes, UnknownInboxError
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
from bot.domain.work import Work
from bot.listeners.slack_front import Front
from bot.listeners.slack_gaps import ThreadReader
from bot.listeners.slack_messages import SlackMessages
from bot.listeners.slack_requests import SlackRequests
from bot.listeners.whatsapp import WhatsAppDoor
from bot.worker import Clock, Handler
from integrations.slack.media import SlackFiles
from integrations.whatsapp.media import WhatsAppMedia
from storage.tasks import Claim, NotYetError

OTHERS_KNOW_WITHIN = timedelta(seconds=5)

Handlers = Mapping[type[Work], Handler]


@dataclass(frozen=True, slots=True)
class Rooms:
    """What the composition root has built, for those who do the work in it."""

    front: Front
    customers_door: WhatsAppDoor
    staff_door: SlackRequests
    slack: SlackFiles
    whatsapp: WhatsAppMedia
    agent: Agent
    clock: Clock
    pace: Pace
    pausing: Pausing

    @property
    def known(self) -> Inboxes:
        return self.front.inboxes

    @property
    def posts(self) -> SlackPosts:
        return SlackPosts(self.slack, self.clock, self.pace)

    @property
    def files(self) -> ThreadFiles:
        return ThreadFiles(self.slack, self.posts, self.clock, self.pace)


def handlers(rooms: Rooms) -> Handlers:
    """Every kind of work with whoever does it."""
    families = (_from_outside, _by_the_agent, _to_customers, _with_files, _in_threads, _in_time, _to_staff, _erasing)
    return {kind: _knowing(handler, rooms.clock) for family in families for kind, handler in family(rooms).items()}


def _knowing(handler: Handler, clock: Clock) -> Handler:
    """While replicas get newer settings one after the other: work of an inbox that is new to us is for those."""

    async def run(work: Any, claimed: Claim) -> None:
        try:
            await handler(work, claimed)
        except UnknownInboxError as error:
            raise NotYetError(clock() + OTHERS_KNOW_WITHIN, "unknown_inbox") from error

    return run


def _from_outside(rooms: Rooms) -> Handlers:
    """What the doors have stored comes back to them."""
    door, pausing = rooms.customers_door, rooms.pausing
    return {
        CustomerWrote: door.on_message,
        ColleagueWrote: door.on_echo,
        PreferenceTold: door.on_preference,
        TemplateChanged: door.on_template,
        StatusReported: door.on_status,
        Unclaimed: door.on_unclaimed,
        WebhookKept: door.on_kept,
        SlackEvent: pausing.asks(rooms.staff_door.replay),
        ReadBack: pausing.asks(ThreadReader(SlackMessages(rooms.front)).read_back),
    }


def _by_the_agent(rooms: Rooms) -> Handlers:
    agent = rooms.agent
    copilot = Copilot(agent.asking, agent.library, rooms.known, agent.briefings, rooms.clock)
    memory = Memory(agent.asking, rooms.known, rooms.clock)
    ears = Ears(agent.asking, agent.senses, rooms.known)
    translator = Translator(agent.asking, rooms.clock)
    handback = Handback(agent.asking, rooms.slack, rooms.known, rooms.clock)
    return {
        Think: agent.think,
        Recap: memory.recap,
        Transcribe: ears.hear,
        PrepareDraft: copilot.prepare,
        PrepareBrief: handback.prepare,
        TranslateMessage: translator.message,
        TranslateReply: translator.reply,
    }


def _to_customers(rooms: Rooms) -> Handlers:
    clock, pace, pausing = rooms.clock, rooms.pace, rooms.pausing
    carrier = WhatsAppDelivery(rooms.whatsapp, rooms.known, clock, pace, pausing)
    receipts = Receipts(rooms.whatsapp, rooms.known, clock, pace)
    return {
        SendToCustomer: pausing.sends(carrier.send),
        FetchTemplates: TemplateDelivery(rooms.whatsapp, rooms.slack, rooms.known, clock).fetch,
        SendAfter: carrier.wait_for_other,
        MarkRead: pausing.adorns(receipts.read),
        ShowTyping: pausing.adorns(receipts.type),
    }


def _with_files(rooms: Rooms) -> Handlers:
    pausing = rooms.pausing
    staff_files = StaffFiles(rooms.slack, rooms.whatsapp, rooms.known, tools.find(), rooms.clock)
    return {
        ShareFile: pausing.posts(rooms.files.share),
        ShowHeard: pausing.posts(rooms.files.show_heard),
        FetchMedia: pausing.fetches(MediaFetch(rooms.whatsapp, rooms.known, rooms.clock).fetch),
        PrepareFile: pausing.fetches(staff_files.prepare),
    }


def _in_threads(rooms: Rooms) -> Handlers:
    pausing = rooms.pausing
    thread = SlackThread(rooms.slack, rooms.posts, rooms.clock, rooms.pace, rooms.files)
    translations = SlackTranslations(rooms.slack, rooms.posts, rooms.clock, rooms.pace)
    return {
        OpenThread: pausing.posts(thread.open),
        RefreshCard: pausing.posts(thread.refresh),
        BeginAnew: pausing.posts(thread.begin_anew),
        MirrorMessage: pausing.posts(thread.mirror),
        ShowJoined: pausing.posts(thread.joined),
        WarnOfWindow: pausing.posts(thread.warn_of_window),
        NoteInThread: pausing.posts(thread.note),
        NoteInChannel: pausing.posts(thread.announce),
        ReportFailure: pausing.posts(thread.failure),
        ShowTranslation: pausing.posts(translations.show),
        RecallHeld: pausing.posts(thread.recall),
        RecallOffer: pausing.posts(thread.recall_offer),
    }


def _in_time(rooms: Rooms) -> Handlers:
    """What the clock calls for."""
    pausing = rooms.pausing
    chaser = SlackReminders(rooms.posts, rooms.clock, rooms.pace)
    reports = SlackReports(rooms.slack, rooms.posts, rooms.known, rooms.clock, rooms.pace)
    return {
        RemindThread: pausing.posts(chaser.not_taken),
        RemindHolder: pausing.posts(chaser.not_answered),
        WarnOfClosing: pausing.posts(chaser.closing),
        PostReport: pausing.posts(reports.post),
        SendReportFile: pausing.writes(reports.send_file),
    }


def _to_staff(rooms: Rooms) -> Handlers:
    slack, clock, pace, pausing = rooms.slack, rooms.clock, rooms.pace, rooms.pausing
    people = SlackPeople(slack, clock, pace)
    notices = StaffNotices(slack, rooms.front.roster, rooms.known, clock, pace)
    homes = SlackHome(slack, rooms.front.roster, rooms.known, Figures(clock), clock, pace)
    return {
        AskAboutHeld: pausing.posts(people.ask_about_held),
        OfferCorrection: pausing.posts(people.offer_correction),
        ShowDraft: pausing.posts(SlackDrafts(people, clock).show),
        TellStaff: pausing.posts(people.tell),
        WriteToStaff: pausing.writes(people.write),
        Notify: pausing.writes(notices.tell),
        NotifyOfReminder: pausing.draws(notices.ask_whom),
        SettleNotices: pausing.writes(notices.settle),
        MarkReply: pausing.decorates(people.mark),
        ShowReaction: pausing.decorates(SlackReactions(slack, clock, pace).show),
        RefreshHome: pausing.draws(homes.redraw),
    }


def _erasing(rooms: Rooms) -> Handlers:
    eraser, pausing = Forgetting(rooms.slack, rooms.clock, rooms.pace), rooms.pausing
    return {
        EraseRows: eraser.rows,
        EraseThreads: pausing.writes(eraser.threads),
        ErasePost: pausing.writes(eraser.post),
        EraseFile: pausing.writes(eraser.file),
        GiveReceipt: eraser.receipt,
    }
