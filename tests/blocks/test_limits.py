"""Whatever a customer, a colleague or the AI wrote, Slack accepts the face and pings nobody."""

from __future__ import annotations

import html
from dataclasses import replace
from datetime import date, timedelta
from typing import cast

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.blocks import action_ids, card_modals, found, modals, queue, reminders, thread_notes
from bot.blocks.customer import customer_modal
from bot.blocks.escalation_card import card
from bot.blocks.home import home
from bot.blocks.paging import Page
from bot.blocks.parts import ago
from bot.blocks.queue_table import queue_table
from bot.blocks.said import in_words, mirrored
from bot.domain.conversation import Author
from bot.domain.desk import Chat, EscalationView, Quoted, Said, TemplateChoice, TranscriptLine
from bot.domain.escalation import Priority, Status, Trigger
from bot.domain.figures import Week
from bot.domain.home import ENDED_ROWS, Desk, Part, Rows, Today, paged, shared
from bot.domain.inbound import (
    ContactCard,
    Details,
    File,
    FormAnswer,
    Forwarded,
    OrderLine,
    Place,
    Product,
    Referral,
)
from bot.domain.people import Customer
from bot.domain.profiles import Profile, StaffNote
from bot.domain.stretches import Earlier, Spent
from bot.domain.templates import Listed, understand
from tests.blocks.samples import ANA, BEN, NOW, escalation, minutes
from tests.blocks.slack_rules import buttons, check_post, check_view, headings, words

HOSTILE = (
    "<!channel> <!here> @everyone <@U0ANA>",
    "&" * 4_100,
    "<" * 4_100,
    "😀" * 4_100,
    "👩‍👩‍👧‍👦" * 900,
    "a" + "\u0301" * 4_100,
    "\u202edlrow\u2066",
    "\n" * 4_100 + "x",
    "x" + " " * 4_100 + "y",
    "``` *bold* :x: <https://example.com|click>",
    "Привет, " * 700,
    "\u200b",
    "",
)
quick = settings(deadline=None, max_examples=40)
texts = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=80), st.text(alphabet="<>&@!| \n😀é", max_size=400))
spans = st.timedeltas(min_value=timedelta(days=-2), max_value=timedelta(days=40))


THREADS = st.sampled_from((None, "https://example.slack.com/archives/C0SUPPORT/p1?thread_ts=1.0&cid=C0SUPPORT"))
IDS, FINAL = st.integers(1, 9), st.sampled_from((Status.RESOLVED, Status.CLOSED))


@st.composite
def views(draw: st.DrawFn) -> EscalationView:
    stretch = replace(
        escalation(draw(st.sampled_from(Status))),
        reason=draw(texts),
        summary=draw(texts),
        language=draw(texts),
        priority=draw(st.sampled_from(Priority)),
        trigger=draw(st.sampled_from(Trigger)),
        started_by=draw(st.sampled_from((None, BEN))),
    )
    return EscalationView(
        escalation=stretch,
        customer=Customer(1, 1, draw(texts), draw(st.none() | texts), draw(st.sampled_from((None, "15550101")))),
        inbox_name=draw(texts),
        last_author=draw(st.none() | st.sampled_from(Author)),
        last_text=draw(texts),
        last_at=draw(st.none() | st.just(NOW - minutes(3))),
        window_closes_at=draw(st.none() | spans.map(lambda span: NOW + span)),
        thread_url=draw(THREADS),
        earlier=tuple(draw(st.lists(st.builds(Earlier, IDS, FINAL, texts, st.just(NOW), texts, THREADS), max_size=3))),
        spent=draw(st.none() | st.builds(Spent, spans, spans)),
    )


lines = st.builds(TranscriptLine, st.sampled_from(Author), texts, texts, st.just(NOW))


@quick
@given(views())
def test_a_card_fits_whatever_it_is_about(view: EscalationView) -> None:
    check_post(card(view, NOW))
    check_post(reminders.not_taken(view, timedelta(minutes=15), 2, "S0ONCALL", to_all=True))
    check_post(reminders.not_answered(view, reminders.Chased("U0ANA", NOW, NOW), "S0ONCALL", to_all=True))
    check_post(queue.escalated(view))
    check_view(card_modals.assign_anyway(view, BEN, f"<@{BEN}> is away.", BEN))
    if view.escalation.taken_by:
        check_view(card_modals.take_over(view))


