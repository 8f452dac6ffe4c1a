"""A town for the stories: the stand-ins of the services, and the whole bot in this process, over real HTTP."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from integrations.sandbox.server import Sandbox
from storage.database import Credentials
from tests.stories.town import Town, open_town


@pytest.fixture
async def sandbox() -> AsyncGenerator[Sandbox]:
    async with Sandbox() as opened:
        yield opened


@pytest.fixture
async def town(sandbox: Sandbox, credentials: Credentials) -> AsyncGenerator[Town]:
    async with open_town(sandbox, credentials) as opened:
        yield opened
