"""Slack's own rules for messages and views, written down once more and independently of the builders."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from slack_sdk.models.blocks import Block as SdkBlock
from slack_sdk.models.views import View as SdkView

from bot.blocks.parts import Block, Post, View
from integrations.sandbox.block_data import DATA_BLOCKS
from integrations.sandbox.block_kit import block_problems

Node = Mapping[str, object]

# Everything Switchboard itself ever writes in angle brackets; `> ` opens a quoted line.
_OURS = re.compile(
    r"<@U\w+>|<!subteam\^S\w+>|<!date\^\d+\^[^<>|]+\|[^<>|]+>|<https?://[^<>| ]+\|Open thread>|^> ", re.MULTILINE
)
_ENTITY = re.compile(r"&(amp|lt|gt);")
_TEXT_LIMITS = {"header": 150, "section": 3_000, "button": 75, "option": 75}


def check_post(post: Post, *, text_bytes: int | None = None) -> None:
    assert post.text.strip()
    assert len(post.text) <= 4_000
    assert text_bytes is None or len(post.text.encode()) <= text_bytes
    assert 1 <= len(post.blocks) <= 50
    assert len(json.dumps(post.blocks)) <= 12_000
    check_markup(post.text)
    check_blocks(post.blocks)


def check_view(view: View) -> None:
    blocks = cast("list[Block]", view["blocks"])
    assert 1 <= len(blocks) <= 100
    assert len(json.dumps(view)) <= 250_000
    if view["type"] == "modal":
        assert len(text_in(view, "title")) <= 24
    check_blocks(blocks)
    SdkView(**view).validate_json()  # pyright: ignore[reportArgumentType]


def check_blocks(blocks: Sequence[Block]) -> None:
    for block in blocks:
        if block["type"] in DATA_BLOCKS:  # the SDK does not know them
            assert block_problems([block]) == []
            continue
        parsed = SdkBlock.parse(dict(block))  # pyright: ignore[reportUnknownMemberType]
        assert parsed is not None
        parsed.validate_json()
        for node in nodes(block):
            _check_node(node)
        assert len(buttons([block])) <= 3


def check_markup(text: str) -> None:
    """Nothing in angle brackets but what we wrote, and no bare ampersand."""
    rest = _OURS.sub("", text)
    assert "<" not in rest
    assert ">" not in rest
    assert "&" not in _ENTITY.sub("", rest)


def nodes(root: object) -> Iterator[Node]:
    if isinstance(root, Mapping):
        yield cast("Node", root)
        for value in cast("Node", root).values():
            yield from nodes(value)
    elif isinstance(root, Sequence) and not isinstance(root, str):
        for value in cast("Sequence[object]", root):
            yield from nodes(value)


def text_in(node: Node, name: str = "text") -> str:
    value = node.get(name)
    return str(cast("Node", value)["text"]) if isinstance(value, Mapping) else str(value or "")


def buttons(blocks: Sequence[Block]) -> list[Node]:
    return [node for node in nodes(blocks) if node.get("type") == "button"]


def labels(blocks: Sequence[Block]) -> list[str]:
    return [text_in(each) for each in buttons(blocks)]


def inputs(view: View) -> list[Node]:
    return [node for node in nodes(view) if node.get("type") == "input"]


def headings(view: View) -> list[str]:
    return [text_in(node) for node in nodes(view) if node.get("type") == "header"]


def words(root: object) -> str:
    """Everything readable in blocks, one piece a line."""
    return "\n".join(str(node["text"]) for node in nodes(root) if isinstance(node.get("text"), str))


def _check_node(node: Node) -> None:
    kind = str(node.get("type", "option" if "value" in node else ""))
    if isinstance(node.get("text"), str):
        assert 1 <= len(str(node["text"])) <= 3_000
    if kind == "mrkdwn":
        assert node["verbatim"] is True
        check_markup(str(node["text"]))
    if kind == "plain_text":
        assert node["emoji"] is False
    if kind in _TEXT_LIMITS:
        assert len(text_in(node)) <= _TEXT_LIMITS[kind]
    if kind == "button":
        assert len(str(node["value"])) <= 2_000
        _check_confirm(node.get("confirm"))
    if kind == "context":
        assert 1 <= len(cast("list[Node]", node["elements"])) <= 10


def _check_confirm(confirm: object) -> None:
    if not isinstance(confirm, Mapping):
        return
    node = cast("Node", confirm)
    for name, limit in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
        assert len(text_in(node, name)) <= limit
