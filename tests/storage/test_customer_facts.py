"""What the agent may know of whom it talks to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.conversation import Author
from bot.domain.delivery import Delivery
from bot.domain.facts import NOBODY, CustomerFacts
from bot.domain.people import AddressKind
from storage import customer_records
from storage.models import ConversationRow, CustomerRow, EscalationRow, Inbox, MessageRow

pytestmark = pytest.mark.usefixtures("database")

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


async def carla(*, masks: bool = False) -> int:
    """Her conversation, in which people were once; Diego has one, too."""
    inbox = await Inbox.create(phone_number_id="1", name="Aurora", slack_channel="C0SUPPORT", masks_numbers=masks)
    ids = list[int]()
    for name, tags in (("Carla", ["wholesale"]), ("Diego", ["difficult"])):
        customer = await CustomerRow.create(inbox_id=inbox.id, name=name, phone="34600112233", tags=tags)
        talk = await ConversationRow.create(
            inbox_id=inbox.id, customer_id=customer.id, reply_kind=AddressKind.WA_ID, reply_value=name, language="es"
        )
        for minutes in (0, 5):
            said: dict[str, Any] = {"author": Author.CUSTOMER, "kind": "text", "text": "Hi"}
            said |= {"status": Delivery.RECEIVED, "said_at": NOW + timedelta(minutes=minutes)}
            await MessageRow.create(inbox_id=inbox.id, conversation_id=talk.id, **said)
        ids.append(talk.id)
    asked: dict[str, Any] = {"status": "closed", "trigger": "ai", "reason": "", "priority": "normal", "language": "es"}
    asked |= {"queued_at": NOW, "created_at": NOW}
    await EscalationRow.create(inbox_id=inbox.id, conversation_id=ids[0], **asked)
    return ids[0]


async def test_it_is_told_who_they_are_and_nothing_of_others():
    known = await customer_records.facts(await carla())
    assert known == CustomerFacts("Carla", NOW, 1, ("wholesale",), "es")
    assert "34600112233" not in str(known)


async def test_an_inbox_that_masks_numbers_tells_the_model_of_nobody():
    assert await customer_records.facts(await carla(masks=True)) == NOBODY
