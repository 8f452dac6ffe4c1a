"""/forget: nothing of the customer stays in PostgreSQL, nothing of ours in Slack, whatever happens in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any, cast

import pytest

from bot.app import wall_clock
from bot.domain.arrivals import Unclaimed
from integrations.sandbox import whatsapp_webhooks as webhooks
from integrations.sandbox.faults import Fault
from integrations.sandbox.server import Sandbox
from storage import conversations, messages, tasks
from storage.agent_models import Taught
from storage.database import Credentials, connection
from storage.engine_models import Task
from storage.models import ConversationRow, CustomerRow, Erasure, EscalationRow, MessageRow
from tests.processes import BotProcess, environment, free_port
from tests.stories.town import ANA, BEN, CARLA, CHANNEL, DIEGO, Town, open_town

Json = dict[str, Any]
NEW_NUMBER, NEW_BSUID = "34699888777", "ES.70000000000000000099"
OLD_BSUID = "ES.70000000000000000001"
MARKS = (NEW_NUMBER, NEW_BSUID, OLD_BSUID, "ZEBRA", "Carla", "Mendes", "34600111222", "600111222", "wholesale-lamps")
PICTURE = b"\xff\xd8\xff\xe0ZEBRA in a picture"
_COLUMNS = """
SELECT table_name, column_name FROM information_schema.columns
WHERE table_schema = 'public' AND data_type IN ('text', 'character varying', 'jsonb', 'json', 'ARRAY', 'bytea')
"""


async def traces() -> list[str]:
    """Every column of every table in which something of hers still stands."""
    found = list[str]()
    for row in await connection().execute_query_dict(_COLUMNS):
        table, column = row["table_name"], row["column_name"]
        plain = f'"{column}"::text'
        shown = f"encode(\"{column}\", 'escape')" if await is_bytes(table, column) else plain
        rows = await connection().execute_query_dict(
            f'SELECT {shown} AS said FROM "{table}" WHERE {shown} ILIKE ANY($1::text[])', [[f"%{m}%" for m in MARKS]]
        )
        found += [f"{table}.{column}: {each['said'][:200]}" for each in rows]
    return found


async def spoken_by_bots() -> list[str]:
    """Words of our own posts that came back with Slack's events: customers' words would stand there once more."""
    stored = [cast("Json", each.payload) for each in await Task.filter(kind="slack.event")]
    events = [cast("Json", each["envelope"]["event"]) for each in stored]
    said: list[Json] = [
        each for event in events for each in (event, event.get("message"), event.get("previous_message")) if each
    ]
    assert any(each.get("bot_id") for each in said)
    return [each["text"] for each in said if each.get("bot_id") and each.get("text")]


async def is_bytes(table: str, column: str) -> bool:
    rows = await connection().execute_query_dict(
        "SELECT 1 FROM information_schema.columns WHERE table_name = $1 AND column_name = $2 AND data_type = 'bytea'",
        [table, column],
    )
    return bool(rows)


async def forget(town: Town, who: str = "+34 600 111 222", typed: str = "1222", by: str = ANA) -> None:
    await town.sandbox.slack.command(by, CHANNEL, "/forget", who)
    if town.sandbox.slack.modal(by):
        await town.sandbox.slack.submit(by, values={"type_to_forget": typed})


def receipts(town: Town) -> list[str]:
    return [each.text for each in town.sandbox.slack.dm(ANA) if "is forgotten" in each.text]


async def test_nothing_of_a_customer_stays_anywhere_but_where_only_people_can_delete(town: Town):
    slack = town.sandbox.slack
    await town.sandbox.whatsapp.say(DIEGO, "I am Diego. When do you open?")
    await town.sandbox.whatsapp.say(CARLA, "My order is ZEBRA-1")
    await town.sandbox.whatsapp.send_file(CARLA, PICTURE, "image/jpeg", caption="ZEBRA-2")
    card = await town.taken()
    reply = await town.reply(ANA, card, "Dear Carla, ZEBRA-3 is on its way")
    await town.hears(CARLA, "ZEBRA-3")
    for answer in ("Orders leave at noon.", "ZEBRA-7 leaves at noon."):
        await slack.shortcut(ANA, CHANNEL, reply, "teach_the_bot")
        await slack.submit(ANA, values={"teach_question": "When do orders leave?", "teach_answer": answer})
    await slack.click_ephemeral(ANA, "undo_teaching")
    await town.reply(ANA, card, "note: Carla is ZEBRA-4")
    await town.sandbox.whatsapp.say(CARLA, "ZEBRA-5 😀")
    await town.sandbox.until(lambda: "ZEBRA-5" in town.thread_text(card))
    await slack.command(ANA, CHANNEL, "/customer", "carla mendes")
    await slack.submit(ANA, values={"edit_tags": "wholesale-lamps", "write_note": "ZEBRA-6", "tell_ai": "ZEBRA-9"})
    asked = await MessageRow.get(text="ZEBRA-5 😀")
    await messages.set_heard(asked.id, "ZEBRA-8, as a machine heard it", "en")
    await conversations.brief(asked.conversation_id, "ZEBRA-10 happened", "ZEBRA-11 is to be said")
    await conversations.recapped(asked.conversation_id, "The order was ZEBRA-12", asked.id)
    assert any("ZEBRA-9" in each for each in await traces())
    assert await spoken_by_bots() == []
    # A slip of the finger forgets nobody.
    await slack.command(ANA, CHANNEL, "/forget", "carlla")
    assert not await Erasure.exists()
    await forget(town, typed="9999")
    assert "Please type 1222" in str(slack.modal(ANA)) or not await Erasure.exists()
    await slack.dismiss(ANA)
    await forget(town)
    await town.sandbox.until(lambda: receipts(town), within=60)
    assert await traces() == []
    [receipt] = receipts(town)
    assert "Erased here:" in receipt
    assert "2 messages that staff wrote" in receipt
    # What was taught belongs to everybody by now; what was taken back is gone with the conversation it came from.
    assert "1 answers taught from their conversation" in receipt
    assert [(each.answer, each.message_id) for each in await Taught.all()] == [("Orders leave at noon.", None)]
    # In Slack only what staff wrote is left, and nobody can see the file.
    left = [each for each in slack.thread(CHANNEL, card.ts) if each.bot_id]
    assert left == []
    assert not [each for each in town.cards() if "Carla" in each.text]
    erasure = await Erasure.get()
    assert erasure.ended_at is not None
    assert erasure.counts["messages"] >= 7
    assert erasure.counts["slack_files"] == 1
    # The desk's own figures stay, and so does everybody else.
    assert await EscalationRow.filter(status="closed", ended_by=ANA, reason="").count() == 1
    assert await MessageRow.filter(text="I am Diego. When do you open?").exists()
    # Whoever writes from that number next is somebody new.
    before = {each.id for each in await CustomerRow.all()}
    await town.sandbox.whatsapp.say(CARLA, "Hello, I am new here")
    await town.has_done("whatsapp.message")
    [new] = [each for each in await CustomerRow.all() if each.id not in before]
    assert new.phone == "34600111222"
    talk = await ConversationRow.get(customer_id=new.id)
    assert [each.text for each in await MessageRow.filter(conversation_id=talk.id, author="customer")] == [
        "Hello, I am new here"
    ]


async def test_only_leads_forget_whoever_was_two_and_what_is_brought_again_stays_forgotten(
    sandbox: Sandbox, credentials: Credentials, tmp_path: Path
):
    sandbox.slack.add_group("S0LEADS", "leads", [ANA])
    (tmp_path / "switchboard.toml").write_text('[defaults]\nlead_group = "S0LEADS"')
    async with open_town(sandbox, credentials, switchboard_config=tmp_path / "switchboard.toml") as town:
        phone = sandbox.whatsapp
        first = await phone.say(CARLA, "My order is ZEBRA-1")
        await town.has_done("whatsapp.message")
        brought = [said(sandbox, first, "My order is ZEBRA-1")]
        late = await phone.changes.number(CARLA, NEW_NUMBER, NEW_BSUID, tell=False)
        brought.append(said(sandbox, await phone.say(CARLA, "My new number, ZEBRA-2"), "My new number, ZEBRA-2"))
        await phone.deliver(late)
        await town.has_done("whatsapp.message")
        assert await CustomerRow.filter(merged_into__not_isnull=True).count() == 1
        told: Json = {"text": "ZEBRA-3, to a number that no inbox has"}
        asked = Unclaimed(
            inbox_id=0, number="1009", customer=NEW_NUMBER, what="whatsapp.message", told=told, name="wamid:0:9"
        )
        await tasks.enqueue([asked], wall_clock())
        await sandbox.until(lambda: "a WhatsApp number that no inbox has" in str(sandbox.slack.root_messages(CHANNEL)))

        await forget(town, f"+{NEW_NUMBER}", "8777", by=BEN)
        assert "Only leads" in sandbox.slack.ephemerals(BEN)[-1].text
        assert not await Erasure.exists()
        await forget(town, f"+{NEW_NUMBER}", "8777")
        await sandbox.until(lambda: receipts(town), within=60)
        async with asyncio.timeout(30):
            while await traces():  # the lane of what waited for an inbox is named after her, and is tidied up
                await sandbox.world.change(0.02)
        people = await CustomerRow.all().count()
        for body in [*brought, late]:
            assert await phone.deliver(body) == 200
        await town.has_done("whatsapp.message")
        assert await traces() == []
        assert await CustomerRow.all().count() == people
        await sandbox.slack.dismiss(ANA)
        await forget(town, f"+{NEW_NUMBER}", "8777")
        assert "No customer matches" in sandbox.slack.ephemerals(ANA)[-1].text
        await phone.say(CARLA, "Hello, I am new here")  # which is news
        await town.has_done("whatsapp.message")
        assert await CustomerRow.all().count() == people + 1


def said(sandbox: Sandbox, wamid: str, text: str) -> Json:
    """The webhook that brought it, as WhatsApp may bring it again."""
    customer = sandbox.whatsapp.phones.of(CARLA).customer
    message = webhooks.text_message(customer, text, wamid, sandbox.world.now())
    return webhooks.envelope(webhooks.messages_value(sandbox.config, customer, message))


@pytest.fixture
async def bot(sandbox: Sandbox, used_dir: Path) -> AsyncGenerator[BotProcess]:
    process = BotProcess(environment(sandbox, free_port(), used_dir, SEND_GRACE_SECONDS="1"))
    await process.start()
    sandbox.bot_url = process.url
    yield process
    await process.stop()


async def test_killed_in_the_middle_it_goes_on_and_gives_one_receipt(sandbox: Sandbox, bot: BotProcess):
    told = Town(sandbox, bot.url)
    card = await told.escalation()
    sandbox.slack.faults.add(Fault(method="chat.delete", hang=True))
    await forget(told)
    await sandbox.until(lambda: sandbox.slack.faults.hanging)
    await bot.kill()
    sandbox.slack.faults.release()
    await bot.start()
    await sandbox.until(lambda: receipts(told), within=60)
    assert not [each for each in sandbox.slack.thread(CHANNEL, card.ts) if each.bot_id]
    assert len(receipts(told)) == 1
