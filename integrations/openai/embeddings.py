"""Embeddings, what texts mean as numbers: the answer of `POST /embeddings` as ours. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import cast

from integrations.openai.errors import GarbledOutputError

Vector = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Embedded:
    """One vector for each text, in their order. `tokens` is what the server counted, 0 where it does not."""

    vectors: tuple[Vector, ...]
    tokens: int = 0


def from_embeddings(body: bytes, asked: int) -> Embedded:
    """Decipher the body of a 200; raises `GarbledOutputError` unless there is a vector for each text, all of a size."""
    try:
        told = cast("object", json.loads(body))
    except ValueError as error:
        raise GarbledOutputError(f"not JSON: {error}") from error
    reply = cast("dict[str, object]", told) if isinstance(told, dict) else {}
    data = reply.get("data")
    if not isinstance(data, list) or len(cast("list[object]", data)) != asked:
        raise GarbledOutputError("not one embedding for each text")
    vectors = tuple(map(_vector, sorted(cast("list[object]", data), key=_place)))
    if len({len(each) for each in vectors}) != 1:
        raise GarbledOutputError("embeddings of different sizes")
    return Embedded(vectors, _tokens(reply.get("usage")))


def _place(value: object) -> int:
    """Servers may answer out of order, and some number nothing: then the order is that of the texts."""
    place = cast("dict[str, object]", value).get("index") if isinstance(value, dict) else None
    return place if isinstance(place, int) else 0


def _vector(value: object) -> Vector:
    numbers = cast("dict[str, object]", value).get("embedding") if isinstance(value, dict) else None
    if not isinstance(numbers, list) or not numbers:
        raise GarbledOutputError("an embedding that is no list of numbers")
    vector = tuple(each for each in cast("list[object]", numbers) if isinstance(each, int | float))
    if len(vector) != len(cast("list[object]", numbers)):
        raise GarbledOutputError("an embedding that is no list of numbers")
    return vector


def _tokens(value: object) -> int:
    count = cast("dict[str, object]", value).get("prompt_tokens") if isinstance(value, dict) else None
    return count if isinstance(count, int) else 0
