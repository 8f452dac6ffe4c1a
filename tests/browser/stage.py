"""The page before a bot that only listens: the sandbox in a thread of its own, as Playwright keeps the test's loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from aiohttp import web

from integrations.sandbox.server import Sandbox, SandboxConfig
from tests.integrations.sandbox.conftest import Caller
from tests.integrations.sandbox.listening_bot import ListeningBot

Json = dict[str, Any]
Done = TypeVar("Done")


@dataclass(frozen=True, slots=True)
class Stage:
    sandbox: Sandbox
    bot: ListeningBot
    caller: Caller
    loop: asyncio.AbstractEventLoop

    def do(self, work: Coroutine[Any, Any, Done]) -> Done:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)

    def heard(self, kind: str) -> list[Json]:
        """What the bot was told of this kind, oldest first."""
        forms = [each.json for each in self.bot.heard if "form" in each.headers["Content-Type"]]
        return [told for told in forms if told["type"] == kind]

    def tells(self, action_id: str) -> Json:
        """Wait for the next press of this control."""

        def told() -> list[Json]:
            pressed = [action for each in self.heard("block_actions") for action in each["actions"]]
            return [action for action in pressed if action["action_id"] == action_id]

        async def wait() -> Json:
            found = (await self.sandbox.until(told))[-1]
            self.bot.heard.clear()
            return found

        return self.do(wait())

    def answers(self, answer: Json) -> None:
        """What the bot says to the next thing it hears."""

        async def put() -> None:
            self.bot.answers.append(web.json_response(answer))

        self.do(put())


@contextmanager
def staged() -> Generator[Stage]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    config = SandboxConfig()
    bot, sandbox = ListeningBot(config), Sandbox(config)

    def do(work: Coroutine[Any, Any, Done]) -> Done:
        return asyncio.run_coroutine_threadsafe(work, loop).result(30)

    do(bot.open())
    do(sandbox.__aenter__())
    sandbox.bot_url = bot.url
    calling = Caller.at(sandbox)
    try:
        yield Stage(sandbox, bot, do(calling.__aenter__()), loop)
    finally:
        do(calling.__aexit__(None, None, None))
        do(sandbox.__aexit__(None, None, None))
        do(bot.close())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
