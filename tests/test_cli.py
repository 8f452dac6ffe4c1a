"""The command as a person at a terminal meets it: what it says to a wrong setting, and how it starts and ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.settings import Settings
from tests.nursery import nursery

ROOT = Path(__file__).parent.parent
ENDS_WITHIN = 30.0  # the first start of a database takes seconds on a slow machine
STOPS_WITHIN = 12.0  # the drain's eight seconds, and some for the database
NOBODY = "http://127.0.0.1:9"  # a port where nothing listens
GIVEN = {
    "SLACK_BOT_TOKEN": "xoxb-given",
    "SLACK_SIGNING_SECRET": "signing",
    "SLACK_CHANNEL": "C0SUPPORT",
    "SLACK_API_URL": f"{NOBODY}/api/",
    "WHATSAPP_ACCESS_TOKEN": "access",
    "WHATSAPP_APP_SECRET": "app",
    "WHATSAPP_VERIFY_TOKEN": "verify",
    "WHATSAPP_PHONE_NUMBER_ID": "200000000000001",
    "WHATSAPP_API_URL": NOBODY,
    "OPENAI_BASE_URL": f"{NOBODY}/v1",
    "PORT": "0",
}


def environment(**given: str) -> dict[str, str]:
    """These settings and no others: a developer's own are not passed on."""
    ours = {name.upper() for name in Settings.model_fields} | {"SLACK_APP_TOKEN", "COLUMNS"}
    inherited = {name: value for name, value in os.environ.items() if name not in ours}
    return inherited | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"} | given


def switchboard(*words: str, cwd: Path, **given: str) -> subprocess.CompletedProcess[str]:
    """Run a command that ends by itself."""
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder) / "out", Path(folder) / "err"
        child = nursery().bear(words, environment(**given), err, out, cwd)
        return subprocess.CompletedProcess(words, child.join(ENDS_WITHIN), out.read_text(), err.read_text())


def refusal(cwd: Path, **given: str) -> str:
    """The one line with which `run` refuses these settings."""
    ended = switchboard("run", cwd=cwd, **(GIVEN | {"DATA_DIR": str(cwd / "data")} | given))
    assert ended.returncode == 2, ended.stderr
    lines = ended.stderr.splitlines()
    assert len(lines) == 1, ended.stderr
    return lines[0]


@contextmanager
def serving(cwd: Path, **given: str) -> Generator[subprocess.Popen[str]]:
    """A Switchboard that has said that it serves."""
    command = [sys.executable, "-m", "bot", "run"]
    env = environment(**(GIVEN | given))
    with subprocess.Popen(command, cwd=cwd, env=env, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        try:
            said: list[str] = []
            for line in process.stderr:
                said.append(line)
                if "switchboard.serving" in line:
                    break
            else:
                raise AssertionError(f"it never served: {said}")
            yield process
        finally:
            process.terminate()  # kill is the last resort: its database would outlive it
            try:
                process.wait(STOPS_WITHIN)
            except subprocess.TimeoutExpired:
                process.kill()


@contextmanager
def taken_port() -> Generator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield int(server.getsockname()[1])


# --- What it says -----------------------------------------------------------------------------------------------------


def test_help_lists_the_commands(tmp_path: Path) -> None:
    ended = switchboard("--help", cwd=tmp_path, COLUMNS="100")
    assert ended.returncode == 0
    for command in ("run", "demo", "migrate", "doctor"):
        assert command in ended.stdout


@pytest.mark.parametrize("command", ["run", "migrate", "doctor"])
def test_every_missing_setting_is_a_line_that_says_what_it_wants(tmp_path: Path, command: str) -> None:
    ended = switchboard(command, cwd=tmp_path)
    assert ended.returncode == 2
    required = [name.upper() for name, field in Settings.model_fields.items() if field.is_required()]
    required += ["SLACK_CHANNEL", "WHATSAPP_PHONE_NUMBER_ID"]  # as long as no switchboard.toml names inboxes
    lines = ended.stderr.splitlines()
    assert sorted(line.split(":")[0] for line in lines) == sorted([*required, "OPENAI_API_KEY"])
    assert [line for line in lines if "; it wants " not in line] == []


def test_a_setting_of_nothing_but_spaces_is_missing(tmp_path: Path) -> None:
    assert refusal(tmp_path, WHATSAPP_APP_SECRET="  ").startswith("WHATSAPP_APP_SECRET: missing; it wants ")


@pytest.mark.parametrize(
    "wrong",
    [
        {
            "REMINDER_LADDER": ("5 minutes", "write steps like 5m,15m"),
            "SLACK_API_URL": ("slack.com", "https://"),
            "SLACK_CHANNEL": (" ", "starts with C or G"),
            "SLACK_APP_TOKEN": ("xoxb-1", "starts with xapp-"),
            "WHATSAPP_API_URL": ("http://host:99999", "https://"),
            "WHATSAPP_API_VERSION": ("25", "like v25.0"),
            "WHATSAPP_ACCESS_TOKEN": ("EAAG…", "copy it again"),
            "OPENAI_BASE_URL": ("http://[::1", "https://"),
            "AGENT_DEBOUNCE_SECONDS": ("soon", "a number of seconds from 0 to 60"),
            "SEND_GRACE_SECONDS": ("-1", "a number of seconds from 0 to 3600"),
            "PORT": ("http", "a whole number from 0 to 65535"),
        },
        {
            "REMINDER_LADDER": ("15m,5m", "each step must be later"),
            "PORT": ("65536", "a whole number from 0 to 65535"),
        },
        {
            "HOST": ("192.0.2.1", "no address of this machine"),
            "AGENT_PROMPT": ("no-prompt.md", "no-prompt.md"),
            "AGENT_KNOWLEDGE": ("no-folder", "no-folder is not there"),
        },
        {"HOST": ("no.such.invalid", "no address of this machine")},
        {"DATABASE_URL": ("mysql://host/switchboard", "postgres://user:password@host:5432/database")},
        {"DATABASE_URL": ("postgres://127.0.0.1:9/switchboard", "no PostgreSQL answers at 127.0.0.1:9")},
        {"DATA_DIR": ("a-file", "a-file: it is no folder")},
    ],
)
def test_each_wrong_value_is_a_line_that_names_the_setting(tmp_path: Path, wrong: dict[str, tuple[str, str]]) -> None:
    (tmp_path / "a-file").write_text("")
    ended = switchboard("run", cwd=tmp_path, **(GIVEN | {name: value for name, (value, _) in wrong.items()}))
    assert ended.returncode == 2
    lines = {line.split(":")[0]: line for line in ended.stderr.splitlines()}
    assert len(lines) == len(ended.stderr.splitlines()) == len(wrong), ended.stderr
    assert {name: words for name, (_, words) in wrong.items() if words not in lines[name]} == {}


def test_a_prompt_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "prompt.md").write_bytes(b"\xff\xfe")
    assert refusal(tmp_path, AGENT_PROMPT="prompt.md").startswith("AGENT_PROMPT: ")


