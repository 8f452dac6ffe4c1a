"""Two inboxes in one Switchboard: each with its number, channel, prompt and ladder, and neither in the other's way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app import wall_clock
from bot.domain.arrivals import CustomerWrote
from bot.domain.teaching import Lesson
from bot.flows.teaching import staff_teaches
from integrations.sandbox.faults import Fault
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack_state import Call, Channel, Message
from integrations.sandbox.whatsapp import WhatsApp
from storage import channel_members, preferences, tasks
from storage.agent_models import Taught
from storage.database import Credentials
from storage.engine_models import PauseRow, Task
from storage.models import Inbox
from tests.processes import BotProcess, OwnPostgres, environment, free_port
from tests.stories.conftest import AS_INSTALLED
from tests.stories.town import ANA, ASK_FOR_PERSON, BEN, CARLA, CHANNEL, DIEGO, MINA, Moved, Town, open_town

SHOP, SHOP_TOO, NUMBER, SHOP_NUMBER = "C0SHOP", "C0SHOPTOO", "200000000000001", "200000000000002"
BEYOND_ANY_PROBE = timedelta(minutes=6)
SALES = f"""
[[inboxes]]
name = "Aurora Sales"
whatsapp_phone_number_id = "{NUMBER}"
slack_channel = "{CHANNEL}"
prompt = "sales.md"
knowledge = "sales"
reminder_ladder = ["1h"]
"""
THE_SHOP = f"""
[[inboxes]]
name = "Aurora Shop"
whatsapp_phone_number_id = "{SHOP_NUMBER}"
slack_channel = "{SHOP}"
prompt = "shop.md"
knowledge = "shop"
reminder_ladder = ["1m"]
"""


@pytest.fixture
async def sandbox() -> AsyncGenerator[Sandbox]:
    async with Sandbox(replace(AS_INSTALLED, more_numbers=(SHOP_NUMBER,))) as opened:
        people = opened.slack.workspace.channel(CHANNEL).members
        for channel in (SHOP, SHOP_TOO):
            opened.slack.workspace.channels[channel] = Channel(id=channel, name=channel.lower(), members=list(people))
        yield opened


@pytest.fixture
def moved(sandbox: Sandbox) -> Moved:
    return Moved(sandbox)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sales.md").write_text("You sell tents.")
    (tmp_path / "shop.md").write_text("You mend tents.")
    (tmp_path / "sales").mkdir()
    (tmp_path / "sales/tents.md").write_text("# Tents\n\nA new tent costs ninety euros.")
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop/poles.md").write_text("# Poles\n\nA new pole costs nine euros.")
    return tmp_path


@asynccontextmanager
async def street(
    sandbox: Sandbox, credentials: Credentials, folder: Path, moved: Moved, text: str = SALES + THE_SHOP
) -> AsyncGenerator[Town]:
    (folder / "switchboard.toml").write_text(text)
    config = folder / "switchboard.toml"
    async with open_town(sandbox, credentials, clock=moved.now, switchboard_config=config) as opened:
        yield opened


@pytest.fixture
async def town(sandbox: Sandbox, credentials: Credentials, folder: Path, moved: Moved) -> AsyncGenerator[Town]:
    async with street(sandbox, credentials, folder, moved) as opened:
        yield opened


def shop(sandbox: Sandbox) -> WhatsApp:
    """The second business number, and what it said to whom."""
    return sandbox.numbers[SHOP_NUMBER]


def cards(town: Town, *channels: str) -> list[Message]:
    """The cards in these channels."""
    found = [each for channel in channels for each in town.sandbox.slack.root_messages(channel)]
    return [each for each in found if each.bot_id and "Inbox:" in str(each.blocks)]


def lines(town: Town, channel: str, words: str) -> list[Message]:
    return [each for each in town.sandbox.slack.root_messages(channel) if words in each.text]


def thread(town: Town, card: Message) -> str:
    return "\n".join(each.text for each in town.sandbox.slack.thread(card.channel, card.ts)[1:])


async def in_shop(town: Town, customer: str = CARLA) -> Message:
    """A customer of the shop asks for a person; their card, once its thread is open."""
    before = {each.ts for each in cards(town, SHOP, SHOP_TOO)}
    await shop(town.sandbox).say(customer, ASK_FOR_PERSON)
    [card] = await town.sandbox.until(lambda: [e for e in cards(town, SHOP, SHOP_TOO) if e.ts not in before])
    await town.sandbox.until(lambda: thread(town, card))
    return card


async def taken_in_shop(town: Town, customer: str = CARLA) -> Message:
    card = await in_shop(town, customer)
    await town.sandbox.slack.click(ANA, card.channel, card.ts, "take")
    await town.shows(card, f"<@{ANA}>")
    return card


# --- Two of everything ---


async def test_the_same_customer_at_two_numbers_has_two_conversations_that_never_meet(town: Town, moved: Moved):
    sandbox = town.sandbox
    await sandbox.whatsapp.say(CARLA, "What does a tent cost?")
    await shop(sandbox).say(CARLA, "What does a pole cost?")
    await sandbox.until(lambda: sandbox.whatsapp.sent_to(CARLA) and shop(sandbox).sent_to(CARLA))
    told = [str(each["messages"]) for each in sandbox.openai.requests]
    assert {("sell tents" in each, "mend tents" in each) for each in told} == {(True, False), (False, True)}
    assert next(("tent cost" in each, "pole cost" in each) for each in told if "mend tents" in each) == (False, True)

    # Each answers from its own pages, whatever it is asked.
    await sandbox.whatsapp.say(DIEGO, "What does a new pole cost?")
    await shop(sandbox).say(DIEGO, "What does a new tent cost?")
    await sandbox.until(lambda: sandbox.whatsapp.sent_to(DIEGO) and shop(sandbox).sent_to(DIEGO))
    sales_said, shop_said = (str(each.sent) for each in (sandbox.whatsapp, shop(sandbox)))
    assert ("ninety euros" in sales_said, "nine euros" in sales_said) == (True, False)
    assert ("ninety euros" in shop_said, "nine euros" in shop_said) == (False, True)

    in_sales, card = await town.escalation(), await in_shop(town)
    assert (in_sales.channel, card.channel) == (CHANNEL, SHOP)
    assert ("Aurora Sales" in str(in_sales.blocks), "Aurora Shop" in str(card.blocks)) == (True, True)
    assert "pole cost" in thread(town, card)
    assert "tent cost" not in thread(town, card)

    moved.by += timedelta(minutes=2)  # each is chased by its own ladder
    await sandbox.until(lambda: "Nobody has taken this" in thread(town, card))
    await town.has_done("slack.remind")
    assert "Nobody has taken this" not in thread(town, in_sales)

    await sandbox.slack.click(ANA, SHOP, card.ts, "take")
    await town.shows(card, f"<@{ANA}>")
    await sandbox.slack.reply(ANA, SHOP, card.ts, "Nine euros")
    await sandbox.until(lambda: "Nine euros" in shop(sandbox).sent_to(CARLA))
    assert "Nine euros" not in town.on_phone(CARLA)
    await shop(sandbox).say(CARLA, "Thanks!")
    await sandbox.until(lambda: "Thanks!" in thread(town, card))
    assert "Thanks!" not in thread(town, in_sales)


async def test_app_home_shows_the_inboxes_whose_channels_one_is_in_and_a_command_that_of_its_channel(town: Town):
    card = await town.escalation(DIEGO)
    await in_shop(town, MINA)
    await town.sandbox.slack.open_home(BEN)
    home = await town.sandbox.until(lambda: str(town.sandbox.slack.home(BEN) or ""))
    assert "Diego" in home
    assert "Mina" in home
    await town.sandbox.slack.command(BEN, SHOP, "/queue")
    await town.sandbox.until(lambda: "Mina" in town.told(BEN))
    assert "Diego" not in town.told(BEN)
    await town.sandbox.slack.command(BEN, "C0GENERAL", "/queue")
    await town.sandbox.until(lambda: "Diego" in town.told(BEN))

    town.sandbox.slack.leave(BEN, CHANNEL)
    await is_known(town, is_member=False)
    await town.sandbox.slack.open_home(BEN)
    await town.sandbox.until(lambda: "Diego" not in str(town.sandbox.slack.home(BEN)))
    assert "Mina" in str(town.sandbox.slack.home(BEN))
    await town.sandbox.slack.command(BEN, "C0GENERAL", "/queue")
    await town.sandbox.until(lambda: "Mina" in newest(town))
    assert "Diego" not in newest(town)
    await town.press(BEN, card, "take")  # the channel is public: he can look into it
    await town.sandbox.until(lambda: "answered by the members of its channel" in newest(town))
    assert "Queued" in card.text

    town.sandbox.slack.join(BEN, CHANNEL)
    await is_known(town, is_member=True)
    await town.press(BEN, card, "take")
    await town.shows(card, f"<@{BEN}>")


def newest(town: Town) -> str:
    """What only Ben sees and came last."""
    return town.sandbox.slack.ephemerals(BEN)[-1].text


async def is_known(town: Town, *, is_member: bool) -> None:
    """Wait until the bot has heard that Ben has come or gone."""
    async with asyncio.timeout(30):
        while (known := await channel_members.known(CHANNEL, BEN)) is None or known.is_member is not is_member:
            await town.sandbox.world.change(0.02)


async def test_threads_of_a_busy_inbox_take_turns_in_its_channels(
    sandbox: Sandbox, credentials: Credentials, folder: Path, moved: Moved
):
    both = THE_SHOP.replace(f'slack_channel = "{SHOP}"', f'slack_channels = ["{SHOP}", "{SHOP_TOO}"]')
    async with street(sandbox, credentials, folder, moved, SALES + both) as town:
        found = [await taken_in_shop(town, customer) for customer in (CARLA, DIEGO)]
        assert {each.channel for each in found} == {SHOP, SHOP_TOO}
        for card in found:
            await sandbox.slack.reply(ANA, card.channel, card.ts, f"Here in {card.channel}")
            await sandbox.until(
                lambda card=card: f"Here in {card.channel}" in [each.text for each in shop(sandbox).sent]
            )
        closed = found[1].channel
        sandbox.slack.workspace.channel(closed).is_archived = True
        await shop(sandbox).say(CARLA, "Still there?")
        await shop(sandbox).say(DIEGO, "And you?")
        await sandbox.until(lambda: "Still there?" in thread(town, found[0]))
        while not await PauseRow.exists(side=f"channel:{closed}"):
            await sandbox.world.change(0.02)
        sandbox.slack.workspace.channel(closed).is_archived = False
        moved.by += BEYOND_ANY_PROBE
        await sandbox.until(lambda: "And you?" in thread(town, found[1]))
        await sandbox.until(lambda: lines(town, closed, "works again"))


# --- What is shared, and what is not ---


async def test_an_archived_channel_stops_only_its_own_inbox(town: Town, moved: Moved):
    in_sales, card = await town.taken(DIEGO), await taken_in_shop(town)
    town.sandbox.slack.workspace.channel(SHOP).is_archived = True
    await shop(town.sandbox).say(CARLA, "Anybody there?")
    while not await PauseRow.exists(side=f"channel:{SHOP}"):
        await town.sandbox.world.change(0.02)
    await town.sandbox.whatsapp.say(DIEGO, "And here?")
    await town.sandbox.until(lambda: "And here?" in thread(town, in_sales))
    assert await PauseRow.all().count() == 1
    town.sandbox.slack.workspace.channel(SHOP).is_archived = False
    moved.by += BEYOND_ANY_PROBE
    await town.sandbox.until(lambda: "Anybody there?" in thread(town, card))
    await town.sandbox.until(lambda: lines(town, SHOP, "works again"))
    assert not lines(town, CHANNEL, "works again")


async def test_a_lost_token_pauses_all_inboxes_and_each_is_told_where_it_is(town: Town, moved: Moved):
    in_sales, card = await town.taken(DIEGO), await taken_in_shop(town)
    for each in (town.sandbox.whatsapp, shop(town.sandbox)):
        each.faults.add(Fault(method="send", code=190, lasting=True))
    await town.reply(ANA, in_sales, "Hello")
    await town.sandbox.until(lambda: lines(town, CHANNEL, "WhatsApp is paused") and lines(town, SHOP, "is paused"))
    await town.sandbox.slack.reply(ANA, SHOP, card.ts, "Hello from the shop")
    for each in (town.sandbox.whatsapp, shop(town.sandbox)):
        each.faults.clear()
    moved.by += BEYOND_ANY_PROBE
    await town.hears(DIEGO, "Hello")
    await town.sandbox.until(lambda: "Hello from the shop" in shop(town.sandbox).sent_to(CARLA))
    await town.sandbox.until(lambda: lines(town, CHANNEL, "✅") and lines(town, SHOP, "✅"))
    assert await PauseRow.all().count() == 0


async def test_a_revoked_slack_token_pauses_both_inboxes_and_nothing_of_either_is_lost(town: Town, moved: Moved):
    slack = town.sandbox.slack
    in_sales, card = await town.taken(DIEGO), await taken_in_shop(town)
    slack.faults.add(Fault(code="token_revoked", lasting=True))
    for word in ("One", "Two"):
        await town.sandbox.whatsapp.say(DIEGO, word)
        await shop(town.sandbox).say(CARLA, word)
    await shop(town.sandbox).say(MINA, ASK_FOR_PERSON)  # a card that cannot be posted now
    await town.reply(ANA, in_sales, "Sales are still here")
    await slack.reply(ANA, SHOP, card.ts, "So is the shop")
    await town.hears(DIEGO, "Sales are still here")
    await town.sandbox.until(lambda: "So is the shop" in shop(town.sandbox).sent_to(CARLA))
    while await PauseRow.filter(side="slack").count() < 2:
        await town.sandbox.world.change(0.02)
    slack.faults.clear()
    moved.by += BEYOND_ANY_PROBE
    for each in (in_sales, card):
        await town.sandbox.until(lambda each=each: "Two" in thread(town, each))
        assert thread(town, each).index("One") < thread(town, each).index("Two")
    await town.sandbox.until(lambda: [each for each in cards(town, SHOP) if "Mina" in each.text])
    await town.sandbox.until(lambda: lines(town, CHANNEL, "works again") and lines(town, SHOP, "works again"))
    assert await PauseRow.all().count() == 0


async def test_a_payment_problem_of_one_number_is_not_the_other_s(town: Town, moved: Moved):
    card = await taken_in_shop(town)
    shop(town.sandbox).faults.add(Fault(method="send", code=131042, lasting=True))
    await town.sandbox.slack.reply(ANA, SHOP, card.ts, "Hello from the shop")
    await town.sandbox.until(lambda: lines(town, SHOP, "payment problem"))
    in_sales = await town.taken(DIEGO)
    await town.reply(ANA, in_sales, "Hello")
    await town.hears(DIEGO, "Hello")
    assert not lines(town, CHANNEL, "paused")
    shop(town.sandbox).faults.clear()
    moved.by += BEYOND_ANY_PROBE
    await town.sandbox.until(lambda: "Hello from the shop" in shop(town.sandbox).sent_to(CARLA))


# --- Numbers and inboxes that come and go ---


async def test_what_comes_for_an_unknown_number_is_told_once_and_arrives_when_it_is_known(
    sandbox: Sandbox, credentials: Credentials, folder: Path, moved: Moved
):
    words = ["One", "Two", ASK_FOR_PERSON]
    async with street(sandbox, credentials, folder, moved, SALES) as town:
        for said in words:
            await shop(sandbox).say(CARLA, said)
        await shop(sandbox).say(DIEGO, "Me too")
        await sandbox.until(lambda: lines(town, CHANNEL, SHOP_NUMBER))
        await town.has_done("slack.channel")
        assert len(lines(town, CHANNEL, SHOP_NUMBER)) == 1
        assert not shop(sandbox).sent
    async with street(sandbox, credentials, folder, moved) as town:
        [card] = await sandbox.until(lambda: cards(town, SHOP))
        await sandbox.until(lambda: all(each in thread(town, card) for each in words))
        assert thread(town, card).index("One") < thread(town, card).index("Two")
        await sandbox.until(lambda: shop(sandbox).sent_to(DIEGO))
        assert not await Task.exists(kind="whatsapp.unclaimed", done_at=None)


async def test_an_inbox_that_leaves_the_settings_is_served_until_its_conversations_are_over(
    sandbox: Sandbox, credentials: Credentials, folder: Path, moved: Moved
):
    async with street(sandbox, credentials, folder, moved) as town:
        card = await taken_in_shop(town)
    async with street(sandbox, credentials, folder, moved, SALES) as town:
        await sandbox.until(lambda: lines(town, CHANNEL, "Aurora Shop"))
        await sandbox.slack.reply(ANA, SHOP, card.ts, "Still with you")
        await sandbox.until(lambda: "Still with you" in shop(sandbox).sent_to(CARLA))
        await shop(sandbox).say(CARLA, "Good")
        await sandbox.until(lambda: "Good" in thread(town, card))
        await shop(sandbox).say(DIEGO, "A question")  # no AI has anything to go by: a person is asked
        other = await sandbox.until(lambda: [each for each in cards(town, SHOP) if each.ts != card.ts])
        assert "not in the settings" in str(other[0].blocks)
        for each in (card, other[0]):
            await sandbox.slack.click(ANA, SHOP, each.ts, "close")
        await sandbox.until(lambda: not [each for each in cards(town, SHOP) if "'close'" in str(each.blocks)])
        async with asyncio.timeout(30):
            while await Task.filter(done_at=None).exists():
                await sandbox.world.change(0.02)
    async with street(sandbox, credentials, folder, moved, SALES) as town:
        await shop(sandbox).say(MINA, "Hello?")
        await sandbox.until(lambda: lines(town, CHANNEL, SHOP_NUMBER))


async def test_work_of_an_inbox_that_only_newer_replicas_know_is_left_for_them(town: Town):
    told = {"from": "34600000001", "id": "wamid.new", "type": "text", "text": {"body": "Hello"}, "timestamp": "1"}
    await tasks.enqueue([CustomerWrote(inbox_id=99, sender="34600000001", message=told)], wall_clock())
    await town.escalation()  # others go on meanwhile
    async with asyncio.timeout(30):
        while (left := await Task.get(inbox_id=99)).not_before <= left.created_at:
            await town.sandbox.world.change(0.02)
    assert (left.done_at, left.dead, left.failures) == (None, False, 0)


async def test_two_replicas_serve_two_inboxes_and_nothing_is_doubled(
    sandbox: Sandbox, used_dir: Path, folder: Path, tmp_path: Path
):
    (folder / "switchboard.toml").write_text(SALES + THE_SHOP)
    given = {"DATABASE_URL": OwnPostgres(used_dir).url, "SWITCHBOARD_CONFIG": str(folder / "switchboard.toml")}
    replicas = [BotProcess(environment(sandbox, free_port(), tmp_path, **given)) for _ in range(2)]
    await asyncio.gather(*(each.start() for each in replicas))
    try:
        town = Town(sandbox, "")
        for turn, customer in enumerate((CARLA, DIEGO)):
            sandbox.bot_url = replicas[turn % 2].url
            await sandbox.whatsapp.say(customer, ASK_FOR_PERSON)
            sandbox.bot_url = replicas[(turn + 1) % 2].url
            await shop(sandbox).say(customer, ASK_FOR_PERSON)
        await sandbox.until(lambda: len(cards(town, CHANNEL)) == len(cards(town, SHOP)) == 2)
        for turn, card in enumerate([*cards(town, CHANNEL), *cards(town, SHOP)]):
            sandbox.bot_url = replicas[turn % 2].url
            await sandbox.slack.click(ANA, card.channel, card.ts, "take")
            await town.shows(card, f"<@{ANA}>")
            sandbox.bot_url = replicas[(turn + 1) % 2].url
            await sandbox.slack.reply(ANA, card.channel, card.ts, f"From {card.channel}")
        for number, channel in ((sandbox.whatsapp, CHANNEL), (shop(sandbox), SHOP)):
            await sandbox.until(lambda n=number, c=channel: [e.text for e in n.sent].count(f"From {c}") == 2)
            assert {each.text for each in number.sent if each.text.startswith("From")} == {f"From {channel}"}
        assert len(cards(town, CHANNEL)) == len(cards(town, SHOP)) == 2
    finally:
        await asyncio.gather(*(each.kill() for each in replicas))


# --- App Home ---


async def test_app_home_shows_all_inboxes_or_the_one_that_was_chosen(town: Town):
    slack = town.sandbox.slack
    await town.escalation(CARLA)
    await in_shop(town, DIEGO)
    await slack.open_home(ANA)
    await town.sandbox.until(lambda: all(words in home(town) for words in ("Carla", "Diego", "*2* Queued")))
    [menu] = [
        each for block in home_blocks(town) for each in block.get("elements", []) if each["type"] == "static_select"
    ]
    chosen = {option["text"]["text"]: option["value"] for option in menu["options"]}
    await slack.click_home(ANA, "filter_inbox", chosen["Aurora Shop"])
    await town.sandbox.until(lambda: "Carla" not in home(town))
    assert "Diego" in home(town)
    drawn = len(publications(town))
    await town.escalation(MINA)  # in the other inbox, which she does not look at
    await town.has_done("slack.home")
    assert len(publications(town)) == drawn
    await slack.open_home(ANA)  # it is remembered
    await town.sandbox.until(lambda: len(publications(town)) > drawn)
    assert "*1* Queued" in home(town)
    await slack.click_home(ANA, "preferences")
    await town.sandbox.until(lambda: slack.modal(ANA))
    assert await slack.submit(ANA, values={"inboxes": [chosen["Aurora Shop"]]}) == {}
    await slack.click_home(ANA, "filter_inbox", "all")
    await town.sandbox.until(lambda: all(words in home(town) for words in ("Carla", "Diego", "Mina")))
    assert (await preferences.of(ANA)).preferences.inboxes == frozenset({int(chosen["Aurora Shop"])})


def home_blocks(town: Town) -> list[dict[str, Any]]:
    return (town.sandbox.slack.home(ANA) or {"blocks": []})["blocks"]


def home(town: Town) -> str:
    return str(home_blocks(town))


def publications(town: Town) -> list[Call]:
    return [each for each in town.sandbox.slack.calls if each.method == "views.publish"]


async def test_each_inbox_has_its_own_knowledge_for_those_who_are_of_it(town: Town):
    slack = town.sandbox.slack
    slack.workspace.channel(SHOP).members.remove(BEN)
    slack.workspace.takes_data_blocks = False

    async def knowledge(user: str, channel: str, text: str) -> str:
        before = len(slack.ephemerals(user))
        await slack.command(user, channel, "/knowledge", text)
        await town.sandbox.until(lambda: len(slack.ephemerals(user)) > before)
        return shown(user)

    def shown(user: str) -> str:
        return str(slack.ephemerals(user)[-1].blocks)

    assert "nine euros" in await knowledge(ANA, SHOP, "search pole")
    await slack.click_ephemeral(ANA, "read_page")
    assert "nine euros" in str(slack.modal(ANA))
    assert "The AI would say that it does not know" in await knowledge(ANA, CHANNEL, "search pole")
    # Where it is no inbox's channel the first one is shown and there is a choice, for those who are of both.
    assert "knowledge_inbox" in await knowledge(ANA, "C0GENERAL", "search pole")
    assert "knowledge_inbox" not in await knowledge(BEN, "C0GENERAL", "list")
    [sales, the_shop] = [each.id for each in await Inbox.all().order_by("id")]
    await slack.click_ephemeral(ANA, "knowledge_inbox", str(the_shop))
    await town.sandbox.until(lambda: "nine euros" in shown(ANA))
    # Long lists have pages; a table is told in letters where the workspace does not take it.
    for number in range(12):
        lesson = Lesson(the_shop, f"Question {number}?", "It depends.")
        async with tasks.unit(wall_clock()) as turn:
            await staff_teaches(turn, lesson, ANA)
    listed = await knowledge(ANA, SHOP, "list")
    assert "poles.md" in listed
    assert "rich_text_preformatted" in listed
    assert "Question 0?" not in listed
    await slack.click_ephemeral(ANA, "knowledge_on")
    await town.sandbox.until(lambda: "Question 0?" in shown(ANA))
    assert "poles.md" not in shown(ANA)
    # Whoever is not of an inbox changes nothing there.
    [first, *_] = await Taught.all()
    anywhere = await slack.say(BEN, CHANNEL, "Let me see")
    await slack.click(BEN, CHANNEL, anywhere, "remove_taught", f"{the_shop}:{first.id}", stale=True)
    assert "Aurora Shop" in slack.ephemerals(BEN)[-1].text
    await slack.click(BEN, CHANNEL, anywhere, "edit_taught", f"{sales}:{first.id}", stale=True)
    assert slack.modal(BEN) is None
    assert await Taught.filter(removed_at=None).count() == 12