@quick
@given(st.lists(lines, max_size=40), st.integers(0, 500))
def test_a_transcript_fits_and_keeps_what_was_said_last(said: list[TranscriptLine], more: int) -> None:
    newest = TranscriptLine(Author.CUSTOMER, "Carla", "the newest words", NOW)
    posts = thread_notes.transcript([*said, newest], more)
    for post in posts:
        check_post(post)
    assert words(posts[-1].blocks).endswith("the newest words\n")
    assert posts[-1].text.endswith("the newest words")


urls = texts | texts.map(lambda text: f"https://example.com/{text}")
details = st.builds(
    Details,
    file=st.none() | st.builds(File, texts, name=texts, is_voice=st.booleans()),
    place=st.none() | st.builds(Place, st.floats(-90, 90), st.floats(-180, 180)),
    contacts=st.lists(st.builds(ContactCard, texts, texts, st.tuples(texts)), max_size=3).map(tuple),
    order=st.lists(st.builds(OrderLine, texts, currency=texts, price=st.floats(0, 1e15)), max_size=3).map(tuple),
    form=st.lists(st.builds(FormAnswer, texts, texts), max_size=3).map(tuple),
    product=st.none() | st.builds(Product, texts),
    referral=st.none() | st.builds(Referral, st.just("ad"), texts, texts, urls),
    forwarded=st.none() | st.sampled_from(Forwarded),
    choice=texts,
    foreign=texts,
    explained=texts,
)
kinds = st.sampled_from(
    ("text", "image", "document", "location", "contacts", "order", "unsupported", "reaction", "edit")
)


@quick
@given(st.sampled_from(Author), texts, texts, kinds, details, st.none() | st.builds(Quoted, texts, texts))
def test_a_mirrored_message_is_whole(
    author: Author, speaker: str, text: str, kind: str, details: Details, quoted: Quoted | None
) -> None:
    said = Said(text, kind, details, quoted)
    posts = mirrored(author, speaker, said)
    for post in posts:
        check_post(post)
        assert post.username
    assert _letters(text) in _letters("".join(words(post.blocks) for post in posts))
    assert _letters(text) in _letters(html.unescape("".join(post.text for post in posts)))
    assert _letters(text) in _letters(in_words(said))


@quick
@given(texts, texts, texts)
def test_prompts_and_failures_fit_an_ephemeral_message(reason: str, excerpt: str, contact: str) -> None:
    ephemeral = (
        thread_notes.held_prompt(f"<@{ANA}> has this.", excerpt, 41, None),
        thread_notes.held_line(BEN, excerpt, 41),
        thread_notes.ended_prompt(f"<@{ANA}> closed this.", excerpt, 41, contact),
        thread_notes.failure(reason, excerpt, 41),
        thread_notes.confirm_prompt(f"<@{ANA}> has this.", action_ids.CONFIRM_TAKE_OVER, "7:U0ANA"),
        queue.no_match(reason),
    )
    for post in ephemeral:
        check_post(post, text_bytes=4_000)


@quick
@given(views(), texts, texts, texts, texts)
def test_the_modal_for_templates_fits_whatever_was_named_and_filled_in(
    of: EscalationView, name: str, body: str, value: str, url: str
) -> None:
    button = {"type": "URL", "text": name, "url": f"{url}{{{{1}}}}", "example": [value]}
    parts = ({"type": "BODY", "text": f"{body} {{{{1}}}}"}, {"type": "BUTTONS", "buttons": [button]})
    template = understand(1, Listed(name, "en", "UTILITY", "APPROVED", parts))
    values = {each.key: value for each in template.slots}
    check_view(modals.template_picker(TemplateChoice(of, (template,), template, values), NOW))


