"""The inboxes as the settings describe them, under the ids that the database knows them by."""

from __future__ import annotations

from collections.abc import Collection

from bot.agent.briefing import Briefing
from bot.agent.library import Shelf
from bot.agent.prompt_file import PromptFile
from bot.domain.inboxes import Inbox, Inboxes
from bot.languages import knowledge_language
from bot.settings import InboxSettings, Settings
from storage import inboxes, knowledge
from storage.inboxes import Former
from storage.knowledge import FolderIndex


async def settle(settings: Settings) -> tuple[Inboxes, dict[int, Briefing]]:
    """Have a row for each, brought up to date with the settings; and what each inbox's agent is told."""
    settled: list[Inbox] = []
    briefings: dict[int, Briefing] = {}
    for each in settings.inboxes:
        briefing = Briefing(PromptFile(each.prompt))
        row = await inboxes.settle(
            each.number, each.name, *each.channels, account=each.account, masks_numbers=each.masks_numbers
        )
        settled.append(_inbox(row.id, each))
        briefings[row.id] = briefing
    return await _with_former(settings, settled), briefings


async def known(settings: Settings) -> Inboxes:
    """Those that have a row, without changing any: for commands beside processes that run."""
    found = [(await inboxes.find(each.number), each) for each in settings.inboxes]
    return await _with_former(settings, [_inbox(inbox_id or 0, each) for inbox_id, each in found])


async def shelves(settings: Settings, known: Inboxes) -> list[Shelf]:
    """Where each inbox's knowledge comes from."""
    languages = await knowledge.configurations()
    return [_shelf(each, inbox.id, languages) for each in settings.inboxes if (inbox := known.of_number(each.number))]


def _shelf(settings: InboxSettings, inbox_id: int, languages: Collection[str]) -> Shelf:
    if settings.knowledge is None:
        return Shelf(inbox_id, settings.name)
    language = knowledge_language(settings, languages)
    return Shelf(inbox_id, settings.name, FolderIndex(inbox_id, settings.knowledge, language))


async def _with_former(settings: Settings, settled: list[Inbox]) -> Inboxes:
    """What the settings name no more is served from its row while anything of it is open."""
    former = await inboxes.others([each.number for each in settings.inboxes])
    served = [_former(settings, each) for each in former if each.active or each.is_busy]
    return Inboxes([*settled, *served], [_former(settings, each) for each in former])


def _inbox(inbox_id: int, settings: InboxSettings) -> Inbox:
    return Inbox(
        id=inbox_id,
        name=settings.name,
        number=settings.number,
        channels=settings.channels,
        rules=settings.rules,
        account=settings.account,
    )


def _former(settings: Settings, row: Former) -> Inbox:
    rules = settings.switchboard_config.defaults.rules(settings.rules)
    return Inbox(row.id, row.name, row.number, row.channels, rules, row.account, active=row.active, is_former=True)
