"""kill -9 at bad moments: what was acknowledged is done after the restart, and done once."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from integrations.sandbox.faults import Fault
from integrations.sandbox.reply import Reply
from integrations.sandbox.server import Sandbox
from tests.processes import BotProcess, environment, free_port
from tests.stories.town import ANA, CARLA, CHANNEL, Town

ANSWER = "The one answer."


@pytest.fixture
def grace() -> str:
    """How many seconds a send of unknown outcome waits for its trace."""
    return "1"


@pytest.fixture
async def bot(sandbox: Sandbox, used_dir: Path, grace: str) -> AsyncGenerator[BotProcess]:
    process = BotProcess(environment(sandbox, free_port(), used_dir, SEND_GRACE_SECONDS=grace))
    await process.start()
    sandbox.bot_url = process.url
    yield process
    await process.stop()


@pytest.fixture
def told(sandbox: Sandbox, bot: BotProcess) -> Town:
    return Town(sandbox, bot.url)


async def test_killed_right_after_the_200_the_message_is_answered_once(told: Town, bot: BotProcess):
    told.sandbox.openai.script(lambda _request: Reply(text=ANSWER))
    for round_number in range(1, 4):
        await told.sandbox.whatsapp.say(CARLA, f"Question {round_number}")
        await bot.kill()
        await bot.start()
        await told.sandbox.until(lambda number=round_number: len(told.on_phone(CARLA)) == number, within=20)
    assert told.on_phone(CARLA) == [ANSWER] * 3


async def test_killed_while_the_model_thinks_the_message_is_answered_once(told: Town, bot: BotProcess):
    told.sandbox.openai.script(lambda _request: Reply(text=ANSWER))
    told.sandbox.openai.hold()
    await told.sandbox.whatsapp.say(CARLA, "Question")
    await told.sandbox.until(lambda: told.sandbox.openai.waiting)
    await bot.kill()
    told.sandbox.openai.release()
    await bot.start()
    await told.hears(CARLA, ANSWER)
    assert told.on_phone(CARLA) == [ANSWER]


async def test_killed_after_a_staff_reply_was_stored_it_is_sent_once(told: Town, bot: BotProcess):
    card = await told.taken()
    for number in range(3):
        await told.reply(ANA, card, f"Reply {number}")
        await bot.kill()
        await bot.start()
        await told.hears(CARLA, f"Reply {number}")
    assert [said for said in told.on_phone(CARLA) if said.startswith("Reply")] == ["Reply 0", "Reply 1", "Reply 2"]


async def test_killed_while_a_card_is_being_posted_there_is_one_card(told: Town, bot: BotProcess):
    told.sandbox.slack.faults.add(Fault(method="chat.postMessage", hang=True))
    await told.sandbox.whatsapp.say(CARLA, "Can I talk to a person?")
    await told.sandbox.until(lambda: told.sandbox.slack.faults.hanging)
    await bot.kill()
    told.sandbox.slack.faults.release()
    await bot.start()
    [card] = await told.sandbox.until(told.cards)
    await told.sandbox.until(lambda: told.thread(card))
    await told.press(ANA, card, "take")
    await told.shows(card, f"<@{ANA}>")
    assert len(told.cards()) == 1
    assert len(told.sandbox.slack.root_messages(CHANNEL)) == 1


@pytest.mark.parametrize("grace", ["30"])
async def test_killed_while_whatsapp_takes_a_reply_it_is_not_sent_again(told: Town, bot: BotProcess):
    card = await told.taken()
    await told.hears(CARLA, "colleague")
    told.sandbox.whatsapp.auto_status = False
    told.sandbox.whatsapp.faults.add(Fault(method="send", hang=True))
    await told.reply(ANA, card, "Once")
    await told.sandbox.until(lambda: told.sandbox.whatsapp.faults.hanging)
    await bot.kill()
    told.sandbox.whatsapp.faults.release()
    await bot.start()
    # The trace comes within the grace; that it was not sent again is seen once the next one has left.
    await told.sandbox.whatsapp.report(told.sandbox.whatsapp.sent[-1].wamid, "delivered")
    await told.reply(ANA, card, "Next")
    await told.hears(CARLA, "Next")
    assert [said for said in told.on_phone(CARLA) if said in ("Once", "Next")] == ["Once", "Next"]


async def test_a_polite_stop_ends_with_status_zero(bot: BotProcess):
    assert await bot.stop() == 0


async def test_a_post_that_lands_after_the_kill_is_seen_before_it_is_repeated(told: Town, bot: BotProcess):
    card = await told.taken()
    told.sandbox.slack.faults.add(Fault(method="chat.postMessage", delay=2.5))
    before = len(told.sandbox.slack.calls)
    await told.sandbox.whatsapp.say(CARLA, "One more thing")
    await told.sandbox.until(
        lambda: any(call.method == "chat.postMessage" for call in told.sandbox.slack.calls[before:])
    )
    await bot.kill()
    await bot.start()
    await told.sandbox.until(lambda: "One more thing" in told.thread_text(card), within=20)
    await told.sandbox.whatsapp.say(CARLA, "And another")
    await told.sandbox.until(lambda: "And another" in told.thread_text(card), within=20)
    assert told.thread_text(card).count("One more thing") == 1


async def test_killed_while_slack_shares_a_file_it_stands_in_the_thread_once(told: Town, bot: BotProcess):
    card = await told.taken()
    told.sandbox.slack.faults.add(Fault(method="files.completeUploadExternal", hang=True))
    photo = b"\xff\xd8\xff\xe0 a photo"
    await told.sandbox.whatsapp.send_file(CARLA, photo, "image/jpeg", caption="the pole")
    await told.sandbox.whatsapp.say(CARLA, "Well?")
    await told.sandbox.until(lambda: told.sandbox.slack.faults.hanging)
    await bot.kill()
    await bot.start()
    await told.sandbox.until(lambda: "Well?" in told.thread_text(card), within=20)
    assert [bool(each.files) for each in told.thread(card)[-2:]] == [True, False]
    assert sum(bool(each.files) for each in told.thread(card)) == 1


async def test_killed_while_a_file_of_staff_is_uploaded_the_customer_gets_it_once(told: Town, bot: BotProcess):
    card = await told.taken()
    told.sandbox.whatsapp.faults.add(Fault(method="upload", hang=True))
    label = told.sandbox.slack.attach(ANA, "label.pdf", b"%PDF-1.7 a label")
    await told.sandbox.slack.reply(ANA, CHANNEL, card.ts, "Here", files=[label])
    await told.reply(ANA, card, "Got it?")
    await told.sandbox.until(lambda: told.sandbox.whatsapp.faults.hanging)
    await bot.kill()
    await bot.start()
    await told.sandbox.until(lambda: "Got it?" in told.on_phone(CARLA), within=20)
    assert told.on_phone(CARLA)[-2:] == ["Here", "Got it?"]
    assert len([each for each in told.sandbox.whatsapp.sent if each.carried]) == 1
