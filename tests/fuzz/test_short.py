"""A short storm of mutated webhooks; `make fuzz` is a long one."""

from __future__ import annotations

from integrations.sandbox.server import Sandbox
from storage.database import Credentials
from tests.fuzz.run import fuzz


async def test_no_webhook_breaks_anything(credentials: Credentials):
    async with Sandbox() as sandbox:
        findings = await fuzz(sandbox, credentials, count=300, seed=1)
    assert findings.wrong == []
    assert findings.answers["whatsapp", 200] > 200
