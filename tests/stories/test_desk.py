"""The desk: who may reply, what is held, what is a note, lists, commands, App Home, reminders."""

from __future__ import annotations

from datetime import timedelta

from integrations.sandbox.people import SlackUser
from integrations.sandbox.reply import Reply
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack_state import Message
from storage.database import Credentials
from tests.stories.town import ANA, ASK_FOR_PERSON, BEN, CARLA, CHANNEL, MINA, Moved, Town, open_town

TEAM = "T0AURORA"
CLOE = SlackUser(id="U0CLOE", name="Cloe", team_id=TEAM)


# --- Replies ---


async def test_a_reply_before_anyone_took_it_is_held_and_one_click_takes_and_sends_it(town: Town):
    card = await town.escalation()
    ts = await town.reply(ANA, card, "I can help")
    await town.sandbox.until(lambda: "Not sent" in town.told(ANA))
    await town.sandbox.until(lambda: town.sandbox.slack.reactions(CHANNEL, ts) == {"hourglass"})
    assert "I can help" not in town.on_phone(CARLA)
    await town.sandbox.slack.click_ephemeral(ANA, "send_held")
    await town.hears(CARLA, "I can help")
    await town.shows(card, f"<@{ANA}>")
    await town.sandbox.until(lambda: "hourglass" not in town.sandbox.slack.reactions(CHANNEL, ts))
    await town.sandbox.until(lambda: not town.told(ANA))


async def test_a_colleagues_reply_is_held_until_they_say_send(town: Town):
    card = await town.taken()
    await town.reply(BEN, card, "Let me add something")
    await town.sandbox.until(lambda: f"<@{ANA}> has this" in town.told(BEN))
    await town.sandbox.slack.click_ephemeral(BEN, "send_held")
    await town.hears(CARLA, "Let me add something")
    assert f"<@{ANA}>" in card.text


async def test_a_held_reply_kept_as_note_never_leaves(town: Town):
    card = await town.taken()
    ts = await town.reply(BEN, card, "She always says that")
    await town.sandbox.until(lambda: town.told(BEN))
    await town.sandbox.slack.click_ephemeral(BEN, "keep_note")
    await town.sandbox.until(lambda: town.sandbox.slack.reactions(CHANNEL, ts) == {"lock"})
    await town.reply(ANA, card, "Done")
    await town.hears(CARLA, "Done")
    assert "She always says that" not in town.on_phone(CARLA)


async def test_notes_and_mentions_stay_in_slack(town: Town):
    card = await town.taken()
    note = await town.reply(ANA, card, "Note: she is a VIP")
    await town.sandbox.until(lambda: town.sandbox.slack.reactions(CHANNEL, note) == {"lock"})
    await town.reply(ANA, card, "@Ben Okafor can you check the van?")
    await town.sandbox.until(lambda: "mentions a colleague" in town.told(ANA))
    await town.reply(ANA, card, "One moment")
    await town.hears(CARLA, "One moment")
    assert not [said for said in town.on_phone(CARLA) if "VIP" in said or "van" in said]


async def test_a_held_reply_that_nobody_decides_is_said_aloud(sandbox: Sandbox, credentials: Credentials):
    moved = Moved(sandbox)
    async with open_town(sandbox, credentials, clock=moved.now) as town:
        card = await town.escalation()
        await town.reply(ANA, card, "Hello?")
        await town.sandbox.until(lambda: town.told(ANA))
        moved.by += timedelta(seconds=61)
        await town.sandbox.until(lambda: "Not sent to the customer" in town.thread_text(card), within=15)
        line = next(each for each in town.thread(card) if "Not sent to the customer" in each.text)
        await town.sandbox.slack.click(BEN, CHANNEL, line.ts, "keep_note")
        await town.sandbox.until(lambda: "kept this as a note" in line.text)


async def test_a_reply_after_the_end_is_not_sent_and_its_author_is_told(town: Town):
    card = await town.taken()
    await town.press(ANA, card, "close")
    await town.shows(card, "Closed")
    await town.reply(ANA, card, "One more thing")
    await town.sandbox.until(lambda: "Not sent" in town.told(ANA))
    await town.has_done("slack.event")
    assert "One more thing" not in town.on_phone(CARLA)


