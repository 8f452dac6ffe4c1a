"""Services that refuse, lose or do not answer: everything waits in order, people know, and it goes on by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from bot.domain.whatsapp_work import SendToCustomer
from bot.domain.work import Crew
from bot.flows.side_pauses import side_pauses, side_resumes
from integrations.sandbox.faults import Fault
from integrations.sandbox.server import Sandbox
from integrations.sandbox.slack_state import Message
from integrations.sandbox.wire import Json
from storage import tasks
from storage.database import Credentials
from storage.engine_models import PauseRow
from storage.tasks import Claim, NotYetError
from tests.stories.town import ANA, BEN, CARLA, CHANNEL, DIEGO, Moved, Town, open_town

BEYOND_ANY_PROBE = timedelta(minutes=6)
A_MOMENT = timedelta(seconds=2)  # Meta's times are whole seconds


@pytest.fixture
def moved(sandbox: Sandbox) -> Moved:
    return Moved(sandbox)


@pytest.fixture
async def town(sandbox: Sandbox, credentials: Credentials, moved: Moved):
    async with open_town(sandbox, credentials, clock=moved.now) as opened:
        yield opened


def in_channel(town: Town, words: str) -> list[Message]:
    """Switchboard's own lines to everybody."""
    return [each for each in town.sandbox.slack.root_messages(CHANNEL) if words in each.text]


def heard(town: Town, *wanted: str) -> list[str]:
    """These words on Carla's phone, in the order in which they came."""
    return [said for said in town.on_phone(CARLA) if said in wanted]


