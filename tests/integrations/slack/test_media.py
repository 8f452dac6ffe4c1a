"""Files of staff come from Slack's own hosts only; what Slack says of a file decides before it is fetched."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.domain.files import StaffFile
from integrations.errors import ErrorClass, ServiceError
from integrations.slack.client import make_client
from integrations.slack.media import Download, SlackFiles, is_stub, read_file


@pytest.fixture
async def slack() -> AsyncIterator[SlackFiles]:
    async with aiohttp.ClientSession() as session:
        yield SlackFiles(make_client(session, "https://slack.com/api/", "xoxb-1"), session)


@pytest.mark.parametrize(
    ("url", "is_trusted"),
    [
        ("https://files.slack.com/files-pri/T1-F1/download/a.pdf", True),
        ("https://acme.enterprise.slack.com/files/1", True),
        ("https://slack-files.com/T1-F1", True),
        ("https://slack.com/api/x", True),
        ("http://files.slack.com/a.pdf", False),
        ("https://files.slack.com.evil.example/a.pdf", False),
        ("https://evilslack.com/a.pdf", False),
        ("https://localhost/a.pdf", False),
        ("", False),
    ],
)
async def test_the_token_goes_to_slacks_own_hosts_only(slack: SlackFiles, url: str, is_trusted: bool):
    assert slack.trusts(url) is is_trusted
    if not is_trusted:
        with pytest.raises(ServiceError) as refused:
            async with slack.download(Download(StaffFile("F1", "a", "application/pdf", 1), url), 10):
                pass
        assert refused.value.error_class is ErrorClass.MEDIA


def test_what_slack_says_of_a_file_is_read():
    clip = read_file({"id": "F1", "name": "audio.m4a", "mimetype": "audio/mp4", "size": 9, "subtype": "slack_audio"})
    assert clip == StaffFile("F1", "audio.m4a", "audio/mp4", 9, is_clip=True)
    assert read_file({"id": "F1", "mode": "external", "title": "Plan"}).is_external
    assert read_file({"id": "F1", "mode": "tombstone"}).is_gone
    assert read_file({"id": "F1", "mode": "hidden_by_limit"}).is_gone
    assert read_file({"id": "F1", "file_access": "access_denied"}).is_gone
    assert is_stub({"id": "F1", "file_access": "check_file_info"})
