"""What staff get done with commands: finding people and words, bringing people in, looking after what is known."""

from __future__ import annotations

from integrations.sandbox.people import TEAM, Customer, SlackUser
from integrations.sandbox.reply import Reply
from storage.desk_models import Audit
from storage.models import CustomerNote, MessageRow
from tests.stories.town import ANA, BEN, CARLA, CHANNEL, DIEGO, MINA, Town


async def typed(town: Town, user: str, command: str, text: str = "") -> str:
    return str(await town.sandbox.slack.command(user, CHANNEL, command, text))


async def crowd(town: Town, *names: str) -> None:
    """Customers who have each said hello."""
    for number, name in enumerate(names):
        town.sandbox.whatsapp.add_customer(
            Customer(id=f"c{number}", name=name, bsuid=f"ES.8000000000000000{number:04}", wa_id=f"346007000{number:02}")
        )
        await town.sandbox.whatsapp.say(f"c{number}", f"Hello, it is about order {number}")
    await town.has_done("whatsapp.message")


async def test_a_customer_is_escalated_by_what_somebody_remembers_of_them(town: Town):
    slack = town.sandbox.slack
    await crowd(town, "José Núñez", "Josefina Nunes", "José Núñez")
    await town.sandbox.whatsapp.say(MINA, "Hello")
    await town.has_done("whatsapp.message")
    # A guess is offered, never acted on.
    assert "Nobody is called" in await typed(town, BEN, "/escalate", "mnia said “now” & <soon> 😀")
    assert not town.cards()
    await slack.click_ephemeral(BEN, "escalate_customer")
    card = await town.card()
    assert "said “now” &amp; &lt;soon&gt; 😀" in card.text
    # Two of one name: which one is asked, and the number tells them apart.
    answer = await typed(town, BEN, "/escalate", 'jose nunez wants "a refund"')
    assert "2 customers match" in answer
    assert "+34600700000" in answer
    assert "+34600700002" in answer
    assert "in the queue" in await typed(town, BEN, "/escalate", "+34 600-700-001 2 parcels are lost")
    await town.sandbox.until(lambda: any("2 parcels are lost" in each.text for each in town.cards()))
    # Whoever is with people already: who has them, and the way there.
    await town.press(ANA, card, "take")
    await town.shows(card, f"<@{ANA}>")
    again = await typed(town, BEN, "/escalate", "@" + str(town.sandbox.whatsapp.phones.of(MINA).customer.username))
    assert f"Already with <@{ANA}>" in again
    assert "Open thread" in again
    assert "No customer matches" in await typed(town, BEN, "/escalate", "Xwqzk")


async def test_long_lists_have_pages_and_words_are_found(town: Town):
    slack = town.sandbox.slack
    await crowd(town, *(f"Person {chr(65 + number)}" for number in range(12)))
    for number in range(12):
        await typed(town, BEN, "/escalate", f"+346007000{number:02} reason {number}")
    first = await typed(town, BEN, "/queue")
    assert "1–10 of 12" in first
    await slack.click_ephemeral(BEN, "page_on")
    await town.sandbox.until(lambda: "11–12 of 12" in town.told(BEN))
    assert "Person L" in town.told(BEN)
    # Taking one leaves the list where it is, with the truth of that row; Slack does not tell what else it shows.
    await slack.click_ephemeral(BEN, "take")
    await town.sandbox.until(lambda: f"with <@{BEN}>" in slack.ephemerals(BEN)[-1].text)
    assert "11–11 of 11" in slack.ephemerals(BEN)[-1].text
    await typed(town, BEN, "/queue", "all")
    [table] = [block for block in slack.ephemerals(BEN)[-1].blocks if block["type"] == "data_table"]
    assert len(table["rows"]) == 13
    slack.workspace.takes_data_blocks = False
    await typed(town, BEN, "/queue", "all")
    assert "1–10 of 12" in str(slack.ephemerals(BEN)[-1].blocks)
    await slack.click_ephemeral(BEN, "page_on")
    await town.sandbox.until(lambda: "11–12 of 12" in str(slack.ephemerals(BEN)[-1].blocks))
    await slack.click_ephemeral(BEN, "page_back")
    await town.sandbox.until(lambda: "1–10 of 12" in town.told(BEN))
    # By name with a slip, by words, by the reason, by a tag.
    assert "Person B" in await typed(town, ANA, "/queue", "search persno b")
    assert "order 7" in await typed(town, ANA, "/queue", "search order 7")
    assert "reason 11" in await typed(town, ANA, "/queue", "search reason 11")
    assert "Nothing found" in await typed(town, ANA, "/queue", "search 100%_sure")
    # A slip in the command itself.
    assert "Did you mean `/queue waiting`" in await typed(town, ANA, "/queue", "wating")
    assert "What are you looking for" in await typed(town, ANA, "/queue", "search")


