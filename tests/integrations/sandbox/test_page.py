"""What the demo page must know to show what the bot sends, and what it must never do."""

from __future__ import annotations

import json
import re
from pathlib import Path

import yaml

import integrations.sandbox
from bot.blocks.marks import MARKS
from integrations.sandbox.emoji_names import is_emoji_name

ROOT = Path(__file__).parents[3]
PAGE = Path(integrations.sandbox.__file__).with_name("page")
SHORT_NAME = re.compile(r'":([a-z0-9_+-]{2,}):"')


def _drawn() -> set[str]:
    """The emoji names the page has a glyph for."""
    table = re.search(r"NAMES = `(.*?)`", (PAGE / "emoji.js").read_text(encoding="utf-8"), re.DOTALL)
    assert table
    return {entry.strip().split(" ")[0] for entry in table[1].split(",")}


def test_the_page_draws_every_reaction_and_picture_the_bot_uses() -> None:
    pictures = {name for file in (ROOT / "bot").rglob("*.py") for name in SHORT_NAME.findall(file.read_text("utf-8"))}
    assert "robot_face" in pictures
    assert pictures | set(MARKS.values()) <= _drawn()


def test_the_page_knows_no_emoji_that_slack_does_not() -> None:
    assert {name for name in _drawn() if not is_emoji_name(name)} == set()


def _offered() -> dict[str, list[tuple[str, ...]]]:
    """Commands and shortcuts as manifest.yml tells Slack of them."""
    features = yaml.safe_load((ROOT / "manifest.yml").read_text("utf-8"))["features"]
    shortcuts = [each for each in features.get("shortcuts", []) if each["type"] == "message"]
    told = {"COMMANDS": (features["slash_commands"], ("command", "usage_hint", "description"))}
    told["SHORTCUTS"] = (shortcuts, ("callback_id", "name", "description"))
    return {what: [tuple(each[name] for name in names) for each in listed] for what, (listed, names) in told.items()}


def test_the_page_offers_the_commands_and_shortcuts_of_the_manifest() -> None:
    script = (PAGE / "manifest.js").read_text("utf-8")
    for what, listed in _offered().items():
        body = re.search(rf"{what} = \[(.*?)\];", script, re.DOTALL)
        assert body
        shown = [
            tuple(json.loads(word) for word in re.findall(r': ("(?:[^"\\]|\\.)*")', line))
            for line in body[1].split("\n")
        ]
        assert [each for each in shown if each] == listed, f"integrations/sandbox/page/manifest.js: {what}"


def test_the_page_never_reads_data_as_markup() -> None:
    reading = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function")
    assert {script.name for script in PAGE.glob("*.js") if reading.search(script.read_text("utf-8"))} == set()


def test_the_page_asks_nobody_but_the_demo() -> None:
    addresses = re.compile(r"https?://[\w.]+")
    found = {
        address
        for file in PAGE.iterdir()
        for address in addresses.findall(file.read_text("utf-8"))
        if address != "http://www.w3.org"  # the name of the SVG namespace; nothing is fetched
    }
    assert found == set()
