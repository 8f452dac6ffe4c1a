"""The demo as a stranger starts it, and a real browser to look at it with."""

from __future__ import annotations

import os
import queue
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.processes import copied

ROOT = Path(__file__).parents[2]
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
)
NO_CHROMIUM = f"no Chromium found (looked for {', '.join(CHROMIUM_NAMES)}): the demo page was NOT tested in a browser"
START_WITHIN = 120.0  # the first start makes the database
STOP_WITHIN = 30.0
WAIT_WITHIN = 20_000.0  # milliseconds, for whatever should appear on the page
# A developer's own settings would point the demo at their model or their database.
NOT_PASSED_ON = ("OPENAI_", "SLACK_", "WHATSAPP_", "DATABASE_URL", "AGENT_", "DATA_DIR", "HOST", "PORT")

missing = pytest.StashKey[str]()


@pytest.fixture(scope="session")
def chromium(pytestconfig: pytest.Config) -> str:
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if found:
        return found
    if os.environ.get("SWITCHBOARD_REQUIRE_BROWSER") == "1":
        pytest.fail(NO_CHROMIUM)
    pytestconfig.stash[missing] = NO_CHROMIUM
    pytest.skip(NO_CHROMIUM)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if words := config.stash.get(missing, None):
        terminalreporter.write_line(f"WARNING: {words}", yellow=True, bold=True)


@pytest.fixture(scope="session")
def artefacts() -> Path:
    """Where the screenshots are kept."""
    folder = Path(os.environ.get("SWITCHBOARD_ARTEFACTS") or ROOT / "artefacts")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def demo(
    chromium: str, tmp_path_factory: pytest.TempPathFactory, founded_dir: Path, request: pytest.FixtureRequest
) -> Iterator[str]:
    """The address of a demo, started as `make demo` starts it: one a module, for its start is slow and people are many.

    Without a browser it is not started. Only the story's begins without a database, as a stranger's does.
    """
    assert chromium
    folder = tmp_path_factory.mktemp("demo")
    if request.path.stem != "test_story":
        copied(founded_dir, folder / "data")
    with _running(folder) as address:
        yield address


@contextmanager
def _running(folder: Path) -> Generator[str]:
    command = [sys.executable, "-m", "bot", "demo", "--port", "0", "--data-dir", str(folder / "data")]
    env = {name: value for name, value in os.environ.items() if not name.startswith(NOT_PASSED_ON)}
    log = folder / "demo.log"
    with (
        log.open("wb") as errors,
        subprocess.Popen(
            command, cwd=ROOT, env=env | {"PYTHONUNBUFFERED": "1"}, stdout=subprocess.PIPE, stderr=errors, text=True
        ) as process,
    ):
        assert process.stdout
        try:
            yield _address(process.stdout, log)
        finally:
            process.terminate()
            try:
                process.wait(STOP_WITHIN)
            except subprocess.TimeoutExpired:
                process.kill()


def _address(output: IO[str], log: Path) -> str:
    """The first http address the demo prints; the rest of its output is read too, lest its pipe fill up."""
    lines: queue.Queue[str] = queue.Queue()

    def read() -> None:
        for line in output:
            lines.put(line)
        lines.put("")

    threading.Thread(target=read, daemon=True).start()
    said = ""
    try:
        while line := lines.get(timeout=START_WITHIN):
            said += line
            if found := re.search(r"https?://[\w.:\[\]-]+", line):
                return found.group()
    except queue.Empty:
        said += f"(then nothing for {START_WITHIN:g} s)"
    raise AssertionError(f"the demo printed no address:\n{said}\n{log.read_text(errors='replace')[-4000:]}")


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """One a module: Playwright keeps an event loop running meanwhile, and asynchronous tests bring their own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM_FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce", locale="en-GB")
    context.set_default_timeout(WAIT_WITHIN)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, demo: str) -> Iterator[Page]:
    """The demo page, freshly opened."""
    with opened(context, demo) as page:
        yield page


@contextmanager
def opened(context: BrowserContext, address: str) -> Generator[Page]:
    """A page whose scripts make no mistake, or the test fails."""
    page = context.new_page()
    mistakes: list[str] = []
    page.on("pageerror", lambda error: mistakes.append(str(error)))
    page.goto(address)
    yield page
    assert mistakes == []


Shot = Callable[[Page, str], None]


@pytest.fixture
def shot(artefacts: Path) -> Shot:
    """Keep a picture of what the page shows."""

    def take(page: Page, name: str) -> None:
        page.screenshot(path=artefacts / f"{name}.png")

    return take
