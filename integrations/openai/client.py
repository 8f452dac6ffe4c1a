"""The telephone to the model: one call, against OpenAI or any server that speaks its chat completions."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime

import httpx
import openai
import structlog

from integrations.errors import ErrorClass
from integrations.openai.embeddings import Embedded, from_embeddings
from integrations.openai.errors import TIMEOUT, GarbledOutputError, ModelUnavailable
from integrations.openai.payloads import (
    ChatMessage,
    Completion,
    Tool,
    from_response,
    heard_words,
    model_names,
    to_messages,
    to_tools,
    without_images,
)

OPENAI_URL = "https://api.openai.com/v1"
_PASSING = frozenset({408, 409, 425})  # the server gave up on this request, not on its content
_BLIND_FOR = 3600.0  # seconds; a server that got a model that sees is found out without a restart
_LISTENS_FOR = 60.0  # seconds: whoever transcribes takes a part of the recording's own time

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """Which model, and how long one call may take. Whoever asks decides whether to ask again.

    `vision_name` is asked instead where there are pictures, `transcription_name` writes down what is spoken.
    """

    name: str
    api_key: str = field(default="", repr=False)
    base_url: str = OPENAI_URL
    timeout_seconds: float = 30.0
    vision_name: str = ""
    transcription_name: str = ""


class Model:
    """A chat model behind an OpenAI-compatible server."""

    def __init__(self, settings: ModelSettings) -> None:
        self._name = settings.name
        self._vision_name = settings.vision_name or settings.name
        self.transcription_name = settings.transcription_name
        self._blind_until = 0.0
        self._stumbled = False
        self._client = openai.AsyncOpenAI(
            # The SDK insists on a key; servers that need none ignore this one.
            api_key=settings.api_key or "none",
            base_url=settings.base_url or OPENAI_URL,
            timeout=settings.timeout_seconds,
            max_retries=0,
        )

    @property
    def sees(self) -> bool:
        """Whether pictures are worth sending; as long as the server has refused none, they are."""
        return time.monotonic() >= self._blind_until

    @property
    def hears(self) -> bool:
        return bool(self.transcription_name)

    async def complete(self, messages: Sequence[ChatMessage], tools: Sequence[Tool] = ()) -> Completion:
        """Ask for the next turn; raises `ModelUnavailable` when none can be had."""
        begun = time.monotonic()
        completion = await self._looking(messages, tools)
        _log.info(
            "model.completed",
            model=self._name,
            seconds=round(time.monotonic() - begun, 3),
            tool_calls=len(completion.tool_calls),
            prompt_tokens=completion.usage.prompt_tokens if completion.usage else None,
            completion_tokens=completion.usage.completion_tokens if completion.usage else None,
        )
        return completion

    async def models(self) -> frozenset[str] | None:
        """The models on offer, or None where the server keeps no list; raises `ModelUnavailable`."""
        try:
            response = await self._client.get("/models", cast_to=httpx.Response)
            return model_names(response.content)
        except openai.APIStatusError as error:
            if error.status_code in (404, 405, 501):
                return None
            raise _unavailable(error) from error
        except openai.APIError as error:
            raise _unavailable(error) from error
        except GarbledOutputError as error:
            raise ModelUnavailable(
                ErrorClass.BUG, "garbled", "The AI model's server gave no list of models."
            ) from error

    async def transcribe(self, content: bytes, name: str) -> str:
        """What is said in a recording; its `name` ends as its format does. Raises `ModelUnavailable`."""
        try:
            response = await self._client.post(
                "/audio/transcriptions",
                cast_to=httpx.Response,
                body={"model": self.transcription_name},
                files={"file": (name, content)},
                options={"headers": {"Content-Type": "multipart/form-data"}, "timeout": _LISTENS_FOR},
            )
            return heard_words(response.content)
        except openai.APIError as error:
            raise _unavailable(error) from error
        except GarbledOutputError as error:
            raise ModelUnavailable(ErrorClass.BUG, "garbled", "The transcription made no sense.") from error

    async def embed(self, name: str, texts: Sequence[str], within: float) -> Embedded:
        """What texts mean to the embedding model of this name; raises `ModelUnavailable`."""
        body: dict[str, object] = {"model": name, "input": list(texts)}
        try:
            response = await self._client.post(
                "/embeddings", cast_to=httpx.Response, body=body, options={"timeout": within}
            )
            return from_embeddings(response.content, len(texts))
        except openai.NotFoundError as error:
            reason = "The embedding model was not found: check OPENAI_EMBEDDING_MODEL."
            raise ModelUnavailable(ErrorClass.BUG, "404", reason) from error
        except openai.APIError as error:
            raise _unavailable(error) from error
        except GarbledOutputError as error:
            raise ModelUnavailable(ErrorClass.BUG, f"garbled: {error}", "The embeddings made no sense.") from error

    async def close(self) -> None:
        await self._client.close()

    async def _looking(self, messages: Sequence[ChatMessage], tools: Sequence[Tool]) -> Completion:
        """Pictures that are refused take no answer with them: the model is asked again, and told that it cannot see."""
        if not any(each.images for each in messages):
            return self._legible(await self._ask(messages, tools))
        if not self.sees:
            return self._legible(await self._ask(without_images(messages), tools))
        try:
            body = await self._ask(messages, tools)
        except ModelUnavailable as error:
            if not self._blames_pictures(error):
                raise
            _log.warning("model.blind", model=self._vision_name, error=error.code)
            body = await self._ask(without_images(messages), tools)
            if not _is_one_picture(error):
                self._blind_until = time.monotonic() + _BLIND_FOR
        self._stumbled = False
        return self._legible(body)

    def _blames_pictures(self, error: ModelUnavailable) -> bool:
        """That their model is blind servers say in many ways: OpenAI by 400, OpenRouter 404, vLLM and llama.cpp 500.

        Of the last only the second in a row counts: the first may be any trouble, and whoever asks asks again.
        """
        if not error.code.startswith("5"):
            return error.error_class is ErrorClass.BUG
        stumbled, self._stumbled = self._stumbled, True
        return stumbled

    def _legible(self, body: bytes) -> Completion:
        """Small models now and then write arguments that are no JSON; asked again, they usually get it right."""
        try:
            return from_response(body)
        except GarbledOutputError as error:
            _log.warning("model.garbled", model=self._name, error=str(error))
            raise ModelUnavailable(
                ErrorClass.TRANSIENT, f"garbled: {error}", "The AI model's answer made no sense."
            ) from error

    async def _ask(self, messages: Sequence[ChatMessage], tools: Sequence[Tool]) -> bytes:
        """The raw body: the SDK's own parsing lets malformed answers through as half-empty objects.

        Of the SDK we use what it does for every path (keys, timeouts, errors). Its method for this one would
        first hold every message against every type it knows, which costs as much as all the rest of the call.
        """
        name = self._vision_name if any(each.images for each in messages) else self._name
        body: dict[str, object] = {"model": name, "messages": to_messages(messages)}
        if tools:  # several servers refuse an empty list
            body["tools"] = to_tools(tools)
        try:
            response = await self._client.post("/chat/completions", cast_to=httpx.Response, body=body)
        except openai.APIError as error:
            raise _unavailable(error) from error
        return response.content


def _unavailable(error: openai.APIError) -> ModelUnavailable:
    """The SDK's exceptions in our words. Its message may quote the key's tail or the prompt, so it stays out."""
    if isinstance(error, openai.APITimeoutError):
        return ModelUnavailable(ErrorClass.TRANSIENT, TIMEOUT, "The AI model did not answer in time.")
    if isinstance(error, openai.APIConnectionError):
        return ModelUnavailable(ErrorClass.TRANSIENT, "connection", "The AI model could not be reached.")
    if isinstance(error, openai.APIStatusError):
        return _refused(error.status_code, error.code, _retry_after(error.response.headers))
    return ModelUnavailable(ErrorClass.TRANSIENT, type(error).__name__, "The AI model could not answer.")


def _is_one_picture(error: ModelUnavailable) -> bool:
    """Too large, or broken (`invalid_image_format`, `image_parse_error`, …): that says nothing about the next one."""
    return "image" in error.code or error.code.startswith("413")


def _refused(status: int, vendor_code: str | None, retry_after: float | None) -> ModelUnavailable:
    code = f"{status} {vendor_code}" if vendor_code else str(status)
    if status in (401, 403):
        return ModelUnavailable(ErrorClass.AUTH, code, "The AI model refused our key: check OPENAI_API_KEY.")
    if status == 404:
        return ModelUnavailable(
            ErrorClass.BUG, code, "The AI model was not found: check OPENAI_MODEL and OPENAI_BASE_URL."
        )
    if status == 429:
        reason = "The AI model's rate limit or quota is used up."
        return ModelUnavailable(ErrorClass.THROTTLED, code, reason, retry_after)
    if status >= 500 or status in _PASSING:
        return ModelUnavailable(ErrorClass.TRANSIENT, code, "The AI model's server failed.", retry_after)
    return ModelUnavailable(ErrorClass.BUG, code, "The AI model did not accept the request.")


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds, as `Retry-After` says them (RFC 9110 section 10.2.3) or OpenAI's finer `retry-after-ms`."""
    if (fine := _number(headers.get("retry-after-ms", ""))) is not None:
        return fine / 1000
    said = headers.get("retry-after", "")
    if (seconds := _number(said)) is not None:
        return seconds
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - time.time())
    except ValueError:
        return None


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"\d{1,9}(?:\.\d+)?", text.strip()) else None
