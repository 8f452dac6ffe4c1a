"""What the documents say is so: settings, states, signs, commands and exact versions."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bot.blocks.escalation_card import STATE_EMOJI
from bot.blocks.marks import MARKS
from bot.domain import escalation
from bot.domain.escalation import Status
from bot.domain.replies import is_note
from bot.settings import Settings, load_settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
PINNED = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if not line.startswith("#")]

Row = tuple[str, str, str]


def table(heading: str) -> list[list[str]]:
    """The first table after a heading of the README, without its head."""
    section = README.split(f"# {heading}\n", 1)[1]
    lines = section[section.index("\n|") :].split("\n\n", 1)[0].strip().splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def rows_of_the_code() -> set[Row]:
    """The state table as the module that decides states it."""
    lines = [line.split("|") for line in (escalation.__doc__ or "").splitlines() if line.count("|") == 2]
    return {(cells[0].strip(), cells[1].strip(), cells[2].strip()) for cells in lines[1:]}


def edges(rows: set[Row]) -> Iterator[Row]:
    """The arrows a drawing of these rows must have."""
    for start, event, end in rows - {row for row in rows if row[0] == "any final" or row[2] == "unchanged"}:
        for each in start.split(", "):
            drawn = "[*]" if each == "none" else each.capitalize()
            yield drawn, event, end.split(",")[0].capitalize()


def drawn_edges() -> set[Row]:
    mermaid = README.split("```mermaid\n", 1)[1].split("```", 1)[0]
    arrows: list[Row] = re.findall(r"^ *(\S+) --> (\S+): (.+)$", mermaid, re.MULTILINE)
    return {(start, event, end) for start, end, event in arrows}


def test_every_setting_is_in_the_readme_and_no_other() -> None:
    assert {row[0].strip("`") for row in table("Settings")} == {name.upper() for name in Settings.model_fields}


def test_a_setting_without_a_default_is_called_required() -> None:
    said = {row[0].strip("`") for row in table("Settings") if row[2] == "required"}
    assert said == {name.upper() for name, field in Settings.model_fields.items() if field.is_required()}


def test_the_defaults_are_those_the_readme_names(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)  # away from a developer's .env
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    needed = {row[0].strip("`").lower(): "given" for row in table("Settings") if row[2].startswith("required")}
    named = {row[0].strip("`").lower(): row[2].strip("`") for row in table("Settings") if re.fullmatch("`.+`", row[2])}
    assert load_settings(**needed, **named) == load_settings(**needed)


def test_every_transition_is_in_the_readme_and_no_other() -> None:
    rows = rows_of_the_code()
    assert len(rows) == 9
    assert {(row[0], row[1], row[2]) for row in table("States")} == rows


def test_the_drawing_shows_the_transitions_of_the_table() -> None:
    assert drawn_edges() == set(edges(rows_of_the_code()))


def test_the_legend_shows_each_state_by_its_sign() -> None:
    assert {row[0] for row in table("Cards")} == {f"{STATE_EMOJI[each]} {each.capitalize()}" for each in Status}


def test_the_legend_explains_every_reaction_and_no_other() -> None:
    assert {row[0].split("`")[1].strip(":") for row in table("Reactions")} == set(MARKS.values())


@pytest.mark.parametrize("prefix", ["note:", "!", "//", "🔒"])
def test_a_message_begun_as_the_readme_says_is_a_note(prefix: str) -> None:
    assert prefix in README
    assert is_note(f"{prefix} is this under warranty?")


def test_every_make_command_the_documents_name_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", README + (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE))
    assert named
    assert named <= targets


def test_every_file_the_readme_links_to_exists() -> None:
    linked = re.findall(r"\]\((?!https?:)([^)#]+)", README)
    assert linked
    assert [each for each in linked if not (ROOT / each).exists()] == []


def test_the_ci_script_can_be_run() -> None:
    assert os.access(ROOT / ".ci/run", os.X_OK)


def test_constraints_are_exact_versions_and_nothing_else() -> None:
    assert [line for line in PINNED if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []


def test_every_dependency_has_an_exact_version_that_fits() -> None:
    versions = {canonicalize_name(name): version for name, version in (line.split("==") for line in PINNED)}
    declared = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    for requirement in (Requirement(line) for group in declared for line in group):
        if canonicalize_name(requirement.name) == PROJECT["name"]:  # an extra that builds on another
            continue
        assert versions[canonicalize_name(requirement.name)] in requirement.specifier, requirement.name
