"""Customers change their number, hide it, or turn out to be one: their conversation goes on, and nobody else's."""

from __future__ import annotations

from integrations.sandbox.faults import Fault
from integrations.sandbox.people import Customer
from storage import customer_search
from storage.desk_models import Audit
from storage.models import Alias, ConversationRow, CustomerRow, MessageRow
from tests.stories.town import ANA, ASK_FOR_PERSON, BEN, CARLA, CHANNEL, DIEGO, MINA, Town

NEW_NUMBER, NEW_BSUID = "34699888777", "ES.70000000000000000099"


async def settled(town: Town) -> None:
    for kind in ("whatsapp.message", "agent.think", "whatsapp.send", "slack.mirror", "slack.note"):
        await town.has_done(kind)


async def test_a_changed_number_keeps_the_conversation_and_replies_go_to_the_new_one(town: Town):
    card = await town.taken()
    told = await town.sandbox.whatsapp.changes.number(CARLA, NEW_NUMBER, NEW_BSUID)
    await town.sandbox.until(lambda: f"changed their number* to +{NEW_NUMBER}" in town.thread_text(card))
    await town.reply(ANA, card, "Is this you?")
    await town.hears(CARLA, "Is this you?")
    assert town.sandbox.whatsapp.sent[-1].to == NEW_NUMBER
    await town.sandbox.whatsapp.say(CARLA, "Yes, new number")
    await town.sandbox.until(lambda: "Yes, new number" in town.thread_text(card))
    await town.shows(card, f"+{NEW_NUMBER}")
    await town.sandbox.whatsapp.deliver(told)
    await settled(town)
    assert town.thread_text(card).count("changed their number") == 1
    assert (await ConversationRow.all().count(), await CustomerRow.all().count()) == (1, 1)


async def test_a_change_of_number_is_no_turn_of_the_ai(town: Town):
    await town.sandbox.whatsapp.say(CARLA, "What are your opening hours?")
    await town.sandbox.until(lambda: town.on_phone(CARLA))
    await settled(town)
    heard = len(town.on_phone(CARLA))
    await town.sandbox.whatsapp.changes.number(CARLA, NEW_NUMBER, NEW_BSUID)
    await settled(town)
    assert len(town.on_phone(CARLA)) == heard
    card = await town.escalation(CARLA)
    assert "opening hours" in town.thread_text(card)
    assert "changed their phone number" in town.thread_text(card)


async def test_somebody_who_hides_their_number_is_followed_by_their_user_id(town: Town):
    card = await town.taken(MINA)
    await town.sandbox.whatsapp.changes.user_id(MINA, NEW_BSUID)
    await town.sandbox.until(lambda: "account changed" in town.thread_text(card))
    await town.reply(ANA, card, "Still here?")
    await town.hears(MINA, "Still here?")
    assert (town.sandbox.whatsapp.sent[-1].to, town.sandbox.whatsapp.sent[-1].recipient) == (None, NEW_BSUID)
    [reply] = [each for each in town.thread(card) if each.text == "Still here?"]
    await town.sandbox.until(lambda: "mailbox_with_mail" in reply.reactions)
    assert await ConversationRow.all().count() == 1


async def test_a_changed_security_code_is_shown_and_changes_nothing(town: Town):
    card = await town.taken()
    await town.sandbox.whatsapp.changes.security_code(CARLA)
    await town.sandbox.until(lambda: "security code changed" in town.thread_text(card))
    await town.sandbox.whatsapp.changes.security_code(DIEGO)
    await settled(town)
    assert await CustomerRow.all().count() == 1


async def test_whoever_hides_their_number_from_now_on_stays_the_same_person(town: Town):
    card = await town.taken()
    town.sandbox.whatsapp.changes.hides_number(CARLA, "carla.m")
    await town.sandbox.whatsapp.say(CARLA, "Now with a username")
    await town.sandbox.until(lambda: "Now with a username" in town.thread_text(card))
    await town.reply(ANA, card, "Noted")
    await town.hears(CARLA, "Noted")
    assert town.sandbox.whatsapp.sent[-1].recipient == "ES.70000000000000000001"


