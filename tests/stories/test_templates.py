"""Templates: what reaches a customer once the window is closed, chosen and filled in by staff in a modal."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any

import pytest

from integrations.sandbox.faults import Fault
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack_state import Message
from integrations.sandbox.whatsapp_templates import Template
from storage.database import Credentials
from tests.stories.town import ANA, BEN, CARLA, CHANNEL, Moved, Town, open_town

A_DAY = timedelta(hours=24, seconds=1)
PARCEL = {"Text: {{1}}": "Carla", "Text: {{2}}": "4812", "Text: {{3}}": "Friday"}


@pytest.fixture
def moved(sandbox: Sandbox) -> Moved:
    return Moved(sandbox)


@pytest.fixture
async def town(sandbox: Sandbox, credentials: Credentials, moved: Moved) -> AsyncGenerator[Town]:
    async with open_town(sandbox, credentials, clock=moved.now, reminder_ladder=(timedelta(days=30),)) as opened:
        yield opened


def shown(town: Town, user: str = ANA) -> str:
    """All that stands in the modal on top."""
    return json.dumps(town.sandbox.slack.modal(user) or {}, ensure_ascii=False)


def block(town: Town, user: str, label: str) -> dict[str, Any]:
    view = town.sandbox.slack.modal(user)
    assert view is not None
    return next(each for each in view["blocks"] if label in json.dumps(each.get("label", {}), ensure_ascii=False))


async def offered(town: Town, user: str, name: str) -> str:
    """The value of a template in the menu, once the menu is there."""

    def found() -> list[str]:
        view = town.sandbox.slack.modal(user) or {"blocks": []}
        menus = [each["element"] for each in view["blocks"] if each.get("block_id") == "template"]
        return [each["value"] for menu in menus for each in menu["options"] if name in each["text"]["text"]]

    return (await town.sandbox.until(found))[0]


async def choose(town: Town, name: str, user: str = ANA) -> None:
    await town.sandbox.slack.click_modal(user, "choose_template", await offered(town, user, name))
    await town.sandbox.until(lambda: "This is how it will read" in shown(town, user))


async def fill(town: Town, fields: dict[str, str], user: str = ANA) -> None:
    for label, text in fields.items():
        where = block(town, user, label)["block_id"]
        await town.sandbox.slack.click_modal(user, "fill_template", text, block_id=where)


async def late(town: Town, moved: Moved) -> Message:
    """Ana has Carla's conversation, and its window is closed."""
    card = await town.taken()
    await town.hears(CARLA, "colleague")
    moved.by = A_DAY
    await town.sandbox.until(lambda: any(each["type"] == "actions" for each in card.blocks))
    await town.shows(card, "Reply window closed")
    return card


async def test_a_template_is_chosen_filled_in_previewed_and_sent_once(town: Town, moved: Moved):
    card = await late(town, moved)
    assert await town.press(ANA, card, "send_template") == 200
    assert "Asking WhatsApp" in shown(town) or "Choose a template" in shown(town)
    await choose(town, "order_on_its_way · en · utility")
    await fill(town, PARCEL)
    await town.sandbox.until(lambda: "Hi Carla, your order 4812 is on its way and arrives on Friday." in shown(town))
    refused = await town.sandbox.slack.submit(ANA, values={block(town, ANA, "Track parcel")["block_id"]: "no spaces"})
    assert "cannot hold spaces" in json.dumps(refused)
    view = town.sandbox.slack.modal(ANA)
    assert view is not None
    filled = {block(town, ANA, "Track parcel")["block_id"]: "4812"}
    twice = await asyncio.gather(*(town.sandbox.slack.submit(ANA, view["id"], filled) for _ in range(2)))
    assert twice == [{}, {}]
    assert town.sandbox.slack.modal(ANA) is None
    await town.hears(CARLA, "your order 4812 is on its way and arrives on Friday.")
    [line] = await town.sandbox.until(lambda: [each for each in town.thread(card) if "Template order_on" in each.text])
    assert line.username == "Ana Ruiz"
    await town.sandbox.until(lambda: "mailbox_with_mail" in town.sandbox.slack.reactions(CHANNEL, line.ts))
    assert sum("4812" in said for said in town.on_phone(CARLA)) == 1
    assert town.thread_text(card).count("Template order_on_its_way") == 1