async def test_guests_outsiders_and_bots_reach_nobody(town: Town):
    guest = SlackUser(id="U0GUEST", name="Gil", team_id=TEAM, is_restricted=True)
    outsider = SlackUser(id="U0OUT", name="Otto", team_id="T0OTHER", is_stranger=True)
    robot = SlackUser(id="U0ROBOT", name="Robot", team_id=TEAM, is_bot=True)
    for each in (guest, outsider, robot):
        town.sandbox.slack.add_user(each, CHANNEL)
    card = await town.taken()
    await town.reply("U0GUEST", card, "From a guest")
    await town.reply("U0OUT", card, "From outside")
    await town.sandbox.slack.reply("U0ROBOT", CHANNEL, card.ts, "From a bot", bot_id="B0ROBOT")
    await town.sandbox.until(lambda: "Guests cannot" in town.told("U0GUEST"))
    await town.sandbox.until(lambda: "Only members of this workspace" in town.told("U0OUT"))
    await town.press("U0OUT", card, "close")
    await town.reply(ANA, card, "From Ana")
    await town.hears(CARLA, "From Ana")
    assert not [said for said in town.on_phone(CARLA) if said.startswith("From ") and said != "From Ana"]
    assert "Open" in card.text


# --- Buttons ---


async def test_who_does_not_hold_it_is_asked_before_returning_it_and_anew_where_it_has_moved_on(town: Town):
    town.sandbox.slack.add_user(CLOE, CHANNEL)
    card = await town.taken()
    await town.press(BEN, card, "return_to_bot")
    await town.sandbox.until(lambda: f"<@{ANA}> has this" in town.told(BEN))
    assert "Open" in card.text
    await town.sandbox.slack.click(CLOE.id, CHANNEL, card.ts, "take", value_of(card), stale=True)
    await town.sandbox.until(lambda: f"<@{ANA}> has this" in town.told(CLOE.id))
    await town.sandbox.slack.click_ephemeral(CLOE.id, "confirm_take_over")
    await town.shows(card, f"<@{CLOE.id}> has this")
    await town.sandbox.slack.click_ephemeral(BEN, "confirm_return_to_bot")
    await town.sandbox.until(lambda: f"<@{CLOE.id}> has this" in town.told(BEN))
    assert "Open" in card.text
    await town.sandbox.slack.click_ephemeral(BEN, "confirm_return_to_bot")
    await town.shows(card, "Resolved")


async def test_an_ended_card_has_no_buttons_and_a_stale_one_is_told_who_ended_it(town: Town):
    card = await town.taken()
    value = value_of(card)
    await town.press(ANA, card, "close")
    await town.shows(card, "Closed")
    await town.sandbox.until(lambda: not [b for b in card.blocks if b["type"] == "actions"])
    await town.sandbox.slack.click(BEN, CHANNEL, card.ts, "take", value, stale=True)
    await town.sandbox.until(lambda: f"<@{ANA}> closed this" in town.told(BEN))


async def test_after_close_the_ai_answers_and_the_next_escalation_is_a_new_thread(town: Town):
    town.sandbox.openai.script([Reply(text="Back with the AI")])
    first = await town.taken()
    await town.press(ANA, first, "close")
    await town.shows(first, "Closed")
    await town.sandbox.whatsapp.say(CARLA, "Hello again")
    await town.hears(CARLA, "Back with the AI")
    second = await town.escalation()
    assert second.ts != first.ts
    assert len(town.cards()) == 2


async def test_what_nobody_answered_is_answered_by_the_bot_when_it_gets_it_back(town: Town):
    card = await town.escalation()
    await town.sandbox.whatsapp.say(CARLA, "What are your opening hours?")
    await town.sandbox.until(lambda: "opening hours" in town.thread_text(card))
    said = len(town.on_phone(CARLA))
    await town.press(ANA, card, "return_to_bot")
    await town.sandbox.until(lambda: len(town.on_phone(CARLA)) > said)


# --- Escalation by every road ---


async def test_a_model_that_fails_escalates_and_the_customer_is_told_once(town: Town):
    town.sandbox.openai.broken = True
    await town.sandbox.whatsapp.say(CARLA, "What are your opening hours?")
    card = await town.card(within=20)
    assert "AI unavailable" in card.text
    await town.sandbox.until(lambda: len(town.on_phone(CARLA)) == 1)


async def test_the_model_hands_over_with_its_reason_and_its_text_beside_it_is_not_sent(town: Town):
    await town.sandbox.whatsapp.say(CARLA, "My tent arrived damaged and I want my money back, this is a complaint")
    card = await town.card()
    await town.sandbox.until(lambda: town.thread(card))
    await town.sandbox.until(lambda: town.on_phone(CARLA))
    await town.has_done("whatsapp.send")
    assert len(town.on_phone(CARLA)) == 1