@quick
@given(st.lists(views(), max_size=14))
def test_a_queue_list_fits_and_leads_on_to_what_it_leaves_out(rows: list[EscalationView]) -> None:
    post = queue.queue_list("Waiting in Queue", rows[:10], NOW, Page("waiting", total=len(rows)))
    check_post(post, text_bytes=4_000)
    shown = post.text.count("\n• ")
    assert shown or not rows
    on = [Page.read(str(each["value"])) for each in buttons(post.blocks) if each["action_id"] == action_ids.PAGE_ON]
    assert on == ([] if shown == len(rows) else [Page("waiting", shown)])


@quick
@given(st.lists(views(), min_size=1, max_size=14), st.integers(0, 90))
def test_a_table_of_whatever_is_open_fits_and_leads_on_to_what_it_leaves_out(rows: list[EscalationView], more: int):
    page = Page("all", total=len(rows) + more)
    listed = queue.queue_list("All", rows[:10], NOW, page)
    post = queue_table("All", rows, NOW, page, listed)
    check_post(post, text_bytes=4_000)
    assert post.plain == listed.blocks
    [shown] = [cast("list[object]", block["rows"]) for block in post.blocks if block["type"] == "data_table"]
    left = page.total - (len(shown) - 1)
    on = [Page.read(str(each["value"])) for each in buttons(post.blocks) if each["action_id"] == action_ids.PAGE_ON]
    assert on == ([Page("all", page.total - left)] if left else [])


@quick
@given(texts, texts, texts, st.integers(1, 6))
def test_whoever_may_be_meant_is_offered_whatever_they_are_called(
    typed: str, name: str, contact: str, many: int
) -> None:
    people = [Customer(i, 1, name, contact) for i in range(many)]
    sought = found.Sought(typed, people, (), [(each, name, NOW) for each in people], {1: [typed]})
    chats = [Chat(each.id, each, NOW, None, name) for each in people]
    for post in (
        queue.which_one(typed, people, name, is_named=True),
        found.people(typed, people, is_named=False),
        found.search_results(sought, NOW),
        found.chat_list(chats, NOW, Page("chats", words=typed)),
    ):
        check_post(post)
    check_view(customer_modal(Profile(people[0], notes=(StaffNote(ANA, name or "x", NOW),), tags=("a",)), NOW))


@quick
@given(
    st.lists(views(), min_size=1, max_size=3),
    st.tuples(*[st.integers(0, 600)] * 4),
    st.tuples(*[st.integers(0, 600)] * 4),
    texts,
    st.booleans(),
)
def test_home_fits_however_busy_the_desk(
    some: list[EscalationView], totals: tuple[int, ...], starts: tuple[int, ...], name: str, is_away: bool
) -> None:
    inboxes = {each: f"{name} {each}" for each in range(1, 120)}
    absent = ["U0BEN", *(f"U{each}" for each in range(40)), *([ANA] if is_away else [])]
    away = dict.fromkeys(absent, NOW)
    week = Week({date(2026, 3, 2) + timedelta(days=each): each * 10**6 for each in range(7)}, 4, {ANA: 4}, minutes(9))
    desk = Desk(ANA, _full(some, totals, starts), Today(5_000, 5_000, 5_000, 5_000), away, inboxes, 2, week=week)
    page = home(desk, NOW)
    check_view(page)
    assert headings(page) == ["My Queue", "Waiting in Queue", "Teammates"]


def _full(some: list[EscalationView], totals: tuple[int, ...], starts: tuple[int, ...]) -> dict[Part, Rows]:
    """Lists of that length, open somewhere, of always the same few."""
    of = dict(zip(Part, totals, strict=True))
    sizes = shared(of) | {Part.ENDED: ENDED_ROWS}
    pages = {part: paged(start, sizes[part], of[part]) for part, start in zip(Part, starts, strict=True)}
    rows = {
        part: tuple(some[each % len(some)] for each in range(page.end - page.start)) for part, page in pages.items()
    }
    return {part: Rows(rows[part], pages[part]) for part in Part}


@quick
@given(texts)
def test_a_notice_fits(title: str) -> None:
    check_view(modals.notice(title, "<@U0BEN> has this."))


@quick
@given(spans)
def test_a_stretch_of_time_is_always_said_in_few_words(span: timedelta) -> None:
    assert 0 < len(ago(span)) <= 16


def _letters(text: str) -> str:
    """Without blanks: splitting may leave those at the edges out."""
    return "".join(text.split())
