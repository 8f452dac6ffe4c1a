"""switchboard.toml: what it says reaches the inboxes, and what is wrong in it is said by file, table and key."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot import inbox_file
from bot.domain.escalate_on import KeywordRule, TopicRule
from bot.domain.escalation import Priority
from bot.domain.hours import ALWAYS, Hours
from bot.domain.reminders import Tell
from bot.inbox_file import InboxFileError
from bot.settings import InboxSettings, Settings, SettingsError, load_settings

README = (Path(__file__).parent.parent / "README.md").read_text()
GIVEN = {
    "slack_bot_token": "xoxb-given",
    "slack_signing_secret": "signing",
    "whatsapp_access_token": "access",
    "whatsapp_app_secret": "app",
    "whatsapp_verify_token": "verify",
    "openai_base_url": "http://127.0.0.1:9/v1",
}
ENVIRONMENT = {"slack_channel": "C0SUPPORT", "whatsapp_phone_number_id": "200000000000001"}
FIRST = '[[inboxes]]\nname = "Sales"\nwhatsapp_phone_number_id = "1"\nslack_channel = "C0SALES"\n'
SECOND = '[[inboxes]]\nname = "Shop"\nwhatsapp_phone_number_id = "2"\nslack_channel = "C0SHOP"\n'


@pytest.fixture(autouse=True)
def _nothing_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def inboxes(text: str, **given: str) -> tuple[InboxSettings, ...]:
    Path("switchboard.toml").write_text(text)
    return load_settings(**(GIVEN | given)).inboxes


def wrong(text: str) -> list[str]:
    Path("switchboard.toml").write_text(text)
    with pytest.raises(InboxFileError) as raised:
        inbox_file.read(Path("switchboard.toml"))
    return [line.removeprefix("switchboard.toml: ") for line in raised.value.problems]


# --- What it says -----------------------------------------------------------------------------------------------------


def test_the_example_in_the_readme_is_a_file_that_loads(tmp_path: Path) -> None:
    (tmp_path / "prompts").mkdir()
    (tmp_path / "knowledge/sales").mkdir(parents=True)
    for name in ("sales", "soporte"):
        (tmp_path / f"prompts/{name}.md").write_text(f"You speak for {name}.")
    [example] = [each for each in re.findall(r"```toml\n(.*?)```", README, re.DOTALL) if "[[inboxes]]" in each]
    sales, support = inboxes(example)
    assert (sales.name, sales.channels, support.channels) == ("Sales", ("C0SALES",), ("C0HELP1", "C0HELP2"))
    assert sales.prompt == tmp_path / "prompts/sales.md"
    assert isinstance(sales.rules.hours, Hours)
    assert isinstance(support.rules.hours, Hours)  # round the clock but for the holidays of the defaults
    assert not sales.rules.hours.is_open(datetime(2026, 12, 24, 15, 0, tzinfo=UTC))
    assert not support.rules.hours.is_open(datetime(2026, 12, 25, 15, 0, tzinfo=UTC))
    assert support.rules.hours.is_open(datetime(2026, 12, 27, 3, 0, tzinfo=UTC))
    assert [step.after for step in sales.rules.ladder] == [timedelta(minutes=each) for each in (5, 15, 30, 60)]
    assert support.rules.ladder[0].tell == {Tell.THREAD, Tell.ON_CALL}
    assert sales.rules.waiting_ladder[1].tell == {Tell.THREAD, Tell.LEADS}
    assert (support.rules.release_after, support.rules.close_after) == (timedelta(hours=2), timedelta(days=2))
    assert (support.rules.language, support.knowledge_language) == ("es", "spanish")
    assert sales.account == support.account == "100000000000001"


def test_every_key_stands_in_the_readme_and_no_other() -> None:
    [example] = [each for each in re.findall(r"```toml\n(.*?)```", README, re.DOTALL) if "[[inboxes]]" in each]
    named = set(re.findall(r"^\s*(?:# )?(\w+) = ", example, re.MULTILINE)) | {"hours", "exceptions"}
    days = set(inbox_file.Week.model_fields)
    assert named - days - {"2026-12-24"} == set(inbox_file.InboxTable.model_fields)


def test_without_a_file_the_environment_describes_the_one_inbox() -> None:
    [inbox] = load_settings(**(GIVEN | ENVIRONMENT)).inboxes
    assert (inbox.name, inbox.number, inbox.channels) == ("WhatsApp", "200000000000001", ("C0SUPPORT",))
    assert inbox.rules.hours is ALWAYS


def test_defaults_hold_for_the_inbox_of_the_environment_too() -> None:
    [inbox] = inboxes('[defaults]\nreminder_ladder = ["1m"]\nfirst_reply_takes = true\n', **ENVIRONMENT)
    assert [step.after for step in inbox.rules.ladder] == [timedelta(minutes=1)]
    assert inbox.rules.first_reply_takes


def test_a_weekly_report_is_posted_where_it_is_asked_for_and_nowhere_else() -> None:
    sales, shop = inboxes(f"{FIRST}{SECOND}weekly_report = true\n")
    assert (sales.rules.weekly_report, shop.rules.weekly_report) == (False, True)


def test_what_an_inbox_says_goes_before_the_defaults_and_those_before_the_environment() -> None:
    defaults = '[defaults]\nreply_delay = "5s"\nclose_after = "2d"\n'
    sales, shop = inboxes(
        f'{defaults}{FIRST}{SECOND}reply_delay = "9s"\nclose_after = "never"\n', reply_delay_seconds="1", inbox_name="x"
    )
    assert (sales.rules.reply_delay, shop.rules.reply_delay) == (timedelta(seconds=5), timedelta(seconds=9))
    assert (sales.rules.close_after, shop.rules.close_after) == (timedelta(days=2), None)
    assert sales.rules.debounce == timedelta(seconds=1.5)


def test_words_and_topics_that_are_peoples() -> None:
    money = '[{ words = [" money  back ", "refund*"], reason = "Money", priority = "high" }]'
    sales, shop = inboxes(
        f'[defaults]\nescalate_on = {money}\n{FIRST}{SECOND}[[inboxes.escalate_on]]\ntopic = "the law"\n'
    )
    assert sales.rules.escalate_on == (KeywordRule(("money back", "refund*"), "Money", Priority.HIGH),)
    assert shop.rules.escalate_on == (TopicRule("the law", "the law"),)  # its own, and only those


def test_the_file_may_stand_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/our.toml").write_text(FIRST + 'prompt = "p.md"\n')
    (tmp_path / "etc/p.md").write_text("Hello")
    monkeypatch.setenv("SWITCHBOARD_CONFIG", "etc/our.toml")
    [inbox] = load_settings(**GIVEN).inboxes
    assert inbox.prompt == tmp_path / "etc/p.md"


def test_holidays_may_have_names() -> None:
    [inbox] = inboxes(
        f'{FIRST}time_zone = "UTC"\n[inboxes.hours]\nfriday = "09:00-17:00"\n'
        '[inboxes.holidays]\n2026-12-25 = "Christmas"\n'
    )
    assert isinstance(inbox.rules.hours, Hours)
    assert inbox.rules.hours.dates == {date(2026, 12, 25): ()}


# --- What is wrong ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('remindr_ladder = ["5m"]', "remindr_ladder: there is no such key; did you mean reminder_ladder?"),
        ('reminder_ladder = ["5 minutes"]', "reminder_ladder: '5 minutes' is no duration"),
        ('reminder_ladder = ["15m", "5m"]', "reminder_ladder: each step must be later than the one before it"),
        ('reminder_ladder = [{ after = "5m", tell = ["boss"] }]', "reminder_ladder: nobody is called 'boss'"),
        ('reminder_ladder = [{ tell = ["leads"] }]', "reminder_ladder: {'tell': ['leads']} is no step"),
        ('waiting_ladder = "5m"', "waiting_ladder: '5m' is no ladder"),
        ('time_zone = "Madrid"', "time_zone: 'Madrid' is no time zone"),
        ('holidays = ["2026-13-01"]', "holidays: '2026-13-01' is no date"),
        ("holidays = [2026-12-25]", "time_zone: missing; opening hours need one"),
        ('prompt = "none.md"', "prompt: cannot read "),
        ('knowledge = "none"', "knowledge: "),
        ('mask_phone_numbers = "yes"', "mask_phone_numbers: 'yes' does not fit; write true or false"),
        ('reply_delay = "5m"', "reply_delay: '5m' is too long"),
        ('lead_group = "leads"', "lead_group: 'leads' is no user group"),
        ('language = "Spanish"', "language: 'Spanish' is no language"),
        ('close_after = "30m"', "close_warning: must be shorter than close_after"),
        ('release_after = "0s"', "release_after: '0s' is too short"),
        ('[inboxes.hours]\nmonday = "9-25"', "hours.monday: '9-25' is no time span; write 09:00-17:30"),
        ('[inboxes.hours]\nmon = "09:00-17:30"', "hours.mon: there is no such key; did you mean monday?"),
        ('time_zone = "UTC"\n[inboxes.hours]\nmonday = []', "hours: no day has any"),
        ("escalate_on = 9", "escalate_on: 9 is no list; write [{ words"),
        ("escalate_on = [9]", "escalate_on: rule 1 is 9; write either words = [...] or topic"),
        ('escalate_on = [{ words = ["a"], topic = "b" }]', "escalate_on: rule 1 is {'words'"),
        ('escalate_on = [{ topic = "b", colour = 1 }]', "escalate_on: rule 1 is {'topic': 'b', 'colour': 1}"),
        ('escalate_on = [{ topic = "b" }, { words = ["a"] }]', "escalate_on: rule 2: reason is missing"),
        ('escalate_on = [{ words = "a", reason = "b" }]', "escalate_on: rule 1: words is 'a'; write a list"),
        ('escalate_on = [{ words = ["*"], reason = "b" }]', "escalate_on: rule 1: '*' has no letter to look for"),
        ('escalate_on = [{ topic = "b", priority = "hi" }]', "escalate_on: rule 1: there is no priority 'hi'; normal"),
        ("hours = 9", "hours: 9 does not fit; write a table of its own"),
    ],
)
def test_a_wrong_value_is_named_by_table_and_key(line: str, said: str) -> None:
    [problem] = wrong(f"{FIRST}{SECOND}{line}\n")
    assert problem.startswith(f'[[inboxes]] 2 "Shop": {said}')


def test_all_is_said_at_once() -> None:
    text = f'inbox = 1\n[defaults]\ntells_wait = 1\n{FIRST}prompt = ""\n[[inboxes]]\nslack_channels = []\n'
    assert [line.split(": ")[:-1] for line in wrong(text)] == [
        ["inbox"],
        ["[defaults]", "tells_wait"],
        ['[[inboxes]] 1 "Sales"', "prompt"],
        ["[[inboxes]] 2", "name"],
        ["[[inboxes]] 2", "whatsapp_phone_number_id"],
        ["[[inboxes]] 2", "slack_channels"],
    ]


def test_two_inboxes_share_neither_number_nor_channel_nor_name() -> None:
    said = wrong(FIRST + FIRST.replace("slack_channel", "slack_channels").replace('"C0SALES"', '["C1", "C0SALES"]'))
    owner = '[[inboxes]] 1 "Sales" already'
    assert said == [
        f"[[inboxes]] 2 \"Sales\": name: 'Sales' belongs to {owner}",
        f"[[inboxes]] 2 \"Sales\": whatsapp_phone_number_id: '1' belongs to {owner}",
        f"[[inboxes]] 2 \"Sales\": slack_channels: 'C0SALES' belongs to {owner}",
    ]


def test_an_inbox_names_one_channel_or_several() -> None:
    [line] = wrong('[[inboxes]]\nname = "x"\nwhatsapp_phone_number_id = "1"\n')
    assert line == '[[inboxes]] 1 "x": slack_channel: name one channel, or several in slack_channels'


def test_broken_toml_is_named_by_line() -> None:
    [line] = wrong("[defaults]\nname = \n")
    assert line.startswith("is no TOML: ")
    assert "line 2" in line


def test_one_table_of_inboxes_is_told_from_several() -> None:
    assert wrong(FIRST.replace("[[inboxes]]", "[inboxes]")) == [
        "inboxes: write [[inboxes]], in two brackets, once for each"
    ]


def test_a_file_that_is_named_must_be_there() -> None:
    with pytest.raises(SettingsError) as raised:
        load_settings(**GIVEN, switchboard_config="none.toml")
    [line] = raised.value.problems  # and nothing of a channel that the file might have named
    assert line.startswith("none.toml: cannot be read: ")


def test_what_is_wrong_in_the_file_and_in_the_environment_is_said_together() -> None:
    Path("switchboard.toml").write_text("[defaults]\nlanguage = 1\n")
    with pytest.raises(SettingsError) as raised:
        load_settings(**(GIVEN | {"slack_signing_secret": " "}))
    assert [line.split(":")[0] for line in raised.value.problems] == ["switchboard.toml", "SLACK_SIGNING_SECRET"]
