"""What whoever runs Switchboard relies on: it bears a database that goes away, stops in time, and says what it does."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import psutil
import pytest

from integrations.sandbox.faults import Fault
from integrations.sandbox.people import Customer, SlackUser
from integrations.sandbox.reply import Reply
from integrations.sandbox.server import Sandbox
from tests.processes import BotProcess, OwnPostgres, environment, free_port
from tests.stories.town import ANA, CARLA, DIEGO, MINA, Town

ANSWER = "The one answer."
README = (Path(__file__).parents[2] / "README.md").read_text()
GONE_WITHIN = 10.0  # Docker and systemd are set to wait no longer
PRICES = {"OPENAI_PROMPT_PRICE": "2", "OPENAI_COMPLETION_PRICE": "8"}
ANSWERED_WITHIN = 2.0  # Slack waits three seconds


@pytest.fixture
def server(used_dir: Path) -> OwnPostgres:
    return OwnPostgres(used_dir)


@pytest.fixture
async def bot(sandbox: Sandbox, server: OwnPostgres, tmp_path: Path) -> AsyncGenerator[BotProcess]:
    """A bot on a PostgreSQL that it does not own, with its log in `tmp_path`."""
    env = environment(sandbox, free_port(), tmp_path, DATABASE_URL=server.url, REMINDER_LADDER="2s,1h", **PRICES)
    process = BotProcess(env, tmp_path / "log")
    await process.start()
    sandbox.bot_url = process.url
    yield process
    await process.kill()


@pytest.fixture
def told(sandbox: Sandbox, bot: BotProcess) -> Town:
    return Town(sandbox, bot.url)


async def get(url: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return answer.status, await answer.text()


# --- The database goes away -------------------------------------------------------------------------------------------


async def test_a_database_that_goes_away_and_comes_back_costs_nothing(told: Town, bot: BotProcess, server: OwnPostgres):
    """A turn is in flight, a reminder falls due and customers write meanwhile; nothing is lost, doubled or stuck."""
    told.sandbox.openai.script(lambda _request: Reply(text=ANSWER))
    card = await told.escalation(MINA)
    told.sandbox.openai.hold()
    await told.sandbox.whatsapp.say(CARLA, "Question")
    await told.sandbox.until(lambda: told.sandbox.openai.waiting)

    await server.stop()
    begun = time.monotonic()
    assert await told.sandbox.whatsapp.deliver(told.sandbox.whatsapp.writes(DIEGO, "Lost?")[1]) == 503
    assert (await get(f"{bot.url}/readyz"))[0] == 503
    assert time.monotonic() - begun < ANSWERED_WITHIN
    assert (await get(f"{bot.url}/healthz"))[0] == 200
    assert "switchboard_database_up 0.0" in (await get(f"{bot.url}/metrics"))[1]
    told.sandbox.whatsapp.say_patiently(DIEGO, "Question")
    told.sandbox.openai.release()

    await server.start()
    await told.hears(DIEGO, ANSWER)
    await told.sandbox.until(lambda: told.on_phone(CARLA) == [ANSWER], within=20)
    await told.sandbox.until(lambda: "waiting" in told.thread_text(card).lower(), within=20)
    await told.press(ANA, card, "take")
    await told.shows(card, f"<@{ANA}>")
    assert told.on_phone(DIEGO).count(ANSWER) == 1
    assert (await get(f"{bot.url}/readyz"))[0] == 200


async def test_a_crash_of_the_database_in_the_middle_of_a_burst_loses_no_message(
    told: Town, bot: BotProcess, server: OwnPostgres
):
    card = await told.taken()
    for number in range(20):
        await told.sandbox.whatsapp.say(CARLA, f"Line {number}.")
    await server.crash()
    for number in range(20, 25):
        told.sandbox.whatsapp.say_patiently(DIEGO, f"Line {number}.")
    await server.start()
    await told.sandbox.until(lambda: "Line 19." in told.thread_text(card), within=40)
    shown = [int(number) for number in re.findall(r"Line (\d+)\.", told.thread_text(card))]
    assert shown == list(range(20))
    await told.sandbox.until(lambda: told.on_phone(DIEGO))


# --- It stops ---------------------------------------------------------------------------------------------------------


async def test_it_stops_in_time_though_everything_hangs_and_nothing_is_lost(told: Town, bot: BotProcess):
    """A model that thinks, a send without an answer, a caller who never finishes: each done once after the restart."""
    told.sandbox.openai.script(lambda _request: Reply(text=ANSWER))
    card = await told.taken(MINA)
    told.sandbox.openai.hold()
    await told.sandbox.whatsapp.say(CARLA, "Question")
    await told.sandbox.until(lambda: told.sandbox.openai.waiting)
    told.sandbox.whatsapp.faults.add(Fault(method="send", hang=True))
    await told.reply(ANA, card, "From Ana")
    await told.sandbox.until(lambda: told.sandbox.whatsapp.faults.hanging)
    _, caller = await asyncio.open_connection("127.0.0.1", int(bot.url.rsplit(":", 1)[1]))
    caller.write(b"POST /whatsapp/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{")
    await caller.drain()

    async with asyncio.timeout(GONE_WITHIN):
        assert await bot.stop() == 0
    caller.close()
    told.sandbox.whatsapp.faults.release()
    told.sandbox.openai.release()
    await bot.start()
    await told.hears(CARLA, ANSWER)
    await told.reply(ANA, card, "Still there?")
    await told.hears(MINA, "Still there?")
    assert told.on_phone(CARLA) == [ANSWER]
    assert told.on_phone(MINA)[-2:] == ["From Ana", "Still there?"]


# --- Its memory -------------------------------------------------------------------------------------------------------


async def test_bodies_that_are_too_large_leave_no_trace_in_memory(bot: BotProcess):
    """Fifty of six megabytes, ten at a time, without a length: 300 MB that must never pile up."""

    async def six_megabytes() -> AsyncIterator[bytes]:
        for _ in range(96):
            yield b"x" * 2**16

    async def post(session: aiohttp.ClientSession) -> int:
        async with session.post(f"{bot.url}/whatsapp/webhook", data=six_megabytes()) as answer:
            return answer.status

    async with aiohttp.ClientSession() as session:
        assert await asyncio.gather(*(post(session) for _ in range(10))) == [413] * 10
        before = psutil.Process(bot.pid).memory_info().rss
        for _ in range(5):
            assert await asyncio.gather(*(post(session) for _ in range(10))) == [413] * 10
    assert psutil.Process(bot.pid).memory_info().rss - before < 40 * 2**20


# --- What it says -----------------------------------------------------------------------------------------------------


async def a_day(town: Town) -> list[str]:
    """A story with most kinds of things in it; returns what people said."""
    said = ["Where is my parcel, please?", "Zebra-striped tent poles are bent", "Kindly look at order 4711-A"]
    replies = ["Quagga colours are on their way", "note: she seems upset about the giraffe"]
    await town.sandbox.whatsapp.say(CARLA, said[0])
    await town.sandbox.until(lambda: town.on_phone(CARLA))
    card = await town.taken()
    await town.sandbox.whatsapp.say(CARLA, said[1])
    for reply in replies:
        await town.reply(ANA, card, reply)
    await town.hears(CARLA, replies[0])
    town.sandbox.whatsapp.faults.add(Fault(method="send", code=131026))
    await town.reply(ANA, card, said[2])
    await town.sandbox.until(lambda: "Not delivered" in town.thread_text(card))
    await town.press(ANA, card, "return_to_bot")
    await town.shows(card, "Resolved")
    town.sandbox.openai.broken = True
    await town.sandbox.whatsapp.say(DIEGO, said[2])
    await town.sandbox.until(lambda: len(town.cards()) == 2 and town.on_phone(DIEGO), within=20)
    return [*said, *replies, *town.on_phone(CARLA), *town.on_phone(DIEGO)]


def secrets_of(sandbox: Sandbox) -> list[str]:
    config = sandbox.config
    return [
        config.slack_bot_token,
        config.slack_signing_secret,
        config.whatsapp_access_token,
        config.whatsapp_app_secret,
        config.whatsapp_verify_token,
    ]


def names_of(person: Customer | SlackUser) -> list[str]:
    addresses = (person.wa_id, person.phone, person.bsuid) if isinstance(person, Customer) else ()
    return [each for each in (person.name, *addresses) if each]


async def test_a_day_leaves_its_figures_and_a_log_without_a_word_a_number_or_a_secret(
    told: Town, bot: BotProcess, server: OwnPostgres, tmp_path: Path
):
    words = await a_day(told)
    models = json.loads((await get(f"{bot.url}/readyz"))[1])["models"]
    assert models["sandbox-support-agent"] in ("closed", "half-open", "open")
    check_figures((await get(f"{bot.url}/metrics"))[1])
    await server.stop()
    await told.sandbox.whatsapp.deliver(told.sandbox.whatsapp.writes(CARLA, words[0])[1])
    await server.start()
    await told.sandbox.whatsapp.insist(told.sandbox.whatsapp.writes(CARLA, words[1])[1])
    assert await bot.stop() == 0
    log = (tmp_path / "log").read_text()
    check_log([json.loads(line) for line in log.splitlines()])
    people = [told.sandbox.whatsapp.phones.of(each).customer for each in (CARLA, DIEGO, MINA)]
    names = [name for person in (*people, *told.sandbox.slack.workspace.users.values()) for name in names_of(person)]
    private = [*words, *secrets_of(told.sandbox), *names, server.url]
    assert [each for each in private if each != "Switchboard" and each in log] == []


def check_log(lines: list[dict[str, Any]]) -> None:
    """Each line tells when and how grave; what a task did can be found by its conversation."""
    assert [line for line in lines if not {"event", "level", "timestamp"} <= line.keys()] == []
    done = {line["kind"]: line for line in lines if line["event"] == "task.done"}
    assert {"task", "kind", "lane", "conversation", "message"} <= done["whatsapp.send"].keys()
    assert {"task", "kind", "lane", "conversation"} <= done["whatsapp.message"].keys()
    assert {"task", "kind", "lane", "escalation"} <= done["slack.mirror"].keys()
    assert "request.database_away" in {line["event"] for line in lines}
    assert [line for line in lines if str(line.get("logger")).startswith("slack")] == []


def check_figures(text: str) -> None:
    """Every metric that the README names is there and no other, and some that a day leaves."""
    families = set(re.findall(r"^# TYPE (switchboard_\w+) (?:counter|gauge|histogram)$", text, re.MULTILINE))
    families -= {each for each in families if each.endswith("_created")}
    section = README.split("\n### Metrics\n", 1)[1].split("\n#", 1)[0]
    assert set(re.findall(r"^\| `(switchboard_\w+)", section, re.MULTILINE)) == families

    def value(name: str, **labels: str) -> float:
        shown = ",".join(f'{label}="{wanted}"' for label, wanted in sorted(labels.items()))
        found = re.search(rf"^{name}(?:\{{{shown}\}})? (\S+)$", text, re.MULTILINE)
        assert found, (name, labels)
        return float(found[1])

    assert value("switchboard_requests_total", path="/whatsapp/webhook", status="200") > 3
    assert value("switchboard_tasks_total", kind="whatsapp.send", outcome="done") > 1
    assert value("switchboard_escalations", inbox="1", status="open") == 0
    assert value("switchboard_escalations", inbox="1", status="queued") >= 1
    assert value("switchboard_queue_seconds", inbox="1") > 0
    assert value("switchboard_relay_seconds_count", direction="customer_to_slack") >= 1
    assert value("switchboard_relay_seconds_count", direction="staff_to_whatsapp") == 1
    assert value("switchboard_relay_seconds_count", direction="bot_to_whatsapp") >= 1
    assert 0 < value("switchboard_relay_seconds_sum", direction="staff_to_whatsapp") < 10
    assert value("switchboard_failures_total", service="whatsapp", **{"class": "recipient"}) == 1
    assert value("switchboard_failures_total", service="openai", **{"class": "transient"}) >= 1
    answers = {"inbox": "1", "purpose": "answer"}
    read, written = (value("switchboard_model_tokens_total", direction=each, **answers) for each in ("read", "written"))
    assert read > written > 0
    assert value("switchboard_model_cost_total", **answers) == pytest.approx((read * 2 + written * 8) / 1_000_000)
    assert value("switchboard_model_seconds_count", outcome="completed", **answers) >= 1
    assert value("switchboard_model_seconds_count", outcome="failed", **answers) >= 1
    assert value("switchboard_model_left_alone", model="sandbox-support-agent") in (0, 0.5, 1)  # it has failed at last
    assert value("switchboard_tasks_waiting", kind="whatsapp.kept", crew="desk") == 0
    assert value("switchboard_database_up") == value("switchboard_workers_up") == 1
