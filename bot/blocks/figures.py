"""A week in bars of text: Slack draws charts in messages, not in App Home."""

from __future__ import annotations

from bot.blocks.parts import Block, ago, context, leaf, rich, section
from bot.domain.figures import Week

_WIDTH = 24
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def bar(value: int, most: int) -> str:
    """As long as its share of the longest; whatever is not nothing can be seen."""
    return "█" * max(1, round(_WIDTH * value / most)) if value and most else ""


def week_in_bars(week: Week, viewer: str) -> list[Block]:
    most = max(week.days.values(), default=0)
    lines = [
        f"{_DAYS[day.weekday()]}  {bar(many, most)} {many}".replace("   ", "  ")
        for day, many in sorted(week.days.items())
    ]
    drawn: Block = {"type": "rich_text_preformatted", "elements": [leaf("\n".join(lines))]}
    return [section("*This week*: escalations a day"), rich(drawn), context(_answers(week, viewer))]


def _answers(week: Week, viewer: str) -> str:
    facts = [
        f"*{week.total}* escalated",
        f"*{week.answered}* answered by a person, *{week.answered_by.get(viewer, 0)}* of them first by you",
        f"first response *{ago(week.first_response)}* (median)" if week.first_response is not None else "",
    ]
    return "  ·  ".join(fact for fact in facts if fact)
