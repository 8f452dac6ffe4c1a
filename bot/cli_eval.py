"""What `switchboard eval` does: play scenarios against the model and print what it did right."""

from __future__ import annotations

import asyncio
import logging
import sys
import tempfile
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot import logs
from bot.agent.asking import Asking, Purpose
from bot.agent.embedding import Embedder
from bot.agent.library import Library, Shelf
from bot.agent.meanings import Meanings
from bot.agent.prompt import load_prompt
from bot.agent.turn import Search
from bot.command import leave, settings_or_leave, start
from bot.domain.hours import ALWAYS
from bot.domain.knowledge import Passage
from bot.domain.knowledge_languages import ANY, configuration
from bot.evaluation.play import Candidate, Result, play
from bot.evaluation.scenario import SHIPPED, Scenario, ScenarioError, load
from bot.settings import Settings
from integrations.openai.client import OPENAI_URL, Model, ModelSettings
from integrations.sandbox import SHOP
from storage import database, embedded, knowledge
from storage.database import Credentials
from storage.knowledge import FolderIndex

_WIDE = 160  # columns, where the reader is no terminal
_INBOX = 1  # of a database that nobody else sees

console = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDE)


def evaluate(places: list[Path], only: str | None, at_once: int) -> int:
    """Play them and print the table; returns the exit status."""
    try:
        scenarios = [each for each in load(places or [SHIPPED]) if only is None or only in each.name]
    except ScenarioError as error:
        leave(error.problems)
    if not scenarios:
        leave([f"--only: no scenario's name holds {only!r}"])
    settings, failed = settings_or_leave(), False
    logs.to_stderr(logging.WARNING)

    async def played() -> None:
        nonlocal failed
        async with _candidate(settings, own=bool(places)) as candidate:
            results = await _all(scenarios, candidate, at_once)
        console.print(_table(results))
        failed = any(each.failures for each in results)
        console.print(f"{sum(not each.failures for each in results)} of {len(results)} hold ({settings.openai_model}).")

    start(played())
    return int(failed)


async def _all(scenarios: Sequence[Scenario], candidate: Candidate, at_once: int) -> list[Result]:
    slots = asyncio.Semaphore(at_once)

    async def one(scenario: Scenario) -> Result:
        async with slots:
            return await play(scenario, candidate)

    return list(await asyncio.gather(*map(one, scenarios)))


@asynccontextmanager
async def _candidate(settings: Settings, *, own: bool) -> AsyncGenerator[Candidate]:
    """The configured model with its own prompt and pages, or with those of the demo's shop."""
    prompt = load_prompt(settings.agent_prompt if own else SHOP / "prompt.md")
    folder = settings.agent_knowledge if own else SHOP / "knowledge"
    model = Model(
        ModelSettings(
            name=settings.openai_model,
            api_key=settings.openai_api_key.get_secret_value(),
            base_url=settings.openai_base_url or OPENAI_URL,
        )
    )
    asking = Asking(model, settings.openai_model)
    name = settings.openai_embedding_model
    meanings = Meanings(Embedder(asking, model, name)) if name else None
    try:
        async with _searching(folder, settings.agent_knowledge_language if own else None, meanings) as search:
            asked = asking.on_behalf_of(_INBOX, Purpose.ANSWER)
            business = settings.inbox_name if own else "Aurora Outdoor"
            hours = settings.switchboard_config.defaults.calendar if own else ALWAYS
            yield Candidate(asked, business, prompt, search, hours)
    finally:
        await model.close()


@asynccontextmanager
async def _searching(
    folder: Path | None, language: str | None, meanings: Meanings | None
) -> AsyncGenerator[Search | None]:
    """What the agent finds in production, from a database of its own: the same search must be examined."""
    if folder is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="switchboard-eval-", ignore_cleanup_errors=True) as data_dir:
        credentials = Credentials.from_url(await asyncio.to_thread(embedded.start, Path(data_dir)))
        await database.migrate(credentials)
        async with database.connected(credentials, pool_size=2):
            spoken = configuration(language or "en", await knowledge.configurations()) or ANY
            library = Library([Shelf(_INBOX, "", FolderIndex(_INBOX, folder, spoken))], meanings)
            await library.look()
            await library.embed()

            async def search(query: str) -> Sequence[Passage]:
                return await library.search(_INBOX, query)

            yield search


def _table(results: Sequence[Result]) -> Table:
    table = Table("scenario", "", "what came of it", "seconds", box=None, pad_edge=False)
    for each in results:
        said = "\n".join(each.failures) if each.failures else " → ".join(heard.in_words for heard in each.heard)
        mark = "[red]fails[/red]" if each.failures else "[green]holds[/green]"
        table.add_row(each.scenario.name, mark, _plain(said), f"{each.seconds:.1f}")
    return table


def _plain(said: str) -> str:
    """A model's words are no markup of ours."""
    flat = " ".join(said.split()) if "step " not in said else said
    return (flat if len(flat) <= 400 else flat[:399] + "…").replace("[", "\\[")
