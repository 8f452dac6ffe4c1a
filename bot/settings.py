"""The one reader of the environment. What is missing or wrong is said in a line each, before anything starts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainValidator,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import ErrorDetails, PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot import inbox_file, tools
from bot.domain.reminders import usual_ladder
from bot.domain.rules import InboxRules
from bot.inbox_file import Choices, InboxFile, InboxFileError

_STEP = re.compile(r"(\d+(?:\.\d+)?)\s*([smh])", re.IGNORECASE)
_SECONDS = {"s": 1, "m": 60, "h": 3600}
_WANTED = {
    "slack_bot_token": "the bot token of your Slack app, from OAuth & Permissions (starts with xoxb-)",
    "slack_signing_secret": "the signing secret of your Slack app, from Basic Information",
    "slack_app_token": "the app-level token of your Slack app, with connections:write (starts with xapp-), or nothing",
    "slack_channel": "the id of the channel for escalations (starts with C or G), not its name",
    "whatsapp_access_token": "the access token of your Meta system user",
    "whatsapp_app_secret": "the app secret of your Meta app, from App settings, Basic",
    "whatsapp_verify_token": "any secret word; the same one goes into the webhook's settings at Meta",
    "whatsapp_phone_number_id": "the id (not the number) of your WhatsApp number, from API Setup",
    "whatsapp_business_account_id": "the id of your WhatsApp Business Account, from API Setup, or nothing",
    "openai_api_key": "a key for the model, or OPENAI_BASE_URL of a compatible server that needs none",
    "openai_prompt_price": "what a million tokens that the model reads cost, like 0.25",
    "openai_completion_price": "what a million tokens that the model writes cost, like 2",
    "whatsapp_api_version": "a version of the Graph API, like v25.0",
    "agent_debounce_seconds": "a number of seconds from 0 to 60",
    "mask_phone_numbers": "true or false",
    "send_grace_seconds": "a number of seconds from 0 to 3600",
    "reply_delay_seconds": "a number of seconds from 0 to 60",
    "agent_prompt": "the path of a text file",
    "agent_knowledge": "the path of a folder",
    "data_dir": "the path of a folder",
    "port": "a whole number from 0 to 65535 (0: any that is free)",
}


class SettingsError(Exception):
    """The settings cannot be used; `problems` holds one line for each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def _inbox_file(value: object) -> object:
    """The file that SWITCHBOARD_CONFIG names; else `switchboard.toml` in the current folder, where there is one."""
    if not isinstance(value, str | Path):
        return value
    path = Path(value or inbox_file.USUAL_NAME)
    if not value and not path.exists():
        return InboxFile()
    try:
        return inbox_file.read(path)
    except InboxFileError as error:
        raise PydanticCustomError("inbox_file", "{problems}", {"problems": "\n".join(error.problems)}) from None


def _ladder(value: object) -> object:
    """`5m,15m,1h` as durations."""
    if not isinstance(value, str):
        return value
    steps: list[timedelta] = []
    for part in filter(None, (each.strip() for each in value.split(","))):
        match = _STEP.fullmatch(part)
        if match is None:
            raise ValueError(f"{part!r} is no duration; write steps like 5m,15m,30m,60m (s, m or h)")
        steps.append(timedelta(seconds=float(match[1]) * _SECONDS[match[2].lower()]))
    if any(step <= timedelta(0) for step in steps) or steps != sorted(set(steps)):
        raise ValueError("each step must be later than the one before it, like 5m,15m,30m,60m")
    return tuple(steps)


def _url(value: str) -> str:
    if not _is_web_address(value.strip()):
        raise ValueError("expected an address that starts with https:// or http://")
    return value.strip()


def _is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        named = bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, half an IPv6 address
        return False
    return named and parts.scheme in ("http", "https") and not re.search(r"\s", value)


