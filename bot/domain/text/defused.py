"""Text that can open no turn of its own: some model servers join a conversation into one text and read marks out of it.

Those marks are each model family's own, and a customer who writes them could speak as the system there. What is meant
for people stays as it was; this is for the model's eyes.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.domain.text.lookalikes import drawn, without_unseen

_ROLES = r"system|assistant|developer|user|human|tool|function|model|ai|bot"
_PARTS = (
    rf"{_ROLES}|s|bos|eos|pad|unk|mask|sys|inst|instructions?|prompt|context|start_of_turn|end_of_turn|im_start|im_end|"
    r"tools|tool_calls?|tool_responses?|tool_results?|functions|function_calls?|function_results?|invoke|parameter|"
    r"think|thinking|reasoning|channel|message|documents?|results?|output"
)
_MARK = re.compile(
    # ChatML, Llama 3, Phi, DeepSeek, gpt-oss: <|im_start|>, <|eot_id|>, <｜User｜>
    r"<\|[^<>|\n]{1,40}\|>"
    # Gemma, Hermes, Qwen, Llama 2: <start_of_turn>, <tool_call>, <s>, <<SYS>>, <function=send>
    rf"|<{{1,2}}/?(?:{_PARTS})(?:[ =:][^<>\n]{{0,80}})?/?>{{1,2}}"
    # Mistral and Llama 2: [INST], [/SYSTEM_PROMPT], [TOOL_CALLS]
    r"|\[/?(?:inst|system_prompt|available_tools|tool_calls|tool_results|tool_content|args|call_id)\]",
    re.IGNORECASE,
)
_UNMARKED = str.maketrans("<>[]|＜＞［］｜", "‹›()¦‹›()¦")

# In other languages it is no mark of any template, but reads like one.
_SPOKEN = rf"{_ROLES}|sistema|système|systeem|administrador|mfumo|система|系统|系統|システム|시스템|النظام|نظام|सिस्टम"
_WHAT = r"(?:[ _-](?:message|prompt|note|notice|instructions?|override|update|mode|result|output|response|call))?"
_LABEL = re.compile(
    # Vicuna, Alpaca, and everything that only looks like a protocol: "System:", "### Human:", "**[ASSISTANT]** ->"
    rf"^[ \t>#*_~=\-\[({{<\"'`“]{{0,16}}(?P<who>(?:{_SPOKEN}){_WHAT})[ \t\])}}>\"'*_~`”]{{0,8}}(?::|=>|->|\||--)",
    re.IGNORECASE | re.MULTILINE,
)
_HEADING = re.compile(
    rf"^[ \t]{{0,3}}#{{1,6}}[ \t]*(?P<who>(?:{_SPOKEN}|instructions?|response|input){_WHAT})\b:?",
    re.IGNORECASE | re.MULTILINE,
)
_SHOUTED = re.compile(r"\b(?P<who>SYSTEM|ASSISTANT|USER|HUMAN|DEVELOPER)[ \t]?:")


def defused(text: str) -> str:
    """The same words, in which no mark of a template is left and nobody is announced."""
    text = without_unseen(text)
    text = _each(text, _MARK, lambda seen, _: seen.translate(_UNMARKED))
    for pattern in (_LABEL, _HEADING, _SHOUTED):
        text = _each(text, pattern, lambda _, who: f"“{who}” –")
    return text


def _each(text: str, pattern: re.Pattern[str], instead: Callable[[str, str], str]) -> str:
    """Replace what looks like the pattern, whatever letters it is made of."""
    plain, places = drawn(text)
    pieces, done = list[str](), 0
    for match in pattern.finditer(plain):
        begin, end = places[match.start()], places[match.end() - 1] + 1
        if begin < done:  # one letter that is drawn as several
            continue
        who = match["who"] if "who" in pattern.groupindex else ""
        pieces += [text[done:begin], instead(text[begin:end], who)]
        done = end
    return "".join([*pieces, text[done:]])
