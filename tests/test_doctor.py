"""The doctor says what is wrong and what to do, whatever of the settings, Slack, WhatsApp or the model it is."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from bot.doctor import examine
from bot.settings import Settings
from integrations.sandbox.config import ALL_SCOPES
from integrations.sandbox.embeddings_api import EMBEDDING_MODEL
from integrations.sandbox.faults import Fault
from integrations.sandbox.openai_api import MODEL
from integrations.sandbox.openai_media import TRANSCRIBER
from integrations.sandbox.server import Sandbox, SandboxConfig
from integrations.sandbox.slack_state import BOT_USER
from integrations.slack.scopes import REQUIRED
from storage import database, inboxes, knowledge
from storage.database import Credentials

SECRET = "xoxb-nobody-may-read-this"


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Away from a developer's own settings, with the programs that let every file through."""
    monkeypatch.chdir(tmp_path)
    programs = tmp_path_factory.mktemp("programs")
    for name in ("ffmpeg", "heif-convert"):
        (programs / name).touch(mode=0o755)
    monkeypatch.setenv("PATH", str(programs), prepend=":")
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(SandboxConfig(slack_bot_token=SECRET, slack_scopes=REQUIRED)) as opened:
        yield opened


def settings(sandbox: Sandbox, **other: Any) -> Settings:
    given: dict[str, Any] = {name.lower(): value for name, value in sandbox.bot_environment().items()}
    return Settings(**(given | other))


async def ask(sandbox: Sandbox, **other: Any) -> tuple[int, list[str]]:
    """The doctor's verdict, and its lines as a narrow terminal gets them."""
    printed = io.StringIO()
    status = await examine(settings(sandbox, **other), Console(file=printed, width=40, highlight=False))
    return status, printed.getvalue().splitlines()


async def complaint(sandbox: Sandbox, **other: Any) -> str:
    """The one thing that is wrong."""
    status, lines = await ask(sandbox, **other)
    wrong = [line for line in lines if line.startswith("✗")]
    assert (status, len(wrong)) == (1, 1), lines
    assert " → " in wrong[0], "it says what to do"
    return wrong[0]


async def note(sandbox: Sandbox, **other: Any) -> str:
    """The one thing that is worth knowing; nothing is wrong."""
    status, lines = await ask(sandbox, **other)
    notes = [line for line in lines if line.startswith("!")]
    assert (status, len(notes)) == (0, 1), lines
    return notes[0]


def left_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def test_all_well_is_said_line_by_line(sandbox: Sandbox) -> None:
    status, lines = await ask(sandbox)
    assert status == 0
    findings = lines[: lines.index("")]
    assert all(line.startswith("✓ ") for line in findings), findings
    for each in ("Embedded database", "Aurora", "#", "every scope", "+15550001111", MODEL, "Prompt", "Knowledge"):
        assert any(each in line for line in findings), each


async def test_what_cannot_be_seen_is_named_to_be_looked_at_by_hand(sandbox: Sandbox) -> None:
    _, lines = await ask(sandbox)
    said = "\n".join(lines[lines.index("") :])
    for each in ("/whatsapp/webhook", "`messages`", "Live", "/subscribed_apps", "/slack/events"):
        assert each in said


async def test_looking_makes_no_database(sandbox: Sandbox, tmp_path: Path) -> None:
    await ask(sandbox)
    assert left_in(tmp_path) == []


async def test_each_inbox_is_looked_at(tmp_path: Path) -> None:
    numbers = {"200000000000001": "C0SUPPORT", "200000000000002": "C0GENERAL", "200000000000003": "C0NOWHERE"}
    tables = [
        f'[[inboxes]]\nname = "Inbox {number[-1]}"\nwhatsapp_phone_number_id = "{number}"\n'
        f'slack_channel = "{channel}"\n'
        for number, channel in numbers.items()
    ]
    (tmp_path / "switchboard.toml").write_text("".join(tables))
    async with Sandbox(SandboxConfig(more_numbers=("200000000000002",))) as sandbox:
        status, lines = await ask(sandbox, slack_channel=None, whatsapp_phone_number_id=None)
    wrong = [line for line in lines if line.startswith("✗")]
    assert status == 1
    assert [line.split(" → ")[0] for line in wrong[:2]] == [
        "✗ Slack: #general: the bot is not in it",
        "✗ Slack: there is no channel C0NOWHERE that the bot can see",
    ]
    assert wrong[2].startswith("✗ WhatsApp, Inbox 3: ")
    assert "whatsapp_phone_number_id" in wrong[2]
    assert len([line for line in lines if line.startswith("✓ WhatsApp: +1555")]) == 2


# --- Slack ------------------------------------------------------------------------------------------------------------


async def test_a_refused_slack_token_is_one_complaint_not_three(sandbox: Sandbox) -> None:
    assert "SLACK_BOT_TOKEN" in await complaint(sandbox, slack_bot_token="xoxb-another")


