"""The whole conversation, page by page: who said what and when, how far it got, and when people had it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, tzinfo

from bot.blocks import action_ids
from bot.blocks.parts import (
    Block,
    View,
    actions,
    button,
    context,
    escaped,
    leaf,
    line,
    name_of,
    one_line,
    plain,
    rich,
)
from bot.blocks.said import NAMES, elements
from bot.blocks.sources import quiet
from bot.domain.conversation import Author, Message
from bot.domain.delivery import LEFT, Delivery
from bot.domain.desk import HistoryPage, Told, ToldFile
from bot.domain.escalation import slack_time

PAGE = 20  # messages; with their days and changes of hands always under the 100 blocks of a modal
_ROOM = 200_000  # bytes of messages in a view; Slack takes 250,000
_TRANSLATED = 1_500
_LONGEST = 11_200  # characters of one message: alone it always fits, in any script
_EMOJI = {Author.CUSTOMER: "👤", Author.BOT: "🤖", Author.STAFF: "🧑‍💼", Author.SYSTEM: "⚙️"}
_MARKS = {
    Delivery.KEPT: "🔒 note, not for the customer",
    Delivery.HELD: "⏸️ waits for a click",
    Delivery.PARKED: "💤 waits until they write",
    Delivery.QUEUED: "📤 on its way",
    Delivery.SENT: "sent",
    Delivery.DELIVERED: "delivered",
    Delivery.READ: "read",
    Delivery.PLAYED: "played",
    Delivery.UNCONFIRMED: "❔ not confirmed",
    Delivery.FAILED: "⚠️ not delivered",
    Delivery.WITHDRAWN: "🗑️ deleted before it left",
}


def history(page: HistoryPage, zone: tzinfo) -> View:
    """As many of its messages as fit, at least one. Days are those of the reader's own `zone`."""
    sizes = [len(json.dumps(_message(each))) for each in page.told]
    while sum(sizes) > _ROOM and len(sizes) > 1:
        sizes.pop(-1 if page.is_from_older else 0)
        page = page.shorter()
    return _view(page, zone)


def _view(page: HistoryPage, zone: tzinfo) -> View:
    escalation_id = page.view.escalation.id
    turning = list(_turning(page))
    nav = [actions(*turning)] if turning else []
    return {
        "type": "modal",
        "title": plain("History"),
        "close": plain("Close"),
        "private_metadata": json.dumps({"escalation": escalation_id}),
        "blocks": [context(_title(page)), *nav, *_days(page, zone), *nav],
    }


def _title(page: HistoryPage) -> str:
    customer = page.view.customer
    facts = [f"*{escaped(name_of(customer), 200)}*", escaped(one_line(customer.contact, 80), 200)]
    if not page.told:
        return "  ·  ".join([*filter(None, facts), "Nothing was said yet."])
    first, last = page.told[0].message.said_at, page.told[-1].message.said_at
    facts.append(f"{slack_time(first)} – {slack_time(last)}")
    facts.append("" if page.has_older else "from the very first message")
    return "  ·  ".join(filter(None, facts))


def _turning(page: HistoryPage) -> Iterator[Block]:
    if page.has_older and page.told:
        yield button(action_ids.HISTORY_OLDER, "◀ Older", page.told[0].message.id)
    if page.has_newer and page.told:
        yield button(action_ids.HISTORY_NEWER, "Newer ▶", page.told[-1].message.id)
        yield button(action_ids.HISTORY_NEWEST, "Newest ⏭", page.told[-1].message.id)


def _days(page: HistoryPage, zone: tzinfo) -> Iterator[Block]:
    day, stretch = None, 0  # no escalation has this id: the first line always says who has it
    for each in page.told:
        if each.said.is_told_by_another:
            continue
        said_on = each.message.said_at.astimezone(zone).date()
        if said_on != day:
            yield context(f"*{_day(each.message.said_at)}*")
        if each.message.escalation_id != stretch:
            yield context(_whose(page, each.message.escalation_id))
        day, stretch = said_on, each.message.escalation_id
        yield _message(each)


def _day(moment: datetime) -> str:
    return f"<!date^{int(moment.timestamp())}^{{date_long_pretty}}|{moment:%Y-%m-%d}>"


def _whose(page: HistoryPage, escalation_id: int | None) -> str:
    if escalation_id is None:
        return "🤖 With the AI"
    stretch = page.stretches.get(escalation_id)
    reason = escaped(one_line(stretch.reason, 100), 300) if stretch else ""
    thread = f"<{stretch.thread_url}|Open thread>" if stretch and stretch.thread_url else ""
    return "  ·  ".join(filter(None, ["🧑‍💼 With people", reason, thread]))


def _message(told: Told) -> Block:
    message = told.message
    who = one_line(told.speaker, 60) or NAMES[message.author]
    heading = [leaf(f"{_EMOJI[message.author]} {who}", bold=True), leaf("  "), _time(message.said_at)]
    if mark := _mark(message):
        heading.append(leaf(f"  ·  {mark}"))
    if told.url:
        heading += [leaf("  ·  "), _link("post", told.url)]
    said = [*elements(told.said, _LONGEST), *map(_file, told.files), *_other_words(message), *quiet(message.sources)]
    return rich(line(*heading, leaf("\n")), *said)


def _other_words(message: Message) -> list[Block]:
    """A customer's words in the thread's language; of staff's the words that they wrote themselves."""
    if not message.translation:
        return []
    said = "🌐 written as: " if message.author is Author.STAFF else "🌐 "
    return [line({**leaf(f"{said}{one_line(message.translation, _TRANSLATED)}"), "style": {"italic": True}})]


def _mark(message: Message) -> str:
    """What became of it on the way to the customer; and that its author has changed it since."""
    mark = _MARKS.get(message.status, "")
    if message.status is Delivery.FAILED and message.failure:
        mark = f"{mark}: {one_line(message.failure, 200)}"
    if message.author is Author.STAFF and message.edited_at and message.leaving_at and message.status in LEFT:
        late = message.edited_at > message.leaving_at
        return f"{mark}  ·  ✏️ edited in the thread since" if late else mark
    return mark


def _file(file: ToldFile) -> Block:
    name = one_line(file.name, 100)
    missing = f" ({one_line(file.failure, 200)})" if file.failure else ""
    return line(leaf("📎 "), _link(name, file.url) if file.url else leaf(f"{name}{missing}"))


def _time(moment: datetime) -> Block:
    """In the reader's own time zone. Source: docs.slack.dev, rich text block, date element."""
    return {
        "type": "date",
        "timestamp": int(moment.timestamp()),
        "format": "{time}",
        "fallback": f"{moment:%H:%M} UTC",
    }


def _link(text: str, url: str) -> Block:
    return {"type": "link", "url": url, "text": text}
