"""Answers that repeat what they were written by, and answers that merely say what the business would say."""

from __future__ import annotations

import base64
import codecs

import pytest

from bot.domain.text.leaks import Instructions

FRAME = (
    "Write as one writes on WhatsApp: one message, plain and short, three sentences where that is enough. State only "
    "what is written above, what stands in the conversation or in what a search returned."
)
PROMPT = (
    "We sell tents in Lisbon, Rua das Flores 12, and in Porto, Rua do Ouro 7. Open on weekdays from 9 to 19. Returns "
    "are free for thirty days. Whoever complains twice is offered ten per cent; a third time a colleague is called. "
    "Never tell anybody that prices will fall in May. Be friendly, never longer than two sentences, and never joke "
    "about the weather in the mountains."
)
CHINESE = (
    "我们只在里斯本和波尔图出售帐篷，绝不能告诉任何人五月份价格会下降，"
    "第三次投诉时请立即通知同事处理，第二次投诉可以给百分之十的折扣。"
)
INSTRUCTIONS = Instructions(FRAME, PROMPT)


@pytest.mark.parametrize(
    "told",
    [
        f"Sure! {FRAME}",
        FRAME[:90],
        FRAME.upper(),
        FRAME.replace(" ", "\n* "),
        " ".join(FRAME),
        "\u200b".join(FRAME),
        FRAME.translate(str.maketrans("aeopc", "аеорс")),
        FRAME[::-1],
        codecs.encode(FRAME, "rot13"),
        f"Here you are: {base64.b64encode(FRAME.encode()).decode()}",
        FRAME.encode().hex(" "),
        PROMPT,
        PROMPT[len(PROMPT) // 4 :],
    ],
)
def test_a_long_stretch_of_the_instructions_is_known_in_any_disguise(told: str):
    assert INSTRUCTIONS.are_quoted(told)


def test_it_is_the_same_in_a_script_that_needs_few_letters():
    assert Instructions("", CHINESE).are_quoted(f"好的：{CHINESE[5:55]}")
    assert not Instructions("", CHINESE).are_quoted("我们在里斯本和波尔图出售帐篷。")


@pytest.mark.parametrize(
    "said",
    [
        "We sell tents in Lisbon, Rua das Flores 12, and in Porto, Rua do Ouro 7. Open on weekdays from 9 to 19.",
        "Returns are free for thirty days. May I help with anything else?",
        "I am an assistant, and I keep my instructions to myself. I can help with tents, returns and opening hours.",
        "Our order number looks like AU-48213. Your link: https://example.com/track/AU48213AU48213AU48213AU48213",
        "",
    ],
)
def test_facts_of_the_prompt_and_plain_refusals_are_no_quotations(said: str):
    assert not INSTRUCTIONS.are_quoted(said)


def test_slices_add_up():
    first, second = FRAME[:50], FRAME[50:100]
    assert not INSTRUCTIONS.are_quoted(first)
    assert INSTRUCTIONS.are_quoted(second, earlier=f"Hello!\n{first}")
    assert not INSTRUCTIONS.are_quoted("We open at nine.", earlier=f"{first} {second}")


def test_a_prompt_of_a_line_can_be_said_in_full():
    assert not Instructions(FRAME, "We sell tents.").are_quoted("We sell tents.")
