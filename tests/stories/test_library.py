"""The whole bot and its knowledge: followed while it serves, and found by meaning."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from integrations.sandbox.embeddings_api import EMBEDDING_MODEL
from integrations.sandbox.reply import Call, Reply
from integrations.sandbox.server import Sandbox
from storage.database import Credentials
from tests.stories.town import CARLA, DIEGO, open_town

Json = dict[str, Any]


def looks_up(request: Json) -> Reply:
    """A model that looks for the customer's own words and says what was found."""
    last = request["messages"][-1]
    if last["role"] == "tool":
        return Reply(text=str(last["content"])[:300])
    asked = [each["content"] for each in request["messages"] if each["role"] == "user"]
    return Reply(tool_calls=(Call("search_knowledge", {"query": str(asked[-1])}),))


async def knowledge_of(url: str) -> Json:
    async with aiohttp.ClientSession() as session, session.get(f"{url}/readyz") as answer:
        return (await answer.json())["knowledge"]["Aurora Outdoor"]


async def test_a_page_is_found_by_its_meaning_and_a_new_one_without_a_restart(
    sandbox: Sandbox, credentials: Credentials, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bot.agent.library.LOOKS_EVERY_SECONDS", 0.05)
    (tmp_path / "refunds.md").write_text("# Refunds\n\nWe reimburse within five days.\n")
    sandbox.openai.script(looks_up)
    told: Json = {"agent_knowledge": tmp_path, "openai_embedding_model": EMBEDDING_MODEL}
    async with open_town(sandbox, credentials, **told) as town, asyncio.timeout(60):
        while (await knowledge_of(town.bot_url))["embedded"] < 1:
            await sandbox.world.change(0.05)
        await sandbox.whatsapp.say(CARLA, "¿Cuándo me llega el dinero?")  # shares no word with the page
        await town.hears(CARLA, "We reimburse within five days.")
        (tmp_path / "poles.md").write_text("# Poles\n\nSold in pairs.\n")
        all_of_it = {"files": 2, "indexed": 2, "unreadable": 0, "embedded": 2, "passages": 2}
        while await knowledge_of(town.bot_url) != all_of_it:  # a look that has just begun has indexed none yet
            await sandbox.world.change(0.05)
        await sandbox.whatsapp.say(DIEGO, "Poles, one by one?")
        await town.hears(DIEGO, "Sold in pairs.")
