"""`switchboard doctor`: whether the database, Slack, WhatsApp and the model agree with the settings, and what to do."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import httpx
from pydantic import SecretStr
from rich.console import Console

from bot import doctor_knowledge, tools
from bot.agent.prompt import PromptUnreadableError, load_prompt
from bot.domain.files import Conversion
from bot.domain.templates import APPROVED
from bot.finding import Finding, Mark
from bot.settings import InboxSettings, Settings
from bot.tools import Tools
from integrations.errors import ErrorClass, ServiceError
from integrations.openai.client import OPENAI_URL, Model, ModelSettings
from integrations.slack import client as slack_client
from integrations.slack.client import Slack
from integrations.slack.scopes import REQUIRED
from integrations.slack.socket import address
from integrations.whatsapp import client as whatsapp_client
from integrations.whatsapp.client import WhatsApp
from storage import checkup
from storage.checkup import DatabaseUnusableError
from storage.database import Credentials

_SHORTEST_HIDDEN = 8  # hiding a verify token of "a" would hide every a
_BY_HAND = """\
Look at these yourself, they cannot be seen from here:
- Meta, WhatsApp > Configuration: the callback URL is https://<your host>/whatsapp/webhook, field `messages` subscribed
- Meta: the app is Live (in development mode some webhooks are never sent)
- Meta: the app is subscribed to the account; once: POST /<WhatsApp Business Account id>/subscribed_apps
"""
_OVER_HTTP = (
    "- Slack, Event Subscriptions: the request URL https://<your host>/slack/events is verified, Delayed Events are on"
)
_OVER_SOCKET = "- Slack, Socket Mode: it is switched on; Slack then sends nothing to a request URL any more"


async def examine(settings: Settings, console: Console) -> int:
    """Print a line for every check; 0 when nothing is wrong, else 1."""
    services = (_slack(settings), _whatsapp(settings), _model(settings))
    (database, credentials), *others = await asyncio.gather(_database(settings), *services)
    known = await doctor_knowledge.examine(settings, credentials)
    prompts = await asyncio.to_thread(_prompts, settings)
    findings = [each for answer in (database, *others, prompts, known, _files(tools.find())) for each in answer]
    by_hand = _BY_HAND + (_OVER_SOCKET if settings.slack_app_token else _OVER_HTTP)
    for line in (*findings, "", *by_hand.splitlines()):
        # soft_wrap: a line stays a line, however narrow the terminal or the log.
        console.print(_without_secrets(str(line), settings), markup=False, emoji=False, soft_wrap=True)
    return int(any(finding.mark is Mark.WRONG for finding in findings))


# --- The database -----------------------------------------------------------------------------------------------------


async def _database(settings: Settings) -> tuple[list[Finding], Credentials | None]:
    """With the way to it, where it can be asked more."""
    if settings.database_url is None:
        return await _embedded(settings.data_dir)
    try:
        credentials = Credentials.from_url(settings.database_url)
    except ValueError:
        advice = "DATABASE_URL: write postgres://user:password@host:5432/database"
        return [Finding(Mark.WRONG, "The database's address cannot be read", advice)], None
    return await _contents(credentials, "DATABASE_URL: check the address, the user, and that the server runs")


async def _embedded(data_dir: Path) -> tuple[list[Finding], Credentials | None]:
    if unmade := await asyncio.to_thread(_unmade, data_dir):
        return [unmade], None
    try:
        url = await asyncio.to_thread(checkup.start_embedded, data_dir)
    except DatabaseUnusableError as error:
        advice = "DATA_DIR: name another folder, or mend this one"
        return [Finding(Mark.WRONG, f"Embedded database: {error}", advice)], None
    return await _contents(Credentials.from_url(url), f"read the server's log in {data_dir / 'postgres'}")


def _unmade(data_dir: Path) -> Finding | None:
    """Where no database was ever made, none is made now: looking must not change anything."""
    folder = data_dir.resolve()
    if (folder / "postgres").exists():
        return None
    nearest = next(each for each in (folder, *folder.parents) if each.exists())
    if nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK):
        return Finding(Mark.GOOD, f"Embedded database: the first start will make it in {folder}")
    what = f"Embedded database: cannot be made in {folder}"
    return Finding(Mark.WRONG, what, "DATA_DIR: name a folder that Switchboard may write to")


async def _contents(credentials: Credentials, advice: str) -> tuple[list[Finding], Credentials | None]:
    try:
        health = await checkup.examine(credentials)
    except DatabaseUnusableError as error:
        return [Finding(Mark.WRONG, f"Database: {error}", advice)], None
    if health.foreign:
        what = f"Database: a newer Switchboard has changed it ({', '.join(health.foreign)})"
        return [Finding(Mark.WRONG, what, "run that version, or restore a backup from before")], None
    if health.pending:
        what = f"Database: PostgreSQL {health.version} answers, and is not up to date"
        return [Finding(Mark.NOTE, what, "the next `switchboard run` does it, or `switchboard migrate` now")], None
    return [Finding(Mark.GOOD, f"Database: PostgreSQL {health.version}, up to date")], credentials


# --- Slack ------------------------------------------------------------------------------------------------------------


async def _slack(settings: Settings) -> list[Finding]:
    findings: list[Finding] = []
    async with aiohttp.ClientSession(timeout=slack_client.TIMEOUT) as session:
        token = settings.slack_bot_token.get_secret_value()
        slack = Slack(slack_client.make_client(session, settings.slack_api_url, token), session)
        try:
            grant = await slack.grant()
        except ServiceError as error:
            advice = "SLACK_BOT_TOKEN: copy the Bot User OAuth Token (xoxb-…) from OAuth & Permissions"
            findings.append(_failed("Slack", error, advice, settings.slack_api_url))
        else:
            findings += _grant(grant)
            for inbox in settings.inboxes:
                for channel in inbox.channels:
                    findings += await _channel(slack, channel, settings)
        if settings.slack_app_token:
            findings.append(await _socket_mode(session, settings.slack_api_url, settings.slack_app_token))
    return findings


async def _socket_mode(session: aiohttp.ClientSession, url: str, token: SecretStr) -> Finding:
    """The address that is asked for is not used: it expires."""
    slack = Slack(slack_client.make_client(session, url, token.get_secret_value()), session)
    try:
        await address(slack)
    except ServiceError as error:
        advice = (
            "SLACK_APP_TOKEN: make one with connections:write under Basic Information > App-Level Tokens, and switch "
            "Socket Mode on; or leave it empty, and Slack comes over HTTP"
        )
        return _failed("Slack, Socket Mode", error, advice, url)
    return Finding(Mark.GOOD, "Slack: Socket Mode works")


def _grant(grant: slack_client.Grant) -> Iterator[Finding]:
    if not grant.is_bot:
        advice = "SLACK_BOT_TOKEN: use the Bot User OAuth Token (xoxb-…), not a person's"
        yield Finding(Mark.WRONG, f"Slack: {grant.user} in {grant.team} is no bot", advice)
        return
    yield Finding(Mark.GOOD, f"Slack: {grant.user} in the workspace {grant.team}")
    if grant.scopes is None:
        yield Finding(Mark.NOTE, "Slack did not say which scopes the bot has", "compare them with manifest.yml")
    elif missing := REQUIRED - grant.scopes:
        advice = "add them under OAuth & Permissions, then install the app again"
        yield Finding(Mark.WRONG, f"Slack: scopes are missing: {', '.join(sorted(missing))}", advice)
    else:
        yield Finding(Mark.GOOD, "Slack: every scope that is needed")


async def _channel(slack: Slack, channel: str, settings: Settings) -> list[Finding]:
    named = "slack_channel" if settings.switchboard_config.inboxes else "SLACK_CHANNEL"
    try:
        facts = await slack.channel_facts(channel)
    except ServiceError as error:
        if error.code == "channel_not_found":
            advice = f"{named} wants the channel's id (C…), and a private channel an invitation: /invite @switchboard"
            return [Finding(Mark.WRONG, f"Slack: there is no channel {channel} that the bot can see", advice)]
        return [_failed(f"Slack channel {channel}", error, f"{named}, scopes: check both", settings.slack_api_url)]
    findings: list[Finding] = []
    name = f"Slack: #{facts.name}"
    if facts.is_archived:
        findings.append(Finding(Mark.WRONG, f"{name} is archived", f"unarchive it, or set {named} to another"))
    elif not facts.is_member:
        findings.append(Finding(Mark.WRONG, f"{name}: the bot is not in it", "write /invite @switchboard there"))
    if facts.is_shared:
        what = f"{name} is shared with another organisation, whose people read every customer's words"
        findings.append(Finding(Mark.NOTE, what, "better a channel of your own; outsiders cannot act, only read"))
    return findings or [Finding(Mark.GOOD, f"{name}: the bot is in it")]


# --- WhatsApp ---------------------------------------------------------------------------------------------------------


async def _whatsapp(settings: Settings) -> list[Finding]:
    async with httpx.AsyncClient(timeout=whatsapp_client.TIMEOUT, follow_redirects=False) as http:
        token = settings.whatsapp_access_token.get_secret_value()
        whatsapp = WhatsApp(http, settings.whatsapp_api_url, settings.whatsapp_api_version, token)
        return [finding for inbox in settings.inboxes for finding in await _number(whatsapp, inbox, settings)]


async def _number(whatsapp: WhatsApp, inbox: InboxSettings, settings: Settings) -> list[Finding]:
    try:
        number = await whatsapp.describe_number(inbox.number)
    except ServiceError as error:
        service = f"WhatsApp, {inbox.name}" if settings.switchboard_config.inboxes else "WhatsApp"
        return [_failed(service, error, _whatsapp_advice(error, settings), settings.whatsapp_api_url)]
    templates = await _templates(whatsapp, inbox, settings)
    found = Finding(Mark.GOOD, f"WhatsApp: {number.shown} {number.verified_name}".rstrip())
    if number.quality.upper() in ("YELLOW", "RED"):
        what = f"WhatsApp: the number's quality is {number.quality.lower()}: people block or report it"
        return [
            found,
            Finding(Mark.NOTE, what, "WhatsApp Manager says why; it may limit or pause the number"),
            templates,
        ]
    return [found, templates]


async def _templates(whatsapp: WhatsApp, inbox: InboxSettings, settings: Settings) -> Finding:
    account = inbox.account
    if account is None:
        advice = "WHATSAPP_BUSINESS_ACCOUNT_ID: set it, and staff can send templates once the 24 hours are over"
        return Finding(Mark.NOTE, "WhatsApp: no account for message templates", advice)
    try:
        listed = await whatsapp.templates(account)
    except ServiceError as error:
        advice = "WHATSAPP_BUSINESS_ACCOUNT_ID is the id of the WhatsApp account under API Setup, not of the number"
        return _failed("WhatsApp, message templates", error, advice, settings.whatsapp_api_url)
    approved = sum(each.status == APPROVED for each in listed)
    return Finding(Mark.GOOD, f"WhatsApp: {approved} of {len(listed)} message templates are approved")


def _whatsapp_advice(error: ServiceError, settings: Settings) -> str:
    if error.code == "190":
        return "WHATSAPP_ACCESS_TOKEN: make a new one for the system user (the one from API Setup lives a day)"
    named = "whatsapp_phone_number_id" if settings.switchboard_config.inboxes else "WHATSAPP_PHONE_NUMBER_ID"
    return (
        f"{named} is the id under API Setup, not the phone number; the system user needs the WhatsApp "
        "account assigned, and its token whatsapp_business_messaging and whatsapp_business_management"
    )


# --- The model and what it is told ------------------------------------------------------------------------------------


async def _model(settings: Settings) -> list[Finding]:
    base_url = settings.openai_base_url or OPENAI_URL
    model = Model(ModelSettings(settings.openai_model, settings.openai_api_key.get_secret_value(), base_url))
    try:
        names = await model.models()
    except ServiceError as error:
        return [_failed("Model", error, "OPENAI_API_KEY, OPENAI_BASE_URL: check both", base_url)]
    finally:
        await model.close()
    found = [_listed(settings.openai_model, names), *_senses(settings, names)]
    if settings.openai_embedding_model:
        found.append(_named("Embeddings", "OPENAI_EMBEDDING_MODEL", settings.openai_embedding_model, names))
    return found


def _senses(settings: Settings, names: frozenset[str] | None) -> Iterator[Finding]:
    """What the AI makes of customers' files. Whether a model sees, only a picture would show."""
    if settings.openai_vision_model:
        yield _named("Pictures", "OPENAI_VISION_MODEL", settings.openai_vision_model, names)
    else:
        yield Finding(Mark.GOOD, f"Pictures: {settings.openai_model} is shown them; where it refuses, the AI says so")
    if settings.openai_transcription_model:
        yield _named("Voice notes", "OPENAI_TRANSCRIPTION_MODEL", settings.openai_transcription_model, names)
    else:
        what = "Voice notes: the AI hears none, and says so (OPENAI_TRANSCRIPTION_MODEL may name a model)"
        yield Finding(Mark.GOOD, what)
    yield Finding(Mark.GOOD, "Documents: the AI reads the beginning of PDF, Word, text, HTML and CSV files")


