"""A town for the stories: the stand-ins of the services, and the whole bot in this process, over real HTTP."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
import yaml

from integrations.sandbox.server import Sandbox, SandboxConfig
from integrations.slack.scopes import REQUIRED
from storage.database import Credentials
from tests.stories.town import Town, open_town

MANIFEST: dict[str, Any] = yaml.safe_load((Path(__file__).parents[2] / "manifest.yml").read_text("utf-8"))
EVENTS: list[str] = MANIFEST["settings"]["event_subscriptions"]["bot_events"]
# An app with no right and no news beyond what manifest.yml asks Slack for.
AS_INSTALLED = SandboxConfig(slack_scopes=REQUIRED, slack_events=frozenset(each.split(".")[0] for each in EVENTS))


@pytest.fixture
async def sandbox() -> AsyncGenerator[Sandbox]:
    async with Sandbox(AS_INSTALLED) as opened:
        yield opened


@pytest.fixture
async def town(sandbox: Sandbox, credentials: Credentials) -> AsyncGenerator[Town]:
    async with open_town(sandbox, credentials) as opened:
        yield opened
