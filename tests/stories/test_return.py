"""Return to bot: the press alone returns it, the window tells what the AI believes, and promises are kept for good."""

from __future__ import annotations

from integrations.sandbox.faults import Fault
from integrations.sandbox.slack_state import Message
from integrations.sandbox.wire import Json
from storage import conversations
from storage.desk_models import Audit
from storage.models import ConversationRow
from tests.stories.test_card_menu import choose
from tests.stories.town import ANA, BEN, CARLA, CHANNEL, Town

PROMISE = "We will send you a new tent by Friday."


def shown(town: Town, user: str = ANA) -> str:
    return str(town.sandbox.slack.modal(user))


def is_brief(request: Json) -> bool:
    """Whether the model is asked what it believes."""
    return "report_stretch" in str(request.get("tools"))


def briefs(town: Town) -> list[Json]:
    return [each for each in town.sandbox.openai.requests if is_brief(each)]


async def returned(town: Town, card: Message, by: str = ANA) -> None:
    await town.press(by, card, "return_to_bot")
    await town.shows(card, "Resolved")


async def answered(town: Town, text: str) -> str:
    """What the AI says to this."""
    said = len(town.on_phone(CARLA))
    await town.sandbox.whatsapp.say(CARLA, text)
    await town.sandbox.until(lambda: len(town.on_phone(CARLA)) > said)
    return town.on_phone(CARLA)[-1]


async def test_p17_the_ai_answers_after_a_return_and_keeps_what_staff_promised_until_they_clear_it(town: Town):
    slack = town.sandbox.slack
    card = await town.taken()
    await town.reply(ANA, card, PROMISE)
    await town.hears(CARLA, PROMISE)
    await town.reply(ANA, card, "! she is the mayor's sister")
    town.sandbox.openai.hold()
    await returned(town, card)  # the press alone, while the model has said nothing yet
    await town.sandbox.until(lambda: "Thinking" in shown(town))
    town.sandbox.openai.release()
    await town.sandbox.until(lambda: PROMISE in shown(town))
    [brief] = briefs(town)
    assert "mayor" not in str(brief)  # a note is for colleagues
    assert f"Colleague: {PROMISE}" in str(brief)

    promises = f"{PROMISE}\n- The old one need not be sent back."
    story = "She was upset. We apologised on the telephone."
    await slack.submit(ANA, values={"happened": {"tell_ai": story}, "promises": {"tell_ai": promises}})
    assert slack.modal(ANA) is None
    await town.sandbox.until(lambda: "told the AI" in town.thread_text(card))
    for words in ("Ana Ruiz", "on the telephone", "need not be sent back"):
        assert words in town.thread_text(card)

    assert PROMISE in await answered(town, "When does the new tent come?")
    context = str(town.sandbox.openai.requests[-1]["messages"])
    for words in (story, "need not be sent back", "you do again"):
        assert words in context

    before = {each.ts for each in town.cards()}
    await slack.command(BEN, CHANNEL, "/escalate", "+34600111222")  # who then says nothing
    [again] = await town.sandbox.until(lambda: [each for each in town.cards() if each.ts not in before])
    await town.hears(CARLA, "handing this over")
    await town.press(BEN, again, "return_to_bot")
    await town.shows(again, "Resolved")
    await town.sandbox.until(lambda: "new tent by Friday" in shown(town, BEN))
    assert len(briefs(town)) == 1  # nothing to ask the model about
    await slack.dismiss(BEN)
    assert "need not be sent back" in await answered(town, "What about the old one?")
    assert story not in str(town.sandbox.openai.requests[-1]["messages"])  # of a stretch before the last
    assert await Audit.filter(event="promises", actor=ANA).count() == 1
    conversation = await ConversationRow.get()
    assert conversation.promises == f"{PROMISE}\nThe old one need not be sent back."


async def test_promises_are_seen_and_cleared_in_the_customers_window(town: Town):
    slack = town.sandbox.slack
    card = await town.taken()
    conversation = await ConversationRow.get()
    await conversations.set_promises(conversation.id, PROMISE)
    await choose(town, ANA, card, "Customer…")
    assert PROMISE in shown(town)
    await conversations.set_promises(conversation.id, f"{PROMISE}\nFree of charge.")  # by somebody else meanwhile
    await slack.submit(ANA, values={"edit_tags": "vip"})
    assert (await ConversationRow.get()).promises == f"{PROMISE}\nFree of charge."
    await choose(town, ANA, card, "Customer…")
    fields = [each["element"] for each in (slack.modal(ANA) or {})["blocks"] if each.get("block_id") == "promises"]
    assert [each["initial_value"] for each in fields] == [f"{PROMISE}\nFree of charge."]  # one on each line
    await slack.submit(ANA, values={"tell_ai": ""})
    assert (await ConversationRow.get()).promises is None
    assert await Audit.filter(event="promises", actor=ANA).count() == 1


async def test_whatever_happens_to_the_window_the_conversation_is_returned(town: Town):
    slack = town.sandbox.slack
    card = await town.taken()
    await town.reply(ANA, card, PROMISE)
    await town.hears(CARLA, PROMISE)
    slack.faults.add(Fault(method="views.open", code="expired_trigger_id"))
    await returned(town, card)
    await town.sandbox.until(lambda: "Slack did not open the window" in town.told(ANA))
    assert await answered(town, "Hello!")

    second = await town.taken()
    await town.reply(ANA, second, "Right away.")
    await town.hears(CARLA, "Right away.")
    town.sandbox.openai.faults.add(Fault(status=400, when=is_brief))
    await returned(town, second)
    await town.sandbox.until(lambda: "could not say what it has understood" in shown(town))
    third = await town.escalation()  # people have it again before the window is sent off
    refused = await slack.submit(ANA, values={"promises": {"tell_ai": "A free tent"}})
    assert "People have had this again" in str(refused)
    assert (await ConversationRow.get()).promises is None
    assert "told the AI" not in town.thread_text(second) + town.thread_text(third)
