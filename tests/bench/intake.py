"""Webhooks a second: Switchboard, which stores before it answers, beside servers that store nothing."""

from __future__ import annotations

import statistics
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from storage import database
from storage.database import Credentials
from tests.bench.figures import Row, per_second
from tests.bench.load import Plan, Report
from tests.bench.machine import Split
from tests.bench.processes import Server, generate, rival, switchboard

REFLEX, BARE, PYWA, DOOR, WHOLE = "reflex", "bare", "pywa", "door", "switchboard"
_STORED = "SELECT count(*) AS stored FROM task WHERE kind = 'whatsapp.message'"
MOST = 70_000  # requests made for one run


@dataclass(frozen=True, slots=True)
class Contest:
    """The reports of each server, one a round."""

    reports: dict[str, list[Report]]
    stored: dict[str, int]

    def rate(self, name: str) -> float:
        return statistics.median(each.rate for each in self.reports[name])

    def thrift(self, name: str) -> float:
        """Requests for each second of the server's own processor time: says the same on a machine that others use."""
        return statistics.median(each.answered / each.server for each in self.reports[name])

    @property
    def busiest(self) -> float:
        return max(each.busy for name, reports in self.reports.items() if name != REFLEX for each in reports)

    def spread(self, name: str) -> str:
        rates = sorted(each.rate for each in self.reports[name])
        spread = f"{per_second(self.rate(name))} ({rates[0]:,.0f} to {rates[-1]:,.0f})"
        return f"{spread}; {self.thrift(name):,.0f} per second of its processor time"

    def ratio(self, name: str, other: str) -> float:
        """The median of each round's ratio: what slows the machine for a while slows both."""
        pairs = zip(self.reports[name], self.reports[other], strict=True)
        return statistics.median(ours.rate / theirs.rate for ours, theirs in pairs)


async def measure(folder: Path, peers_url: str, cores: Split | None, rounds: int, seconds: float) -> list[Row]:
    async with _servers(folder, peers_url, cores) as servers:
        contest = await _hold(servers, rounds, seconds)
    return [
        Row("the load generator's own ceiling (a server that reads nothing)", contest.spread(REFLEX)),
        Row("    its share of a core in the rounds below, at most", f"{contest.busiest:.0%}"),
        Row("bare aiohttp + HMAC, storing nothing", contest.spread(BARE)),
        Row("pywa + FastAPI, signatures checked, storing nothing", contest.spread(PYWA)),
        *_ours(contest, DOOR, "Switchboard's door, durable, workers at rest"),
        *_ours(contest, WHOLE, "Switchboard whole, durable, workers busy with it"),
    ]


def _ours(contest: Contest, name: str, what: str) -> list[Row]:
    to_pywa, to_bare = contest.ratio(name, PYWA), contest.ratio(name, BARE)
    cpu_pywa, cpu_bare = (contest.thrift(name) / contest.thrift(other) for other in (PYWA, BARE))
    postgres = sum(each.database for each in contest.reports[name])
    answered = sum(each.answered for each in contest.reports[name])
    failed = sum(each.failed for each in contest.reports[name])
    stored = contest.stored[name]
    return [
        Row(what, contest.spread(name)),
        Row("    beside pywa (by processor time)", f"{to_pywa:.2f}× ({cpu_pywa:.2f}×)", "≥ 2×", to_pywa >= 2),
        Row(
            "    beside bare aiohttp (by processor time)", f"{to_bare:.2f}× ({cpu_bare:.2f}×)", "≥ 0.5×", to_bare >= 0.5
        ),
        Row("    PostgreSQL's processor time", f"{postgres / answered * 1e6:.0f} µs a webhook"),
        Row(
            "    answered 200, found in the database",
            f"{answered:,}, {stored:,} ({failed} refused)",
            "equal, 0",
            stored == answered and not failed,
        ),
    ]


async def _hold(servers: dict[str, Server], rounds: int, seconds: float) -> Contest:
    reports: dict[str, list[Report]] = {name: [] for name in servers}
    for round_number in range(rounds):
        for name, server in servers.items():
            server.resume()
            reports[name].append(await generate(_plan(server, f"{name}{round_number}", seconds)))
            server.pause()
    stored: dict[str, int] = {}
    for name in (DOOR, WHOLE):
        servers[name].resume()
        stored[name] = await _stored(servers[name])
    return Contest(reports, stored)


def _plan(server: Server, tag: str, seconds: float) -> Plan:
    return Plan(
        port=server.port,
        tag=tag,
        seconds=seconds,
        most=MOST,
        server=server.process.pid,
        database=server.database.pid if server.has_database else 0,
    )


@asynccontextmanager
async def _servers(folder: Path, peers_url: str, cores: Split | None) -> AsyncGenerator[dict[str, Server]]:
    """All at once, and all but the one whose turn it is paused: Switchboard has work left after its round."""
    async with AsyncExitStack() as stack:
        servers: dict[str, Server] = {}
        for name in (REFLEX, BARE, PYWA, DOOR):
            servers[name] = await stack.enter_async_context(rival(name, folder / name, cores))
        servers[WHOLE] = await stack.enter_async_context(switchboard(folder / WHOLE, peers_url, cores))
        for server in servers.values():
            server.pause()
        yield servers


async def _stored(server: Server) -> int:
    found = server.database
    credentials = Credentials(found.folder, found.port, "postgres", None, "postgres", None)
    async with database.connected(credentials, pool_size=1):
        rows = await database.connection().execute_query_dict(_STORED)
    return int(cast("int", rows[0]["stored"]))
