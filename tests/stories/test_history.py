"""The history modal: the whole conversation, read back page by page, whoever had it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast

from integrations.sandbox.faults import Fault
from storage import history
from storage.database import connection
from storage.models import ConversationRow
from tests.stories.test_card_menu import choose
from tests.stories.test_files import JPEG
from tests.stories.town import ANA, BEN, CARLA, Town

_FILL = """
INSERT INTO message (inbox_id, conversation_id, author, kind, text, status, failure, epoch, marked, said_at, created_at)
SELECT 1, 1, 'customer', 'text', 'word ' || n, 'received', '', 0, '', now(), now() FROM generate_series(1, $1::int) AS n
"""


def nodes(view: object) -> Iterator[dict[str, object]]:
    if isinstance(view, dict):
        node = cast("dict[str, object]", view)
        yield node
        yield from nodes(list(node.values()))
    elif isinstance(view, list):
        for each in cast("list[object]", view):
            yield from nodes(each)


def words(view: object) -> str:
    """All that can be read in a view."""
    return "".join(f"{node['text']}\n" for node in nodes(view) if isinstance(node.get("text"), str))


def links(view: object) -> dict[str, str]:
    """Where the links of a view lead."""
    return {str(node.get("text")): str(node["url"]) for node in nodes(view) if node.get("type") == "link"}


async def test_the_whole_conversation_is_read_back_and_forth(town: Town):
    slack = town.sandbox.slack
    await town.sandbox.whatsapp.say(CARLA, "What are your opening hours?")
    await town.has_done("whatsapp.message")
    await town.sandbox.until(lambda: town.on_phone(CARLA))
    card = await town.taken()
    await connection().execute_query(_FILL, [50])
    town.sandbox.whatsapp.faults.add(Fault(method="send", code=131026))
    await town.reply(ANA, card, "This one is lost")
    await town.sandbox.until(lambda: "did not get this message" in town.thread_text(card))
    await town.reply(BEN, card, "Note: she is a VIP")
    await town.has_done("slack.event")

    await choose(town, BEN, card, "View history")
    newest = words(slack.modal(BEN))
    assert "not delivered" in newest
    assert "Ana Ruiz" in newest
    assert "she is a VIP" in newest
    assert "note, not for the customer" in newest
    assert "word 20\n" not in newest
    await slack.click_modal(BEN, "history_older")
    await town.sandbox.until(lambda: "word 20\n" in words(slack.modal(BEN)))
    await slack.click_modal(BEN, "history_older")
    await town.sandbox.until(lambda: "opening hours" in words(slack.modal(BEN)))
    oldest = words(slack.modal(BEN))
    assert "from the very first message" in oldest
    assert "With the AI" in oldest
    assert "With people" in oldest
    await slack.click_modal(BEN, "history_newer")
    await town.sandbox.until(lambda: "word 20\n" in words(slack.modal(BEN)))
    await slack.click_modal(BEN, "history_newest")
    await town.sandbox.until(lambda: "she is a VIP" in words(slack.modal(BEN)))


async def test_a_photo_in_the_history_is_one_click_away(town: Town):
    card = await town.taken()
    await town.sandbox.whatsapp.send_file(CARLA, JPEG, "image/jpeg", name="lamp.jpg", caption="Look")
    await town.sandbox.until(lambda: [each for each in town.thread(card) if each.files])
    await town.has_done("slack.mirror")
    await choose(town, ANA, card, "View history")
    found = links(town.sandbox.slack.modal(ANA))
    assert "files" in found["image.jpg"]
    assert f"thread_ts={card.ts}" in found["post"]


async def test_each_page_is_found_by_its_ids_alone(town: Town):
    """However long the conversation: what is read is what is shown, by the index that starts with its id."""
    await town.taken()
    await connection().execute_query(_FILL, [20_000])
    await connection().execute_query("ANALYZE message")
    [row] = await ConversationRow.all()
    page = await history.before(row.id, 10_000, 21)
    assert [each.id for each in page] == list(range(9_979, 10_000))
    values = {"$1": str(row.id), "$2": "10000", "$3": "21", "$4": "'dropped'"}
    rest = re.sub(r"\$\d", lambda found: values[found[0]], history.OLDER)
    explained = await connection().execute_query_dict(f"EXPLAIN SELECT * FROM message {rest}")
    plan = "\n".join(str(each) for each in explained)
    assert "Index Scan" in plan
    assert "Sort" not in plan
