"""Suggest reply and Summarise: what the AI writes for the staff is theirs, and leaves by their click alone, once."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

from integrations.sandbox.faults import Fault
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack_state import Ephemeral, Message
from storage.database import Credentials
from storage.models import MessageRow
from tests.stories.town import ANA, BEN, CARLA, CHANNEL, Moved, Town, open_town

PAGES = Path(__file__).parents[2] / "integrations/sandbox/knowledge"
BOOTS = "How long do I have to return boots?"


async def choose(town: Town, user: str, card: Message, entry: str) -> None:
    """Choose an entry of the card's menu by its words."""
    [menu] = [each for block in card.blocks for each in block.get("elements", []) if each.get("action_id") == "more"]
    value = next(each["value"] for each in menu["options"] if each["text"]["text"] == entry)
    await town.sandbox.slack.click(user, CHANNEL, card.ts, "more", value)


def shown(town: Town, user: str, button: str = "send_draft") -> list[Ephemeral]:
    """What stands before this person alone with such a button."""
    return [each for each in town.sandbox.slack.ephemerals(user) if f"'{button}'" in str(each.blocks)]


async def drafted(town: Town, user: str, card: Message) -> str:
    """Ask for a reply; all that the draft says, once it is there."""
    before = {each.id for each in shown(town, user)}
    await choose(town, user, card, "Suggest reply")
    [draft] = await town.sandbox.until(lambda: [each for each in shown(town, user) if each.id not in before])
    return str(draft.blocks)


def line(town: Town, card: Message, words: str) -> Message | None:
    return next((each for each in town.thread(card) if words in each.text), None)


async def posted(town: Town, card: Message, words: str) -> Message:
    """The reply in the thread that says this, once it is there."""
    return (await town.sandbox.until(lambda: [each for each in town.thread(card) if words in each.text]))[0]


async def marked(town: Town, message: Message, mark: str) -> None:
    await town.sandbox.until(lambda: mark in town.sandbox.slack.reactions(CHANNEL, message.ts))


async def test_a_draft_names_its_sources_and_is_sent_by_a_click_once_as_a_reply_of_theirs(
    sandbox: Sandbox, credentials: Credentials
):
    async with open_town(sandbox, credentials, agent_knowledge=PAGES) as town:
        slack = sandbox.slack
        card = await town.taken()
        await sandbox.whatsapp.say(CARLA, BOOTS)
        await posted(town, card, BOOTS)
        await town.reply(ANA, card, "note: she is a VIP, code name Walrus")
        draft = await drafted(town, ANA, card)
        assert "30 days" in draft
        assert "returns-and-refunds.md" in draft
        asked = str(sandbox.openai.requests[-1])
        assert "Walrus" not in asked
        assert [each["function"]["name"] for each in sandbox.openai.requests[-1]["tools"]] == ["search_knowledge"]
        assert not [said for said in town.on_phone(CARLA) if "30 days" in said]

        [twice] = shown(town, ANA)
        await asyncio.gather(*(slack.click_ephemeral(ANA, "send_draft", ephemeral_id=twice.id) for _ in range(2)))
        await town.hears(CARLA, "30 days")
        await sandbox.until(lambda: not shown(town, ANA))
        post = await posted(town, card, "30 days")
        assert post.username == "Ana Ruiz, with a draft by the AI"
        await marked(town, post, "mailbox_with_mail")
        await town.has_done("whatsapp.send")
        assert len([said for said in town.on_phone(CARLA) if "30 days" in said]) == 1
        row = await MessageRow.get(text__contains="30 days")
        assert (row.author, row.staff_id, row.slack_ts) == ("staff", ANA, post.ts)

        # By the shortcut, changed, and once more than the customer's newer words were read.
        assert await slack.shortcut(ANA, CHANNEL, post.ts, "suggest_reply") == 200
        await sandbox.until(lambda: shown(town, ANA))
        await slack.click_ephemeral(ANA, "edit_draft")
        await sandbox.whatsapp.say(CARLA, "They are size 44")
        await posted(town, card, "size 44")
        answer = await slack.submit(ANA, values={"change_draft": "Any size, of course!"})
        assert "They are size 44" in str(answer)
        assert "Any size, of course!" not in town.on_phone(CARLA)
        await slack.submit(ANA, values={"change_draft": "Any size, 44 too!"})
        await town.hears(CARLA, "Any size, 44 too!")
        await sandbox.until(lambda: not shown(town, ANA))
        assert slack.modal(ANA) is None


