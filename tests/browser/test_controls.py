"""Every control of Slack on the page: it looks like one, and it tells the bot what Slack would tell."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import WAIT_WITHIN, Shot, opened
from tests.browser.samples import CONTROLS, FIGURES, FORM, MORE_FIGURES, button, plain
from tests.browser.stage import Stage, staged

pytestmark = pytest.mark.browser
expect.set_options(timeout=WAIT_WITHIN)


@pytest.fixture
def stage(chromium: str) -> Iterator[Stage]:
    assert chromium
    with staged() as stage:
        stage.sandbox.slack.add_group("S0ONCALL", "oncall", ["U0BEN"])
        yield stage


@pytest.fixture
def page(context: BrowserContext, stage: Stage) -> Iterator[Page]:
    with opened(context, stage.sandbox.base_url) as page:
        page.get_by_test_id("guide-close").click()
        yield page


def test_each_control_tells_what_was_chosen(page: Page, stage: Stage, shot: Shot) -> None:
    stage.do(stage.caller.post(blocks=CONTROLS))
    expect(page.get_by_text("@oncall")).to_be_visible()
    page.get_by_test_id("action-assign").click()
    page.get_by_role("option", name="Ben Okafor").click()
    assert stage.tells("assign")["selected_user"] == "U0BEN"
    page.get_by_test_id("action-more").click()
    shot(page, "controls")
    page.get_by_role("option", name="Option 2").click()
    assert stage.tells("more")["selected_option"]["value"] == "option 2"
    page.get_by_test_id("action-else").click()
    page.get_by_role("menuitem", name="Release").click()
    assert stage.tells("else")["selected_option"]["value"] == "release"
    page.get_by_test_id("input-day").fill("2026-12-24")
    assert stage.tells("day")["selected_date"] == "2026-12-24"
    page.get_by_test_id("input-hour").fill("14:30")
    assert stage.tells("hour")["selected_time"] == "14:30"
    page.get_by_label("Mornings").check()
    assert [each["value"] for each in stage.tells("when")["selected_options"]] == ["mornings", "evenings"]
    page.get_by_label("Mine").check()
    assert stage.tells("kind")["selected_option"]["value"] == "mine"


def test_several_are_chosen_and_found_by_typing(page: Page, stage: Stage) -> None:
    stage.do(stage.caller.post(blocks=CONTROLS))
    page.get_by_test_id("action-many").click()
    page.get_by_label("Find an option").fill("12")
    page.get_by_role("listbox").get_by_role("option").click()
    assert len(stage.tells("many")["selected_options"]) == 1
    page.get_by_label("Find an option").fill("option 3")
    page.get_by_role("listbox").get_by_role("option").click()
    assert [each["value"] for each in stage.tells("many")["selected_options"]] == ["option 12", "option 3"]
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(page.get_by_test_id("action-many")).to_have_text("Option 3, Option 12")


def test_a_slip_of_the_finger_is_asked_about(page: Page, stage: Stage) -> None:
    stage.do(stage.caller.post(blocks=CONTROLS))
    page.get_by_test_id("action-return").click()
    page.get_by_test_id("confirm-no").click()
    page.get_by_test_id("action-return").click()
    page.get_by_test_id("confirm-yes").click()
    assert stage.tells("return")["value"] == "7"
    assert stage.heard("block_actions") == []


def test_windows_stack_keep_what_is_typed_and_say_what_is_wrong(page: Page, stage: Stage, shot: Shot) -> None:
    slack = stage.sandbox.slack
    trigger = slack.workspace.trigger("U0ANA")
    assert stage.do(stage.caller.slack("views.open", trigger_id=trigger, view=FORM))["ok"]
    modal = page.get_by_test_id("modal")
    modal.get_by_test_id("input-note").fill("Back at two")
    stage.answers({"response_action": "push", "view": FORM | {"title": plain("And then")}})
    modal.get_by_test_id("modal-submit").click()
    expect(modal.get_by_role("heading")).to_have_text("And then")
    modal.get_by_test_id("modal-back").click()
    expect(modal.get_by_role("heading")).to_have_text("Preferences")
    expect(modal.get_by_test_id("input-note")).to_have_value("Back at two")
    stage.answers({"response_action": "errors", "errors": {"Note": "Nobody is back at two."}})
    modal.get_by_test_id("modal-submit").click()
    expect(modal.get_by_role("alert")).to_have_text("Nobody is back at two.")
    shot(page, "a-window-with-an-error")
    modal.get_by_test_id("modal-submit").click()
    expect(modal).to_have_count(0)
    state = stage.heard("view_submission")[-1]["view"]["state"]["values"]
    assert state["Quiet from"]["hour"]["selected_time"] == "22:00"
    assert state["Inboxes"]["many"]["selected_options"] == []


def test_figures_are_drawn_and_sorted(page: Page, stage: Stage, shot: Shot) -> None:
    for blocks in (FIGURES, MORE_FIGURES):
        stage.do(stage.caller.post(blocks=blocks))
    rows = page.get_by_test_id("data-table").locator("tbody tr")
    expect(rows).to_have_count(4)
    page.get_by_role("button", name="Waits").click()
    expect(rows.first).to_contain_text("Mina")
    page.get_by_role("button", name="Next").click()
    expect(rows.last).to_contain_text("77 min")
    expect(page.get_by_test_id("chart")).to_have_count(3)
    page.get_by_test_id("data-table").scroll_into_view_if_needed()
    shot(page, "table-and-bars")
    page.get_by_test_id("chart").last.scroll_into_view_if_needed()
    shot(page, "lines-and-pie")


def test_direct_messages_wait_to_be_read(page: Page, stage: Stage, shot: Shot) -> None:
    words = {"type": "section", "text": {"type": "mrkdwn", "text": "*Carla Mendes* waits"}, "accessory": button("Take")}
    stage.do(stage.caller.slack("chat.postMessage", channel="U0ANA", text="Carla waits", blocks=[words]))
    expect(page.get_by_test_id("home-tab")).to_contain_text("1")
    page.get_by_test_id("slack-user-U0BEN").click()
    expect(page.get_by_test_id("slack-user-U0ANA")).to_have_attribute("aria-label", "Ana Ruiz, has something new")
    page.get_by_test_id("slack-user-U0ANA").click()
    page.get_by_test_id("home-tab").click()
    page.get_by_test_id("tab-messages").click()
    page.get_by_test_id("direct-messages").get_by_test_id("action-take").click()
    stage.tells("take")
    aside = stage.caller.slack("chat.postEphemeral", channel="D0ANA", user="U0ANA", text="Ben has it.")
    assert stage.do(aside)["ok"]
    expect(page.get_by_test_id("direct-messages").get_by_test_id("ephemeral")).to_contain_text("Ben has it.")
    expect(page.get_by_test_id("home-tab")).not_to_contain_text("1")
    shot(page, "direct-messages")


def test_a_message_has_a_menu_and_a_reply_may_stand_in_the_channel_too(page: Page, stage: Stage) -> None:
    root = stage.do(stage.caller.post(text="The card"))
    reply = stage.caller.slack(
        "chat.postMessage", channel="C0SUPPORT", text="All see", thread_ts=root, reply_broadcast=True
    )
    assert stage.do(reply)["ok"]
    expect(page.get_by_test_id("channel-message").filter(has_text="All see")).to_contain_text(
        "replied to a thread: The card"
    )
    stage.do(stage.sandbox.slack.say("U0ANA", "C0SUPPORT", "Helo"))
    mine = page.get_by_test_id("channel-message").filter(has_text="Helo")
    mine.hover()
    mine.get_by_test_id("react-heart").click()
    expect(mine.get_by_test_id("reaction-heart")).to_be_visible()
    mine.get_by_test_id("message-more").click()
    mine.get_by_test_id("message-edit").click()
    page.get_by_test_id("rewrite-input").fill("Hello")
    page.get_by_test_id("rewrite-save").click()
    mine = page.get_by_test_id("channel-message").filter(has_text="Hello")
    expect(mine).to_contain_text("(edited)")
    mine.hover()
    mine.get_by_test_id("message-more").click()
    mine.get_by_test_id("message-delete").click()
    expect(mine).to_have_count(0)


@pytest.mark.parametrize(("scheme", "width"), [("dark", 1440), ("light", 400)])
def test_it_stays_tidy_in_the_dark_and_on_a_phone(
    context: BrowserContext, stage: Stage, shot: Shot, scheme: str, width: int
) -> None:
    for blocks in (CONTROLS, FIGURES):
        stage.do(stage.caller.post(blocks=blocks))
    page = context.new_page()
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(stage.sandbox.base_url)
    expect(page.get_by_test_id("chart")).to_be_visible()
    page.get_by_test_id("chart").scroll_into_view_if_needed()
    shot(page, f"controls-{scheme}-{width}")
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
