"""The three promises: nothing lost or doubled, the AI silent while a person has it, the truth about delivery."""

from __future__ import annotations

import asyncio
import contextlib
import socket

from integrations.sandbox.faults import Fault
from integrations.sandbox.reply import Reply
from integrations.sandbox.server import Sandbox
from storage.database import Credentials
from storage.engine_models import Task
from tests.stories.town import ANA, BEN, CARLA, CHANNEL, DIEGO, MINA, Town, open_town

ANSWER = "The AI's own words."


def answers(*texts: str) -> list[Reply]:
    return [Reply(text=text) for text in texts]


# --- Nothing lost, doubled or reordered ---


async def test_the_same_webhook_three_times_is_answered_once(town: Town):
    town.sandbox.openai.script(answers(ANSWER))
    _wamid, body = town.sandbox.whatsapp.writes(CARLA, "Hello?")
    statuses = [await town.sandbox.whatsapp.deliver(body) for _ in range(3)]
    assert statuses == [200, 200, 200]
    await town.hears(CARLA, ANSWER)
    await town.sandbox.whatsapp.say(DIEGO, "And me?")
    await town.sandbox.until(lambda: town.on_phone(DIEGO))
    assert town.on_phone(CARLA) == [ANSWER]
    assert len(town.sandbox.openai.requests) == 2


async def test_a_burst_is_answered_once(sandbox: Sandbox, credentials: Credentials):
    sandbox.openai.script(lambda _request: Reply(text=ANSWER))
    async with open_town(sandbox, credentials, agent_debounce_seconds=1.0) as town:
        for text in ("Hi", "I have", "a question"):
            await town.sandbox.whatsapp.say(CARLA, text)
        await town.hears(CARLA, ANSWER)
        assert len(town.sandbox.openai.requests) == 1
        assert town.on_phone(CARLA) == [ANSWER]


async def test_staff_replies_arrive_in_the_order_they_were_written(town: Town):
    card = await town.taken()
    said = [f"Line {number}" for number in range(12)]
    for text in said:
        await town.reply(ANA, card, text)
    await town.hears(CARLA, said[-1])
    assert town.on_phone(CARLA)[-len(said) :] == said


async def test_customer_messages_appear_in_the_thread_in_order_and_once(town: Town):
    card = await town.taken()
    said = [f"Line {number}" for number in range(12)]
    for text in said:
        await town.sandbox.whatsapp.say(CARLA, text)
    await town.sandbox.until(lambda: said[-1] in town.thread_text(card))
    shown = [each.text for each in town.thread(card)]
    assert [text for text in shown if text in said] == said


async def test_all_that_a_customer_wrote_in_vain_stands_in_the_thread(sandbox: Sandbox, credentials: Credentials):
    sandbox.openai.broken = True  # so that people come
    said = [f"Line {number}." for number in range(35)] + ["At length: " + "a word " * 500 + "and the end."]
    async with open_town(sandbox, credentials, agent_debounce_seconds=2.0) as town:
        for text in said:
            await sandbox.whatsapp.say(CARLA, text)
        card = await town.card()
        await town.has_done("slack.open")
        shown = town.thread_text(card)
        assert [text for text in said if text not in shown] == []
        assert "not shown" not in shown


async def test_a_slack_event_delivered_three_times_reaches_the_customer_once(town: Town):
    card = await town.taken()
    await town.sandbox.slack.reply(ANA, CHANNEL, card.ts, "Only once", copies=3)
    await town.reply(ANA, card, "The end")
    await town.hears(CARLA, "The end")
    assert town.on_phone(CARLA).count("Only once") == 1


async def test_a_rate_limited_slack_loses_nothing(town: Town):
    town.sandbox.slack.faults.add(*[Fault(method="chat.postMessage", status=429, retry_after=0.2)] * 3)
    card = await town.escalation()
    assert len(town.cards()) == 1
    assert "Can I talk to a person?" in town.thread_text(card)


async def test_a_post_that_slack_took_before_the_connection_broke_is_not_posted_again(town: Town):
    town.sandbox.slack.faults.add(Fault(method="chat.postMessage", drop="after"))
    card = await town.escalation()
    await town.press(ANA, card, "take")
    await town.shows(card, f"<@{ANA}>")
    assert len(town.cards()) == 1


async def test_whatsapp_failing_for_a_while_delays_and_does_not_double(town: Town):
    card = await town.taken()
    await town.hears(CARLA, "colleague")
    town.sandbox.whatsapp.faults.add(
        Fault(method="send", code=131016), Fault(method="send", code=130429), Fault(method="send", drop="before")
    )
    await town.reply(ANA, card, "First")
    await town.reply(ANA, card, "Second")
    await town.hears(CARLA, "Second")
    assert town.on_phone(CARLA)[-2:] == ["First", "Second"]