def _word(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be empty")
    return value.strip()


def _secret(value: SecretStr) -> SecretStr:
    """Without the line end that came along when it was pasted. What is wrong with it is said without quoting it."""
    bare = value.get_secret_value().strip()
    if not bare:
        raise PydanticCustomError("missing", "missing")
    return SecretStr(bare)


def _token(value: SecretStr) -> SecretStr:
    """It travels in an HTTP header, where a stray letter would surface only as a failing call."""
    bare = value.get_secret_value()
    if not (bare.isascii() and bare.isprintable()) or " " in bare:
        raise ValueError("holds a space or a letter that no token has; copy it again")
    return value


def _app_token(value: SecretStr) -> SecretStr:
    if not value.get_secret_value().startswith("xapp-"):
        raise ValueError("is no app-level token")
    return value


Secret = Annotated[SecretStr, AfterValidator(_secret)]
Token = Annotated[Secret, AfterValidator(_token)]
AppToken = Annotated[Token, AfterValidator(_app_token)]
Url = Annotated[str, AfterValidator(_url)]
Word = Annotated[str, AfterValidator(_word)]
FromFile = Annotated[InboxFile, NoDecode, PlainValidator(_inbox_file)]
Ladder = Annotated[tuple[timedelta, ...], NoDecode, BeforeValidator(_ladder)]


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxSettings:
    """One inbox as the file and the environment together describe it."""

    name: str
    number: str
    channels: tuple[str, ...]
    account: str | None
    rules: InboxRules
    prompt: Path | None
    knowledge: Path | None
    knowledge_language: str | None
    masks_numbers: bool


class Settings(BaseSettings):
    """Every setting of Switchboard; its name in upper case is the variable's name."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True)

    switchboard_config: Annotated[FromFile, Field(validate_default=True)] = ""  # pyright: ignore[reportAssignmentType]  # read by its validator

    slack_bot_token: Token
    slack_signing_secret: Secret
    slack_channel: Annotated[Word | None, Field(validate_default=True)] = None
    slack_app_token: AppToken | None = None
    slack_api_url: Url = "https://slack.com/api/"

    whatsapp_access_token: Token
    whatsapp_app_secret: Secret
    whatsapp_verify_token: Secret
    whatsapp_phone_number_id: Annotated[Word | None, Field(validate_default=True)] = None
    whatsapp_business_account_id: Word | None = None
    whatsapp_api_url: Url = "https://graph.facebook.com"
    whatsapp_api_version: Annotated[str, Field(pattern=r"^v\d+\.\d+$")] = "v25.0"

    openai_base_url: Url | None = None
    openai_api_key: Annotated[SecretStr, Field(validate_default=True)] = SecretStr("")
    openai_model: Word = "gpt-5-mini"
    openai_embedding_model: Word | None = None
    openai_prompt_price: Annotated[float, Field(ge=0)] | None = None
    openai_completion_price: Annotated[float, Field(ge=0)] | None = None
    openai_vision_model: Word | None = None
    openai_transcription_model: Word | None = None

    agent_prompt: Path | None = None
    agent_knowledge: Path | None = None
    agent_knowledge_language: Word | None = None
    agent_debounce_seconds: Annotated[float, Field(ge=0, le=60)] = 1.5
    inbox_name: Word = "WhatsApp"
    mask_phone_numbers: bool = False

    database_url: str | None = None
    data_dir: Path = Path("data")

    reminder_ladder: Ladder = (
        timedelta(minutes=5),
        timedelta(minutes=15),
        timedelta(minutes=30),
        timedelta(minutes=60),
    )
    send_grace_seconds: Annotated[float, Field(ge=0, le=3600)] = 60.0
    reply_delay_seconds: Annotated[float, Field(ge=0, le=60)] = 0.0

    host: Word = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8080

    @field_validator("slack_channel", "whatsapp_phone_number_id", mode="after")
    @classmethod
    def _needed_without_inboxes(cls, value: str | None, others: ValidationInfo) -> str | None:
        """Where the file names inboxes, each names its own. A wrong file has lines of its own."""
        file = others.data.get("switchboard_config")
        if value is None and isinstance(file, InboxFile) and not file.inboxes:
            raise PydanticCustomError("missing", "missing")
        return value

    @field_validator("openai_api_key", mode="after")
    @classmethod
    def _needed_for_openai(cls, key: SecretStr, others: ValidationInfo) -> SecretStr:
        """Compatible servers may need none. A wrong base URL has a line of its own and is not blamed on the key."""
        if key.get_secret_value().strip():
            return _token(_secret(key))
        if others.data.get("openai_base_url", "wrong") is None:
            raise PydanticCustomError("missing", "missing")
        return SecretStr("")

    @property
    def inboxes(self) -> tuple[InboxSettings, ...]:
        """Those of the file; where it names none, the one that the environment describes."""
        file = self.switchboard_config
        if file.inboxes:
            return tuple(
                self._inbox(each, each.name, each.whatsapp_phone_number_id, each.channels) for each in file.inboxes
            )
        number, channel = self.whatsapp_phone_number_id, self.slack_channel
        assert number
        assert channel
        return (self._inbox(file.defaults, self.inbox_name, number, (channel,)),)

    def _inbox(self, table: Choices, name: str, number: str, channels: tuple[str, ...]) -> InboxSettings:
        masks = table.mask_phone_numbers
        return InboxSettings(
            name=name,
            number=number,
            channels=channels,
            account=table.whatsapp_business_account_id or self.whatsapp_business_account_id,
            rules=table.rules(self.rules),
            prompt=table.prompt or self.agent_prompt,
            knowledge=table.knowledge or self.agent_knowledge,
            knowledge_language=table.knowledge_language or self.agent_knowledge_language,
            masks_numbers=self.mask_phone_numbers if masks is None else masks,
        )

    @property
    def rules(self) -> InboxRules:
        """What the environment says of every inbox."""
        return InboxRules(
            ladder=usual_ladder(self.reminder_ladder),
            debounce=timedelta(seconds=self.agent_debounce_seconds),
            send_grace=timedelta(seconds=self.send_grace_seconds),
            reply_delay=timedelta(seconds=self.reply_delay_seconds),
            able=tools.find().able,
        )


def load_settings(**overrides: Any) -> Settings:
    """Read the environment and `.env`; raises `SettingsError` with every problem at once."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        raise SettingsError([line for each in error.errors(include_url=False) for line in _problems(each)]) from None
    except UnicodeDecodeError:
        raise SettingsError([".env: not a UTF-8 text file"]) from None
    except OSError as error:
        raise SettingsError([f".env: cannot be read: {error.strerror}"]) from None


def _problems(error: ErrorDetails) -> list[str]:
    return error["msg"].splitlines() if error["type"] == "inbox_file" else [_problem(error)]


def _problem(error: ErrorDetails) -> str:
    """One line. Only values that are no secrets are quoted."""
    field = str(error["loc"][0])
    name, wanted = field.upper(), _WANTED.get(field, "")
    if error["type"] == "missing":
        return f"{name}: missing; it wants {wanted}"
    if error["type"] == "value_error":
        said = error["msg"].removeprefix("Value error, ")
        return f"{name}: {said}; it wants {wanted}" if wanted else f"{name}: {said}"
    return f"{name}: {error['input']!r} does not fit; it wants {wanted}"
