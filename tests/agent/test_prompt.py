"""The frame around the inbox's prompt, and prompt files that cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.agent.frame import system_prompt
from bot.agent.prompt import PromptUnreadableError, load_prompt


def test_the_inbox_speaks_inside_our_frame():
    prompt = system_prompt("We sell {tents}.", "Aurora Outdoor", has_knowledge=True)
    assert "We sell {tents}." in prompt
    assert "Aurora Outdoor" in prompt
    assert "escalate_to_human" in prompt
    assert "search_knowledge" in prompt


def test_a_search_that_is_not_offered_is_not_mentioned():
    assert "search" not in system_prompt("We sell tents.", "Aurora Outdoor", has_knowledge=False)


def test_without_a_prompt_file_the_built_in_one_serves():
    assert "Hand the conversation over" in load_prompt(None)


def test_a_prompt_file_is_read(tmp_path: Path):
    (tmp_path / "prompt.md").write_bytes(b"\xef\xbb\xbfWe sell tents.\r\n")
    assert load_prompt(tmp_path / "prompt.md") == "We sell tents."


@pytest.mark.parametrize("content", [None, b"", b" \n", b"\xff\xfe tents"])
def test_a_prompt_file_that_cannot_serve_names_the_setting(tmp_path: Path, content: bytes | None):
    path = tmp_path / "prompt.md"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(PromptUnreadableError, match=r"^AGENT_PROMPT: .*prompt\.md"):
        load_prompt(path)


def test_a_folder_is_no_prompt_file(tmp_path: Path):
    with pytest.raises(PromptUnreadableError, match="AGENT_PROMPT"):
        load_prompt(tmp_path)