async def test_a_send_that_arrived_though_its_answer_was_lost_is_not_repeated(town: Town):
    card = await town.taken()
    await town.hears(CARLA, "colleague")
    town.sandbox.whatsapp.faults.add(Fault(method="send", drop="after"))
    await town.reply(ANA, card, "Just once")
    await town.reply(ANA, card, "Afterwards")
    await town.hears(CARLA, "Afterwards")
    assert town.on_phone(CARLA)[-2:] == ["Just once", "Afterwards"]


# --- The AI never speaks while a person has the conversation ---


async def test_an_answer_in_flight_when_staff_take_over_never_reaches_the_customer(town: Town):
    town.sandbox.openai.script(answers(ANSWER))
    town.sandbox.openai.hold()
    await town.sandbox.whatsapp.say(CARLA, "Slow question")
    await town.sandbox.until(lambda: town.sandbox.openai.waiting)
    await town.sandbox.slack.command(ANA, CHANNEL, "/escalate", "+34600111222 I know her")
    card = await town.card()
    await town.press(ANA, card, "take")
    await town.shows(card, f"<@{ANA}>")
    town.sandbox.openai.release()
    await town.reply(ANA, card, "A person speaks")
    await town.hears(CARLA, "A person speaks")
    await town.press(ANA, card, "return_to_bot")
    await town.shows(card, "Resolved")
    assert ANSWER not in town.on_phone(CARLA)


async def test_an_answer_that_waits_to_leave_is_dropped_when_staff_take_over(town: Town):
    town.sandbox.openai.script(answers(ANSWER))
    town.sandbox.whatsapp.faults.add(*[Fault(code=131016)] * 3)
    await town.sandbox.whatsapp.say(CARLA, "Question")
    await town.sandbox.until(lambda: len(town.sandbox.whatsapp.faults) < 3)
    await town.sandbox.slack.command(ANA, CHANNEL, "/escalate", "+34600111222")
    card = await town.card()
    await town.press(ANA, card, "take")
    await town.shows(card, f"<@{ANA}>")
    town.sandbox.whatsapp.faults.clear()
    await town.reply(ANA, card, "A person speaks")
    await town.hears(CARLA, "A person speaks")
    assert ANSWER not in town.on_phone(CARLA)


async def test_a_turn_that_the_customer_overtakes_is_redone_with_what_they_added(town: Town):
    town.sandbox.openai.script(answers("An answer to half a question", ANSWER))
    town.sandbox.openai.hold()
    await town.sandbox.whatsapp.say(CARLA, "I have a question")
    await town.sandbox.until(lambda: town.sandbox.openai.waiting)
    await town.sandbox.whatsapp.say(CARLA, "about tents")
    await town.has_done("whatsapp.message")
    town.sandbox.openai.release()
    await town.hears(CARLA, ANSWER)
    assert town.on_phone(CARLA) == [ANSWER]


async def test_while_people_have_it_the_model_is_not_even_asked(town: Town):
    card = await town.taken()
    asked = len(town.sandbox.openai.requests)
    await town.sandbox.whatsapp.say(CARLA, "Still there?")
    await town.sandbox.until(lambda: "Still there?" in town.thread_text(card))
    await town.reply(ANA, card, "Yes")
    await town.hears(CARLA, "Yes")
    assert len(town.sandbox.openai.requests) == asked


async def test_a_hundred_pairs_of_takes_have_a_hundred_winners(town: Town):
    """Each round two people press at the same moment; then it is released by ending it and asking again."""
    for _ in range(10):
        card = await town.escalation()
        presses = [town.press(user, card, "take") for user in (ANA, BEN) for _ in range(5)]
        assert set(await asyncio.gather(*presses)) == {200}
        await town.sandbox.until(lambda card=card: "<@U0" in card.text)
        lines = [each.text for each in town.thread(card) if "took this" in each.text]
        winner = ANA if f"<@{ANA}>" in card.text else BEN
        loser = BEN if winner == ANA else ANA
        await town.sandbox.until(lambda w=winner, who=loser: f"<@{w}> has this" in town.told(who))
        await town.sandbox.until(lambda card=card: "took this" in town.thread_text(card))
        lines = [each.text for each in town.thread(card) if "took this" in each.text]
        assert len(lines) == 1
        assert {ANA: "Ana Ruiz", BEN: "Ben Okafor"}[winner] in lines[0]
        assert "<@" not in lines[0]  # it calls nobody
        await town.press(winner, card, "close")
        await town.shows(card, "Closed")


# --- Staff always see the truth about delivery ---


