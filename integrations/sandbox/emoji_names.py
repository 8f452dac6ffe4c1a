"""The emoji names Slack knows: the short names of iamcal/emoji-data (MIT), which Slack's own picker is built from."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import cast

TONE = re.compile(r"^(?P<name>[^:]+)::skin-tone-[2-6]$")


@cache
def short_names() -> dict[str, str]:
    """Each name with its code points as Slack writes them: `1f44d`, or several joined by `-`."""
    return cast("dict[str, str]", json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8")))


def is_emoji_name(name: str) -> bool:
    """True for what reactions.add accepts: `eyes`, `flag-es`, `wave::skin-tone-3`; never `eyes:` or a Unicode glyph."""
    toned = TONE.match(name)
    return (toned["name"] if toned else name) in short_names()