def _named(sense: str, setting: str, wanted: str, names: frozenset[str] | None) -> Finding:
    found = _listed(wanted, names)
    if found.mark is not Mark.WRONG:
        return Finding(Mark.GOOD, f"{sense}: {wanted}")
    return Finding(Mark.WRONG, f"{sense}: the server has no {wanted}", found.advice.replace("OPENAI_MODEL", setting))


def _listed(wanted: str, names: frozenset[str] | None) -> Finding:
    if names is None:
        what = "Model: the server answers, but keeps no list of models"
        return Finding(
            Mark.NOTE, what, f"if the AI stays silent: does it have {wanted}; does OPENAI_BASE_URL end in /v1?"
        )
    # Some servers list them under a folder: models/… .
    if any(name == wanted or name.endswith(f"/{wanted}") for name in names):
        return Finding(Mark.GOOD, f"Model: {wanted}")
    close = get_close_matches(wanted, sorted(names), n=5, cutoff=0.3) or sorted(names)[:5]
    return Finding(
        Mark.WRONG, f"Model: the server has no {wanted}", f"OPENAI_MODEL: it has {', '.join(close) or 'none'}"
    )


def _prompts(settings: Settings) -> list[Finding]:
    return [_prompt(inbox) for inbox in settings.inboxes]


