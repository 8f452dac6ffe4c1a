"""The Escalations page in App Home: its pages, who may see it, who is away, what is preferred, and what it costs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from integrations.sandbox.faults import Fault
from integrations.sandbox.people import SlackUser
from integrations.sandbox.server import Sandbox
from storage import inboxes, preferences, staff
from storage.database import Credentials, connection
from storage.models import EscalationRow
from tests.stories.town import ANA, BEN, CARLA, CHANNEL, DIEGO, MINA, Moved, Town, open_town

TEAM = "T0AURORA"
GUEST, CLOE = "U0GUEST", "U0CLOE"

_CROWD = (
    """INSERT INTO customer (inbox_id, name, phone, created_at)
       SELECT $1::int, 'Customer ' || lpad(n::text, 3, '0'), '3460' || n, now() FROM generate_series(1, 500) AS n""",
    """INSERT INTO conversation (inbox_id, customer_id, epoch, with_people, reply_kind, reply_value,
                                 last_customer_message, answered_through, guidance, last_customer_at, updated_at)
       SELECT $1::int, id, 1, true, 'wa_id', phone, 0, 0, '', now(), now()
       FROM customer WHERE name LIKE 'Customer %'""",
    """INSERT INTO escalation (inbox_id, conversation_id, status, trigger, reason, summary, priority, language,
                               queued_at, created_at, opened_after)
       SELECT $1::int, v.id, 'queued', 'customer', 'Wants a person', '', CASE WHEN c.name = 'Customer 400' THEN 'urgent'
              ELSE 'normal' END, 'en', now() - interval '1 day' + v.id * interval '1 minute', now(), 0
       FROM conversation v JOIN customer c ON c.id = v.customer_id WHERE c.name LIKE 'Customer %'""",
)


async def crowd(inbox_id: int) -> None:
    """Five hundred who wait, the first of them longest, and one of them urgently."""
    for statement in _CROWD:
        await connection().execute_query(statement, [inbox_id])


async def inbox_of(town: Town) -> int:
    return (await inboxes.settle("200000000000001", "Aurora Outdoor", CHANNEL)).id


def page(town: Town, user: str = ANA) -> str:
    return str(town.sandbox.slack.home(user) or "")


def blocks(town: Town, user: str = ANA) -> Sequence[dict[str, Any]]:
    return (town.sandbox.slack.home(user) or {"blocks": []})["blocks"]


def waiting(town: Town, user: str = ANA) -> list[str]:
    """The names of those whom the viewer may take, as they stand there."""
    takes = [number for number, block in enumerate(blocks(town, user)) if '"take"' in _json(block)]
    return [blocks(town, user)[number - 2]["elements"][0]["elements"][0]["text"] for number in takes]


def _json(block: dict[str, Any]) -> str:
    return str(block).replace("'", '"')


def button_value(town: Town, action_id: str, user: str = ANA) -> str | None:
    values = (
        each.get("value")
        for block in blocks(town, user)
        for each in block.get("elements", [])
        if each.get("action_id") == action_id
    )
    return next(values, None)


def published(town: Town, user: str) -> int:
    calls = [call for call in town.sandbox.slack.workspace.calls if call.method == "views.publish"]
    return sum(call.args.get("user_id") == user for call in calls)


async def opens(town: Town, user: str = ANA) -> None:
    await town.sandbox.slack.open_home(user)
    await town.sandbox.until(lambda: town.sandbox.slack.home(user))


async def test_five_hundred_who_wait_are_all_seen_once_by_turning_pages(town: Town):
    await crowd(await inbox_of(town))
    await opens(town)
    assert "*500* Queued" in page(town)
    seen, turns = waiting(town), 0
    assert seen[:3] == ["Customer 400", "Customer 001", "Customer 002"]
    while button_value(town, "home_next"):
        last = seen[-1]
        await town.sandbox.slack.click_home(ANA, "home_next")
        await town.sandbox.until(lambda last=last: last not in waiting(town))
        seen, turns = seen + waiting(town), turns + 1
    assert len(seen) == len(set(seen)) == 500
    assert turns == 22
    # The list becomes shorter than the page she is on.
    await connection().execute_query("UPDATE escalation SET status = 'closed', ended_at = now() WHERE id % 100 <> 0")
    await town.sandbox.slack.open_home(ANA)
    await town.sandbox.until(lambda: len(waiting(town)) == 5)
    assert button_value(town, "home_previous") is None
    assert "*495* Closed today" in page(town)


async def test_a_day_on_the_page_from_first_run_to_the_weeks_figures(town: Town):
    await opens(town)
    assert "Nothing has been escalated yet" in page(town)
    card = await town.taken(CARLA, by=BEN)
    await town.escalation(DIEGO)
    await town.sandbox.until(lambda: "*1* Queued" in page(town) and "*1* Open" in page(town))
    assert f"with <@{BEN}>" in page(town)
    await town.reply(BEN, card, "I can help")
    await town.hears(CARLA, "I can help")
    await town.sandbox.slack.click_home(ANA, "confirm_take_over")
    await town.shows(card, f"<@{ANA}>")
    await town.sandbox.until(lambda: "*1* Open (1 with you)" in page(town))
    await town.sandbox.slack.click_home(ANA, "close")
    await town.sandbox.until(lambda: "*1* Closed today" in page(town) and "Ended today" in page(town))
    assert "This week" in page(town)


async def test_nobody_takes_from_one_colleague_what_they_saw_with_another(town: Town):
    slack = town.sandbox.slack
    slack.add_user(SlackUser(id=CLOE, name="Cloe", team_id=TEAM), CHANNEL)
    card = await town.taken(CARLA, by=BEN)
    await opens(town)
    await town.sandbox.until(lambda: f"with <@{BEN}>" in page(town))
    slack.faults.add(Fault(method="views.publish", code="internal_error", lasting=True))  # her page stays as it is
    for each in (ANA, CLOE):
        await slack.click(each, CHANNEL, card.ts, "take", str((await EscalationRow.get()).id), stale=True)
        await town.sandbox.until(lambda each=each: f"<@{BEN}> has this" in town.told(each))
    await slack.click_ephemeral(CLOE, "confirm_take_over")
    await town.shows(card, f"<@{CLOE}>")
    await slack.click_ephemeral(ANA, "confirm_take_over")
    await town.sandbox.until(lambda: f"<@{CLOE}> has this" in town.told(ANA))
    await slack.click_home(ANA, "confirm_take_over")
    assert f"<@{CLOE}> has this" in str(slack.modal(ANA))
    assert (await EscalationRow.get()).taken_by == CLOE
    await slack.submit(ANA)  # she knows now
    await town.shows(card, f"<@{ANA}>")


async def test_whoever_goes_away_is_seen_to_be_and_puts_down_what_they_hold(town: Town):
    cards = [await town.taken(customer) for customer in (CARLA, DIEGO)]
    bens = await town.taken(MINA, by=BEN)
    await opens(town)
    await opens(town, BEN)
    await town.sandbox.slack.click_home(ANA, "go_away")
    await town.sandbox.until(lambda: "You are away" in page(town))
    await town.sandbox.until(lambda: f"<@{ANA}> (🌙 away)" in page(town, BEN) and f"Away: <@{ANA}>" in page(town, BEN))
    assert set(await staff.away([ANA, BEN])) == {ANA}
    await town.sandbox.slack.click_home(ANA, "put_down")
    for card in cards:
        await town.shows(card, "Queued")
    await town.sandbox.until(lambda: len(waiting(town, BEN)) == 2)
    assert f"<@{BEN}>" in bens.text
    await town.sandbox.slack.click_home(ANA, "come_back")
    await town.sandbox.until(lambda: "You are away" not in page(town) and "Away" not in page(town, BEN))
    assert not await staff.away()


async def test_guests_see_why_they_see_nothing(town: Town):
    town.sandbox.slack.add_user(SlackUser(id=GUEST, name="Gil Guest", team_id=TEAM, is_restricted=True), CHANNEL)
    await town.escalation()
    await opens(town, GUEST)
    assert "Guests cannot act" in page(town, GUEST)
    assert "Carla" not in page(town, GUEST)
    before = published(town, GUEST)
    await opens(town)
    await town.sandbox.slack.click_home(ANA, "take")
    await town.sandbox.until(lambda: "*1* Open" in page(town))
    assert published(town, GUEST) == before


async def test_fifty_changes_cost_who_watches_few_calls_and_others_none(sandbox: Sandbox, credentials: Credentials):
    moved = Moved(sandbox)
    async with open_town(sandbox, credentials, clock=moved.now) as town:
        await town.taken()
        await opens(town)
        moved.by = timedelta(minutes=1)  # nobody pressed anything lately
        before = published(town, ANA)
        for number in range(50):
            await town.sandbox.whatsapp.say(CARLA, f"and then {number}")
        await town.sandbox.until(lambda: "and then 49" in page(town))
        assert 1 <= published(town, ANA) - before <= 15
        assert published(town, BEN) == 0


async def test_preferences_are_chosen_in_a_window_and_wrong_hours_keep_it_open(town: Town):
    slack = town.sandbox.slack
    await opens(town)
    await slack.click_home(ANA, "preferences")
    await town.sandbox.until(lambda: slack.modal(ANA))
    halves = {"topic-new": "all", "quiet_since": "22:00"}
    answer = await slack.submit(ANA, values=halves)
    assert answer["response_action"] == "errors"
    assert "both" in answer["errors"]["quiet_until"]
    assert (await slack.submit(ANA, values=halves | {"quiet_until": "22:00"}))["response_action"] == "errors"
    assert (await preferences.of(ANA)).preferences.quiet is None
    assert await slack.submit(ANA, values=halves | {"quiet_until": "07:30"}) == {}
    await town.sandbox.until(lambda: "everybody who waits," in page(town) and "quiet from 22:00 to 07:30" in page(town))
    assert slack.modal(ANA) is None
