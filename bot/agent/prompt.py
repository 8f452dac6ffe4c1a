"""An inbox's own prompt, as a file holds it."""

from __future__ import annotations

from pathlib import Path


class PromptUnreadableError(Exception):
    """The prompt file cannot be used; the message names the environment's setting, `what` only what is wrong."""

    def __init__(self, what: str) -> None:
        super().__init__(f"AGENT_PROMPT: {what}.")
        self.what = what


def load_prompt(path: Path | None) -> str:
    """The inbox's own prompt, or the built-in one where none is set."""
    if path is None:
        return Path(__file__).with_name("default_prompt.md").read_text("utf-8").strip()
    try:
        prompt = path.read_text("utf-8-sig").strip()
    except OSError as error:
        raise PromptUnreadableError(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise PromptUnreadableError(f"{path} is not a UTF-8 text file") from error
    if not prompt:
        raise PromptUnreadableError(f"{path} is empty")
    return prompt