class Counted:
    """A fault that never happens, and counts the calls it saw."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, _arguments: Json) -> bool:
        self.calls += 1
        return False


# --- A side that refuses everything ---


async def test_a_revoked_whatsapp_token_pauses_says_so_and_everything_goes_on_in_order(town: Town, moved: Moved):
    card = await town.taken()
    await town.hears(CARLA, "colleague")
    seen = Counted()
    town.sandbox.whatsapp.faults.add(Fault(method="send", when=seen), Fault(method="send", code=190, lasting=True))
    for words in ("One", "Two", "Three"):
        await town.reply(ANA, card, words)
    await town.sandbox.until(lambda: in_channel(town, "WhatsApp is paused"))
    await town.sandbox.until(lambda: "Not sent yet" in town.thread_text(card))
    await town.sandbox.whatsapp.say(DIEGO, "What are your opening hours?")
    await town.has_done("agent.think")
    assert seen.calls == 1
    assert "token" in in_channel(town, "WhatsApp is paused")[0].text
    town.sandbox.whatsapp.faults.clear()
    moved.by += BEYOND_ANY_PROBE
    await town.hears(CARLA, "Three")
    await town.sandbox.until(lambda: town.on_phone(DIEGO))
    assert heard(town, "One", "Two", "Three") == ["One", "Two", "Three"]
    await town.sandbox.until(lambda: in_channel(town, "works again"))
    assert len(in_channel(town, "WhatsApp")) == 2
    assert town.thread_text(card).count("Not sent yet") == 1


async def test_while_whatsapp_refuses_one_task_at_a_time_tries_and_ever_less_often(town: Town, moved: Moved):
    card = await town.taken()
    await town.hears(CARLA, "colleague")
    seen = Counted()
    town.sandbox.whatsapp.faults.add(Fault(method="send", when=seen), Fault(method="send", code=131042, lasting=True))
    await town.reply(ANA, card, "Hello")
    await town.sandbox.until(lambda: in_channel(town, "payment problem"))
    await town.escalation(DIEGO)
    for tries in range(2, 5):
        pause = await PauseRow.get(side="whatsapp")
        assert pause.failures == tries - 1
        moved.by += timedelta(seconds=5 * 2 ** (tries - 2) + 2)
        await town.sandbox.until(lambda tries=tries: seen.calls >= tries)
        await until_paused_again(town, tries)
    assert seen.calls == 4


async def until_paused_again(town: Town, failures: int) -> None:
    while (await PauseRow.get(side="whatsapp")).failures < failures:
        await town.sandbox.world.change(0.02)


async def test_a_revoked_slack_token_holds_up_posts_only_and_they_come_in_order(town: Town, moved: Moved):
    card = await town.taken()
    town.sandbox.slack.faults.add(Fault(code="token_revoked", lasting=True))
    for number in range(4):
        await town.sandbox.whatsapp.say(CARLA, f"Word {number}")
    await town.reply(ANA, card, "Still working")
    await town.hears(CARLA, "Still working")
    await until_side(town, "slack")
    assert "revoked" in (await ready(town))["paused"]["slack"]
    town.sandbox.slack.faults.clear()
    moved.by += BEYOND_ANY_PROBE
    await town.sandbox.until(lambda: "Word 3" in town.thread_text(card))
    said = [line for line in town.thread_text(card).splitlines() if line.startswith("Word")]
    assert said == [f"Word {number}" for number in range(4)]
    await town.sandbox.until(lambda: in_channel(town, "Posting to Slack works again"))
    await town.has_done("slack.channel")
    assert (await ready(town))["paused"] == {}


async def test_an_archived_channel_waits_for_its_return(town: Town, moved: Moved):
    card = await town.taken()
    town.sandbox.slack.workspace.channel(CHANNEL).is_archived = True
    await town.sandbox.whatsapp.say(CARLA, "Anybody there?")
    await until_side(town, f"channel:{CHANNEL}")
    assert 'switchboard_paused{side="channel:C0SUPPORT"} 1.0' in await fetch(town, "/metrics")
    direct = town.sandbox.slack.workspace.direct(ANA).id
    await town.sandbox.until(lambda: [each for each in town.sandbox.slack.messages(direct) if "archived" in each.text])
    town.sandbox.slack.workspace.channel(CHANNEL).is_archived = False
    moved.by += BEYOND_ANY_PROBE
    await town.sandbox.until(lambda: "Anybody there?" in town.thread_text(card))
    await town.sandbox.until(lambda: in_channel(town, "archived"))
    assert len(town.cards()) - len(in_channel(town, "archived")) == 1


async def test_a_start_tries_what_was_paused_at_once(sandbox: Sandbox, credentials: Credentials):
    async with open_town(sandbox, credentials) as town:
        card = await town.taken()
        await town.hears(CARLA, "colleague")
        sandbox.whatsapp.faults.add(Fault(method="send", code=190, lasting=True))
        await town.reply(ANA, card, "Hello")
        await sandbox.until(lambda: in_channel(town, "WhatsApp is paused"))
    sandbox.whatsapp.faults.clear()
    async with open_town(sandbox, credentials) as town:
        await town.hears(CARLA, "Hello")


async def test_what_waits_behind_a_pause_is_woken_when_it_ends(database: Credentials):
    now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    late = now + timedelta(minutes=5)
    pause = await side_pauses(1, "whatsapp", "no token", now)
    await tasks.enqueue([SendToCustomer(inbox_id=1, conversation_id=each, message_id=each) for each in (1, 2)], now)
    for claimed in await sends_due(now):
        await tasks.defer(claimed, NotYetError(late, "paused", waits_for=pause.key), now)
    assert await sends_due(now) == []
    await side_resumes(pause, now)
    assert len(await sends_due(now)) == 2


async def sends_due(now: datetime) -> Sequence[Claim]:
    return (await tasks.claim(7, {Crew.WHATSAPP: 9}, now)).tasks


async def test_without_the_permission_to_post_under_other_names_customers_are_named_in_the_text(town: Town):
    card = await town.taken()
    town.sandbox.slack.faults.add(
        Fault(method="chat.postMessage", code="missing_scope", lasting=True, when=lambda post: "username" in post)
    )
    await town.sandbox.whatsapp.say(CARLA, "It is me")
    await town.sandbox.until(lambda: "*Carla Mendes*: It is me" in town.thread_text(card))
    assert await PauseRow.all().count() == 0


async def test_a_permission_that_lookups_lack_does_not_close_what_posts_need(town: Town):
    card = await town.escalation()
    town.sandbox.slack.faults.add(Fault(method="users.info", code="missing_scope", lasting=True))
    await town.reply(BEN, card, "Hello")
    await town.sandbox.until(lambda: [each for each in town.sandbox.slack.calls if each.error == "missing_scope"])
    await town.sandbox.whatsapp.say(CARLA, "Hello?")
    await town.sandbox.until(lambda: "Hello?" in town.thread_text(card))
    assert await PauseRow.all().count() == 0


async def test_a_permission_that_only_decoration_needs_pauses_nothing(town: Town):
    card = await town.taken()
    town.sandbox.slack.faults.add(Fault(method="reactions.add", code="missing_scope", lasting=True))
    await town.reply(ANA, card, "Hello")
    await town.hears(CARLA, "Hello")
    await town.has_done("slack.mark")
    assert await PauseRow.all().count() == 0


async def until_side(town: Town, side: str) -> None:
    while not await PauseRow.exists(side=side):
        await town.sandbox.world.change(0.02)


async def fetch(town: Town, path: str) -> str:
    async with aiohttp.ClientSession() as session, session.get(town.bot_url + path) as answer:
        return await answer.text()


async def ready(town: Town) -> Json:
    async with aiohttp.ClientSession() as session, session.get(town.bot_url + "/readyz") as answer:
        assert answer.status == 200
        return await answer.json()


# --- Threads that Slack loses ---


async def test_a_deleted_card_is_replaced_and_both_threads_are_heard(town: Town):
    card = await town.taken()
    await town.sandbox.slack.remove(CHANNEL, card.ts)
    [new] = await town.sandbox.until(lambda: [each for each in town.cards() if each.ts > card.ts and each.blocks])
    await town.sandbox.until(lambda: "Continues from" in town.thread_text(new))
    assert f"p{card.ts.replace('.', '')}" in town.thread_text(new)
    await town.sandbox.until(lambda: "goes on in" in town.thread_text(card))
    await town.reply(ANA, new, "From the new thread")
    await town.hears(CARLA, "From the new thread")
    await town.reply(ANA, card, "From the old thread")
    await town.hears(CARLA, "From the old thread")
    await town.sandbox.whatsapp.say(CARLA, "I hear you")
    await town.sandbox.until(lambda: "I hear you" in town.thread_text(new))
    await town.press(ANA, new, "close")
    await town.shows(new, "Closed")


async def test_words_for_a_deleted_thread_never_stay_in_the_open_channel(town: Town):
    card = await town.taken()
    channel = town.sandbox.slack.workspace.channel(CHANNEL)
    for each in (*town.thread(card), card):  # without a word to the bot, as while it was away
        del channel.messages[each.ts]
    channel.buried.add(card.ts)
    await town.sandbox.whatsapp.say(CARLA, "My card number is 1234")
    [new] = await town.sandbox.until(lambda: [each for each in town.cards() if "Carla" in each.text])
    await town.sandbox.until(lambda: "1234" in town.thread_text(new))
    assert [each.ts for each in town.sandbox.slack.root_messages(CHANNEL)] == [new.ts]
    assert town.thread_text(new).count("1234") == 1


async def test_a_channel_that_was_replaced_gets_the_open_conversations(sandbox: Sandbox, credentials: Credentials):
    async with open_town(sandbox, credentials) as town:
        card = await town.taken()
    old = sandbox.slack.workspace.channel(CHANNEL)
    old.is_archived = True
    sandbox.slack.workspace.channels["C0NEW"] = type(old)(id="C0NEW", name="new-desk", members=list(old.members))
    async with open_town(sandbox, credentials, slack_channel="C0NEW") as town:
        await sandbox.whatsapp.say(CARLA, "Where are you?")
        [new] = await sandbox.until(lambda: sandbox.slack.root_messages("C0NEW"))
        thread = lambda: "\n".join(each.text for each in sandbox.slack.thread("C0NEW", new.ts))  # noqa: E731
        await sandbox.until(lambda: "Where are you?" in thread())
        assert f"p{card.ts.replace('.', '')}" in thread()
        await sandbox.slack.reply(ANA, "C0NEW", new.ts, "Over here")
        await town.hears(CARLA, "Over here")


async def test_the_card_of_what_has_ended_is_not_brought_back(town: Town):
    card = await town.taken()
    await town.press(ANA, card, "close")
    await town.shows(card, "Closed")
    await town.has_done("slack.card")
    await town.sandbox.slack.remove(CHANNEL, card.ts)
    await town.has_done("slack.event")
    await town.has_done("slack.card")
    assert town.cards() == []


async def test_a_card_that_slack_finds_malformed_still_has_its_buttons(town: Town):
    card = await town.escalation()
    town.sandbox.slack.faults.add(Fault(method="chat.update", code="invalid_blocks"))
    await town.press(BEN, card, "take")
    await town.shows(card, f"<@{BEN}>")
    await town.press(BEN, card, "close")
    await town.shows(card, "Closed")


# --- Sends whose outcome nobody knows ---


async def test_a_send_that_left_a_trace_is_not_repeated_and_holds_up_nothing(
    sandbox: Sandbox, credentials: Credentials
):
    async with open_town(sandbox, credentials, send_grace_seconds=3600) as town:
        card = await town.taken()
        await town.hears(CARLA, "colleague")
        town.sandbox.whatsapp.faults.add(Fault(method="send", drop="after"))
        await town.reply(ANA, card, "Once")
        await town.reply(ANA, card, "Next")
        await town.hears(CARLA, "Next")
        assert heard(town, "Once", "Next") == ["Once", "Next"]


async def test_after_two_doubts_staff_decide_and_late_proof_overrules(town: Town, moved: Moved):
    card = await town.taken()
    await town.hears(CARLA, "colleague")
    town.sandbox.whatsapp.auto_status = False
    town.sandbox.whatsapp.faults.add(*[Fault(method="send", drop="after")] * 3)
    ts = await town.reply(ANA, card, "Maybe")
    await town.sandbox.until(lambda: "may or may not have reached" in town.thread_text(card), within=15)
    await town.sandbox.until(lambda: town.sandbox.slack.reactions(CHANNEL, ts) == {"question"})
    assert heard(town, "Maybe") == ["Maybe", "Maybe"]
    assert len(town.sandbox.whatsapp.faults) == 1
    first, second = town.sandbox.whatsapp.sent[-2:]
    await town.sandbox.whatsapp.report(first.wamid, "delivered")
    await town.sandbox.until(lambda: "Confirmed after all" in town.thread_text(card))
    await town.sandbox.until(lambda: "question" not in town.sandbox.slack.reactions(CHANNEL, ts))
    await town.sandbox.whatsapp.report(second.wamid, "delivered")
    await town.sandbox.until(lambda: "Sent twice" in town.thread_text(card))


async def test_send_again_sends_what_was_never_confirmed(town: Town):
    card = await town.taken()
    await town.hears(CARLA, "colleague")
    town.sandbox.whatsapp.faults.add(*[Fault(method="send", drop="before")] * 2)
    ts = await town.reply(ANA, card, "Maybe")
    await town.sandbox.until(lambda: "may or may not have reached" in town.thread_text(card), within=15)
    line = next(each for each in town.thread(card) if "may or may not" in each.text)
    await town.sandbox.slack.click(ANA, CHANNEL, line.ts, "retry_send")
    await town.hears(CARLA, "Maybe")
    await town.sandbox.until(lambda: "mailbox_with_mail" in town.sandbox.slack.reactions(CHANNEL, ts))
    assert heard(town, "Maybe") == ["Maybe"]


async def test_a_repeated_send_of_which_both_arrived_is_admitted(town: Town):
    card = await town.taken()
    await town.hears(CARLA, "colleague")
    town.sandbox.whatsapp.auto_status = False
    town.sandbox.whatsapp.faults.add(Fault(method="send", drop="after"))
    await town.reply(ANA, card, "Twice")
    await town.sandbox.until(lambda: len(heard(town, "Twice")) == 2, within=15)
    await town.has_done("whatsapp.send")
    await town.sandbox.whatsapp.report(town.sandbox.whatsapp.sent[-2].wamid, "delivered")
    await town.sandbox.until(lambda: "Sent twice" in town.thread_text(card))


async def test_a_post_whose_answer_was_lost_is_found_behind_many_others(town: Town):
    card = await town.taken()
    channel = town.sandbox.slack.workspace.channel(CHANNEL)
    for number in range(450):
        note = Message(ts=town.sandbox.world.stamp(), channel=CHANNEL, text=f"{number}", user=BEN, thread_ts=card.ts)
        channel.messages[note.ts] = note
    town.sandbox.slack.faults.add(
        Fault(method="chat.postMessage", drop="after", when=lambda post: "Only once" in post["text"])
    )
    await town.sandbox.whatsapp.say(CARLA, "Only once, please")
    await town.sandbox.until(lambda: "Only once" in town.thread_text(card))
    await town.has_done("slack.mirror")
    assert town.thread_text(card).count("Only once") == 1


# --- WhatsApp knows better when its window closes ---


async def test_when_whatsapp_calls_the_window_closed_staff_see_it_closed_until_the_customer_writes(
    town: Town, moved: Moved
):
    card = await town.taken()
    await town.hears(CARLA, "colleague")
    moved.by += A_MOMENT
    town.sandbox.whatsapp.faults.add(Fault(method="send", code=131047))
    await town.reply(ANA, card, "Too late?")
    await town.sandbox.until(lambda: "more than 24 hours" in town.thread_text(card))
    await town.shows(card, "Reply window closed")
    await town.reply(ANA, card, "And now?")
    await town.sandbox.until(lambda: "takes only templates" in town.told(ANA))
    assert "And now?" not in town.on_phone(CARLA)
    moved.by += A_MOMENT
    await town.sandbox.whatsapp.say(CARLA, "I am here")
    await town.sandbox.until(lambda: "Reply window closed" not in card.text)
    await town.reply(ANA, card, "Good")
    await town.hears(CARLA, "Good")
    assert "And now?" not in town.on_phone(CARLA)


async def test_a_window_refused_by_a_later_report_counts_too(town: Town, moved: Moved):
    card = await town.taken()
    await town.hears(CARLA, "colleague")
    town.sandbox.whatsapp.auto_status = False
    await town.reply(ANA, card, "Hello?")
    await town.hears(CARLA, "Hello?")
    moved.by += A_MOMENT
    await town.sandbox.whatsapp.report(town.sandbox.whatsapp.sent[-1].wamid, "failed", 131047)
    await town.shows(card, "Reply window closed")
