"""`make chaos`: a storm of kills and faults over a busy desk, then a comparison of what was said with what arrived."""

from __future__ import annotations

import argparse
import secrets
import sys
from pathlib import Path

import uvloop
from rich.console import Console

from tests.chaos import account
from tests.chaos.storm import NeverQuietError, Options, storm


def _options() -> Options:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6), help="to have the same luck again")
    parser.add_argument("--kills", type=int, default=200, help="how many bots are killed with -9; none: only the rest")
    parser.add_argument("--customers", type=int, default=12)
    parser.add_argument("--staff", type=int, default=4)
    parser.add_argument("--replicas", type=int, default=2, help="bots on one database")
    parser.add_argument("--life", type=float, default=3.0, help="seconds that a bot serves before it is killed")
    parser.add_argument("--database-every", type=float, default=25.0, help="seconds between losses of the database")
    parser.add_argument("--minutes", type=float, default=20.0, help="the storm is over by then, whatever happened")
    parser.add_argument("--quiet-within", type=float, default=240.0, help="seconds to heal in, after the storm")
    parser.add_argument("--keep", type=Path, help="a folder for the bots' logs")
    parser.add_argument("--speed", type=float, default=1.0, help="how many times faster than usual people are")
    parser.add_argument("--model", choices=("tame", "wild"), default="tame", help="wild: it misbehaves in every way")
    given = parser.parse_args()
    return Options(
        seed=given.seed,
        kills=given.kills,
        customers=given.customers,
        staff=given.staff,
        minutes=given.minutes,
        replicas=given.replicas,
        speed=given.speed,
        life=given.life,
        database_every=given.database_every,
        quiet_within=given.quiet_within,
        logs=given.keep,
        wild=given.model == "wild",
    )


def main() -> None:
    options = _options()
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 140)
    console.print(f"{options}")
    try:
        result = uvloop.run(storm(options))
    except NeverQuietError as error:
        console.print(f"[red]Never quiet[/red]: {error}. Again with --seed {options.seed}")
        sys.exit(1)
    console.print(
        f"{result.kills} kills in {result.storm_seconds:.0f} s; all was quiet {result.healed_in:.0f} s after the storm"
    )
    account.show(console, result.verdict, result.ledger)
    if not result.verdict.holds:
        console.print(f"[red]{len(result.verdict.violations)} promises broken.[/red] Again with --seed {options.seed}")
        sys.exit(1)
    console.print(f"All promises held (seed {options.seed}).")


if __name__ == "__main__":
    main()
