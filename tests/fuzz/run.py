"""Posts mutated webhooks to a whole bot in this process, then asks whether it is still what it was."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp

from integrations.sandbox.server import Sandbox
from integrations.sandbox.signing import meta_signature, slack_signature
from storage.database import Credentials, connection
from tests.fuzz import seeds
from tests.fuzz.ear import HONEST, Ear, listening
from tests.fuzz.mutator import Json, Mutator
from tests.stories.town import ANA, CARLA, CHANNEL, DIEGO, MINA, Town, open_town

AT_ONCE = 16
SENDERS = 60
OF_SLACK = 0.15  # of the requests
Said = Callable[[str], None]


@dataclass(slots=True)
class Findings:
    """`answers` counts the statuses by service; everything else should stay empty."""

    answers: Counter[tuple[str, int]] = field(default_factory=Counter[tuple[str, int]])
    wrong: list[str] = field(default_factory=list[str])
    seconds: float = 0.0

    def count(self, service: str, status: int, body: bytes) -> None:
        self.answers[service, status] += 1
        if status >= 500 or status == 0 or (service == "whatsapp" and status not in (200, 413)):
            self.wrong.append(f"{service} answered {status} to {body[:2000]!r}")


async def fuzz(sandbox: Sandbox, credentials: Credentials, count: int, seed: int, say: Said = print) -> Findings:
    with listening() as ear:
        async with open_town(sandbox, credentials, agent_debounce_seconds=1.0 if count < 5000 else 10.0) as town:
            sandbox.whatsapp.auto_status = True
            card = await town.taken(CARLA)
            await town.escalation(MINA)
            await sandbox.whatsapp.say(DIEGO, "Hello?")
            mutator = Mutator(
                seed, [*seeds.whatsapp(sandbox.config.phone_number_id), *seeds.slack(CHANNEL, card.ts, ANA)]
            )
            findings = await _storm(town, mutator, count, seeds.slack(CHANNEL, card.ts, ANA), say)
            findings.wrong += await _still_works(town, ear, say, patience=60 + count / 20)
    findings.wrong += ear.complaints
    return findings


async def _storm(town: Town, mutator: Mutator, count: int, of_slack: list[Json], say: Said) -> Findings:
    findings, began = Findings(), time.monotonic()
    of_whatsapp = seeds.whatsapp(town.sandbox.config.phone_number_id)
    numbers = iter(range(count))

    async def post_some(session: aiohttp.ClientSession) -> None:
        for number in numbers:
            mutator.begin(number)
            if mutator.random.random() < OF_SLACK:
                body = mutator.body(_fresh(mutator.random.choice(of_slack), number))
                status = await _to_slack(town, session, body)
                findings.count("slack", status, body)
            else:
                body = mutator.body(_fresh(mutator.random.choice(of_whatsapp), number))
                findings.count("whatsapp", await _to_whatsapp(town, session, body), body)
            if number and number % 5000 == 0:
                say(f"{number} webhooks, {number / (time.monotonic() - began):.0f}/s, {len(findings.wrong)} wrong")

    async with _session() as session:
        await asyncio.gather(*(post_some(session) for _ in range(AT_ONCE)))
    findings.seconds = time.monotonic() - began
    return findings


def _fresh(seed: Json, number: int) -> Json:
    """The same once more, as another event and another message: what is known already is looked at no further."""
    sender = f"{number * 7 % SENDERS:03}"
    text = json.dumps(seed).replace("wamid.SEED", f"wamid.{number}.").replace('"Ev1"', f'"Ev{number}"')
    text = re.sub(r'("id": "wamid\.)(?!\d)', rf"\g<1>{number}.", text)  # of fixtures too; what is referred to stays
    text = text.replace("34600111222", f"34600111{sender}").replace("ES.1001", f"ES.1{sender}")
    return json.loads(text.replace("1790417100.0001", f"17904{number % 100000:05}.0001"))


async def _to_whatsapp(town: Town, session: aiohttp.ClientSession, body: bytes) -> int:
    signed = {"X-Hub-Signature-256": meta_signature(town.sandbox.config.whatsapp_app_secret, body)}
    return await _post(session, f"{town.bot_url}/whatsapp/webhook", body, signed)


async def _to_slack(town: Town, session: aiohttp.ClientSession, body: bytes) -> int:
    now = int(time.time())
    signature = slack_signature(town.sandbox.config.slack_signing_secret, now, body)
    signed = {"X-Slack-Request-Timestamp": str(now), "X-Slack-Signature": signature}
    return await _post(session, f"{town.bot_url}/slack/events", body, signed)


async def _post(session: aiohttp.ClientSession, url: str, body: bytes, signed: dict[str, str]) -> int:
    headers = {"Content-Type": "application/json", **signed}
    try:
        async with session.post(url, data=body, headers=headers) as answer:
            await answer.read()
            return answer.status
    except (aiohttp.ClientError, TimeoutError):
        return 0


@asynccontextmanager
async def _session() -> AsyncGenerator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as session:
        yield session


async def _still_works(town: Town, ear: Ear, say: Said, patience: float) -> list[str]:
    """Everything is worked off, nothing was given up, and a customer who says hello is answered."""
    wrong: list[str] = []
    began = time.monotonic()
    while (left := await _left()) and not ear.complaints and time.monotonic() - began < patience:  # noqa: ASYNC110
        await asyncio.sleep(min(2.0, sum(left.values()) / 1_000))  # counting a long queue takes the time it needs
    if left:
        wrong.append(f"not worked off after {time.monotonic() - began:.0f} s: {left}")
    say(f"worked off in {time.monotonic() - began:.1f} s")
    dead = await connection().execute_query_dict(
        "SELECT kind, last_error, payload FROM task WHERE dead AND kind <> $1", [HONEST]
    )
    wrong += [f"dead: {str(row)[:2000]}" for row in dead]
    before = len(town.on_phone(DIEGO))
    await town.sandbox.whatsapp.say(DIEGO, "How long may I return a tent?")
    try:
        await town.sandbox.until(lambda: len(town.on_phone(DIEGO)) > before)
    except TimeoutError:
        wrong.append("a normal message gets no answer any more")
    return wrong


async def _left() -> dict[str, int]:
    """What waits to be done soon, by kind; words for a number that has no inbox wait until it has one."""
    rows = await connection().execute_query_dict(
        "SELECT kind, count(*) AS n FROM task WHERE done_at IS NULL AND not_before < now() + interval '20 s' "
        "AND kind NOT IN ('slack.remind', 'whatsapp.unclaimed') GROUP BY kind"
    )
    return {str(row["kind"]): int(row["n"]) for row in rows}
