"""What staff want to be told is kept beside who they are."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.domain.people import StaffMember
from bot.domain.preferences import Extent, Member, Preferences, Topic
from storage import inboxes, preferences, staff
from storage.database import Credentials
from tests.stories.town import ANA, BEN, CHANNEL

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ALL_CUSTOMERS = Preferences().with_extent(Topic.CUSTOMER, Extent.ALL)


@pytest.fixture
async def inbox_id(database: Credentials) -> int:
    return (await inboxes.settle("200000000000001", "Aurora", CHANNEL, masks_numbers=False)).id


async def test_what_slack_tells_of_somebody_leaves_alone_what_they_chose(inbox_id: int):
    await preferences.save(inbox_id, ANA, ALL_CUSTOMERS)
    await staff.set_away(inbox_id, ANA, NOW)
    await staff.describe(inbox_id, StaffMember(ANA, "Ana", time_zone="Europe/Madrid"), NOW)
    assert await preferences.of(ANA) == Member(ANA, ALL_CUSTOMERS, "Europe/Madrid", is_away=True)
    await staff.set_away(inbox_id, ANA, None)
    assert not (await preferences.of(ANA)).is_away
    assert await preferences.of(BEN) == Member(BEN)


async def test_whose_it_is_and_who_wants_to_be_told_of_everybodys(inbox_id: int):
    await preferences.save(inbox_id, ANA, ALL_CUSTOMERS)
    await preferences.save(inbox_id, "U0GUEST", ALL_CUSTOMERS)
    await staff.describe(inbox_id, StaffMember("U0GUEST", "Guest", is_guest=True), NOW)
    found = await preferences.concerned(Topic.CUSTOMER, {BEN})
    assert {each.id for each in found} == {ANA, BEN}
    assert await preferences.concerned(Topic.NEW, ()) == []