def test_the_database_password_is_not_repeated(tmp_path: Path) -> None:
    line = refusal(tmp_path, DATABASE_URL="postgres://ana:hidden/word@127.0.0.1/switchboard")
    assert line.startswith("DATABASE_URL: ")
    assert "hidden" not in line
    assert "word@" not in line.replace("password@", "")


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    with taken_port() as port:
        assert refusal(tmp_path, PORT=str(port)).startswith(f"PORT: {port} is in use")


def test_the_demo_s_port_in_use_is_named(tmp_path: Path) -> None:
    with taken_port() as port:
        ended = switchboard("demo", "--port", str(port), cwd=tmp_path)
    assert ended.returncode == 2
    assert ended.stderr.startswith(f"--port: {port} is in use")
    assert len(ended.stderr.splitlines()) == 1


def test_nothing_is_made_when_settings_are_refused(tmp_path: Path) -> None:
    refusal(tmp_path, AGENT_PROMPT="no-prompt.md")
    assert list(tmp_path.iterdir()) == []


def test_a_language_postgresql_does_not_know_is_refused_with_those_it_knows(used_dir: Path) -> None:
    line = refusal(used_dir, AGENT_KNOWLEDGE_LANGUAGE="klingon", DATA_DIR=".")
    assert line.startswith("AGENT_KNOWLEDGE_LANGUAGE: ")
    assert "spanish" in line


def test_an_env_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"SLACK_CHANNEL=\xff\n")
    assert refusal(tmp_path).startswith(".env: ")


# --- How it starts and ends -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_it_starts_without_its_peers_and_ends_well_when_told(data_dir: Path, ending: signal.Signals) -> None:
    """From a folder of its own, with a relative DATA_DIR: the database is made there."""
    with serving(data_dir, DATA_DIR="mine") as process:
        process.send_signal(ending)
        _, said = process.communicate(timeout=STOPS_WITHIN)
    assert process.returncode == 0
    assert "Traceback" not in said
    assert (data_dir / "mine" / "postgres").is_dir()


def test_a_second_one_on_the_same_port_is_told_and_the_first_goes_on(used_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    with serving(used_dir, DATA_DIR=".", PORT=port) as first:
        assert refusal(used_dir, PORT=port).startswith(f"PORT: {port} is in use")
        assert first.poll() is None


def test_migrate_says_that_the_database_is_up_to_date(data_dir: Path) -> None:
    ended = switchboard("migrate", cwd=data_dir, **GIVEN, DATA_DIR="mine")
    assert ended.returncode == 0, ended.stderr
    assert "up to date" in ended.stdout


def test_the_doctor_s_verdict_is_the_exit_status(tmp_path: Path) -> None:
    ended = switchboard("doctor", cwd=tmp_path, **GIVEN)
    assert ended.returncode == 1
    wrong = [line.split(":")[0] for line in ended.stdout.splitlines() if line.startswith("✗")]
    assert wrong == ["✗ Slack", "✗ WhatsApp", "✗ Model"]
    assert ended.stderr == ""
