"""Staff react under a customer's message: the customer sees the newest, and nothing that is not meant for them."""

from __future__ import annotations

from datetime import timedelta

from integrations.sandbox.people import TEAM, SlackUser
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack_state import Message
from storage import posted
from storage.database import Credentials
from storage.models import MessageRow
from tests.stories.town import ANA, BEN, CARLA, CHANNEL, Moved, Town, open_town


def reactions(town: Town) -> list[tuple[str, str]]:
    """What the customer's phone was told, as pairs of message and emoji."""
    bodies = [each.body["reaction"] for each in town.sandbox.whatsapp.sent if each.body["type"] == "reaction"]
    return [(body["message_id"], body["emoji"]) for body in bodies]


async def shown(town: Town, card: Message, text: str) -> tuple[str, Message]:
    """A customer's message in the thread: its wamid and its post."""
    wamid = await town.sandbox.whatsapp.say(CARLA, text)
    await town.sandbox.until(lambda: text in town.thread_text(card))
    await town.has_done("slack.mirror")
    return wamid, next(each for each in town.thread(card) if text in each.text)


async def test_the_customer_sees_the_newest_reaction_and_its_end(town: Town):
    card = await town.taken()
    wamid, post = await shown(town, card, "I love the tent")
    slack = town.sandbox.slack
    await slack.react(ANA, CHANNEL, post.ts, "+1::skin-tone-3")
    await town.sandbox.until(lambda: reactions(town) == [(wamid, "👍🏼")])
    await slack.react(BEN, CHANNEL, post.ts, "heart")
    await town.sandbox.until(lambda: reactions(town)[1:] == [(wamid, "❤️")])
    told = len(slack.events.deliveries)
    await slack.unreact(ANA, CHANNEL, post.ts, "+1::skin-tone-3")  # not what the customer sees
    await town.sandbox.until(lambda: len(slack.events.deliveries) > told)
    await town.has_done("slack.event")
    await town.has_done("whatsapp.send")
    assert len(reactions(town)) == 2
    await slack.unreact(BEN, CHANNEL, post.ts, "heart")
    await town.sandbox.until(lambda: reactions(town)[2:] == [(wamid, "")])
    await town.has_done("whatsapp.status")
    assert town.told(ANA) + town.told(BEN) == ""
    assert len(town.on_phone(CARLA)) == 1 + 3  # the handover, and no words


async def test_reactions_of_guests_of_the_bot_and_custom_ones_stay_in_slack(town: Town):
    card = await town.escalation()
    _, post = await shown(town, card, "Hello?")
    slack = town.sandbox.slack
    told = len(slack.events.deliveries)
    await slack.react(ANA, CHANNEL, post.ts, "eyes")  # nobody has taken it yet
    await town.sandbox.until(lambda: len(slack.events.deliveries) > told)
    await town.has_done("slack.event")
    await town.press(ANA, card, "take")
    await town.shows(card, f"<@{ANA}>")
    slack.add_user(SlackUser(id="U0GUEST", name="Guest", team_id=TEAM, is_restricted=True), CHANNEL)
    await slack.react("U0GUEST", CHANNEL, post.ts, "heart")
    await slack.react(BEN, CHANNEL, post.ts, "party-parrot")
    await slack.react(BEN, CHANNEL, post.ts, "other-parrot")
    await town.sandbox.until(lambda: "workspace's own" in town.told(BEN))
    await slack.react(ANA, CHANNEL, card.ts, "heart")  # under the card
    reply = await town.reply(ANA, card, "Hi")
    await town.hears(CARLA, "Hi")
    await slack.react(BEN, CHANNEL, reply, "heart")  # under a colleague's words
    await town.sandbox.until(lambda: len(slack.reactions(CHANNEL, reply)) > 1)
    await town.has_done("slack.event")
    assert reactions(town) == []
    assert town.told(BEN).count("workspace's own") == 1


async def test_a_reaction_after_the_window_closed_is_not_sent_and_says_so(sandbox: Sandbox, credentials: Credentials):
    moved = Moved(sandbox)
    async with open_town(sandbox, credentials, moved.now) as town:
        card = await town.taken()
        _, post = await shown(town, card, "Still there?")
        moved.by = timedelta(hours=25)
        await sandbox.slack.react(ANA, CHANNEL, post.ts, "heart")
        await sandbox.until(lambda: "24 hours" in town.told(ANA))
        assert reactions(town) == []


async def test_of_several_messages_in_one_post_the_last_gets_the_reaction(town: Town):
    card = await town.taken()
    slack = town.sandbox.slack
    first, _ = await shown(town, card, "One")
    last, post = await shown(town, card, "Two")
    where = posted.Place(CHANNEL, post.ts)
    await posted.remember(1, [(await number_of(first)), (await number_of(last))], [where])
    await slack.react(ANA, CHANNEL, post.ts, "tada")
    await town.sandbox.until(lambda: reactions(town) == [(last, "🎉")])


async def number_of(wamid: str) -> int:
    return (await MessageRow.get(wamid=wamid)).id
