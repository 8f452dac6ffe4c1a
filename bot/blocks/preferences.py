"""What somebody wants to be told by direct message: the window to choose it in, and what was chosen, in a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time

from bot.blocks import action_ids
from bot.blocks.parts import Block, View, context, divider, escaped, one_line, plain, section
from bot.domain.preferences import Extent, Member, Preferences, Topic, zone

OPTIONS = 100  # what a menu of Slack's holds
INBOXES_BLOCK, SINCE_BLOCK, UNTIL_BLOCK = "inboxes", "quiet_since", "quiet_until"

_LABELS = {
    Topic.NEW: "A customer waits for a person",
    Topic.ASSIGNED: "A conversation is given to somebody",
    Topic.CUSTOMER: "A customer writes to people",
    Topic.REMINDER: "Somebody has been waiting too long",
    Topic.WINDOW: "A reply window closes soon",
}
_EXTENTS = {Extent.ALL: "All conversations", Extent.MINE: "Mine", Extent.NONE: "Never"}
_MINE = {Topic.NEW: "Customers I had before", Topic.ASSIGNED: "When it is given to me"}
_IN_SHORT = {
    Topic.NEW: ("everybody who waits", "who waits and was yours before"),
    Topic.ASSIGNED: ("what is given to anybody", "what is given to you"),
    Topic.CUSTOMER: ("all customers' messages", "your customers' messages"),
    Topic.REMINDER: ("everybody who waits too long", "who of yours waits too long"),
    Topic.WINDOW: ("all closing reply windows", "your closing reply windows"),
}


def preferences_modal(member: Member, inboxes: Mapping[int, str], now: datetime) -> View:
    """As they stand now, to be changed."""
    chosen = member.preferences
    return {
        "type": "modal",
        "callback_id": action_ids.PREFERENCES_MODAL,
        "title": plain("Notifications"),
        "submit": plain("Save"),
        "close": plain("Cancel"),
        "blocks": [
            context("Switchboard writes these to you directly, with a link and what you can do about it."),
            *(_topic(topic, chosen.extent(topic)) for topic in Topic),
            *_inboxes(inboxes, chosen.inboxes),
            divider(),
            section("*Quiet hours*: what is given to you then is told when they are over, everything else not at all."),
            *_quiet(chosen, member.time_zone),
            context(_clock(member, now)),
        ],
    }


def topic_block(topic: Topic) -> str:
    return f"topic-{topic}"


def in_short(preferences: Preferences) -> str:
    """All of it in a line. Mrkdwn."""
    told = [(_IN_SHORT[topic], preferences.extent(topic)) for topic in Topic]
    wanted = [everybody if each is Extent.ALL else mine for (everybody, mine), each in told if each is not Extent.NONE]
    quiet = preferences.quiet
    hours = f"; quiet from {_hour(quiet.since)} to {_hour(quiet.until)}" if quiet else ""
    return (
        f"🔔 You are written to about {', '.join(wanted)}{hours}" if wanted else "🔕 You are written to about nothing"
    )


def _topic(topic: Topic, chosen: Extent) -> Block:
    options = {each: _option(_named(topic, each), str(each)) for each in Extent}
    element: Block = {
        "type": "static_select",
        "action_id": action_ids.CHOOSE_EXTENT,
        "options": list(options.values()),
        "initial_option": options[chosen],
    }
    return {"type": "input", "block_id": topic_block(topic), "label": plain(_LABELS[topic]), "element": element}


def _named(topic: Topic, extent: Extent) -> str:
    return _MINE.get(topic, _EXTENTS[extent]) if extent is Extent.MINE else _EXTENTS[extent]


def _inboxes(inboxes: Mapping[int, str], chosen: frozenset[int]) -> list[Block]:
    if len(inboxes) < 2:
        return []
    options = {key: _option(one_line(name, 75) or f"Inbox {key}", str(key)) for key, name in inboxes.items()}
    listed = dict(list(options.items())[:OPTIONS])
    element: Block = {
        "type": "multi_static_select",
        "action_id": action_ids.CHOOSE_INBOXES,
        "placeholder": plain("All inboxes"),
        "options": list(listed.values()),
    }
    if initial := [option for key, option in listed.items() if key in chosen]:
        element["initial_options"] = initial
    label = plain("Of these inboxes")
    return [{"type": "input", "block_id": INBOXES_BLOCK, "optional": True, "label": label, "element": element}]


def _quiet(chosen: Preferences, time_zone: str | None) -> Sequence[Block]:
    quiet = chosen.quiet
    return (
        _hour_picker(SINCE_BLOCK, "From", quiet.since if quiet else None, time_zone),
        _hour_picker(UNTIL_BLOCK, "Until", quiet.until if quiet else None, time_zone),
    )


def _hour_picker(block_id: str, label: str, chosen: time | None, time_zone: str | None) -> Block:
    element: Block = {"type": "timepicker", "action_id": action_ids.CHOOSE_HOUR, "placeholder": plain("Not set")}
    if chosen:
        element["initial_time"] = _hour(chosen)
    if time_zone:
        element["timezone"] = time_zone
    return {"type": "input", "block_id": block_id, "optional": True, "label": plain(label), "element": element}


def _clock(member: Member, now: datetime) -> str:
    if not member.time_zone:
        return "Slack has not told your time zone yet, so these are hours of UTC."
    here = now.astimezone(zone(member.time_zone))
    return f"In your own time zone, {escaped(one_line(member.time_zone, 60), 100)}, where it is {here:%H:%M}."


def _hour(moment: time) -> str:
    return f"{moment:%H:%M}"


def _option(label: str, value: str) -> Block:
    return {"text": plain(label), "value": value}
