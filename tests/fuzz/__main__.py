"""`make fuzz`: many mutated webhooks against a whole bot and its embedded PostgreSQL."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import uvloop
from rich.console import Console

from integrations.sandbox.server import Sandbox
from storage import database, embedded
from storage.database import Credentials
from tests.fuzz.run import Findings, fuzz

_SHOWN = 20


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="to have the same webhooks again")
    parser.add_argument("--count", type=int, default=100_000)
    given = parser.parse_args()
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 140)
    with tempfile.TemporaryDirectory(prefix="switchboard-fuzz-", ignore_cleanup_errors=True) as folder:
        credentials = Credentials.from_url(embedded.start(Path(folder)))
        findings = uvloop.run(_run(credentials, given.count, given.seed, console))
    answers = ", ".join(f"{service} {status}: {n}" for (service, status), n in sorted(findings.answers.items()))
    console.print(f"{given.count} webhooks in {findings.seconds:.0f} s. {answers}")
    for each in findings.wrong[:_SHOWN]:
        console.print(each, markup=False)
    if findings.wrong:
        console.print(f"{len(findings.wrong)} things went wrong. Again with --seed {given.seed}")
        sys.exit(1)
    console.print("Nothing broke: no 5xx, no exception, no dead task, and a customer still gets an answer.")


async def _run(credentials: Credentials, count: int, seed: int, console: Console) -> Findings:
    await database.migrate(credentials)
    async with Sandbox() as sandbox:
        return await fuzz(sandbox, credentials, count, seed, console.print)


if __name__ == "__main__":
    main()