async def test_named_fields_and_the_menu_on_the_card_work_while_the_window_is_open(town: Town):
    card = await town.taken()
    await town.shows(card, f"<@{ANA}>")
    [escalation] = {each["value"] for part in card.blocks for each in part.get("elements", []) if "value" in each}
    await town.sandbox.slack.click(ANA, CHANNEL, card.ts, "more", f"send_template:{escalation}")
    await choose(town, "repair_ready")
    await fill(town, {"first_name": "Carla", "closing_time": "7 pm"})
    await town.sandbox.slack.submit(ANA)
    await town.hears(CARLA, "Hello Carla, your repair is ready. You find us until 7 pm.")


async def test_what_cannot_be_sent_from_here_says_why(town: Town, moved: Moved):
    card = await late(town, moved)
    await town.press(ANA, card, "send_template")
    await choose(town, "new_tent")
    assert "its header is a picture" in shown(town)
    answer = await town.sandbox.slack.submit(ANA)
    assert answer["response_action"] == "errors"
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await offered(town, ANA, "old_offer")  # WhatsApp has not approved it


async def test_a_template_that_whatsapp_pauses_fails_aloud_and_is_not_offered_again(town: Town, moved: Moved):
    card = await late(town, moved)
    await town.press(ANA, card, "send_template")
    await choose(town, "follow_up")
    town.sandbox.whatsapp.api.templates.named("follow_up").status = "PAUSED"
    assert await town.sandbox.slack.submit(ANA) == {}
    await town.sandbox.until(lambda: "WhatsApp has paused this template" in town.thread_text(card))
    await town.press(BEN, card, "send_template")
    await offered(town, BEN, "repair_ready")
    assert "follow_up" not in shown(town, BEN)
    # What Meta tells of a template counts at once, and the list is fetched again.
    town.sandbox.whatsapp.api.templates.named("follow_up").status = "APPROVED"
    asked = town.sandbox.whatsapp.api.templates.asked
    assert await town.sandbox.whatsapp.template_status("follow_up", "en", "APPROVED") == 200
    await town.sandbox.until(lambda: town.sandbox.whatsapp.api.templates.asked > asked)
    await town.has_done("whatsapp.templates")
    await town.press(BEN, card, "send_template")
    await offered(town, BEN, "follow_up")


async def test_a_template_whose_pause_only_a_late_report_tells_is_not_offered_again(town: Town, moved: Moved):
    card = await late(town, moved)
    await town.press(ANA, card, "send_template")
    await choose(town, "follow_up")
    assert await town.sandbox.slack.submit(ANA) == {}
    [sent] = await town.sandbox.until(
        lambda: [each for each in town.sandbox.whatsapp.sent if each.body["type"] == "template"]
    )
    failed = town.sandbox.whatsapp.status_body(sent, "failed", 132015)
    assert await town.sandbox.whatsapp.insist(failed)
    await town.has_done("whatsapp.status")
    await town.press(BEN, card, "send_template")
    await offered(town, BEN, "repair_ready")
    assert "follow_up" not in shown(town, BEN)


async def test_many_templates_are_paged_and_searched(town: Town, moved: Moved):
    more = [Template(name=f"notice_{n:03}", components=[{"type": "BODY", "text": f"Notice {n}"}]) for n in range(230)]
    town.sandbox.whatsapp.api.templates.all += more
    card = await late(town, moved)
    await town.press(ANA, card, "send_template")
    await offered(town, ANA, "notice_001")
    assert town.sandbox.whatsapp.api.templates.asked == 3
    await town.sandbox.slack.click_modal(ANA, "search_templates", "notice 229")
    await choose(town, "notice_229")
    assert await town.sandbox.slack.submit(ANA) == {}
    await town.hears(CARLA, "Notice 229")


