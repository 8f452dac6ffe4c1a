"""Whatever shape WhatsApp's messages take, they are read, and what was read can be kept."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator

import pytest

from bot.domain.inbound import Forwarded, Product, Referral
from integrations.whatsapp.messages import read_message
from integrations.whatsapp.webhooks import MessageItem, OtherItem, items
from storage.details import as_column, as_details
from tests.webhooks import NAMES, Json, messages_in, payload

NOW = 1_790_417_100.0
ODD: list[object] = [None, 7, -1.5, 1e400, True, "", "x" * 5_000, [None], {"id": 1}, *json.loads("[[], {}, [[]]]")]
SENDER = ("from", "from_user_id", "id", "type")


def said(name: str) -> Json:
    return messages_in(payload(name, NOW))[0]


@pytest.mark.parametrize("name", [name for name in NAMES if messages_in(payload(name, NOW))])
def test_a_message_with_any_of_its_parts_odd_or_missing_is_still_read(name: str) -> None:
    for message in _variants(said(name)):
        inbound = read_message(message, None)
        assert len(inbound.kind) <= 32
        assert inbound.quoted_wamid is None or len(inbound.quoted_wamid) <= 512
        assert as_details(as_column(inbound.details)) == inbound.details


def test_what_a_message_came_with_is_kept_beside_its_words() -> None:
    advert = read_message(said("text_from_ad"), None).details.referral
    assert advert == Referral("ad", "Winter tents", "Warm nights up to 2,500 m", "https://fb.me/aurora-winter")
    assert read_message(said("text_forwarded_often"), None).details.forwarded is Forwarded.OFTEN
    product = read_message(said("text_about_product"), None).details.product
    assert product == Product("POLARIS-2-GREEN", "1940000000000000")


def test_a_file_is_described_for_whoever_fetches_it() -> None:
    file = read_message(said("voice_note"), None).details.file
    assert file is not None
    assert (file.media_id, file.mime_type, file.is_voice) == ("1900000000000005", "audio/ogg; codecs=opus", True)
    document = read_message(said("document"), None).details.file
    assert document is not None
    assert document.name == "invoice 4812.pdf"


def test_a_form_hides_nothing_that_cannot_be_kept() -> None:
    message = said("interactive_form")
    message["interactive"]["nfm_reply"]["response_json"] = json.dumps({"size": "4\0002", "of": {"nested": "\0"}})
    answers = [each.in_words for each in read_message(message, None).details.form]
    assert answers == ["size: 4\ufffd2", 'of: {"nested":"\ufffd"}']


@pytest.mark.parametrize("name", ["reaction", "reaction_removed", "edit", "revoke"])
def test_what_is_done_to_a_message_names_it(name: str) -> None:
    about = read_message(said(name), None).quoted_wamid
    assert about is not None
    assert about.startswith("wamid.fixture.text")


@pytest.mark.parametrize("traits", [{"id": ""}, {"id": "w" * 513}, {"from": "", "from_user_id": "1" * 161}])
def test_what_cannot_be_anybodys_message_is_kept_aside(traits: Json) -> None:
    body = payload("text", NOW)
    messages_in(body)[0].update(traits)
    [item] = items(body)
    assert isinstance(item, OtherItem)


def test_every_message_of_a_post_is_taken_out_of_it() -> None:
    body = payload("album", NOW)
    assert [isinstance(item, MessageItem) for item in items(body)] == [True, True, True]


def _variants(message: Json) -> Iterator[Json]:
    """The message, and it with each of its parts in turn replaced by something odd, or gone."""
    yield message
    for path in _paths(message):
        if path[0] not in SENDER:
            for odd in ODD:
                yield _changed(message, path, odd)
            yield _changed(message, path, None, drop=True)


def _paths(part: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if path:
        yield path
    if isinstance(part, dict):
        for name, inner in part.items():  # pyright: ignore[reportUnknownVariableType]
            yield from _paths(inner, (*path, str(name)))  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(part, list):
        for number, inner in enumerate(part):  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
            yield from _paths(inner, (*path, number))  # pyright: ignore[reportUnknownArgumentType]


def _changed(message: Json, path: tuple[str | int, ...], odd: object, *, drop: bool = False) -> Json:
    changed = copy.deepcopy(message)
    place = changed
    for step in path[:-1]:
        place = place[step]  # pyright: ignore[reportArgumentType]
    if drop:
        del place[path[-1]]  # pyright: ignore[reportArgumentType]
    else:
        place[path[-1]] = odd  # pyright: ignore[reportArgumentType]
    return changed
