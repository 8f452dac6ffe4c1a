"""What staff write in Slack reaches the customer as words: no ids, no entities, no short names, no Slack marks."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.text.emoji_names import from_code_points, from_short_name, to_short_name, with_skin_tone
from bot.domain.text.rich_text import leaves
from bot.domain.text.slack_in import Mentions, SlackText, mentions, slack_to_whatsapp
from bot.domain.text.slack_out import plain_rich_text
from integrations.sandbox.emoji_names import short_names

Json = dict[str, object]
NAMES = {"U0ANA": "Ana", "U0BEN": "Ben", "C0SUPPORT": "support-desk"}


def text(words: str, *styles: str) -> Json:
    style = dict.fromkeys(styles, True)
    return {"type": "text", "text": words, **({"style": style} if style else {})}


def emoji(name: str, **more: object) -> Json:
    return {"type": "emoji", "name": name, **more}


def link(url: str, words: str | None = None) -> Json:
    return {"type": "link", "url": url, **({"text": words} if words else {})}


def user(user_id: str) -> Json:
    return {"type": "user", "user_id": user_id}


def section(*leaves: Json, kind: str = "section") -> Json:
    return {"type": f"rich_text_{kind}", "elements": list(leaves)}


def items(*words: str, style: str = "bullet", **more: object) -> Json:
    return {"type": "rich_text_list", "style": style, "elements": [section(text(each)) for each in words], **more}


def written(*elements: Json, beside: str = "") -> SlackText:
    return SlackText([{"type": "rich_text", "elements": list(elements)}], beside)


def read(*elements: Json) -> str:
    return slack_to_whatsapp(written(*elements), NAMES)


def read_text(words: str) -> str:
    return slack_to_whatsapp(SlackText((), words), NAMES)


# --- rich_text ---


def test_colleagues_and_channels_have_names() -> None:
    channel: Json = {"type": "channel", "channel_id": "C0SUPPORT"}
    assert read(section(text("Ask "), user("U0ANA"), text(" in "), channel)) == "Ask Ana in #support-desk"


def test_who_has_no_name_is_left_out_and_leaves_no_hole() -> None:
    assert read(section(text("Hi "), user("U0GONE"), text(", all well?"))) == "Hi, all well?"
    assert read(section(user("U0GONE"), text(" hello"))) == "hello"
    assert read(section(text("ask "), user("U0GONE"), text(" now"))) == "ask now"


@pytest.mark.parametrize(
    "call",
    [
        {"type": "usergroup", "usergroup_id": "S0LEADS"},
        {"type": "broadcast", "range": "channel"},
        {"type": "team", "team_id": "T0"},
    ],
)
def test_calls_to_groups_never_reach_a_customer(call: Json) -> None:
    assert read(section(text("Look "), call, text(" here"))) == "Look here"


def test_emoji_come_as_unicode_with_their_skin_tone() -> None:
    thumb = emoji("+1", unicode="1f44d-1f3fc", skin_tone=3)
    assert read(section(text("Done "), thumb, text(" "), emoji("tada"))) == "Done 👍🏼 🎉"


def test_custom_emoji_are_left_out() -> None:
    assert read(section(text("Great "), emoji("party-parrot"), text(" work"))) == "Great work"
    assert read(section(text("Great "), emoji("party-parrot"), text(" "), text("work", "bold"))) == "Great *work*"
    assert read(section(text("Great", "bold"), text(" "), emoji("party-parrot"), text(", Carla"))) == "*Great*, Carla"


def test_short_names_that_were_typed_are_emoji_too_but_not_in_code() -> None:
    assert read(section(text("Yes :tada: "), text(":tada:", "code"))) == "Yes 🎉 `:tada:`"


def test_styles_are_whatsapps_and_hug_their_words() -> None:
    shown = read(section(text("Hello ", "bold"), text("dear", "bold", "italic"), text(" "), text("x", "strike")))
    assert shown == "*Hello _dear_* ~x~"


def test_a_style_is_marked_once_over_several_leaves_and_on_each_line() -> None:
    wave = emoji("wave", style={"bold": True})
    assert read(section(text("Hi ", "bold"), wave, text(" you\nthere", "bold"))) == "*Hi 👋 you*\n*there*"


def test_part_of_a_word_cannot_be_bold() -> None:
    assert read(section(text("un"), text("believ", "bold"), text("able"))) == "unbelievable"


@pytest.mark.parametrize(
    ("leaf", "shown"),
    [
        (link("https://shop.example/a?b=1&c=2"), "https://shop.example/a?b=1&c=2"),
        (link("http://shop.example", "shop.example"), "shop.example"),
        (link("https://shop.example/returns", "our page"), "our page (https://shop.example/returns)"),
        (link("mailto:help@shop.example", "help@shop.example"), "help@shop.example"),
        ({"type": "date", "timestamp": 0, "fallback": "Jan 1"}, "Jan 1"),
        ({"type": "date", "timestamp": 60}, "1970-01-01 00:01 UTC"),
        ({"type": "color", "value": "#ff0000"}, "#ff0000"),
        ({"type": "something_new", "text": "its words"}, "its words"),
    ],
)
def test_every_leaf_has_words(leaf: Json, shown: str) -> None:
    assert read(section(leaf)) == shown


def test_nested_lists_keep_their_numbers_and_their_depth() -> None:
    shown = read(
        section(text("Do this:\n")),
        items("pack", "label", style="ordered"),
        items("top", "side", indent=1),
        items("send", style="ordered", offset=2),
    )
    assert shown == "Do this:\n1. pack\n2. label\n  - top\n  - side\n3. send"


def test_quotes_and_code_blocks_stay_what_they_are() -> None:
    quote = section(text("you said\nthis"), kind="quote")
    block = section(text("a = '&amp;' # :tada:"), kind="preformatted")
    assert read(quote, block) == "> you said\n> this\n```\na = '&amp;' # :tada:\n```"


def test_a_list_within_a_quote_is_quoted_too() -> None:
    """Slack writes it as a list with a border."""
    shown = read(section(text("they said"), kind="quote"), items("one", "two", border=1), section(text("and")))
    assert shown == "> they said\n> - one\n> - two\nand"


def test_blocks_we_do_not_understand_fall_back_to_the_text_beside_them() -> None:
    new: Json = {"type": "rich_text_carousel", "elements": [section(text("lost"))]}
    assert slack_to_whatsapp(written(new, beside="the words &amp; more"), NAMES) == "the words & more"
    unknown: Json = {"type": "hologram"}
    assert slack_to_whatsapp(written(section(unknown), beside="words"), NAMES) == "words"


# --- text ---


@pytest.mark.parametrize(
    ("slack", "shown"),
    [
        ("Hi <@U0ANA> and <@U0GONE|ben>", "Hi Ana and ben"),
        ("Hi <@U0GONE>, ok", "Hi, ok"),
        ("<!here> <!subteam^S1|@leads> look", "look"),
        ("in <#C0SUPPORT|old-name> <#C9|>", "in #support-desk"),
        (
            "<https://x.example/?a=1&amp;b=2|docs> <https://x.example>",
            "docs (https://x.example/?a=1&b=2) https://x.example",
        ),
        ("<http://shop.example|shop.example> <mailto:a@b.example|a@b.example>", "shop.example a@b.example"),
        ("<tel:+34600|+34 600>", "+34 600 (+34600)"),
        ("at <!date^60^{time}|one o'clock>", "at one o'clock"),
        ("salt &amp; pepper &lt;3", "salt & pepper <3"),
        ("&lt;!channel&gt; &amp;lt;", "<!channel> &lt;"),
        (":wave::skin-tone-4: :party-parrot: :flag-es:", "👋🏽 🇪🇸"),
        ("from 10:30:45 to a:b:c", "from 10:30:45 to a:b:c"),
        (
            "`:tada: &lt;b&gt;` and ```<https://x.example>\n:tada:```",
            "`:tada: <b>` and ```https://x.example\n:tada:```",
        ),
        ("• one\n• two\n    ◦ three", "- one\n- two\n    - three"),
        ("&gt; quoted\n*bold* _it_ ~no~", "> quoted\n*bold* _it_ ~no~"),
        ("a < b > c", "a < b > c"),
    ],
)
def test_text_without_blocks_is_read_by_its_tokens(slack: str, shown: str) -> None:
    assert read_text(slack) == shown


# --- emoji names ---


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("smile", "😄"),
        ("thumbsup", "👍"),
        ("flag-mx", "🇲🇽"),
        ("flag-scotland", "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"),
        ("egg", "🥚"),
        ("satellite", "🛰️"),
        ("beetle", "🪲"),
        ("man-shrugging", "🤷‍♂️"),
        ("female-doctor", "👩‍⚕️"),
        ("female_superhero", "🦸‍♀️"),
        ("man-woman-girl-boy", "👨‍👩‍👧‍👦"),
        ("woman-kiss-man", "👩‍❤️‍💋‍👨"),
        ("simple_smile", "🙂"),
        ("party-parrot", None),
        ("man-with-a-plan", None),
    ],
)
def test_slacks_names_are_slacks_pictures(name: str, shown: str | None) -> None:
    assert from_short_name(name) == shown


@pytest.mark.parametrize(
    ("shown", "name"),
    [
        ("👍🏽", "thumbsup::skin-tone-4"),
        ("❤", "heart"),
        ("❤️", "heart"),
        ("🤔", "thinking_face"),
        ("🇪🇸", "flag-es"),
        ("🤷‍♀️", "woman-shrugging"),
        ("👩🏿‍💻", "female-technologist::skin-tone-6"),
        ("👩🏿‍🤝‍👨🏻", None),
        ("no emoji", None),
        ("", None),
    ],
)
def test_pictures_have_slacks_names(shown: str, name: str | None) -> None:
    assert to_short_name(shown) == name


def test_nearly_every_picture_of_slacks_is_called_as_slack_calls_it() -> None:
    pictures = {name: from_code_points(points) or "" for name, points in short_names().items()}
    known = [name for name, shown in pictures.items() if to_short_name(shown) in pictures]
    assert len(known) > 0.95 * len(pictures)


def test_the_first_person_takes_the_skin_tone() -> None:
    assert with_skin_tone("🤷‍♂️", 2) == "🤷🏻‍♂️"
    assert with_skin_tone("🕵️‍♀️", 6) == "🕵🏿‍♀️"
    assert with_skin_tone("👍🏼", 5) == "👍🏼"
    assert with_skin_tone("🎉", 0) == "🎉"


def test_code_points_that_are_none_are_no_emoji() -> None:
    assert from_code_points("1f44d-1f3fc") == "👍🏼"
    assert from_code_points("zz") is None
    assert from_code_points("") is None


# --- mentions ---


def test_a_message_calls_whom_its_blocks_or_its_text_call() -> None:
    group: Json = {"type": "usergroup", "usergroup_id": "S0LEADS"}
    called = written(section(user("U0BEN"), group), items("x"), beside="<@U0BEN> <@U0ANA> <!subteam^S0LEADS>")
    assert mentions(called) == Mentions(users=("U0BEN", "U0ANA"), usergroups=("S0LEADS",))


@pytest.mark.parametrize("token", ["here", "channel", "everyone"])
def test_calling_everybody_is_a_mention(token: str) -> None:
    assert mentions(SlackText((), f"<!{token}> look")).broadcast
    assert mentions(written(section({"type": "broadcast", "range": token}))).broadcast


def test_mentions_inside_lists_count() -> None:
    nested: Json = {"type": "rich_text_list", "style": "bullet", "elements": [section(user("U0BEN"))]}
    assert mentions(written(nested)).users == ("U0BEN",)


def test_what_only_looks_like_a_mention_is_none() -> None:
    assert not mentions(SlackText((), "&lt;@U0BEN&gt; &lt;!channel&gt; <https://x.example|@ben> <#C0SUPPORT>"))


# --- whatever comes ---

TOKENS = [
    "<@U0ANA>",
    "<@U9ZZZ>",
    "<@U9ZZZ|x>",
    "<!here>",
    "<!channel>",
    "<!subteam^S1|@g>",
    "<#C9|>",
    "<#C9|n>",
    "<https://x.example|l>",
]
WORDS = [":tada:", ":party-parrot:", "&amp;", "&lt;", "&gt;", "*", "_", "~", "`", "```", "hello", ",", ".", "•", "\n"]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(TOKENS + WORDS), max_size=20).map(" ".join))
def test_no_token_no_id_and_no_entity_ever_leaks(slack: str) -> None:
    shown = read_text(slack)
    leaks = ["<@", "<#", "<!", "<http", "&amp;", "&lt;", "&gt;", "U9ZZZ", "S1", "C9"]
    assert not [leak for leak in leaks if leak in shown]


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["rich_text_section", "text", "user", "emoji", "x"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "elements", "style", "text", "unicode", "indent", "url"]), inner)
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(st.lists(JUNK, max_size=3))
def test_malformed_blocks_never_break_the_message(elements: list[object]) -> None:
    message = SlackText([{"type": "rich_text", "elements": elements}], "the words")
    assert isinstance(slack_to_whatsapp(message, NAMES), str)
    assert isinstance(mentions(message), Mentions)


STYLES = st.sets(st.sampled_from(["bold", "italic", "strike"]))


@given(st.lists(st.tuples(st.text("ab \n", min_size=1, max_size=6), STYLES), min_size=1, max_size=6))
def test_styled_words_lose_no_letter(leaves: list[tuple[str, set[str]]]) -> None:
    shown = read(section(*(text(words, *sorted(styles)) for words, styles in leaves)))
    letters = "".join(words for words, _ in leaves)
    assert [each for each in shown if each in "ab"] == [each for each in letters if each in "ab"]


# --- there and back ---

PLAIN = st.text(st.characters(categories=["Ll", "Lu", "Nd"]), min_size=1, max_size=9)
WORD_STYLES = st.lists(st.sampled_from(["bold", "italic", "strike", "code"]), max_size=2, unique=True)
LEFT_OUT: list[Json] = [
    emoji("party-parrot"),
    user("U0GONE"),
    {"type": "usergroup", "usergroup_id": "S0LEADS"},
    {"type": "broadcast", "range": "channel"},
]


@st.composite
def sections(draw: st.DrawFn, kind: str = "section") -> Json:
    """Words in styles, with spaces between them, and here and there what a customer never sees."""
    leaves: list[Json] = []
    for word in draw(st.lists(PLAIN, min_size=1, max_size=5)):
        leaves += [text(word, *draw(WORD_STYLES)), text(" ")]
        if draw(st.integers(0, 3)) == 0:
            leaves += [draw(st.sampled_from(LEFT_OUT)), text(" ")]
    return section(*leaves, kind=kind)


@st.composite
def elements_of_a_message(draw: st.DrawFn) -> Json:
    kind = draw(st.sampled_from(["section", "quote", "preformatted", "list"]))
    if kind != "list":
        return draw(sections(kind))
    style, inside = draw(st.sampled_from(["bullet", "ordered"])), draw(st.lists(sections(), min_size=1, max_size=3))
    return {"type": "rich_text_list", "style": style, "indent": draw(st.integers(0, 2)), "elements": inside}


def words_in(block: Json) -> list[str]:
    return [str(leaf["text"]) for leaf in leaves(block) if leaf.get("type") == "text" and str(leaf["text"]).strip()]


@settings(max_examples=150, deadline=None)
@given(st.lists(elements_of_a_message(), min_size=1, max_size=4))
def test_words_come_to_whatsapp_and_back_to_slack_all_and_in_order(written_elements: list[Json]) -> None:
    block: Json = {"type": "rich_text", "elements": written_elements}
    shown = slack_to_whatsapp(SlackText([block], ""), NAMES)
    back = " ".join(words_in(plain_rich_text(shown)))
    assert not [leak for leak in ("<@", "<!", "&amp;", ":party-parrot:", "U0GONE", "S0LEADS") if leak in back]
    numbered = re.sub(r"(?m)^[\s>]*(?:-|\d+\.) ", " ", back)  # the numbers of a list are none of its words
    assert re.findall(r"\w+", numbered.replace("_", " ")) == re.findall(r"\w+", " ".join(words_in(block)))
