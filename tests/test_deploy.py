"""What deploy/ names exists: settings, commands, paths, limits. Nothing of it can be started here."""

from __future__ import annotations

import configparser
import re
from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from typer.main import get_command

from bot.cli import STOPS_WITHIN_SECONDS
from bot.cli import app as command_line
from bot.listeners.edge import LARGEST_BODY
from bot.settings import Settings, load_settings

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
SETTINGS = {name.upper() for name in Settings.model_fields}
COMPOSE_ONLY = {"SWITCHBOARD_HOST", "POSTGRES_PASSWORD"}

DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yml").read_text())
CADDYFILE = (DEPLOY / "Caddyfile").read_text()
UNIT = configparser.ConfigParser(strict=False, interpolation=None)
UNIT.optionxform = str  # pyright: ignore[reportAttributeAccessIssue]  # systemd's names have capitals
UNIT.read(DEPLOY / "switchboard.service")


def commands() -> set[str]:
    return set(cast("Any", get_command(command_line)).commands)


def paths_of_the_doors(method: str) -> set[str]:
    sources = "".join(path.read_text() for path in (ROOT / "bot/listeners").glob("*.py"))
    return set(re.findall(rf'router\.add_{method}\("([^"]+)"', sources))


def seconds(duration: str) -> float:
    return float(duration.removesuffix("s"))


# --- The image --------------------------------------------------------------------------------------------------------


def test_the_image_is_made_of_what_there_is():
    copied = [
        word for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE) for word in line.split()[:-1]
    ]
    assert {"bot", "integrations", "storage", "constraints.txt"} <= set(copied)
    assert [each for each in copied if not (ROOT / each).exists()] == []
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
    assert sorted(copied) == sorted(line[1:] for line in ignored if line.startswith("!"))


def test_the_image_runs_a_command_that_exists_as_nobody_special():
    [command] = re.findall(r'^CMD \["(\w+)"\]$', DOCKERFILE, re.MULTILINE)
    assert command in commands()
    assert re.search(r"^USER (?!root|0$)\S+$", DOCKERFILE, re.MULTILINE)


def test_the_image_listens_where_its_health_is_asked():
    [environment] = re.findall(r"^ENV ((?:.+\\\n)*.+)$", DOCKERFILE, re.MULTILINE)
    given = dict(pair.split("=", 1) for pair in environment.replace("\\\n", " ").split())
    ours = {name: value for name, value in given.items() if name not in ("PATH", "PYTHONDONTWRITEBYTECODE")}
    assert ours.keys() <= SETTINGS
    assert ours["HOST"] == "0.0.0.0"
    assert re.findall(r"^EXPOSE (\d+)$", DOCKERFILE, re.MULTILINE) == [ours["PORT"]]
    [path] = re.findall(r"\['PORT'\] \+ '([^']+)'", DOCKERFILE)
    assert path in paths_of_the_doors("get")


# --- Compose ----------------------------------------------------------------------------------------------------------


def test_two_replicas_share_one_postgresql():
    services = COMPOSE["services"]
    bot, database = services["switchboard"], services["postgres"]
    assert bot["deploy"]["replicas"] == 2
    url = bot["environment"]["DATABASE_URL"]
    parts = re.fullmatch(r"postgres://(\w+):\$\{POSTGRES_PASSWORD[^}]*\}@(\w+):5432/(\w+)", url)
    assert parts
    given = database["environment"]
    assert parts.groups() == (given["POSTGRES_USER"], "postgres", given["POSTGRES_DB"])
    assert (DEPLOY / bot["build"]["context"] / bot["build"]["dockerfile"]).is_file()


def test_nothing_is_killed_before_it_could_stop():
    assert seconds(COMPOSE["services"]["switchboard"]["stop_grace_period"]) > STOPS_WITHIN_SECONDS
    assert float(UNIT["Service"]["TimeoutStopSec"]) > STOPS_WITHIN_SECONDS


def test_every_variable_compose_wants_is_in_the_example():
    wanted = set(re.findall(r"\$\{(\w+)", (DEPLOY / "compose.yml").read_text()))
    assert wanted == COMPOSE_ONLY
    assert wanted <= example().keys()


def test_the_proxy_opens_what_the_services_call_and_nothing_else():
    [paths] = re.findall(r"^\s*@doors path (.+)$", CADDYFILE, re.MULTILINE)
    assert set(paths.split()) == paths_of_the_doors("post")
    [limit] = re.findall(r"max_size (\d+)MiB", CADDYFILE)
    assert int(limit) * 2**20 == LARGEST_BODY
    [(service, port)] = re.findall(r"dynamic a (\w+) (\d+)", CADDYFILE)
    assert service in COMPOSE["services"]
    assert f"EXPOSE {port}\n" in DOCKERFILE
    assert set(re.findall(r"\{\$(\w+)\}", CADDYFILE)) == set(COMPOSE["services"]["caddy"]["environment"])


# --- Settings ---------------------------------------------------------------------------------------------------------


def example() -> dict[str, str]:
    lines = (DEPLOY / "env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_the_example_names_what_is_required_and_nothing_unknown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    assert example().keys() <= SETTINGS | COMPOSE_ONLY
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("".join(f"{name}={value or 'filled-in'}\n" for name, value in example().items()))
    assert load_settings().openai_api_key.get_secret_value() == "filled-in"


# --- systemd ----------------------------------------------------------------------------------------------------------


def test_the_unit_starts_a_command_that_exists_and_always_starts_it_again():
    service = UNIT["Service"]
    program, command = service["ExecStart"].split()
    assert program.endswith("/.venv/bin/switchboard")
    assert command in commands()
    assert service["Restart"] == "always"
    assert service["User"] not in ("", "root")


def test_the_unit_keeps_its_data_where_it_may_write():
    service = UNIT["Service"]
    name, folder = service["Environment"].split("=")
    assert name in SETTINGS
    assert folder == f"/var/lib/{service['StateDirectory']}" == service["WorkingDirectory"]
    assert service["ProtectSystem"] == "strict"