async def test_trouble_with_the_list_is_told_and_does_not_stop_the_sending_of_words(town: Town, moved: Moved):
    card = await town.taken()
    town.sandbox.whatsapp.faults.add(Fault(method="templates", code=10, status=403))
    [escalation] = {each["value"] for part in card.blocks for each in part.get("elements", []) if "value" in each}
    await town.sandbox.slack.click(ANA, CHANNEL, card.ts, "more", f"send_template:{escalation}")
    await town.sandbox.until(lambda: "whatsapp_business_management" in shown(town))
    await town.reply(ANA, card, "Words go on")
    await town.hears(CARLA, "Words go on")
    await town.sandbox.slack.click_modal(ANA, "refresh_templates")
    await choose(town, "follow_up")
    await town.sandbox.slack.dismiss(ANA)
    town.sandbox.slack.faults.add(Fault(method="views.open", code="expired_trigger_id"))
    await town.sandbox.slack.click(ANA, CHANNEL, card.ts, "more", f"send_template:{escalation}")
    await town.sandbox.until(lambda: "press it again" in town.told(ANA))


async def test_without_an_account_the_button_says_what_to_set(sandbox: Sandbox, credentials: Credentials):
    async with open_town(sandbox, credentials, whatsapp_business_account_id=None) as town:
        card = await town.taken()
        [escalation] = {each["value"] for part in card.blocks for each in part.get("elements", []) if "value" in each}
        await town.sandbox.slack.click(ANA, CHANNEL, card.ts, "more", f"send_template:{escalation}")
        await town.sandbox.until(lambda: "WHATSAPP_BUSINESS_ACCOUNT_ID" in town.told(ANA))


async def test_whoever_says_stop_is_obeyed_without_the_ai_and_reached_only_after_a_second_thought(town: Town):
    await town.sandbox.whatsapp.say(CARLA, "Stop")
    await town.hears(CARLA, "no more promotions")
    await town.sandbox.whatsapp.say(CARLA, "STOP!")
    card = await town.taken()
    assert town.sandbox.openai.requests == []
    assert sum("no more promotions" in said for said in town.on_phone(CARLA)) == 1
    await town.shows(card, "Asked not to be written to")
    await town.reply(ANA, card, "Replies still arrive")
    await town.hears(CARLA, "Replies still arrive")

    [escalation] = {each["value"] for part in card.blocks for each in part.get("elements", []) if "value" in each}
    await town.sandbox.slack.click(ANA, CHANNEL, card.ts, "more", f"send_template:{escalation}")
    await choose(town, "winter_sale")
    assert "Advertising cannot be sent" in shown(town)
    await choose(town, "follow_up")
    with pytest.raises(ValueError, match="please complete"):  # Slack's own form insists on the box
        await town.sandbox.slack.submit(ANA)
    answer = await town.sandbox.slack.submit(ANA, values={"consent": []}, past_the_form=True)
    assert "asked not to be written to" in json.dumps(answer)
    assert await town.sandbox.slack.submit(ANA, values={"consent": ["despite"]}) == {}
    await town.hears(CARLA, "We have news about your question")

    assert await town.sandbox.whatsapp.prefers(CARLA, "resume") == 200
    await town.sandbox.until(lambda: "They may be written to again" in town.thread_text(card))
    await town.sandbox.until(lambda: "Asked not to be written to" not in card.text)
    await town.sandbox.whatsapp.say(CARLA, "baja")
    await town.hears(CARLA, "no recibirás más promociones")
    await town.sandbox.until(lambda: "no recibirás más promociones" in town.thread_text(card))
    said = town.thread_text(card)
    assert said.index("baja") < said.index("*They asked not to be written to.*") < said.index("no recibirás")
