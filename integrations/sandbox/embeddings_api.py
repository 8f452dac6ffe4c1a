"""`POST /embeddings`: refuses what OpenAI's would, and answers with the stand-in model's vectors.

https://platform.openai.com/docs/api-reference/embeddings/create
"""

from __future__ import annotations

import base64
import struct
from typing import cast

from integrations.sandbox.meaning import meaning
from integrations.sandbox.openai_refusals import BadRequest
from integrations.sandbox.wire import Json, as_list

EMBEDDING_MODEL = "sandbox-embedding"
# Of these sizes are their vectors; the older one is always of its own.
SIZES = {EMBEDDING_MODEL: 512, "text-embedding-3-small": 1536, "text-embedding-3-large": 3072}
_FIXED = {"text-embedding-ada-002": 1536}
_MOST_INPUTS, _MOST_TOKENS, _MOST_TOKENS_IN_ALL = 2_048, 8_192, 300_000
_WRONG_INPUT = "'$.input' is invalid. Please check the API reference: https://platform.openai.com/docs/api-reference."


def embed(body: Json) -> Json:
    """Raises `BadRequest`."""
    model, texts, size = _model(body), _texts(body), _size(body)
    encoding = body.get("encoding_format", "float")
    if encoding not in ("float", "base64"):
        raise BadRequest(f"Invalid value: {encoding!r}. Supported values are: 'float' and 'base64'.", "encoding_format")
    vectors = [meaning(text, size) for text in texts]
    tokens = sum(map(_tokens, texts))
    return {
        "object": "list",
        "data": [
            {"object": "embedding", "index": place, "embedding": vector if encoding == "float" else _packed(vector)}
            for place, vector in enumerate(vectors)
        ],
        "model": model,
        "usage": {"prompt_tokens": tokens, "total_tokens": tokens},
    }


def _model(body: Json) -> str:
    model = body.get("model")
    if not isinstance(model, str) or not model:
        raise BadRequest("you must provide a model parameter", "model")
    if model not in SIZES | _FIXED:
        what = f"The model `{model}` does not exist or you do not have access to it."
        raise BadRequest(what, status=404, code="model_not_found")
    return model


def _texts(body: Json) -> list[str]:
    """One text or several; tokens instead of text are numbers, and mean as little to this model as any others."""
    told: object = body.get("input")
    if told is None:
        raise BadRequest("Missing required parameter: 'input'.", "input", code="missing_required_parameter")
    inputs = [told] if _is_tokens(told) or isinstance(told, str) else as_list(told)
    if not inputs or len(inputs) > _MOST_INPUTS:
        raise BadRequest(_WRONG_INPUT)
    texts = [_text(each) for each in inputs]
    if (longest := max(map(_tokens, texts))) > _MOST_TOKENS:
        raise BadRequest(
            f"This model's maximum context length is {_MOST_TOKENS} tokens, however you requested {longest} tokens "
            f"({longest} in your prompt; 0 for the completion). Please reduce your prompt; or completion length."
        )
    if (sum_ := sum(map(_tokens, texts))) > _MOST_TOKENS_IN_ALL:
        what = f"Requested {sum_} tokens, max {_MOST_TOKENS_IN_ALL} tokens per request"
        raise BadRequest(what, kind="max_tokens_per_request", code="max_tokens_per_request")
    return texts


def _text(value: object) -> str:
    if isinstance(value, str) and value:
        return value
    if _is_tokens(value):
        return " ".join(map(str, cast("list[int]", value)))
    raise BadRequest(_WRONG_INPUT)


def _is_tokens(value: object) -> bool:
    numbers = as_list(value)
    return bool(numbers) and all(isinstance(each, int) and not isinstance(each, bool) for each in numbers)


def _size(body: Json) -> int:
    model, wanted = str(body["model"]), body.get("dimensions")
    if wanted is None:
        return (SIZES | _FIXED)[model]
    if model in _FIXED:
        raise BadRequest("This model does not support specifying dimensions.")
    if not isinstance(wanted, int) or isinstance(wanted, bool) or not 1 <= wanted <= SIZES[model]:
        what = f"Invalid value for 'dimensions' = {wanted}. Must be between 1 and {SIZES[model]}."
        raise BadRequest(what, "dimensions")
    return wanted


def _packed(vector: list[float]) -> str:
    """Little-endian floats of four bytes, which is what OpenAI's own client asks for."""
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()


def _tokens(text: str) -> int:
    return max(1, len(text.encode()) // 4)