async def test_staff_escalate_by_number_name_or_username(town: Town):
    slack = town.sandbox.slack
    await town.sandbox.whatsapp.say(CARLA, "Hello")
    await town.sandbox.whatsapp.say(MINA, "Hello")
    await town.has_done("whatsapp.message")
    answer = await slack.command(BEN, CHANNEL, "/escalate", "+34 600-111-222 wants to talk")
    assert "queue" in str(answer)
    card = await town.card()
    assert "wants to talk" in card.text
    assert "Already" in str(await slack.command(BEN, CHANNEL, "/escalate", "Carla Mendes again"))
    username = town.sandbox.whatsapp.phones.of(MINA).customer.username
    assert "queue" in str(await slack.command(BEN, CHANNEL, "/escalate", f"@{username} urgent"))
    assert "+999" in str(await slack.command(BEN, CHANNEL, "/escalate", "+999 000 111 222"))
    assert "Which customer" in str(await slack.command(BEN, CHANNEL, "/escalate", "  "))


# --- Lists ---


async def test_queue_lists_waiting_mine_and_team(town: Town):
    slack = town.sandbox.slack
    card = await town.escalation()
    assert "Carla" in str(await slack.command(BEN, CHANNEL, "/queue"))
    await town.press(ANA, card, "take")
    await town.shows(card, f"<@{ANA}>")
    assert "Carla" in str(await slack.command(ANA, CHANNEL, "/queue", "mine"))
    assert "Carla" in str(await slack.command(BEN, CHANNEL, "/queue", "team"))
    assert "Carla" not in str(await slack.command(BEN, CHANNEL, "/queue", "mine"))
    assert "/queue help" in str(await slack.command(BEN, CHANNEL, "/queue", "nonsense"))


async def test_app_home_shows_the_three_lists_and_follows_what_happens(town: Town):
    await town.sandbox.slack.open_home(ANA)
    await town.sandbox.until(lambda: town.sandbox.slack.home(ANA))
    assert headers(town) == ["My Queue", "Waiting in Queue", "Teammates"]
    await town.escalation()
    await town.sandbox.until(lambda: "Carla" in str(town.sandbox.slack.home(ANA)))
    await town.sandbox.slack.click_home(ANA, "take")
    await town.sandbox.until(lambda: "return_to_bot" in str(town.sandbox.slack.home(ANA)))


async def test_a_refusal_in_app_home_is_shown_in_a_modal(town: Town):
    card = await town.escalation()
    await town.sandbox.slack.open_home(BEN)
    await town.sandbox.until(lambda: "Carla" in str(town.sandbox.slack.home(BEN)))
    await town.press(ANA, card, "take")
    await town.sandbox.slack.click_home(BEN, "take")
    await town.sandbox.until(lambda: f"<@{ANA}> has this" in str(town.sandbox.slack.modal(BEN)))


# --- Reminders ---


async def test_reminders_come_once_each_and_stop_when_somebody_takes_it(sandbox: Sandbox, credentials: Credentials):
    moved = Moved(sandbox)
    ladder = (timedelta(minutes=5), timedelta(minutes=15))
    async with open_town(sandbox, credentials, clock=moved.now, reminder_ladder=ladder) as town:
        card = await town.escalation(said=ASK_FOR_PERSON)
        moved.by = timedelta(minutes=5, seconds=1)
        await town.sandbox.until(lambda: reminders(town, card) == 1)
        moved.by = timedelta(minutes=15, seconds=1)
        await town.sandbox.until(lambda: reminders(town, card) == 2)
        await town.press(ANA, card, "take")
        await town.shows(card, f"<@{ANA}>")
        moved.by = timedelta(hours=5)
        await town.sandbox.whatsapp.say(CARLA, "Still here")
        await town.sandbox.until(lambda: "Still here" in town.thread_text(card))
        assert reminders(town, card) == 2


def reminders(town: Town, card: Message) -> int:
    return sum("has been waiting" in each.text for each in town.thread(card))


def headers(town: Town) -> list[str]:
    blocks = (town.sandbox.slack.home(ANA) or {})["blocks"]
    return [block["text"]["text"] for block in blocks if block["type"] == "header"]


def value_of(card: Message) -> str:
    """What the card's buttons carry."""
    [actions] = [block for block in card.blocks if block["type"] == "actions"]
    return str(actions["elements"][0]["value"])
