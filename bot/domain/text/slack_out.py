"""Text on its way into Slack: nothing a customer types is ever parsed as Slack markup."""

from __future__ import annotations

from bot.domain.text.graphemes import clusters, utf16_units
from bot.domain.text.split import pieces

RichText = dict[str, object]


def escape(text: str) -> str:
    """The three characters Slack reads as markup, for any customer text inside mrkdwn or a message's `text`.

    Source: docs.slack.dev/messaging/formatting-message-text.
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain_rich_text(text: str) -> RichText:
    """A rich_text block with one plain leaf: Slack parses nothing in it, so it needs no escaping.

    Slack rejects a leaf without text, hence the space.
    """
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text or " "}]}
    return {"type": "rich_text", "elements": [section]}


def clip(text: str, limit: int) -> str:
    """A one-line preview of at most `limit` characters, cut between characters as readers see them."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    kept = ""
    for cluster in clusters(line):
        if len(kept) + len(cluster) >= limit:
            break
        kept += cluster
    return kept.rstrip() + "…"


def split_for_slack(text: str, limit: int = 3000) -> list[str]:
    """Parts that each fit a block even when escaped; joined together they are the text again."""
    return pieces(text, limit, lambda part: utf16_units(escape(part)))
