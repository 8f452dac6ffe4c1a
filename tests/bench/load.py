"""The load generator, a process of its own: signed webhooks over keep-alive connections, and what came back.

`python -m tests.bench.load '<Plan as JSON>'` prints a `Report` as JSON. Raw sockets, because an HTTP client library
costs more than the servers under test.
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
from collections import deque
from dataclasses import asdict, dataclass, field
from typing import cast

import orjson
import uvloop

from tests.bench import bodies
from tests.bench.machine import processor_seconds


@dataclass(frozen=True, slots=True)
class Plan:
    """`rate` 0 sends as fast as answers come, over all connections; else requests come at random at that rate."""

    port: int
    tag: str  # makes the wamids of this run different from all others
    seconds: float
    most: int  # requests made beforehand; the run ends early when they are used up
    connections: int = 64
    rate: float = 0.0
    customers: int = 1000
    server: int = 0  # process id of the server, whose processor time is read at the beginning and at the end
    database: int = 0  # and of its PostgreSQL


@dataclass(frozen=True, slots=True)
class Report:
    answered: int
    failed: int
    seconds: float
    busy: float  # the share of its time in which the generator itself was working
    latencies: list[float] = field(default_factory=list[float])
    server: float = 0.0  # seconds of processor time that the server spent on the run
    database: float = 0.0

    @property
    def rate(self) -> float:
        return self.answered / self.seconds


class Run:
    """One run: what is still to be sent, and what came back."""

    def __init__(self, plan: Plan, requests: deque[bytes]) -> None:
        self._plan = plan
        self._requests = requests
        self._over = asyncio.get_running_loop().create_future()
        self._idle: deque[Connection] = deque()
        self._waiting: deque[float] = deque()
        self._flying = 0
        self._begun = self._ended = 0.0
        self._all_due = False
        self._answered = self._failed = 0
        self._latencies: list[float] = []

    async def play(self) -> Report:
        await self._connect()
        spent, self._begun = _spent(self._plan), time.perf_counter()
        if self._plan.rate:
            await self._send_at_random()
        else:
            for connection in list(self._idle):
                self.next(connection)
        await asyncio.wait_for(self._over, self._plan.seconds + 30)
        seconds = self._ended - self._begun
        ours, server, database = (now - then for now, then in zip(_spent(self._plan), spent, strict=True))
        return Report(self._answered, self._failed, seconds, ours / seconds, self._latencies, server, database)

    def next(self, connection: Connection) -> None:
        """Give a free connection something to do, if the run goes on."""
        if self._plan.rate:
            self._idle.append(connection)
            self._fly_waiting()
        elif self._requests and time.perf_counter() - self._begun < self._plan.seconds:
            self._fly(connection, time.perf_counter())
        self._end_if_over()

    def landed(self, connection: Connection, ok: bool, since: float) -> None:
        self._ended = time.perf_counter()
        self._flying -= 1
        if ok:
            self._answered += 1
            self._latencies.append(self._ended - since)
        else:
            self._failed += 1
        self.next(connection)

    def lost(self) -> None:
        if not self._over.done():
            self._over.set_exception(ConnectionError("the server closed a connection"))

    async def _connect(self) -> None:
        loop = asyncio.get_running_loop()
        for _ in range(self._plan.connections):
            _, connection = await loop.create_connection(lambda: Connection(self), "127.0.0.1", self._plan.port)
            self._idle.append(connection)

    async def _send_at_random(self) -> None:
        """Arrivals do not wait for answers: time spent waiting for a free connection counts as latency."""
        chance, due = random.Random(1), self._begun
        while (due := due + chance.expovariate(self._plan.rate)) < self._begun + self._plan.seconds:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            self._waiting.append(due)
            self._fly_waiting()
        self._all_due = True
        self._end_if_over()  # the last answer may have come already, and then nobody else would notice

    def _end_if_over(self) -> None:
        if not self._flying and not self._waiting and not self._over.done() and self._is_late():
            self._over.set_result(None)

    def _fly_waiting(self) -> None:
        while self._waiting and self._idle and self._requests:
            self._fly(self._idle.popleft(), self._waiting.popleft())

    def _fly(self, connection: Connection, since: float) -> None:
        self._flying += 1
        connection.send(self._requests.popleft(), since)

    def _is_late(self) -> bool:
        if self._plan.rate:
            return self._all_due or not self._requests
        return not self._requests or time.perf_counter() - self._begun >= self._plan.seconds


class Connection(asyncio.Protocol):
    """One keep-alive connection with at most one request on its way."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._answer = b""
        self._since = 0.0
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is one in all but name

    def connection_lost(self, exc: Exception | None) -> None:
        self._run.lost()

    def send(self, request: bytes, since: float) -> None:
        assert self._transport
        self._since = since
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._answer += data
        head, separator, body = self._answer.partition(b"\r\n\r\n")
        if separator and len(body) >= _length(head):
            self._answer = b""
            self._run.landed(self, head.startswith(b"HTTP/1.1 200"), self._since)


def _spent(plan: Plan) -> tuple[float, float, float]:
    """Processor time so far: our own, the server's, its database's."""
    return time.process_time(), processor_seconds(plan.server), processor_seconds(plan.database)


def _length(head: bytes) -> int:
    _, found, rest = head.lower().partition(b"content-length:")
    return int(rest.partition(b"\r\n")[0]) if found else 0


def _request(plan: Plan, number: int) -> bytes:
    body = bodies.whatsapp(number % plan.customers, f"wamid.{plan.tag}.{number}", f"Where is my order {number}?")
    headers = bodies.whatsapp_headers(body) | {"Host": "127.0.0.1", "Content-Length": str(len(body))}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST /whatsapp/webhook HTTP/1.1\r\n{lines}\r\n".encode() + body


async def _play(plan: Plan) -> Report:
    requests = deque(_request(plan, number) for number in range(plan.most))
    return await Run(plan, requests).play()


def main() -> None:
    plan = Plan(**orjson.loads(sys.argv[1]))
    report = uvloop.run(_play(plan))
    sys.stdout.buffer.write(orjson.dumps(asdict(report)))


if __name__ == "__main__":
    main()
