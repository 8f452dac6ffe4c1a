"""What the doctor says of the knowledge: whether it can be read, how far it is indexed, and by what it is found."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from bot.finding import Finding, Mark
from bot.settings import InboxSettings, Settings
from storage import checkup
from storage.checkup import DatabaseUnusableError, Indexed
from storage.database import Credentials
from storage.knowledge import count_files

_ADVICE = "`switchboard run` goes on with it in the background, while it serves"


async def examine(settings: Settings, credentials: Credentials | None) -> list[Finding]:
    """`credentials` is None where the database cannot be asked; then only the folders are looked at."""
    findings = [finding for each in settings.inboxes for finding in await asyncio.to_thread(_folder, each)]
    if credentials is None:
        return findings
    try:
        known = await checkup.indexed(credentials)
        can_mean = await checkup.can_keep_meanings(credentials) if settings.openai_embedding_model else True
    except DatabaseUnusableError as error:
        return [*findings, Finding(Mark.NOTE, f"Knowledge: {error}", "ask again")]
    findings += [finding for each in settings.inboxes for finding in await asyncio.to_thread(_progress, each, known)]
    return findings if can_mean else [*findings, _no_pgvector()]


def _folder(inbox: InboxSettings) -> list[Finding]:
    folder = inbox.knowledge
    if folder is None:
        return [Finding(Mark.GOOD, "Knowledge: no folder (AGENT_KNOWLEDGE may name one)")]
    try:
        files = count_files(folder)
    except NotADirectoryError:
        return [Finding(Mark.WRONG, f"Knowledge: {folder} is no folder", "AGENT_KNOWLEDGE: name a folder")]
    if files == 0:
        what = f"Knowledge: no Markdown, text, HTML, CSV or PDF file in {folder}"
        return [Finding(Mark.NOTE, what, "the AI has nothing to search")]
    return [Finding(Mark.GOOD, f"Knowledge: {files} files in {folder}")]


def _progress(inbox: InboxSettings, known: Mapping[str, Indexed]) -> list[Finding]:
    if inbox.knowledge is None or not inbox.knowledge.is_dir() or (so_far := known.get(inbox.number)) is None:
        return []
    files, passages = count_files(inbox.knowledge), f"passages: {so_far.passages:,}"
    if so_far.embedded:
        passages += f", by their meaning too: {so_far.embedded:,}"
    what = f"Knowledge: {min(so_far.files, files)} of {files} files are indexed, {passages}"
    is_whole = so_far.files >= files
    return [
        Finding(Mark.GOOD, what) if is_whole else Finding(Mark.NOTE, what, _ADVICE),
        *(
            Finding(Mark.NOTE, f"Knowledge: {source} cannot be searched: {trouble}", "mend it or take it away")
            for source, trouble in so_far.unreadable.items()
        ),
    ]


def _no_pgvector() -> Finding:
    advice = "install pgvector and run CREATE EXTENSION vector as an administrator, or unset OPENAI_EMBEDDING_MODEL"
    return Finding(Mark.WRONG, "Knowledge: this PostgreSQL cannot keep meanings; words alone are searched", advice)