async def test_the_conversations_of_the_ai_are_listed_and_one_is_brought_to_people(town: Town):
    await crowd(town, "Person A", "Person B")
    await town.sandbox.until(lambda: len(town.on_phone("c0")) == 1 and len(town.on_phone("c1")) == 1)
    answer = await typed(town, ANA, "/chats")
    assert "Person A" in answer
    assert "Person B" in answer
    assert "Person B" not in await typed(town, ANA, "/chats", "person a")
    await town.sandbox.slack.click_ephemeral(ANA, "view_chat")
    await town.sandbox.until(lambda: "it is about order 0" in str(town.sandbox.slack.modal(ANA)))
    assert town.on_phone("c0")[0][:20] in str(town.sandbox.slack.modal(ANA))
    await town.sandbox.slack.click_ephemeral(ANA, "escalate_customer")
    card = await town.card()
    assert "Person A" in card.text
    assert "Person A" not in await typed(town, BEN, "/chats")


async def test_what_is_known_of_a_customer_is_kept_and_found(town: Town):
    slack = town.sandbox.slack
    await town.sandbox.whatsapp.say(CARLA, "Hello")
    await town.has_done("whatsapp.message")
    assert await slack.command(ANA, CHANNEL, "/customer", "carla mendes") == ""
    assert "Carla Mendes" in str(slack.modal(ANA))
    await slack.submit(ANA, values={"edit_tags": "VIP, wholesale", "write_note": "Prefers <mornings>"})
    await town.sandbox.until(lambda: slack.modal(ANA) is None)
    await typed(town, BEN, "/customer", "+34 600 111 222")
    shown = str(slack.modal(BEN))
    assert "VIP, wholesale" in shown
    assert "Prefers <mornings>" in shown
    assert ANA in shown
    assert await CustomerNote.filter(staff_id=ANA).count() == 1
    assert "Carla Mendes" in await typed(town, BEN, "/queue", "search #vip")
    assert "Do you mean" in await typed(town, BEN, "/customer", "carlla mendez")
    assert "Which customer" in await typed(town, BEN, "/customer")


async def test_a_blocked_customer_is_kept_but_nobody_answers_or_is_called(town: Town):
    slack = town.sandbox.slack
    town.sandbox.openai.script([Reply(text="Hello from the AI"), Reply(text="Welcome back")])
    await town.sandbox.whatsapp.say(CARLA, "Hello")
    await town.hears(CARLA, "Hello from the AI")
    await typed(town, ANA, "/customer", "carla mendes")
    await slack.click_modal(ANA, "block_customer")
    await town.sandbox.until(lambda: "Blocked" in str(slack.modal(ANA)))
    await town.sandbox.whatsapp.say(CARLA, "Are you there?")
    await town.sandbox.whatsapp.say(CARLA, "Can I talk to a person?")
    await town.has_done("whatsapp.message")
    await town.has_done("agent.think")
    assert await said() == ["Hello", "Are you there?", "Can I talk to a person?"]
    assert town.on_phone(CARLA) == ["Hello from the AI"]
    assert not town.cards()
    assert "They are blocked" in await typed(town, BEN, "/escalate", "+34 600 111 222 says it is urgent")
    await slack.click_modal(ANA, "unblock_customer")
    await town.sandbox.until(lambda: "Block…" in str(slack.modal(ANA)))
    await town.sandbox.whatsapp.say(CARLA, "Hello again")
    await town.hears(CARLA, "Welcome back")
    assert [each.event for each in await Audit.exclude(event="prompt").order_by("id")] == ["block", "unblock"]


async def said() -> list[str]:
    """All that customers have said, as it is kept."""
    return [each.text for each in await MessageRow.filter(author="customer").order_by("id")]


async def test_guests_and_outsiders_get_no_list(town: Town):
    town.sandbox.slack.add_user(SlackUser(id="U0GUEST", name="Gil", team_id=TEAM, is_restricted=True), CHANNEL)
    await town.sandbox.whatsapp.say(DIEGO, "Hello")
    for command in ("/queue", "/chats", "/customer", "/escalate"):
        assert "Guests cannot" in await typed(town, "U0GUEST", command, "Diego")