async def test_a_failure_is_told_in_the_thread_and_retry_sends_again(town: Town):
    card = await town.taken()
    await town.hears(CARLA, "colleague")
    town.sandbox.whatsapp.faults.add(Fault(method="send", code=131026))
    ts = await town.reply(ANA, card, "Can you read this?")
    await town.sandbox.until(lambda: "did not get this message" in town.thread_text(card))
    await town.sandbox.until(lambda: town.sandbox.slack.reactions(CHANNEL, ts) == {"x"})
    failure = next(each for each in town.thread(card) if "did not get this message" in each.text)
    await town.sandbox.slack.click(ANA, CHANNEL, failure.ts, "retry_send")
    await town.hears(CARLA, "Can you read this?")
    await town.sandbox.until(lambda: "x" not in town.sandbox.slack.reactions(CHANNEL, ts))
    assert town.on_phone(CARLA).count("Can you read this?") == 1


async def test_a_failure_that_is_reported_later_is_told_too(town: Town):
    card = await town.taken()
    await town.hears(CARLA, "colleague")
    town.sandbox.whatsapp.auto_status = False
    await town.reply(ANA, card, "Hello?")
    await town.hears(CARLA, "Hello?")
    await town.sandbox.whatsapp.report(town.sandbox.whatsapp.sent[-1].wamid, "failed", 131047)
    await town.sandbox.until(lambda: "24 hours" in town.thread_text(card))


async def test_read_is_shown_and_a_late_sent_does_not_take_it_back(town: Town):
    card = await town.taken()
    town.sandbox.whatsapp.auto_status = False
    ts = await town.reply(ANA, card, "Hello")
    await town.hears(CARLA, "Hello")
    wamid = town.sandbox.whatsapp.sent[-1].wamid
    for status in ("read", "sent", "delivered"):
        await town.sandbox.whatsapp.report(wamid, status)
    await town.sandbox.until(lambda: "eyes" in town.sandbox.slack.reactions(CHANNEL, ts))


async def test_a_customer_who_hides_their_number_is_served_like_any_other(town: Town):
    card = await town.taken(MINA)
    await town.reply(ANA, card, "Hi Mina")
    await town.hears(MINA, "Hi Mina")


async def test_what_is_not_understood_is_acknowledged_and_kept(town: Town):
    odd = [
        b"not json",
        b"[]",
        b"null",
        b'{"object":"whatsapp_business_account"}',
        b'{"entry":[{"changes":[{"field":"account_update","value":{"event":"X"}}]}]}',
        b'{"entry":[{"changes":[{"field":"messages","value":{"messages":[{"type":"text"}]}}]}]}',
        b'{"entry":[{"changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"9"},"messages":[{"id":"w","from":"1","type":"text"}]}}]}]}',
        b'{"entry":{"changes":7}}',
        b'{"a":"\\ud800"}',
        b'{"a":"\\u0000"}',
    ]
    assert [await town.sandbox.whatsapp.deliver(body) for body in odd] == [200] * len(odd)


async def test_a_batch_of_many_messages_and_statuses_is_taken_apart(town: Town):
    parts = [town.sandbox.whatsapp.writes(who, f"Hello from {who}")[1] for who in (CARLA, DIEGO, MINA)]
    body = parts[0] | {"entry": [entry for part in parts for entry in part["entry"]]}
    assert await town.sandbox.whatsapp.deliver(body) == 200
    for who in (CARLA, DIEGO, MINA):
        await town.sandbox.until(lambda who=who: town.on_phone(who))


async def test_a_wrong_signature_is_refused(town: Town):
    _, body = town.sandbox.whatsapp.writes(CARLA, "Hello")
    assert await town.sandbox.whatsapp.deliver(body, signature="sha256=" + "0" * 64) == 401
    assert await town.sandbox.whatsapp.deliver(body, signature="é") == 401


async def test_whatsapp_out_of_reach_does_not_keep_staff_waiting_for_their_take(
    sandbox: Sandbox, credentials: Credentials
):
    """An address that swallows packets: the AI's answer cannot leave, and a person must not wait for that."""
    sandbox.openai.script(lambda _request: Reply(text=ANSWER))
    listening = socket.create_server(("127.0.0.1", 0), backlog=0)
    with listening, contextlib.ExitStack() as full:
        address = listening.getsockname()
        for _ in range(2):  # the backlog is full: further connections hang in the handshake
            filler = full.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(address)
        async with open_town(sandbox, credentials, whatsapp_api_url=f"http://127.0.0.1:{address[1]}") as town:
            await town.sandbox.whatsapp.say(CARLA, "Question")
            async with asyncio.timeout(10):  # until the answer is trying to leave
                while not await Task.exists(kind="whatsapp.send", started__gt=0):
                    await town.sandbox.world.change(0.02)
            await town.sandbox.slack.command(ANA, CHANNEL, "/escalate", "+34600111222")
            card = await town.card()
            assert await town.press(ANA, card, "take") == 200
            await town.shows(card, f"<@{ANA}>")