async def test_what_they_wrote_meanwhile_is_read_first_and_a_discarded_draft_is_gone(town: Town):
    slack = town.sandbox.slack
    card = await town.taken()
    await town.sandbox.whatsapp.say(CARLA, "The tent is torn")
    await posted(town, card, "torn")
    assert "order number" in await drafted(town, ANA, card)
    await town.sandbox.whatsapp.say(CARLA, "My order is 4711")
    await posted(town, card, "4711")
    [old] = shown(town, ANA)
    await slack.click_ephemeral(ANA, "send_draft")
    await town.sandbox.until(lambda: "Send anyway" in str(old.blocks))
    assert "My order is 4711" in str(old.blocks)
    assert not [said for said in town.on_phone(CARLA) if "order number" in said]

    town.sandbox.openai.hold()
    await choose(town, ANA, card, "Suggest reply")
    await choose(town, ANA, card, "Suggest reply")  # while the AI thinks
    await town.sandbox.until(lambda: town.sandbox.openai.waiting)
    await town.sandbox.whatsapp.say(CARLA, "Are you there?")
    await posted(town, card, "Are you there?")
    town.sandbox.openai.release()
    newest = (await town.sandbox.until(lambda: shown(town, ANA)[1:]))[-1]
    assert "Are you there?" in str(newest.blocks)
    assert len(shown(town, ANA)) == 2

    await slack.click_ephemeral(ANA, "send_draft", ephemeral_id=old.id)
    await town.sandbox.until(lambda: "newer one has taken its place" in town.told(ANA))
    await slack.click_ephemeral(ANA, "discard_draft", ephemeral_id=newest.id)
    await town.sandbox.until(lambda: not shown(town, ANA))

    town.sandbox.openai.faults.add(*6 * (Fault(method="chat.completions", status=400),))
    await choose(town, ANA, card, "Suggest reply")
    await town.sandbox.until(lambda: "could not draft" in town.told(ANA))
    assert not [said for said in town.on_phone(CARLA) if "order number" in said]


async def test_a_draft_of_somebody_else_or_out_of_time_is_asked_about_like_any_reply(
    sandbox: Sandbox, credentials: Credentials
):
    moved = Moved(sandbox)
    async with open_town(sandbox, credentials, moved.now) as town:
        slack = sandbox.slack
        card = await town.escalation()
        await drafted(town, ANA, card)
        await slack.click_ephemeral(ANA, "send_draft")
        await sandbox.until(lambda: "Nobody has taken this" in town.told(ANA))
        post = await posted(town, card, "I have read your messages")
        await marked(town, post, "hourglass")
        await slack.click_ephemeral(ANA, "send_held")
        await town.hears(CARLA, "I have read your messages")
        await town.shows(card, f"<@{ANA}> has this")

        await drafted(town, BEN, card)
        await slack.click_ephemeral(BEN, "send_draft")
        await sandbox.until(lambda: f"<@{ANA}> has this" in town.told(BEN))
        await slack.click_ephemeral(BEN, "keep_note")
        await sandbox.until(lambda: not shown(town, BEN, "keep_note"))
        await town.has_done("whatsapp.send")
        assert len([said for said in town.on_phone(CARLA) if "I have read" in said]) == 1

    moved.by = timedelta(hours=25)
    async with open_town(sandbox, credentials, moved.now) as town:
        await drafted(town, ANA, card)
    async with open_town(sandbox, credentials, moved.now) as town:  # what was drafted outlives a restart
        await slack.click_ephemeral(ANA, "send_draft")
        await sandbox.until(lambda: "only templates" in town.told(ANA))
        await slack.click_ephemeral(ANA, "send_when_they_write")
        await sandbox.whatsapp.say(CARLA, "Hello again")
        await sandbox.until(lambda: len([said for said in town.on_phone(CARLA) if "I have read" in said]) == 2)


async def test_a_summary_is_read_by_whoever_asked_and_shared_once(town: Town):
    slack = town.sandbox.slack
    card = await town.taken()
    await town.sandbox.whatsapp.say(CARLA, "The tent is torn")
    await town.reply(ANA, card, "I'll send a new one by Friday")
    await town.hears(CARLA, "by Friday")
    await town.reply(ANA, card, "note: check the stock first")
    await town.has_done("slack.event")
    await choose(town, BEN, card, "Summarise")
    [summary] = await town.sandbox.until(lambda: shown(town, BEN, "share_summary"))
    text = str(summary.blocks)
    for words in ("The tent is torn", "What was promised", "by Friday", "check the stock first (internal note)"):
        assert words in text
    assert not line(town, card, "Summary by the AI")
    await asyncio.gather(*(slack.click_ephemeral(BEN, "share_summary", ephemeral_id=summary.id) for _ in range(2)))
    await posted(town, card, "Summary by the AI")
    await town.has_done("slack.note")
    assert len([each for each in town.thread(card) if "Summary by the AI" in each.text]) == 1
    assert not [said for said in town.on_phone(CARLA) if "stock" in said]
