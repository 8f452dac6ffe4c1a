"""The stand-in embedding model: as strict as OpenAI's endpoint, and its vectors mean something."""

from __future__ import annotations

import base64
import struct
from typing import Any

import pytest
from openai import AsyncOpenAI

from integrations.openai.embeddings import from_embeddings
from integrations.openai.errors import GarbledOutputError
from integrations.sandbox.embeddings_api import EMBEDDING_MODEL, SIZES, embed
from integrations.sandbox.meaning import meaning
from integrations.sandbox.openai_refusals import BadRequest
from integrations.sandbox.server import Sandbox

Json = dict[str, Any]


def vectors(**body: Any) -> list[list[float]]:
    return [each["embedding"] for each in embed({"model": EMBEDDING_MODEL} | body)["data"]]


def likeness(one: str, other: str) -> float:
    return sum(a * b for a, b in zip(meaning(one, 512), meaning(other, 512), strict=True))


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"model": "", "input": "x"}, "you must provide a model"),
        ({"model": "gpt-5-mini", "input": "x"}, "does not exist"),
        ({}, "Missing required parameter: 'input'"),
        ({"input": ""}, r"'\$.input' is invalid"),
        ({"input": []}, r"'\$.input' is invalid"),
        ({"input": ["a", ""]}, r"'\$.input' is invalid"),
        ({"input": ["a", None]}, r"'\$.input' is invalid"),
        ({"input": {"text": "a"}}, r"'\$.input' is invalid"),
        ({"input": ["a"] * 2_049}, r"'\$.input' is invalid"),
        ({"input": "word " * 8_200}, "maximum context length is 8192 tokens"),
        ({"input": ["word " * 6_000] * 41}, "max 300000 tokens per request"),
        ({"input": "a", "dimensions": 0}, "'dimensions'"),
        ({"input": "a", "dimensions": 513}, "'dimensions'"),
        ({"input": "a", "model": "text-embedding-ada-002", "dimensions": 8}, "does not support specifying dimensions"),
        ({"input": "a", "encoding_format": "hex"}, "Invalid value: 'hex'"),
    ],
)
def test_what_openai_refuses_is_refused(body: Json, says: str):
    with pytest.raises(BadRequest, match=says):
        embed({"model": EMBEDDING_MODEL} | body)


def test_texts_and_tokens_alone_or_many_are_taken():
    assert len(vectors(input="boots")) == 1
    assert len(vectors(input=["boots", "tents"])) == 2
    assert len(vectors(input=[1, 2, 3])) == 1
    assert len(vectors(input=[[1, 2], [3]])) == 2
    assert [len(each) for each in vectors(input="boots", dimensions=8)] == [8]


async def test_openais_own_client_gets_on_with_it():
    async with Sandbox() as sandbox, AsyncOpenAI(api_key="none", base_url=sandbox.openai_base_url) as client:
        told = await client.embeddings.create(model=EMBEDDING_MODEL, input=["boots"])
        assert len(told.data[0].embedding) == SIZES[EMBEDDING_MODEL]
        assert EMBEDDING_MODEL in [each.id for each in (await client.models.list()).data]


def test_the_same_text_is_always_the_same_unit_vector():
    [plain] = vectors(input="boots", encoding_format="float")
    packed = embed({"model": EMBEDDING_MODEL, "input": "boots", "encoding_format": "base64"})["data"][0]["embedding"]
    assert list(struct.unpack("<512f", base64.b64decode(packed))) == pytest.approx(plain, abs=1e-6)
    assert sum(each * each for each in plain) == pytest.approx(1.0)


def test_what_means_the_same_is_nearer_than_what_shares_a_word():
    assert likeness("¿Cuándo me devuelven el dinero?", "Refunds are paid in five days") > 0.25
    assert likeness("Refunds are paid in five days", "Boots come in five widths") < 0.2
    assert likeness("devolucion", "devolución") > 0.9


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"data": []}',
        b'{"data": [{"embedding": []}]}',
        b'{"data": [{"embedding": ["x"]}]}',
        b'{"data": [7]}',
    ],
)
def test_an_answer_without_a_vector_for_each_text_is_garbled(body: bytes):
    with pytest.raises(GarbledOutputError):
        from_embeddings(body, 1)


def test_vectors_come_back_in_the_order_of_the_texts():
    body = b'{"data": [{"index": 1, "embedding": [2]}, {"index": 0, "embedding": [1]}], "usage": {"prompt_tokens": 3}}'
    told = from_embeddings(body, 2)
    assert (told.vectors, told.tokens) == (((1,), (2,)), 3)