async def test_a_missing_scope_is_named() -> None:
    async with Sandbox(SandboxConfig(slack_scopes=ALL_SCOPES - {"reactions:write"})) as sandbox:
        assert "reactions:write" in await complaint(sandbox)


async def test_a_channel_given_by_name_is_not_found(sandbox: Sandbox) -> None:
    said = await complaint(sandbox, slack_channel="#support")
    assert "SLACK_CHANNEL" in said
    assert "#support" in said


async def test_a_bot_outside_its_channel_wants_an_invitation(sandbox: Sandbox) -> None:
    sandbox.slack.workspace.channel(sandbox.config.channel).members.remove(BOT_USER)
    assert "/invite" in await complaint(sandbox)


async def test_an_archived_channel_is_told_as_archived(sandbox: Sandbox) -> None:
    sandbox.slack.workspace.channel(sandbox.config.channel).is_archived = True
    assert "archived" in await complaint(sandbox)


async def test_a_channel_shared_with_another_organisation_is_a_warning(sandbox: Sandbox) -> None:
    sandbox.slack.workspace.channel(sandbox.config.channel).is_ext_shared = True
    assert "another organisation" in await note(sandbox)


async def test_a_person_s_token_is_no_bot_s(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integrations.sandbox.slack_lookups.BOT_ID", None)
    assert "no bot" in await complaint(sandbox)


async def test_slack_away_is_not_blamed_on_the_token(sandbox: Sandbox) -> None:
    sandbox.slack.faults.add(Fault(status=503, method="auth.test"))
    said = await complaint(sandbox)
    assert "SLACK_BOT_TOKEN" not in said
    assert "127.0.0.1" in said


async def test_an_app_token_that_opens_a_socket_is_all_it_takes(sandbox: Sandbox) -> None:
    status, lines = await ask(sandbox, slack_app_token=sandbox.config.slack_app_token)
    assert status == 0
    assert "✓ Slack: Socket Mode works" in lines
    assert not any("/slack/events" in line for line in lines)


async def test_an_app_token_that_slack_refuses_is_told_without_quoting_it(sandbox: Sandbox) -> None:
    said = await complaint(sandbox, slack_app_token="xapp-of-another-app")
    assert "SLACK_APP_TOKEN" in said
    assert "xapp-of" not in said


# --- WhatsApp ---------------------------------------------------------------------------------------------------------


async def test_an_expired_whatsapp_token_is_told_as_such(sandbox: Sandbox) -> None:
    assert "WHATSAPP_ACCESS_TOKEN" in await complaint(sandbox, whatsapp_access_token="another-token")


async def test_a_phone_number_in_place_of_its_id_is_told(sandbox: Sandbox) -> None:
    assert "WHATSAPP_PHONE_NUMBER_ID" in await complaint(sandbox, whatsapp_phone_number_id="15550001111")


async def test_a_number_s_id_in_place_of_the_account_s_is_told(sandbox: Sandbox) -> None:
    said = await complaint(sandbox, whatsapp_business_account_id=sandbox.config.phone_number_id)
    assert "WHATSAPP_BUSINESS_ACCOUNT_ID" in said


async def test_without_an_account_templates_are_only_a_note(sandbox: Sandbox) -> None:
    status, lines = await ask(sandbox, whatsapp_business_account_id=None)
    assert status == 0
    assert any("no account for message templates" in line for line in lines)


async def test_whatsapp_away_is_not_blamed_on_the_token(sandbox: Sandbox) -> None:
    said = await complaint(sandbox, whatsapp_api_url="http://127.0.0.1:9")
    assert "cannot be reached" in said
    assert "WHATSAPP_ACCESS_TOKEN" not in said


# --- The model and what it is told ------------------------------------------------------------------------------------


async def test_a_model_the_server_does_not_have_is_told_with_those_it_has(sandbox: Sandbox) -> None:
    said = await complaint(sandbox, openai_model="sandbox-suport-agent")
    assert f"it has {MODEL}" in said


async def test_what_the_ai_makes_of_files_is_said(sandbox: Sandbox) -> None:
    _, lines = await ask(sandbox)
    assert f"✓ Pictures: {MODEL} is shown them; where it refuses, the AI says so" in lines
    assert "✓ Voice notes: the AI hears none, and says so (OPENAI_TRANSCRIPTION_MODEL may name a model)" in lines
    _, lines = await ask(sandbox, openai_transcription_model=TRANSCRIBER, openai_vision_model=MODEL)
    assert {f"✓ Pictures: {MODEL}", f"✓ Voice notes: {TRANSCRIBER}"} <= set(lines)
    said = await complaint(sandbox, openai_transcription_model="sandbox-transcribe")
    wanted, _, there = said.partition(": it has ")
    assert wanted == "✗ Voice notes: the server has no sandbox-transcribe → OPENAI_TRANSCRIPTION_MODEL"
    assert {TRANSCRIBER, MODEL} <= set(there.split(", "))


async def test_a_server_without_a_list_of_models_is_no_error(sandbox: Sandbox) -> None:
    said = await note(sandbox, openai_base_url=f"{sandbox.base_url}/nothing/here")
    assert "no list of models" in said


async def test_a_web_page_in_place_of_a_model_server_is_wrong(sandbox: Sandbox) -> None:
    sandbox.openai.faults.add(Fault(body="<html>Welcome</html>", method="models"))
    assert "no list of models" in await complaint(sandbox)


async def test_a_refused_key_is_told(sandbox: Sandbox) -> None:
    sandbox.openai.faults.add(Fault(status=401, method="models"))
    assert "OPENAI_API_KEY" in await complaint(sandbox)


async def test_a_prompt_that_is_not_there_is_named(sandbox: Sandbox, tmp_path: Path) -> None:
    said = await complaint(sandbox, agent_prompt=tmp_path / "prompt.md")
    assert "AGENT_PROMPT" in said
    assert "prompt.md" in said


async def test_knowledge_that_is_no_folder_is_named(sandbox: Sandbox, tmp_path: Path) -> None:
    assert "AGENT_KNOWLEDGE" in await complaint(sandbox, agent_knowledge=tmp_path / "pages")


async def test_an_empty_knowledge_folder_is_worth_knowing(sandbox: Sandbox, tmp_path: Path) -> None:
    assert "nothing to search" in await note(sandbox, agent_knowledge=tmp_path)


# --- The database -----------------------------------------------------------------------------------------------------


def address(credentials: Credentials) -> str:
    return f"postgresql://{credentials.user}:not-to-be-read@/{credentials.database}?host={credentials.host}"


async def test_a_database_that_is_up_to_date_is_well(sandbox: Sandbox, credentials: Credentials) -> None:
    status, lines = await ask(sandbox, database_url=address(credentials))
    assert status == 0
    assert any(line.startswith("✓ Database: PostgreSQL") for line in lines), lines


async def test_how_far_the_knowledge_is_indexed_is_told_and_what_cannot_be_read(
    sandbox: Sandbox, credentials: Credentials, tmp_path: Path
) -> None:
    (tmp_path / "returns.md").write_text("# Returns\n\nWithin 30 days.\n")
    (tmp_path / "scan.pdf").write_bytes(b"%PDF-1.7 and then nothing")
    async with database.connected(credentials, pool_size=2):
        row = await inboxes.settle(sandbox.config.phone_number_id, "Aurora", "C0SUPPORT", account=None)
        await knowledge.index_folder(row.id, tmp_path)
    (tmp_path / "boots.md").write_text("# Boots\n\nAll widths.\n")
    given = {"database_url": address(credentials), "agent_knowledge": tmp_path}
    _, lines = await ask(sandbox, **given, openai_embedding_model=EMBEDDING_MODEL)
    said = "\n".join(lines)
    assert "! Knowledge: 2 of 3 files are indexed, passages: 1" in said
    assert "! Knowledge: scan.pdf cannot be searched: not a PDF" in said
    assert "✓ Embeddings: sandbox-embedding" in said
    assert "pgvector" not in said


async def test_a_database_behind_this_version_will_be_brought_up_to_date(
    sandbox: Sandbox, credentials: Credentials
) -> None:
    await record(credentials, "DELETE FROM tortoise_migrations WHERE name LIKE '0002%'")
    assert "switchboard migrate" in await note(sandbox, database_url=address(credentials))


async def test_a_database_ahead_of_this_version_is_wrong(sandbox: Sandbox, credentials: Credentials) -> None:
    await record(credentials, "UPDATE tortoise_migrations SET name = '9999_future' WHERE name LIKE '0001%'")
    assert "9999_future" in await complaint(sandbox, database_url=address(credentials))


async def record(credentials: Credentials, statement: str) -> None:
    async with database.connected(credentials, pool_size=1):
        await database.connection().execute_query(statement)


async def test_a_database_that_does_not_answer_is_told_without_its_password(sandbox: Sandbox) -> None:
    said = await complaint(sandbox, database_url="postgres://ana:not-to-be-read@127.0.0.1:9/x")
    assert "127.0.0.1:9" in said
    assert "not-to-be-read" not in said


async def test_a_data_dir_that_is_a_file_is_told(sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    assert "DATA_DIR" in await complaint(sandbox)


# --- Secrets ----------------------------------------------------------------------------------------------------------


async def test_no_secret_is_printed_even_where_a_service_quotes_it(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("integrations.sandbox.slack_lookups.TEAM_NAME", f"Malformed token {SECRET}")
    lines = (await ask(sandbox))[1]
    assert any("Malformed token …" in line for line in lines), lines
    assert SECRET not in "\n".join(lines)


async def test_what_is_missing_for_files_is_said_and_is_not_wrong(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    status, lines = await ask(sandbox)
    video, pictures = [line for line in lines if line.startswith("! Files")]
    assert status == 0
    assert "install ffmpeg" in video
    assert "heif-convert (libheif-examples) or ImageMagick" in pictures