async def test_a_number_with_a_new_owner_shows_nothing_of_the_former_one(town: Town):
    card = await town.taken()
    await town.sandbox.whatsapp.say(CARLA, "My secret is 4711")
    await town.sandbox.until(lambda: "4711" in town.thread_text(card))
    town.sandbox.whatsapp.changes.hides_number(CARLA, "carla.m")
    stranger = Customer(id="stranger", name="Carla Mendes", bsuid=NEW_BSUID, wa_id="34600111222")
    town.sandbox.whatsapp.add_customer(stranger)
    await town.sandbox.whatsapp.say("stranger", "What do you know about me?")
    await town.sandbox.until(lambda: town.on_phone("stranger"))
    assert "4711" not in str(town.sandbox.openai.requests)
    other = await town.escalation("stranger")
    await town.sandbox.until(lambda: "belongs to somebody else now" in town.thread_text(card))
    assert "4711" not in town.thread_text(other)
    await town.reply(ANA, card, "To the real Carla")
    await town.hears(CARLA, "To the real Carla")
    assert "To the real Carla" not in town.on_phone("stranger")
    await town.sandbox.slack.command(BEN, CHANNEL, "/escalate", "+34 600 111 222 wants help")
    await town.sandbox.until(lambda: town.told(BEN))
    assert "Already waiting" in town.told(BEN)


async def test_a_word_of_the_change_that_comes_late_joins_both_conversations(town: Town):
    await town.sandbox.whatsapp.say(CARLA, "What are your opening hours?")
    await town.sandbox.until(lambda: town.on_phone(CARLA))
    await settled(town)
    late = await town.sandbox.whatsapp.changes.number(CARLA, NEW_NUMBER, NEW_BSUID, tell=False)
    card = await town.escalation(CARLA)
    assert "opening hours" not in town.thread_text(card)
    await town.press(ANA, card, "take")
    await town.shows(card, f"<@{ANA}>")
    await town.sandbox.whatsapp.deliver(late)
    await town.sandbox.until(lambda: "opening hours" in town.thread_text(card))
    await town.reply(ANA, card, "I have read both")
    await town.hears(CARLA, "I have read both")
    await town.sandbox.whatsapp.say(CARLA, "Good")
    await town.sandbox.until(lambda: "Good" in town.thread_text(card))
    assert await ConversationRow.filter(merged_into=None).count() == 1
    assert await Audit.filter(event="merge").count() == 1
    [whole] = await ConversationRow.filter(merged_into=None)
    assert await MessageRow.exclude(conversation_id=whole.id).count() == 0
    await town.press(ANA, card, "return_to_bot")
    await town.shows(card, "Resolved")
    before = len(town.on_phone(CARLA))
    await town.sandbox.whatsapp.say(CARLA, "Where is my order 4812?")
    await town.sandbox.until(lambda: len(town.on_phone(CARLA)) > before)


async def test_of_two_threads_of_one_person_the_one_somebody_has_goes_on(town: Town):
    old = await town.escalation(CARLA)
    late = await town.sandbox.whatsapp.changes.number(CARLA, NEW_NUMBER, NEW_BSUID, tell=False)
    new = await town.taken(CARLA)
    await town.sandbox.whatsapp.deliver(late)
    await town.shows(old, "Closed")
    await town.sandbox.until(lambda: "The same person" in town.thread_text(old))
    assert "another thread>" in town.thread_text(old)
    await town.sandbox.until(lambda: ASK_FOR_PERSON in town.thread_text(new))
    await town.sandbox.whatsapp.say(CARLA, "Here I am")
    await town.sandbox.until(lambda: "Here I am" in town.thread_text(new))
    assert "Here I am" not in town.thread_text(old)
    await town.reply(ANA, new, "Hello")
    await town.hears(CARLA, "Hello")


async def test_where_two_people_had_one_customer_each_the_second_is_told_and_cannot_answer_beside(town: Town):
    old = await town.taken(CARLA, by=ANA)
    late = await town.sandbox.whatsapp.changes.number(CARLA, NEW_NUMBER, NEW_BSUID, tell=False)
    new = await town.taken(CARLA, by=BEN)
    await town.sandbox.whatsapp.deliver(late)
    await town.shows(new, "Closed")
    await town.sandbox.until(lambda: f"<@{BEN}> had it; please look there" in town.thread_text(new))
    await town.sandbox.until(lambda: f"which <@{BEN}> had" in town.thread_text(old))
    await town.reply(BEN, new, "I was about to say")
    await town.sandbox.until(lambda: "closed by Switchboard" in town.told(BEN))
    await town.reply(ANA, old, "It is me, Ana")
    await town.hears(CARLA, "It is me, Ana")
    assert "I was about to say" not in town.on_phone(CARLA)


