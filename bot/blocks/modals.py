"""Windows Switchboard opens over Slack."""

from __future__ import annotations

from bot.blocks.parts import SECTION_LIMIT, View, paragraphs, plain, section
from bot.domain.text.slack_out import clip


def notice(title: str, text: str) -> View:
    """Tell something to a person who clicked where no message can answer them. `text` is mrkdwn."""
    body = section(paragraphs(text, SECTION_LIMIT))
    return {"type": "modal", "title": plain(clip(title, 24)), "close": plain("OK"), "blocks": [body]}
