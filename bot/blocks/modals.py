"""Windows Switchboard opens over Slack."""

from __future__ import annotations

from bot.blocks.parts import SECTION_LIMIT, View, one_line, paragraphs, plain, section


def notice(title: str, text: str) -> View:
    """Tell something to a person who clicked where no message can answer them. `text` is mrkdwn."""
    heading = plain(one_line(title, 24) or "Switchboard")
    body = section(paragraphs(text, SECTION_LIMIT))
    return {"type": "modal", "title": heading, "close": plain("OK"), "blocks": [body]}