async def test_replies_on_their_way_when_two_become_one_arrive_in_order_and_once(town: Town):
    old = await town.escalation(CARLA)
    late = await town.sandbox.whatsapp.changes.number(CARLA, NEW_NUMBER, NEW_BSUID, tell=False)
    new = await town.taken(CARLA)
    await settled(town)
    stuck = Fault(method="send", code=131016, lasting=True, when=lambda body: body["text"]["body"] == "First")
    town.sandbox.whatsapp.faults.add(stuck)
    await town.reply(ANA, new, "First")
    await town.sandbox.whatsapp.deliver(late)
    await town.shows(old, "Closed")
    await town.reply(ANA, new, "Second")
    await town.has_done("slack.event")
    assert "Second" not in town.on_phone(CARLA)
    town.sandbox.whatsapp.faults.clear()
    await town.hears(CARLA, "Second")
    assert [said for said in town.on_phone(CARLA) if said in ("First", "Second")] == ["First", "Second"]


async def test_what_the_ai_was_about_to_say_when_two_become_one_is_still_said_once(town: Town):
    await town.sandbox.whatsapp.say(CARLA, "What are your opening hours?")
    await town.sandbox.until(lambda: town.on_phone(CARLA))
    await settled(town)
    late = await town.sandbox.whatsapp.changes.number(CARLA, NEW_NUMBER, NEW_BSUID, tell=False)
    town.sandbox.openai.hold()
    await town.sandbox.whatsapp.say(CARLA, "Where is my order 4812?")
    await town.sandbox.until(lambda: town.sandbox.openai.waiting)
    before = len(town.on_phone(CARLA))
    await town.sandbox.whatsapp.deliver(late)
    await town.has_done("whatsapp.message")
    town.sandbox.openai.release()
    await town.sandbox.until(lambda: len(town.on_phone(CARLA)) > before)
    await settled(town)
    assert len(town.on_phone(CARLA)) == before + 1
    assert "opening hours" in str(town.sandbox.openai.requests[-1])


async def test_an_answer_of_the_ai_that_waits_to_be_sent_survives_the_joining(town: Town):
    await town.sandbox.whatsapp.say(CARLA, "What are your opening hours?")
    await town.sandbox.until(lambda: town.on_phone(CARLA))
    await settled(town)
    late = await town.sandbox.whatsapp.changes.number(CARLA, NEW_NUMBER, NEW_BSUID, tell=False)
    town.sandbox.whatsapp.faults.add(Fault(method="send", code=131016, lasting=True))
    before = len(town.on_phone(CARLA))
    await town.sandbox.whatsapp.say(CARLA, "Where is my order 4812?")
    await town.has_done("agent.think")
    await town.sandbox.whatsapp.deliver(late)
    await town.has_done("whatsapp.message")
    town.sandbox.whatsapp.faults.clear()
    await town.sandbox.until(lambda: len(town.on_phone(CARLA)) > before)
    await settled(town)
    assert len(town.on_phone(CARLA)) == before + 1


async def test_a_parents_user_id_is_a_name_but_says_nothing_about_who_somebody_is(town: Town):
    parent = "ES.ENT.900"
    for customer in (CARLA, DIEGO):
        _, body = town.sandbox.whatsapp.writes(customer, "Hello")
        body["entry"][0]["changes"][0]["value"]["messages"][0]["from_parent_user_id"] = parent
        await town.sandbox.whatsapp.deliver(body)
        await settled(town)
    assert await CustomerRow.all().count() == 2
    assert await Alias.filter(kind="parent_bsuid", value=parent).count() == 1


async def test_numbers_are_answered_as_they_were_received_and_found_in_either_form(town: Town):
    old_form = Customer(id="rosa", name="Rosa", bsuid="BR.70000000000000000050", wa_id="551187654321")
    town.sandbox.whatsapp.add_customer(old_form)
    await town.sandbox.whatsapp.say("rosa", "Where is my order 4812?")
    await town.sandbox.until(lambda: town.on_phone("rosa"))
    assert town.sandbox.whatsapp.sent[-1].to == "551187654321"
    await town.sandbox.slack.command(ANA, CHANNEL, "/escalate", "+55 11 98765-4321 asked on the phone")
    await town.sandbox.until(lambda: "in the queue now" in town.told(ANA))


async def test_display_names_are_never_keys(town: Town):
    twin = Customer(id="twin", name="Carla Mendes", bsuid="ES.70000000000000000077", wa_id="34600999888")
    town.sandbox.whatsapp.add_customer(twin)
    await town.sandbox.whatsapp.say(CARLA, "Hello")
    await town.sandbox.whatsapp.say("twin", "Hello")
    await settled(town)
    assert await CustomerRow.all().count() == 2
    assert len(await customer_search.by_name([1], "Carla Mendes", 5)) == 2
