"""A short storm in every run of the tests: two bots on one database, killed again and again, lose nothing.

The model behaves: each way of misbehaving has a test of its own (tests/agent/test_mischief.py), and `make chaos
ARGS='--model wild'` is their storm.
"""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from tests.chaos import account
from tests.chaos.storm import Options, storm


async def test_nothing_is_lost_doubled_or_reordered_in_a_short_storm():
    options = Options(seed=7, kills=4, customers=4, staff=2, minutes=0.1, speed=1.5, life=2.0, database_every=8.0)
    result = await storm(options)
    told = StringIO()
    account.show(Console(file=told, width=140), result.verdict, result.ledger)
    assert result.verdict.holds, told.getvalue()
    assert result.kills > 0
    assert result.verdict.ways[0].got > 0, told.getvalue()
