"""How the desk did: headline figures, charts, and who did what. Where too little happened, it says so."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.blocks import action_ids
from bot.blocks.data_blocks import LABEL, NOTHING, Cell, Number, chart, plain_version, table
from bot.blocks.parts import (
    MESSAGE_ROOM,
    Block,
    Post,
    actions,
    ago,
    button,
    context,
    escaped,
    header,
    leaf,
    line,
    mrkdwn,
    one_line,
    rich,
    section,
)
from bot.domain.reasons import OTHER, Counted
from bot.domain.report import ENOUGH_FOR_MEDIAN, ENOUGH_FOR_P90, MemberFigures, Report, Share, Times

NO_DATA = "no data"
_EMPTY = "Nothing was escalated, and the AI answered nobody."
_COLUMNS = ("Member", "Taken", "Answered", "Resolved", "Closed", "First response")
_BY_THE_CLOCK = "Times run by the clock from the moment a person was asked for, closed hours included."
_MORE = "`/queue report` adds reasons, members and a file to download."
_SPOKEN_MEMBERS = 8
_BEFORE = "\n_"
_Fact = tuple[str, str]


def report(of: Report, now: datetime, *, is_offered: bool = False) -> Post:
    """Everything. `is_offered`: only one person sees it so far, and may share it."""
    last = actions(*_buttons(of, is_offered=is_offered))
    if of.is_empty:
        return _empty(of, now, [last])
    facts = _facts(of, now)
    charts = [_days(of), *_reasons(of.reasons)] if of.volume.escalations else []
    drafts = ([*_headline(of, now, facts), *charts, *each, context(_BY_THE_CLOCK), last] for each in _members(of))
    spoken = [f"{each.name or each.staff_id}: {_did(each)}" for each in of.members[:_SPOKEN_MEMBERS]]
    return Post(_text(of, now, facts, spoken), next(filter(_fits, drafts)))


def stats(of: Report, now: datetime) -> Post:
    """The short version: how things stand, and how the days were."""
    if of.is_empty:
        return _empty(of, now, [context(_MORE)])
    facts = _facts(of, now)
    drawn = [_days(of)] if of.volume.escalations else []
    blocks = [*_headline(of, now, facts), *drawn, context(f"{_BY_THE_CLOCK} {_MORE}")]
    return Post(_text(of, now, facts, []), blocks)


def _empty(of: Report, now: datetime, last: list[Block]) -> Post:
    title, standing = _title(of, now), _standing(of)
    said = section(f"{_EMPTY}\n*Right now*: {standing}")
    return Post(f"{escaped(title, 300)}: {_EMPTY} Right now: {standing}.", [header(title), said, *last])


def _headline(of: Report, now: datetime, facts: Sequence[_Fact]) -> list[Block]:
    fields = [mrkdwn(f"*{name}*\n{value}") for name, value in facts]
    return [header(_title(of, now)), {"type": "section", "fields": fields}]


def _title(of: Report, now: datetime) -> str:
    so_far = "" if of.period.is_over(now) else ", so far"
    return f"📊 {one_line(of.inbox_name, 80) or 'Inbox'}: {of.period}{so_far}"


def _facts(of: Report, now: datetime) -> list[_Fact]:
    """What is compared is what is complete: half a week is not set against a whole one."""
    volume, before = of.volume, of.before if of.period.is_over(now) else None
    ago_words = _before_words(of)
    reminders = "not known any more" if of.reminders is None else str(of.reminders)
    return [
        ("Escalations", _with_before(str(volume.escalations), str(before.escalations) if before else "", ago_words)),
        (
            "First response",
            _with_before(_times(volume.response), _median(before.response if before else None), ago_words),
        ),
        (
            "Until the end",
            _with_before(_times(volume.resolution), _median(before.resolution if before else None), ago_words),
        ),
        ("Ended", f"{of.resolved} back to the AI, {of.closed} closed"),
        (
            "Answered by the AI alone",
            _with_before(_share(of.ai), _percent(of.ai_before if before else None), ago_words),
        ),
        ("Reminders sent", reminders),
        ("Messages not delivered", str(of.undelivered)),
        *([("Looked up in vain", f"{of.unanswered}: `/knowledge unanswered`")] if of.unanswered else []),
        ("Right now", _standing(of)),
    ]


def _with_before(value: str, before: str, when: str) -> str:
    return f"{value}{_BEFORE}{before} {when}_" if before else value


def _before_words(of: Report) -> str:
    if of.period.is_week:
        return "the week before"
    return "the day before" if of.period.days == 1 else f"in the {of.period.before.days} days before"


def _times(took: Times) -> str:
    if took.median is None:
        return NO_DATA
    median = ago(took.median)
    if took.count < ENOUGH_FOR_MEDIAN:
        return f"{median} ({took.count} {'case' if took.count == 1 else 'cases'} only)"
    slowest = f", 9 of 10 within {ago(took.p90)}" if took.p90 is not None and took.count >= ENOUGH_FOR_P90 else ""
    return f"median {median}{slowest}"


def _median(took: Times | None) -> str:
    if took is None or took.median is None or took.count < ENOUGH_FOR_MEDIAN:
        return ""
    return ago(took.median)


def _share(of: Share) -> str:
    if not of.whole:
        return NO_DATA
    counted = f"{of.part} of {of.whole} conversations"
    return counted if of.percent is None else f"{of.percent} % ({counted})"


def _percent(of: Share | None) -> str:
    return "" if of is None or of.percent is None else f"{of.percent} %"


def _standing(of: Report) -> str:
    return f"{of.waiting_now} queued, {of.open_now} open"


def _days(of: Report) -> Block:
    labels, counts = [bucket.label for bucket in of.period.buckets()], of.volume.counts
    return chart("bar", f"Escalations by {of.period.unit}", labels, {"Escalations": counts})


def _reasons(reasons: Sequence[Counted]) -> Iterator[Block]:
    """A chart of them; what its labels have no room for is written out below."""
    if not reasons:
        return
    labels = [one_line(each.reason, 120) for each in reasons]
    yield chart("bar", "Why people were needed", labels, {"Escalations": [each.count for each in reasons]})
    if any(len(label) > LABEL for label in labels):
        said = [f"{each.count} × {label}" for each, label in zip(reasons, labels, strict=True) if each.reason != OTHER]
        yield rich(line(leaf("\n".join(said))))


def _members(of: Report) -> Iterator[list[Block]]:
    """The fullest table first, and last none."""
    for rows in range(len(of.members), 0, -5):
        cells: list[list[Cell]] = [_row(each) for each in of.members[:rows]]
        yield [table("By member", _COLUMNS, cells)]
    yield []


def _row(member: MemberFigures) -> list[Cell]:
    took = member.response
    response: Cell = NOTHING if took.median is None else Number(round(took.median.total_seconds()), ago(took.median))
    counts = (member.taken, member.answered, member.resolved, member.closed)
    return [one_line(member.name, 60) or member.staff_id, *[Number(each, str(each)) for each in counts], response]


def _did(member: MemberFigures) -> str:
    took = member.response
    response = "" if took.median is None else f", first response {_times(took)}"
    ended = member.resolved + member.closed
    return f"{member.taken} taken, {member.answered} answered, {ended} ended{response}"


def _text(of: Report, now: datetime, facts: Sequence[_Fact], spoken: Sequence[str]) -> str:
    said = [f"{name}: {value.replace(_BEFORE, ' (').rstrip('_')}{')' * (_BEFORE in value)}" for name, value in facts]
    days = ", ".join(f"{label} {count}" for label, count in of.volume.bars())
    drawn = [f"Escalations by {of.period.unit}: {days}"] if of.volume.escalations else []
    why = [f"{each.count} × {one_line(each.reason, 100)}" for each in of.reasons]
    return "\n".join(escaped(each, 150) for each in [_title(of, now), *said, *drawn, *why, *spoken])


def _buttons(of: Report, *, is_offered: bool) -> list[Block]:
    about = f"{of.inbox_id}:{of.period.iso}"
    csv = button(action_ids.DOWNLOAD_REPORT, "Download CSV", about)
    share = button(action_ids.SHARE_REPORT, "Share in channel", about)
    return [share, csv] if is_offered else [csv]


def _fits(blocks: Sequence[Block]) -> bool:
    """With Slack's own tables and charts, and without them."""
    return all(len(json.dumps(each)) <= MESSAGE_ROOM for each in (blocks, plain_version(blocks)) if each is not None)
