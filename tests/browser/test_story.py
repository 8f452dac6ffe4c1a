"""The whole story, played on the demo page by a person's clicks and keys; then what is about other customers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import WAIT_WITHIN, Shot

pytestmark = pytest.mark.browser
expect.set_options(timeout=WAIT_WITHIN)

REPLY = "Hi Carla, Ana here. Your parcel is on the van, it arrives today before 18:00."


def test_a_customer_is_handed_to_a_person_and_back_to_the_ai(page: Page, shot: Shot, tmp_path: Path) -> None:
    expect(page.get_by_text("not a real model")).to_be_visible()
    shot(page, "1-before-anyone-writes")

    _carla_asks_and_the_ai_answers(page, shot)
    shot(page, "2-the-ai-answers")

    _carla_asks_for_a_person_and_a_card_appears(page)
    shot(page, "3-a-card-appears")

    _ana_takes_and_ben_is_told(page, shot)

    _anas_reply_reaches_the_phone(page)
    shot(page, "5-the-reply-is-read")

    _ana_teaches_the_bot(page, shot)

    _carla_reacts_quotes_and_edits(page, shot)

    _files_go_both_ways(page, tmp_path)
    shot(page, "files")

    _bens_reply_is_held(page)
    shot(page, "6-a-colleagues-reply-is-held")

    _app_home_shows_whose_it_is(page, shot)

    _ana_returns_it_and_the_ai_answers_again(page)
    shot(page, "8-back-with-the-ai")


def _ai_is_slow(page: Page, *, slow: bool) -> None:
    page.request.post(f"{page.url.rstrip('/')}/demo/ai", data={"slow": slow})


def _carla_asks_and_the_ai_answers(page: Page, shot: Shot) -> None:
    page.get_by_test_id("customer-carla").click()
    _ai_is_slow(page, slow=True)
    page.get_by_test_id("phone-input").fill("Where is my order 4812?")
    page.get_by_test_id("phone-send").click()
    expect(page.get_by_label("typing")).to_be_visible()
    expect(_on_the_phone(page, "customer")).to_have_attribute("data-status", "read")
    shot(page, "1a-the-ai-is-typing")
    _ai_is_slow(page, slow=False)
    expect(_on_the_phone(page, "customer")).to_have_count(1)
    expect(_on_the_phone(page, "business")).to_have_count(1)
    expect(page.get_by_label("typing")).to_have_count(0)


def _carla_asks_for_a_person_and_a_card_appears(page: Page) -> None:
    page.get_by_test_id("phone-hint").filter(has_text="Can I talk to a person?").click()
    expect(_card(page).get_by_test_id("action-take")).to_be_visible()
    expect(_card(page)).to_contain_text("Queued")
    expect(_card(page).get_by_test_id("thread-open")).to_contain_text("repl")
    expect(_on_the_phone(page, "business")).to_have_count(2)  # she is told that a person will answer
    _expect_step(page, "ask")


def _ana_takes_and_ben_is_told(page: Page, shot: Shot) -> None:
    # A list that Ben opened earlier still offers Take when Ana has it already.
    page.get_by_test_id("slack-user-U0BEN").click()
    _write(page, "channel", "/queue")
    stale_take = page.get_by_test_id("ephemeral").get_by_test_id("action-take")
    expect(stale_take).to_be_visible()

    page.get_by_test_id("slack-user-U0ANA").click()
    expect(page.get_by_test_id("ephemeral")).to_have_count(0)
    _card(page).get_by_test_id("action-take").click()
    expect(_card(page)).to_contain_text(re.compile("Open.*Ana Ruiz"))
    expect(_card(page).get_by_test_id("action-take")).to_have_count(0)
    _expect_step(page, "take")

    page.get_by_test_id("slack-user-U0BEN").click()
    stale_take.click()
    told = page.get_by_test_id("ephemeral").filter(has_text=re.compile("Ana Ruiz.* has this"))
    expect(told).to_be_visible()
    shot(page, "4-the-second-taker-is-told")


def _anas_reply_reaches_the_phone(page: Page) -> None:
    page.get_by_test_id("slack-user-U0ANA").click()
    _card(page).get_by_test_id("thread-open").click()
    _write(page, "thread", REPLY)
    expect(_on_the_phone(page, "business").last).to_have_text(re.compile(re.escape(REPLY)))
    _write_on_the_phone(page, "Wonderful, thank you!")
    thread = page.get_by_test_id("thread")
    expect(thread.get_by_test_id("thread-message").filter(has_text="Wonderful, thank you!")).to_contain_text("Carla")
    expect(
        thread.get_by_test_id("thread-message").filter(has_text=REPLY).get_by_test_id("reaction-eyes")
    ).to_be_visible()
    _expect_step(page, "reply")


def _ana_teaches_the_bot(page: Page, shot: Shot) -> None:
    said = page.get_by_test_id("thread-message").filter(has_text=REPLY)
    said.hover()
    said.get_by_test_id("message-more").click()
    said.get_by_test_id("shortcut-teach_the_bot").click()
    modal = page.get_by_test_id("modal")
    expect(modal.get_by_test_id("input-teach_question")).to_have_value("Where is my order 4812?")
    expect(modal).to_contain_text("This seems to be about one conversation alone: “Carla”, “Ana”, “order 4812”")
    shot(page, "5c-teach-the-bot")
    modal.get_by_test_id("input-teach_question").fill("When does the van come?")
    modal.get_by_test_id("input-teach_answer").fill("On the day you are told, before 18:00.")
    modal.get_by_test_id("modal-submit").click()
    expect(modal).to_have_count(0)
    expect(page.get_by_test_id("ephemeral").filter(has_text="The AI knows this now")).to_be_visible()
    _write(page, "channel", "/knowledge list")
    listed = page.get_by_test_id("ephemeral").filter(has_text="What the AI knows")
    expect(listed).to_contain_text("opening-hours-and-shops.md")
    expect(listed.get_by_test_id("action-edit_taught")).to_be_visible()
    shot(page, "5d-what-the-ai-knows")


def _carla_reacts_quotes_and_edits(page: Page, shot: Shot) -> None:
    thread, reply = page.get_by_test_id("thread"), _on_the_phone(page, "business").last
    reply.hover()
    reply.get_by_test_id("phone-more").click()
    shot(page, "5a-what-a-customer-can-do")
    reply.get_by_test_id("phone-react-❤️").click()
    expect(reply.get_by_test_id("phone-reactions")).to_have_text("❤️")
    told = thread.get_by_test_id("thread-message").filter(has_text=REPLY)
    expect(told.get_by_test_id("reaction-heart")).to_be_visible()
    expect(told.get_by_test_id("reaction-eyes")).to_be_visible()

    reply.get_by_test_id("phone-more").click()
    reply.get_by_test_id("phone-reply").click()
    expect(page.get_by_test_id("phone-answering")).to_contain_text(REPLY)
    _write_on_the_phone(page, "To the back door?")
    expect(page.get_by_test_id("phone-answering")).to_have_count(0)
    asked = _on_the_phone(page, "customer").last
    expect(asked).to_contain_text("To the back door?")  # until it stands there, the last one is another
    asked.get_by_test_id("phone-more").click()
    asked.get_by_test_id("phone-edit").click()
    _write_on_the_phone(page, "To the front door?")
    expect(asked).to_contain_text("To the front door?")
    expect(thread).to_contain_text("✏️ Edited: To the front door?")
    shot(page, "5b-a-reaction-a-reply-and-an-edit")


def _files_go_both_ways(page: Page, folder: Path) -> None:
    in_thread = page.get_by_test_id("thread-message").get_by_test_id("file")
    for sample in ("phone-photo", "phone-voice"):
        page.get_by_test_id("phone-attach").click()
        page.get_by_test_id(sample).click()
    expect(in_thread.locator("img")).to_have_js_property("naturalWidth", 640)
    expect(in_thread.locator("audio")).to_be_visible()
    expect(page.get_by_test_id("thread")).to_contain_text("Transcript (by machine, English)")
    label = folder / "label.pdf"
    label.write_bytes(b"%PDF-1.7 a label to send it back with")
    with page.expect_file_chooser() as chooser:
        page.get_by_test_id("thread-attach").click()
    chooser.value.set_files(label)
    expect(page.get_by_test_id("phone-file").last).to_contain_text("label.pdf")


def _bens_reply_is_held(page: Page) -> None:
    answers = _on_the_phone(page, "business").count()
    page.get_by_test_id("slack-user-U0BEN").click()
    _write(page, "thread", "We owe her a discount")
    prompt = page.get_by_test_id("thread").get_by_test_id("ephemeral")
    expect(prompt).to_contain_text("Not sent to the customer")
    prompt.get_by_test_id("action-keep_note").click()
    kept = page.get_by_test_id("thread-message").filter(has_text="We owe her a discount")
    expect(kept.get_by_test_id("reaction-lock")).to_be_visible()
    expect(_on_the_phone(page, "business")).to_have_count(answers)


def _app_home_shows_whose_it_is(page: Page, shot: Shot) -> None:
    page.get_by_test_id("home-tab").click()
    home = page.get_by_test_id("home")
    for heading in ("My Queue", "Waiting in Queue", "Teammates"):
        expect(home.get_by_role("heading", name=heading)).to_be_visible()
    expect(home).to_contain_text(re.compile("Carla Mendes.*Ana Ruiz", re.DOTALL))
    page.get_by_test_id("slack-user-U0ANA").click()
    expect(home.get_by_test_id("action-return_to_bot")).to_be_visible()
    shot(page, "7-app-home")
    home.get_by_role("button", name="Open thread").click()
    expect(page.get_by_test_id("thread")).to_contain_text(REPLY)


def _ana_returns_it_and_the_ai_answers_again(page: Page) -> None:
    _card(page).get_by_test_id("action-return_to_bot").click()
    page.get_by_test_id("confirm-yes").click()
    expect(_card(page)).to_contain_text(re.compile("Resolved.*Ana Ruiz"))
    expect(_card(page).get_by_role("button", name="Close")).to_have_count(0)
    _write_on_the_phone(page, "What are your opening hours?")
    expect(_on_the_phone(page, "business").last).to_contain_text("Monday")
    _expect_step(page, "return")


def test_what_a_customer_types_is_shown_as_typed(page: Page) -> None:
    hostile = "<img src=x onerror=alert(1)> <!channel> &lt;b&gt; Can I talk to a person?"
    page.get_by_test_id("customer-mina").click()
    _write_on_the_phone(page, hostile)
    expect(_on_the_phone(page, "customer")).to_contain_text(hostile)
    page.get_by_test_id("channel-message").filter(has_text="Mina Park").get_by_test_id("thread-open").click()
    expect(page.get_by_test_id("thread")).to_contain_text(hostile)
    expect(page.locator("main img:not(.mark)")).to_have_count(0)


def test_a_person_is_asked_when_the_ai_is_down(page: Page, shot: Shot) -> None:
    page.get_by_test_id("ai-broken").click()
    expect(page.get_by_test_id("ai-broken")).to_have_attribute("aria-checked", "true")
    page.get_by_test_id("customer-diego").click()
    _write_on_the_phone(page, "Do you have size 45?")
    expect(page.get_by_test_id("channel-message").filter(has_text="Diego Santos")).to_contain_text("AI unavailable")
    expect(_on_the_phone(page, "business")).to_contain_text("colleague")
    shot(page, "9-the-ai-is-down")
    page.get_by_test_id("ai-broken").click()


def test_a_person_is_asked_when_the_ai_misbehaves(page: Page, shot: Shot) -> None:
    page.get_by_test_id("ai-mischief").select_option("refuses")
    page.get_by_test_id("customer-carla").click()  # whom the AI answers, as the others above may not be any more
    _write_on_the_phone(page, "Do you have size 38?")
    expect(page.get_by_test_id("channel-message").filter(has_text="The AI refused to answer")).to_have_count(1)
    expect(page.get_by_test_id("ai-mischief")).to_have_value("refuses")
    shot(page, "9b-the-ai-refuses")
    page.get_by_test_id("ai-mischief").select_option("behaves")


def test_the_page_says_when_the_demo_is_out_of_reach_and_comes_back(page: Page, context: BrowserContext) -> None:
    expect(page.get_by_test_id("trouble")).to_have_count(0)
    context.set_offline(True)
    expect(page.get_by_test_id("trouble")).to_contain_text("does not answer")
    _write_on_the_phone(page, "Is anybody there?")
    expect(page.get_by_test_id("toast")).to_be_visible()
    expect(page.get_by_test_id("phone-input")).to_have_value("Is anybody there?")
    context.set_offline(False)
    expect(page.get_by_test_id("trouble")).to_have_count(0)
    page.get_by_test_id("phone-input").press("Enter")
    expect(_on_the_phone(page, "customer").last).to_contain_text("Is anybody there?")


def _card(page: Page) -> Locator:
    return page.get_by_test_id("channel-message").filter(has_text="Carla Mendes").last


def _on_the_phone(page: Page, author: str) -> Locator:
    return page.locator(f"[data-testid=phone-message][data-from={author}]")


def _write(page: Page, where: str, text: str) -> None:
    page.get_by_test_id(f"{where}-input").fill(text)
    page.get_by_test_id(f"{where}-input").press("Enter")


def _write_on_the_phone(page: Page, text: str) -> None:
    page.get_by_test_id("phone-input").fill(text)
    page.get_by_test_id("phone-input").press("Enter")


def _expect_step(page: Page, step: str) -> None:
    expect(page.get_by_test_id(f"step-{step}")).to_have_attribute("data-done", "true")
