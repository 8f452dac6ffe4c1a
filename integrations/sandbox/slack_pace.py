"""How often Slack lets an app call: per channel for posts, per workspace and minute for the rest."""

from __future__ import annotations

import math
from dataclasses import dataclass

from integrations.sandbox.wire import Json, as_text

POST_BURST = 5.0
TIERS = {2: 20.0, 3: 50.0, 4: 100.0}
TIER_OF = {
    "chat.update": 3,
    "chat.delete": 3,
    "reactions.add": 3,
    "reactions.remove": 2,
    "conversations.replies": 3,
    "conversations.history": 3,
    "conversations.info": 3,
    "conversations.open": 3,
    "files.delete": 3,
    "usergroups.list": 2,
    "usergroups.users.list": 2,
    "chat.postEphemeral": 4,
    "views.open": 4,
    "views.publish": 4,
    "views.push": 4,
    "views.update": 4,
    "users.info": 4,
}


@dataclass(slots=True)
class Bucket:
    """Tokens that refill with time."""

    size: float
    per_second: float
    left: float
    seen: float


class Pace:
    """Answers how long a call must wait; 0 means go ahead, and the call is counted."""

    def __init__(self) -> None:
        self._buckets: dict[str, Bucket] = {}

    def wait(self, method: str, args: Json, now: float) -> int:
        if method == "chat.postMessage":
            return self._draw(f"{method} {as_text(args.get('channel'))}", POST_BURST, 1.0, now)
        per_minute = TIERS.get(TIER_OF.get(method, 0))
        return 0 if per_minute is None else self._draw(method, per_minute, per_minute / 60, now)

    def _draw(self, key: str, size: float, per_second: float, now: float) -> int:
        bucket = self._buckets.setdefault(key, Bucket(size, per_second, size, now))
        bucket.left = min(size, bucket.left + (now - bucket.seen) * per_second)
        bucket.seen = now
        if bucket.left >= 1:
            bucket.left -= 1
            return 0
        return max(1, math.ceil((1 - bucket.left) / per_second))
