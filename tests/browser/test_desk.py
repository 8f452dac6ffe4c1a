"""A day at the desk: every view of Switchboard in Slack, pictured as a browser shows it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from bot.domain.erasing import WORD
from tests.browser.conftest import WAIT_WITHIN, Shot

pytestmark = pytest.mark.browser
expect.set_options(timeout=WAIT_WITHIN)

ANA, BEN = "U0ANA", "U0BEN"
NAMES = {"carla": "Carla Mendes", "diego": "Diego Santos", "mina": "Mina Park"}
ASKED = {
    "carla": "Can I talk to a person?",
    "diego": "My tent arrived torn, this is a complaint. Can I talk to a person?",
    "mina": "I want a refund of 180 euros. Can I talk to a person?",
}


@pytest.fixture
def shot(shot: Shot) -> Shot:
    """A picture that does not show where the mouse happens to be."""

    def take(page: Page, name: str) -> None:
        page.mouse.move(0, 0)
        shot(page, name)

    return take


def test_the_desk_looks_finished_in_every_state(page: Page, shot: Shot) -> None:
    page.get_by_test_id("guide-close").click()
    _three_customers_wait(page)
    shot(page, "card-queued")
    _the_queue_is_listed(page, shot)
    _ana_takes_carla(page, shot)
    _a_template_is_chosen_filled_in_and_sent(page, shot)
    _it_changes_hands(page, shot)
    _a_note_is_sent_after_all(page, shot)
    _all_that_was_said_is_read_back(page, shot)
    _two_of_them_end(page, shot)
    _the_home_shows_all(page, shot)
    _ben_chooses_what_he_is_told(page, shot)
    _ben_is_written_to_and_takes_it_there(page, shot)
    _a_customer_is_looked_up(page, shot)
    _the_week_is_reported(page, shot)
    _mina_is_forgotten(page, shot)


def _three_customers_wait(page: Page) -> None:
    for customer, words in ASKED.items():
        _act(page, "customer/say", customer=customer, text=words)
    for customer in ASKED:
        expect(_card(page, customer).get_by_test_id("action-take")).to_be_visible()
        expect(_card(page, customer).get_by_test_id("thread-open").first).to_contain_text("repl")


def _the_queue_is_listed(page: Page, shot: Shot) -> None:
    box = page.get_by_test_id("channel-input")
    box.fill("/")
    expect(page.get_by_role("listbox", name="Suggestions")).to_contain_text("/queue")
    shot(page, "commands")
    _write(page, "/queue all")
    listed = page.get_by_test_id("ephemeral").last
    for name in NAMES.values():
        expect(listed).to_contain_text(name)
    shot(page, "queue")
    listed.get_by_role("button", name="Dismiss message").click()


def _ana_takes_carla(page: Page, shot: Shot) -> None:
    card = _card(page, "carla")
    card.get_by_test_id("action-take").click()
    expect(card).to_contain_text(re.compile("Open.*Ana Ruiz"))
    card.get_by_test_id("thread-open").first.click()
    thread = page.get_by_test_id("thread")
    expect(thread).to_contain_text(ASKED["carla"])
    _act(page, "customer/say", customer="carla", text="It is about order 4812")
    expect(thread).to_contain_text("It is about order 4812")
    shot(page, "card-open-and-thread")


def _a_template_is_chosen_filled_in_and_sent(page: Page, shot: Shot) -> None:
    _choose(_card(page, "carla"), "more", "Send template…")
    modal = page.get_by_test_id("modal")
    _choose(modal, "choose_template", re.compile("^repair_ready"))
    blanks = modal.get_by_test_id("input-fill_template")
    expect(blanks.first).to_be_visible()
    shot(page, "template-chosen")
    blanks.first.fill("Carla")
    blanks.last.fill("7 pm")
    expect(modal.locator("blockquote")).to_have_text("Hello Carla, your repair is ready. You find us until 7 pm.")
    shot(page, "template-filled-in")
    modal.get_by_test_id("modal-submit").click()
    expect(modal).to_have_count(0)
    expect(page.locator("[data-testid=phone-message][data-from=business]").last).to_contain_text("until 7 pm")
    shot(page, "template-sent")


def _it_changes_hands(page: Page, shot: Shot) -> None:
    card, thread, modal = _card(page, "carla"), page.get_by_test_id("thread"), page.get_by_test_id("modal")
    _choose(card, "more", "Assign…")
    _choose(modal, "choose_assignee", "Ben Okafor")
    shot(page, "assign")
    modal.get_by_test_id("modal-submit").click()
    expect(card).to_contain_text(re.compile("Open.*Ben Okafor"))
    expect(card.get_by_test_id("action-more")).to_have_text("More…")
    _choose(card, "more", re.compile("Take over"))
    expect(modal).to_contain_text("Ben Okafor")
    shot(page, "take-over")
    modal.get_by_test_id("modal-submit").click()
    expect(card).to_contain_text(re.compile("Open.*Ana Ruiz"))
    _choose(card, "more", re.compile("urgent", re.IGNORECASE))
    expect(card).to_contain_text("Urgent")
    expect(thread.get_by_test_id("thread-message").filter(has_text="Ben Okafor").last).to_be_visible()
    expect(card.get_by_test_id("action-more")).to_have_text("More…")
    _choose(card, "more", re.compile("Snooze"))
    expect(modal).to_be_visible()
    shot(page, "snooze")
    modal.get_by_test_id("modal-submit").click()
    expect(card).to_contain_text("No reminders until")
    shot(page, "changes-of-hands")


def _a_note_is_sent_after_all(page: Page, shot: Shot) -> None:
    modal = page.get_by_test_id("modal")
    page.get_by_test_id("thread-input").fill("note: The parcel leaves today")
    page.get_by_test_id("thread-input").press("Enter")
    note = page.get_by_test_id("thread").get_by_test_id("thread-message").filter(has_text="The parcel leaves today")
    expect(note.get_by_test_id("reaction-lock")).to_be_visible()
    note.hover()
    note.get_by_test_id("message-more").click()
    shot(page, "message-menu")
    note.get_by_test_id("shortcut-send_to_customer").click()
    expect(modal).to_contain_text("The parcel leaves today")
    shot(page, "send-to-customer")
    modal.get_by_test_id("modal-submit").click()
    expect(modal).to_have_count(0)
    expect(page.locator("[data-testid=phone-message][data-from=business]").last).to_contain_text(
        "The parcel leaves today"
    )


def _all_that_was_said_is_read_back(page: Page, shot: Shot) -> None:
    modal = page.get_by_test_id("modal")
    for place in range(1, 23):
        _act(page, "customer/say", customer="carla", text=f"And another thing, number {place}")
    expect(page.get_by_test_id("thread")).to_contain_text("number 22")
    _choose(_card(page, "carla"), "more", "View history")
    expect(modal).to_contain_text("number 22")
    shot(page, "history")
    modal.get_by_test_id("action-history_older").first.click()
    expect(modal).to_contain_text(ASKED["carla"])
    shot(page, "history-earlier")
    modal.get_by_test_id("modal-close").click()
    expect(modal).to_have_count(0)


def _two_of_them_end(page: Page, shot: Shot) -> None:
    page.get_by_test_id("thread-close").click()
    for customer, action, state in (("carla", "return_to_bot", "Resolved"), ("diego", "close", "Closed")):
        card = _card(page, customer)
        card.get_by_test_id(f"action-{action}").click()
        page.get_by_test_id("confirm-yes").click()
        expect(card).to_contain_text(state)
        if action == "return_to_bot":
            expect(page.get_by_test_id("modal")).to_contain_text("Returned to the bot")
            page.get_by_test_id("modal-close").click()
        card.scroll_into_view_if_needed()
        shot(page, f"card-{state.lower()}")


def _the_home_shows_all(page: Page, shot: Shot) -> None:
    _card(page, "mina").get_by_test_id("action-take").click()
    expect(_card(page, "mina")).to_contain_text("Ana Ruiz")
    page.get_by_test_id("home-tab").click()
    home = page.get_by_test_id("home")
    expect(home).to_contain_text("Mina Park")
    shot(page, "home-of-ana")
    page.get_by_test_id(f"slack-user-{BEN}").click()
    expect(home).to_contain_text(re.compile("Ana Ruiz", re.DOTALL))
    shot(page, "home-of-ben")
    page.get_by_test_id(f"slack-user-{ANA}").click()


def _a_customer_is_looked_up(page: Page, shot: Shot) -> None:
    page.get_by_test_id(f"slack-user-{ANA}").click()
    page.get_by_test_id("channel-C0SUPPORT").click()
    _write(page, "/customer carla")
    modal = page.get_by_test_id("modal")
    expect(modal).to_contain_text(NAMES["carla"])
    shot(page, "customer")
    modal.get_by_test_id("modal-close").click()
    expect(modal).to_have_count(0)
    _write(page, "/queue serach carla")
    expect(page.get_by_test_id("ephemeral").last).to_contain_text("/queue")
    _write(page, "/queue help")
    expect(page.get_by_test_id("ephemeral").last).to_contain_text("/escalate")
    _write(page, "/chats")
    expect(page.get_by_test_id("ephemeral").last).to_contain_text(NAMES["carla"])
    shot(page, "chats-of-the-ai")


def _ben_chooses_what_he_is_told(page: Page, shot: Shot) -> None:
    page.get_by_test_id(f"slack-user-{BEN}").click()
    home, modal = page.get_by_test_id("home"), page.get_by_test_id("modal")
    home.get_by_test_id("action-preferences").click()
    modal.get_by_test_id("action-choose_extent").first.click()
    modal.get_by_role("option", name="All conversations").click()
    shot(page, "preferences")
    modal.get_by_test_id("modal-submit").click()
    expect(modal).to_have_count(0)
    home.get_by_test_id("action-go_away").click()
    expect(home.get_by_test_id("action-come_back")).to_be_visible()
    shot(page, "away")
    home.get_by_test_id("action-come_back").click()
    expect(home.get_by_test_id("action-go_away")).to_be_visible()


def _the_week_is_reported(page: Page, shot: Shot) -> None:
    _write(page, "/queue stats")
    shown = page.get_by_test_id("ephemeral").last
    expect(shown.get_by_test_id("chart").first).to_be_visible()
    shot(page, "stats")
    _write(page, "/queue report this week")
    expect(shown.get_by_test_id("data-table").first).to_be_visible()
    shown.get_by_test_id("action-share_report").click()
    posted = page.get_by_test_id("channel-message").last
    expect(posted.get_by_test_id("chart").first).to_be_visible()
    page.set_viewport_size({"width": 1440, "height": 1300})
    posted.scroll_into_view_if_needed()
    shot(page, "report")
    page.set_viewport_size({"width": 1440, "height": 900})


def _mina_is_forgotten(page: Page, shot: Shot) -> None:
    modal = page.get_by_test_id("modal")
    _write(page, "/forget mina")
    expect(modal).to_contain_text(NAMES["mina"])
    modal.get_by_test_id("input-type_to_forget").fill("Mina")
    modal.get_by_test_id("modal-submit").click()
    expect(modal.get_by_role("alert")).to_be_visible()
    shot(page, "forget")
    modal.get_by_test_id("input-type_to_forget").fill(WORD)
    modal.get_by_test_id("modal-submit").click()
    expect(modal).to_contain_text("It has begun")
    modal.get_by_test_id("modal-close").click()
    expect(page.get_by_test_id("channel-message").filter(has_text=NAMES["mina"])).to_have_count(0)
    page.get_by_test_id("home-tab").click()
    page.get_by_test_id("tab-messages").click()
    expect(page.get_by_test_id("direct-messages")).to_contain_text("is forgotten")
    shot(page, "forgotten")


def _ben_is_written_to_and_takes_it_there(page: Page, shot: Shot) -> None:
    _act(page, "customer/say", customer="diego", text=ASKED["diego"])
    expect(page.get_by_test_id("home-tab").get_by_label(re.compile("new"))).to_be_visible()
    page.get_by_test_id("tab-messages").click()
    told = page.get_by_test_id("direct-messages").get_by_test_id("thread-message").last
    expect(told).to_contain_text(NAMES["diego"])
    shot(page, "direct-message")
    told.get_by_test_id("action-take").click()
    page.get_by_test_id("channel-C0SUPPORT").click()
    expect(_card(page, "diego")).to_contain_text(re.compile("Open.*Ben Okafor"))
    expect(_card(page, "diego")).to_contain_text("Earlier")
    shot(page, "card-of-somebody-who-came-back")


def _act(page: Page, what: str, **given: Any) -> None:
    """Something that is not about how it looks, done at once."""
    answer = page.request.post(f"{page.url.rstrip('/')}/demo/{what}", data=given)
    assert answer.ok, answer.text()


def _card(page: Page, customer: str) -> Locator:
    return page.get_by_test_id("channel-message").filter(has_text=NAMES[customer]).last


def _choose(within: Locator, action_id: str, option: str | re.Pattern[str]) -> None:
    within.get_by_test_id(f"action-{action_id}").click()
    within.get_by_role("option", name=option).click()


def _write(page: Page, text: str) -> None:
    page.get_by_test_id("channel-input").fill(text)
    page.get_by_test_id("channel-input").press("Enter")
