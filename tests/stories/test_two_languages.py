"""Threads in two languages: each reads their own, both see the original, and nothing leaves before its author chose."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

from integrations.sandbox.faults import Fault
from integrations.sandbox.openai_media import TRANSCRIBER
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack_state import Ephemeral, Message
from storage.database import Credentials
from storage.models import MessageRow
from tests.stories.test_copilot import choose, posted
from tests.stories.test_senses import speaks
from tests.stories.town import ANA, BEN, CARLA, CHANNEL, Moved, Town, open_town

SUPPORT = """
[[inboxes]]
name = "Aurora Support"
whatsapp_phone_number_id = "200000000000001"
slack_channel = "C0SUPPORT"
prompt = "prompt.md"
thread_language = "en"
"""
ASKED = "Quiero hablar con una persona. Mi tienda llegó rota."


def file(tmp_path: Path) -> Path:
    (tmp_path / "switchboard.toml").write_text(SUPPORT)
    (tmp_path / "prompt.md").write_text("You sell tents.")
    return tmp_path / "switchboard.toml"


def asked(town: Town, user: str, button: str = "send_translation") -> list[Ephemeral]:
    return [each for each in town.sandbox.slack.ephemerals(user) if f"'{button}'" in str(each.blocks)]


async def in_spanish(town: Town) -> Message:
    """An escalation of a customer who writes Spanish, held by Ana."""
    card = await town.escalation(CARLA, ASKED)
    await town.press(ANA, card, "take")
    await town.shows(card, f"<@{ANA}>")
    return card


async def test_each_reads_their_own_language_and_a_reply_waits_for_its_authors_choice(
    sandbox: Sandbox, credentials: Credentials, tmp_path: Path
):
    chosen: dict[str, Any] = {"switchboard_config": file(tmp_path), "openai_transcription_model": TRANSCRIBER}
    async with open_town(sandbox, credentials, **chosen) as town:
        slack = sandbox.slack
        card = await in_spanish(town)
        sandbox.openai.hold()
        await sandbox.whatsapp.say(CARLA, "¿Cuándo llega la nueva?")
        post = await posted(town, card, "¿Cuándo llega la nueva?")  # the words do not wait for the translation
        assert "🌐" not in post.text
        sandbox.openai.release()
        await sandbox.until(lambda: "When does the new one arrive?" in post.text)
        assert "¿Cuándo llega la nueva?" in post.text
        assert post.username == "Carla Mendes"

        ts = await town.reply(ANA, card, "It arrives on Thursday. Have a nice day!")
        [question] = await sandbox.until(lambda: asked(town, ANA))
        assert "Llega el jueves. ¡Que tengas un buen día!" in str(question.blocks)
        assert not [said for said in town.on_phone(CARLA) if "jueves" in said or "Thursday" in said]
        await asyncio.gather(
            *(slack.click_ephemeral(ANA, "send_translation", ephemeral_id=question.id) for _ in range(2))
        )
        await town.hears(CARLA, "Llega el jueves. ¡Que tengas un buen día!")
        await posted(town, card, "The customer reads:")
        row = await MessageRow.get(slack_ts=ts)
        assert (row.text[:5], row.translation) == ("Llega", "It arrives on Thursday. Have a nice day!")
        await slack.edit(ANA, CHANNEL, ts, "It arrives on Thursday.  Have a nice day!")
        await town.has_done("slack.event")
        assert "still has the old words" not in town.told(ANA)

        await speaks(sandbox, "¿Cuándo llega la nueva?")
        await posted(town, card, "Transcript (by machine, Spanish)")
        await sandbox.until(lambda: town.thread_text(card).count("When does the new one arrive?") == 2)

        await town.reply(ANA, card, "Gracias, pero no es para la tienda")  # in their language: nothing to translate
        await town.hears(CARLA, "Gracias, pero no es para la tienda")
        await town.reply(ANA, card, "note: a nice one")
        await town.reply(ANA, card, "We will refund you today.")
        await sandbox.until(lambda: asked(town, ANA))
        await slack.click_ephemeral(ANA, "edit_translation")
        await slack.submit(ANA, values={"change_translation": "Hoy mismo te devolvemos el dinero."})
        await town.hears(CARLA, "Hoy mismo te devolvemos el dinero.")
        await sandbox.until(lambda: not asked(town, ANA))
        await choose(town, ANA, card, "View history")
        history = str(slack.modal(ANA))
        for words in ("When does the new one arrive?", "written as: We will refund you today."):
            assert words in history
        everything = "\n".join(town.on_phone(CARLA))
        assert everything.count("jueves") == 1
        assert not {"We will refund", "a nice one"} & set(town.on_phone(CARLA))


async def test_when_the_model_fails_the_original_stands_and_a_reply_can_leave_as_written(
    sandbox: Sandbox, credentials: Credentials, tmp_path: Path
):
    async with open_town(sandbox, credentials, switchboard_config=file(tmp_path)) as town:
        slack = sandbox.slack
        card = await in_spanish(town)
        sandbox.openai.faults.add(Fault(method="chat.completions", status=400))
        await sandbox.whatsapp.say(CARLA, "¿Hay alguien ahí?")
        post = await posted(town, card, "¿Hay alguien ahí?")
        await sandbox.until(lambda: "Translation not available" in post.text)
        sandbox.openai.faults.add(Fault(method="chat.completions", status=400))
        await town.reply(BEN, card, "I am looking into it.")
        await sandbox.until(lambda: "cannot be translated into Spanish" in town.told(BEN))
        assert f"<@{ANA}> has this" in town.told(BEN)
        await slack.click_ephemeral(BEN, "send_held")
        await town.hears(CARLA, "I am looking into it.")

        await choose(town, BEN, card, "Two languages…")
        await slack.submit(BEN, values={"choose_language": "off"})
        await posted(town, card, "is not translated any more")
        await town.reply(ANA, card, "We will send you a new one today.")
        await sandbox.until(lambda: "has just answered" in town.told(ANA))  # Ben has, and so the usual guard asks
        await slack.click_ephemeral(ANA, "send_held")
        await town.hears(CARLA, "We will send you a new one today.")


async def test_what_nobody_chose_is_shown_to_all_and_out_of_time_the_choice_is_kept(
    sandbox: Sandbox, credentials: Credentials, tmp_path: Path
):
    moved, config = Moved(sandbox), file(tmp_path)
    async with open_town(sandbox, credentials, moved.now, switchboard_config=config) as town:
        slack = sandbox.slack
        card = await in_spanish(town)
        await sandbox.whatsapp.say(CARLA, "Es el pedido 4812.")
        await posted(town, card, "It is order 4812.")
        await town.reply(ANA, card, "It arrives on Thursday.")
        await sandbox.until(lambda: asked(town, ANA))
        moved.by = timedelta(minutes=2)
        line = await posted(town, card, "Not sent to the customer")
        assert "Llega el jueves." in str(line.blocks)
        moved.by = timedelta(hours=25)
        await slack.click(BEN, CHANNEL, line.ts, "send_translation")
        await sandbox.until(lambda: "only templates" in town.told(BEN))
        await slack.click_ephemeral(BEN, "send_when_they_write")
        await sandbox.until(lambda: not asked(town, BEN, "send_when_they_write"))
        assert not [said for said in town.on_phone(CARLA) if "jueves" in said]
        await sandbox.whatsapp.say(CARLA, "¡Gracias!")
        await town.hears(CARLA, "Llega el jueves.")