def _prompt(inbox: InboxSettings) -> Finding:
    try:
        load_prompt(inbox.prompt)
    except PromptUnreadableError as error:
        advice = "name a text file in UTF-8; a Switchboard that runs goes on with the last prompt it could read"
        return Finding(Mark.WRONG, str(error), advice)
    return Finding(Mark.GOOD, f"Prompt: {inbox.prompt or 'the built-in one'}")


def _files(found: Tools) -> list[Finding]:
    """Nothing here is wrong: without a tool some files of staff are refused, in words that say why."""
    if found.ffmpeg:
        findings = [Finding(Mark.GOOD, "Files: ffmpeg makes voice messages, MP4 videos and JPEG pictures")]
    else:
        advice = "install ffmpeg; until then clips go as plain audio, and WAV, GIF, WebP and MOV files are refused"
        findings = [Finding(Mark.NOTE, "Files: no ffmpeg on the PATH", advice)]
    if Conversion.HEIC in found.able:
        findings.append(Finding(Mark.GOOD, "Files: HEIC pictures, as iPhones take them, become JPEG"))
    else:
        advice = "install heif-convert (libheif-examples) or ImageMagick; until then HEIC pictures are refused"
        findings.append(Finding(Mark.NOTE, "Files: nothing on the PATH turns HEIC pictures into JPEG", advice))
    return findings


def _failed(service: str, error: ServiceError, advice: str, url: str) -> Finding:
    """A peer that did not answer is no matter of tokens."""
    if error.error_class in (ErrorClass.TRANSIENT, ErrorClass.UNKNOWN, ErrorClass.THROTTLED):
        advice = f"try again; is there a way from here to {urlsplit(url).hostname}?"
    return Finding(Mark.WRONG, f"{service}: {error.reason}", advice)


def _without_secrets(line: str, settings: Settings) -> str:
    """Services quote what they were sent ("Malformed access token …")."""
    for _, value in settings:
        if isinstance(value, SecretStr) and len(value.get_secret_value()) >= _SHORTEST_HIDDEN:
            line = line.replace(value.get_secret_value(), "…")
    return line
