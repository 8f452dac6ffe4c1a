"""`make bench`: measures Switchboard beside its rivals on this machine and prints a table. Takes a few minutes."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import uvloop
from rich.console import Console
from rich.table import Table

from tests.bench import growth, intake, machine, relay, replicas, startup, steady
from tests.bench.desk import desk
from tests.bench.figures import Row
from tests.bench.machine import Split
from tests.bench.peers import Peers, peers
from tests.bench.processes import DidNotStartError, rival, switchboard
from tests.bench.retrieval import measure as retrieval


@dataclass(frozen=True, slots=True)
class Options:
    rounds: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Bench:
    """Where a measurement happens."""

    folder: Path
    peers: Peers
    cores: Split | None
    options: Options

    async def startup(self) -> list[Row]:
        return await startup.measure(self.folder / "startup", self.peers.url)

    async def intake(self) -> list[Row]:
        options = self.options
        return await intake.measure(self.folder, self.peers.url, self.cores, options.rounds, options.seconds / 8)

    async def relay(self) -> list[Row]:
        async with (
            rival("bare", self.folder / "bare", self.cores) as bare,
            switchboard(self.folder / "relay", self.peers.url, self.cores) as bot,
            desk(bot, self.peers, "relay") as ours,
        ):
            return await relay.measure(ours, bare, self.options.seconds * 2) + await relay.measure_ai(
                ours, self.options.seconds
            )

    async def steady(self) -> list[Row]:
        async with (
            rival("bare", self.folder / "bare", self.cores) as bare,
            switchboard(self.folder / "steady", self.peers.url, self.cores) as bot,
            desk(bot, self.peers, "steady") as ours,
        ):
            return await steady.measure(ours, bare, self.options.seconds)

    async def replicas(self) -> list[Row]:
        return await replicas.measure(self.folder / "replicas", self.peers, self.cores)

    async def growth(self) -> list[Row]:
        return await growth.measure(self.folder / "growth")

    async def retrieval(self) -> list[Row]:
        return await retrieval.measure(self.folder / "retrieval")


MEASUREMENTS: dict[str, tuple[str, Callable[[Bench], Awaitable[list[Row]]]]] = {
    "startup": ("Starting", Bench.startup),
    "intake": ("Webhook intake, one process on one core", Bench.intake),
    "relay": ("Relay, idle: 5 messages a second each way, peers without latency", Bench.relay),
    "steady": ("200 messages a second", Bench.steady),
    "replicas": ("Two replicas on one PostgreSQL, bursts both ways, all cores shared", Bench.replicas),
    "retrieval": ("Finding what customers ask for: 80 questions in eight languages, 22 files", Bench.retrieval),
    "growth": ("Growth: a thousand messages, a million", Bench.growth),
}


async def _measure(names: list[str], options: Options, console: Console) -> None:
    cores = machine.split()
    if cores:
        machine.pin(os.getpid(), cores.others)
    table = Table("what", "measured", "goal", "", title="Switchboard, measured", title_justify="left")
    async with peers() as known:
        with tempfile.TemporaryDirectory(prefix="switchboard-bench-") as folder:
            bench = Bench(Path(folder), known, cores, options)
            for name in names:
                title, measurement = MEASUREMENTS[name]
                console.print(f"Measuring: {title} …", style="dim")
                _add(table, title, await measurement(bench))
    console.print(table)


def _add(table: Table, title: str, rows: list[Row]) -> None:
    table.add_section()
    table.add_row(f"[bold]{title}[/bold]")
    for row in rows:
        verdict = "" if row.holds is None else "holds" if row.holds else "[bold red]MISSED[/bold red]"
        table.add_row(row.what, row.measured, row.goal, verdict)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="what", help=f"any of {', '.join(MEASUREMENTS)}; all by default")
    parser.add_argument("--rounds", type=int, default=4, help="how often each server's intake is measured")
    parser.add_argument("--seconds", type=float, default=16.0, help="how long a measurement lasts, more or less")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(MEASUREMENTS):
        parser.error(f"no such measurement: {', '.join(sorted(unknown))}")
    return arguments


def main() -> None:
    arguments = _arguments()
    # Wide enough for the table where the output is a file.
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 140)
    began = time.monotonic()
    console.print(machine.facts())
    try:
        uvloop.run(
            _measure(arguments.names or list(MEASUREMENTS), Options(arguments.rounds, arguments.seconds), console)
        )
    except DidNotStartError as error:
        console.print(f"A process did not start:\n{error}", markup=False)
        sys.exit(1)
    console.print(f"{machine.facts()}; took {time.monotonic() - began:.0f} s", style="dim")


if __name__ == "__main__":
    main()
