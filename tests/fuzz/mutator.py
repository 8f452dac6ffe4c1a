"""A seeded mutator: JSON as a careless, unlucky or hostile sender would write it."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable
from typing import Any, cast

Json = dict[str, Any]
Place = tuple[Any, Any]  # a container and the key or index in it

STRANGE: list[Any] = [
    None, True, False, 0, -1, 1, 1.5, -0.0, 1e308, 10**30, -(10**400), 2**63, 2**31, [], {}, [[]], [None], [{}],
    {"id": None}, "", " ", "0", "null", "true", "-1", "1e999", "9" * 400, "\0", "\u202eabc", "\ufeff", "\ufffd",
    "\ud800", "\udfff\ud800", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "e" + "\u0301" * 300, "<!channel>",
    "<@U0ANA>", "&amp;", "'; DROP TABLE task; --", "%s%n{0}", "../../etc/passwd", "https://x.example/" + "a" * 3000,
    "a" * 20_000, "\n" * 500, "*" * 999, "```", "STOP", "1790417100", "99999999999999", "wamid.OUT1", "Zm9v",
    "human please",
]  # fmt: skip
KEYS = ["id", "type", "from", "text", "body", "group_id", "context", "errors", "messages", "statuses", "unknown", ""]
DEEPEST = 400


class Mutator:
    """`others` are what pieces are borrowed from."""

    def __init__(self, seed: int, others: list[Json]) -> None:
        self.seed = seed
        self.random = random.Random(seed)
        self.others = others
        self._ways: list[Callable[[Place], None]] = [
            self._replace, self._replace, self._drop, self._drop, self._add, self._repeat, self._nest, self._unwrap,
            self._borrow, self._borrow, self._truncate, self._swap, self._shuffle, self._rename,
        ]  # fmt: skip

    def begin(self, number: int) -> None:
        """From here on the luck of this number, whatever came before it and at whatever time."""
        self.random.seed(f"{self.seed}:{number}")

    def body(self, seed: Json) -> bytes:
        """A few mutations of the tree; sometimes of the bytes too."""
        told: Json = {"": copy.deepcopy(seed)}
        for _ in range(self.random.choice((0, 1, 1, 1, 2, 2, 3, 5, 12))):
            self.random.choice(self._ways)(self._place(told))
            told.setdefault("", None)
        raw = _as_bytes(told[""])
        return self._scratched(raw) if self.random.random() < 0.04 else raw

    def _place(self, told: Json) -> Place:
        places = list(_places(told))
        return self.random.choice(places)

    def _replace(self, place: Place) -> None:
        container, key = place
        container[key] = copy.deepcopy(self.random.choice(STRANGE))

    def _drop(self, place: Place) -> None:
        container, key = place
        del container[key]

    def _add(self, place: Place) -> None:
        container, key = place
        if isinstance(container[key], dict):
            container[key][self.random.choice(KEYS)] = copy.deepcopy(self.random.choice(STRANGE))
        elif isinstance(container[key], list):
            container[key].append(copy.deepcopy(self.random.choice(STRANGE)))

    def _repeat(self, place: Place) -> None:
        container, key = place
        found = container[key]
        if isinstance(found, list):
            container[key] = cast("list[Any]", found) * self.random.choice((2, 3, 20))
        elif isinstance(found, str):
            container[key] = found * self.random.choice((2, 50))
        else:
            container[key] = [found, found]

    def _nest(self, place: Place) -> None:
        container, key = place
        for _ in range(self.random.choice((1, 1, 2, DEEPEST))):
            container[key] = [container[key]] if self.random.random() < 0.5 else {"text": container[key]}

    def _unwrap(self, place: Place) -> None:
        container, key = place
        found = container[key]
        inside = list(cast("Json", found).values()) if isinstance(found, dict) else found
        if isinstance(inside, list) and inside:
            container[key] = cast("list[Any]", inside)[0]

    def _borrow(self, place: Place) -> None:
        container, key = place
        other, name = self._place({"": self.random.choice(self.others)})
        container[key] = copy.deepcopy(other[name])

    def _truncate(self, place: Place) -> None:
        container, key = place
        found = container[key]
        if isinstance(found, str | list):
            container[key] = found[: self.random.randint(0, len(cast("str", found)))]

    def _swap(self, place: Place) -> None:
        container, key = place
        found = container[key]
        if isinstance(found, str) and found:
            at = self.random.randrange(len(found))
            container[key] = (
                found[:at] + chr(self.random.choice((0, 9, 0x202E, 0x1F600, 0xD800, 0xE9))) + found[at + 1 :]
            )

    def _shuffle(self, place: Place) -> None:
        container, key = place
        if isinstance(container[key], list):
            self.random.shuffle(container[key])

    def _rename(self, place: Place) -> None:
        container, key = place
        if isinstance(container, dict) and key:
            named = cast("Json", container)
            named[self.random.choice(KEYS)] = named.pop(key)

    def _scratched(self, raw: bytes) -> bytes:
        """Bytes that are cut off, changed, or not JSON at all."""
        at = self.random.randrange(len(raw) + 1)
        return self.random.choice(
            (raw[:at], b"\xef\xbb\xbf" + raw, raw[:at] + b"\xff\xc0" + raw[at:], raw + raw, b"", b"[" * 5000, b"NaN")
        )


def _places(container: Any) -> list[Place]:
    """Every place in the tree where something stands, without recursion: the tree may be deep."""
    found: list[Place] = []
    todo = [container]
    while todo:
        each = todo.pop()
        keys = list(cast("Json", each)) if isinstance(each, dict) else range(len(cast("list[Any]", each)))
        for key in keys:
            found.append((cast("Any", each), key))
            if isinstance(each[key], dict | list):
                todo.append(each[key])
    return found


def _as_bytes(told: Any) -> bytes:
    """As Meta writes it, with every letter beyond ASCII escaped: half surrogate pairs pass."""
    try:
        return json.dumps(told, separators=(",", ":")).encode()
    except RecursionError:
        return b"[" * 2000 + b"]" * 2000
