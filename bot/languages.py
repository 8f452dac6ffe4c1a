"""In which language each inbox's knowledge is, by the settings, and whether PostgreSQL has it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from bot.domain.knowledge_languages import ANY, configuration
from bot.settings import InboxSettings, Settings


def knowledge_language(settings: InboxSettings, known: Collection[str]) -> str:
    """Of pages that do not say so themselves: what its customers speak, unless a language is named."""
    return configuration(settings.knowledge_language or settings.rules.language, known) or ANY


def unknown_languages(settings: Settings, known: Collection[str]) -> Iterator[str]:
    """A line for each language of the knowledge that there is not."""
    named = {each.knowledge_language for each in settings.inboxes if each.knowledge_language}
    for wrong in sorted(each for each in named if configuration(each, known) is None):
        setting = "AGENT_KNOWLEDGE_LANGUAGE" if wrong == settings.agent_knowledge_language else "knowledge_language"
        choice = ", ".join(sorted(known))
        yield f"{setting}: there is no language {wrong!r}; write its code, like es, or what PostgreSQL has: {choice}"
