"""Which prompt began to speak when, however many processes begin with it at once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.conversation import Author
from bot.domain.delivery import Delivery
from bot.domain.prompts import digest
from bot.flows.prompts import prompt_is_unusable
from storage import exports, messages, prompts
from storage.agent_models import PromptVersion
from storage.desk_models import Audit
from storage.engine_models import Task
from storage.exports import Export
from storage.messages import NewMessage
from storage.models import Inbox

pytestmark = pytest.mark.usefixtures("database")

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


async def begins(text: str, minutes: int = 0, inbox_id: int = 1) -> int:
    return await prompts.begins(inbox_id, 7, text, digest(text), NOW + timedelta(minutes=minutes))


async def lines(inbox_id: int = 1) -> list[tuple[str | None, str | None]]:
    return [(each.from_status, each.to_status) for each in await Audit.filter(inbox_id=inbox_id).order_by("id")]


async def test_replicas_that_begin_with_it_at_once_are_one_version_and_one_line():
    versions = await asyncio.gather(*(begins("We sell tents.") for _ in range(8)))
    assert len(set(versions)) == 1
    assert await lines() == [(None, str(versions[0]))]
    assert (await PromptVersion.get()).text == "We sell tents."


async def test_each_change_is_a_line_and_what_comes_back_is_the_version_that_it_was():
    first, second = await begins("Tents."), await begins("Boots.", 1)
    assert await begins("Boots.", 2) == second  # a restart
    assert await begins("Tents.", 3) == first
    assert await begins("Tents.", 4, inbox_id=2) not in (first, second)
    told = [str(first), str(second), str(first)]
    assert await lines() == list(zip([None, *told], told, strict=False))
    assert (await PromptVersion.get(id=first)).first_used_at == NOW


async def test_a_file_of_no_use_is_told_of_once_however_many_replicas_find_it():
    for minutes in (0, 1, 90):
        await prompt_is_unusable(1, "prompt.md is empty", "We sell tents.", NOW + timedelta(minutes=minutes))
    [note] = await Task.filter(kind="slack.channel")
    assert "prompt.md is empty" in str(note.payload)


async def answers(version: int, minutes: int) -> None:
    await messages.add(
        NewMessage(
            inbox_id=1,
            conversation_id=7,
            author=Author.BOT,
            text="Yes.",
            status=Delivery.SENT,
            said_at=NOW + timedelta(minutes=minutes),
            prompt_version=version,
        )
    )


async def test_the_file_of_prompts_has_those_that_spoke_in_its_time_and_how_often():
    await Inbox.create(id=1, phone_number_id="1", name="Aurora", slack_channel="C0SUPPORT")
    first, second, third = await begins("Tents."), await begins("Boots.", 60), await begins("Ropes.", 120)
    for version, minutes in ((first, 1), (second, 61), (second, 62), (second, 130)):
        await answers(version, minutes)
    end = NOW + timedelta(hours=4)
    async with exports.opened(Export.PROMPTS, [1], NOW + timedelta(minutes=90), end, with_words=True) as rows:
        found = [dict(each) async for each in rows.each]
    assert [(each["prompt"], each["answers"], each["text"]) for each in found] == [
        (second, 1, "Boots."),
        (third, 0, "Ropes."),
    ]
    assert found[0]["first_used_at"] == NOW + timedelta(minutes=60)
