"""The AI's Markdown as WhatsApp text, rendered from the parsed tree."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.tree import SyntaxTreeNode

from bot.domain.text.marks import FENCE, code, fenced, link, quoted, styled

_DEEPEST = 30  # a thousand marks inside one another are not Markdown anybody meant, and would exhaust the stack
_MARKER = {"strong": "*", "em": "_", "s": "~"}
_TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)|<[!?]")
_LINE_TAGS = re.compile(
    r"br|p|div|d[ltd]|li|[uo]l|tr|table|h[1-6r]|blockquote|pre|section|article|aside|header|footer|main|nav|address"
    r"|center|details|summary|figure|figcaption|caption",
    re.IGNORECASE,
)
_WORD_TAGS = re.compile(
    r"abbr|bdi|bdo|big|cite|code|del|dfn|em|font|img|ins|kbd|mark|samp|small|span|strike|strong|sub|sup|t[dht]"
    r"|tbody|thead|var|[abiqsu]",
    re.IGNORECASE,
)
_BARE_URL = re.compile(r"://[^\s<>\[\]`|\\\"]+")
_SCHEME = re.compile(r"https?$", re.IGNORECASE)
_LEFTOVER = re.compile(r"\*\*(?=\S)([^*\n]+)(?<=\S)\*\*")
_TASK = re.compile(r"\[([ xX])\]\s+")


def markdown_to_whatsapp(text: str) -> str:
    """WhatsApp knows bold, italic, strike, code, quotes and lists; everything else becomes plain lines.

    Never empty where the Markdown was not: a lone `#` is sent as it came.
    """
    tokens = _parser().parse(text)
    if any(inner.level > _DEEPEST for token in tokens for inner in token.children or ()):
        return text.strip()
    tree = SyntaxTreeNode(tokens)
    return "\n\n".join(_blocks(tree.children)).strip() or text.strip()


@cache
def _parser() -> MarkdownIt:
    """CommonMark as models write it to a chat.

    Off: indented code and underlined headings (in chats they are plain lines and rules), and reference definitions
    and HTML blocks, which would swallow words the customer should see.
    """
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    parser.disable(["code", "lheading", "reference", "html_block"])
    parser.inline.ruler.before("escape", "bare_url", _bare_url)
    parser.normalizeLink = _as_written
    return parser


def _as_written(url: str) -> str:
    return url


def _bare_url(state: StateInline, silent: bool) -> bool:
    """Keep an address in running text whole, so that its `_` and `*` are never read as emphasis.

    What closes the sentence or the emphasis around it stays outside.
    """
    scheme = _SCHEME.search(state.pending)
    rest = _BARE_URL.match(state.src, state.pos, state.posMax)
    if not scheme or not rest:
        return False
    address = rest.group().rstrip("*_~.,;:!?')")
    if not silent:
        state.pending += address.replace("&amp;", "&")  # in an address it is never meant literally
    state.pos += len(address)
    return True


# --- Blocks ---------------------------------------------------------------------------------------------------------


def _blocks(nodes: Sequence[SyntaxTreeNode]) -> Iterator[str]:
    return (shown for node in nodes if (shown := _block(node)).strip())


def _block(node: SyntaxTreeNode) -> str:
    if node.type == "heading":
        return _heading(node)
    if node.type == "fence":
        return fenced(node.content)
    if node.type in ("bullet_list", "ordered_list"):
        return "\n".join(_items(node))
    if node.type == "blockquote":
        return quoted("\n\n".join(_blocks(node.children)))
    if node.type == "table":
        return _table(node)
    if node.type == "hr":
        return ""
    return _spans(node.children)


def _heading(node: SyntaxTreeNode) -> str:
    return styled(_spans(node.children, frozenset({"strong"})), "*")


def _items(node: SyntaxTreeNode) -> Iterator[str]:
    first = int(node.attrs.get("start", 1))
    for number, item in enumerate(node.children, first):
        blocks = list(_blocks(item.children))
        mark = f"{number}{item.markup} " if node.type == "ordered_list" else "- "
        if blocks and (task := _TASK.match(blocks[0])):
            mark = "☐ " if task.group(1) == " " else "☑ "
            blocks[0] = blocks[0][task.end() :]
        yield mark + "\n".join(_indented(block) for block in blocks).lstrip()


def _indented(block: str) -> str:
    """Two spaces under the item's mark; code keeps its own."""
    return block if block.startswith(FENCE) else "\n".join(f"  {line}" for line in block.splitlines())


def _table(node: SyntaxTreeNode) -> str:
    """A phone is too narrow for columns: one line per row, each value after its column's name."""
    rows = [[_cell(cell) for cell in row.children] for part in node.children for row in part.children]
    head, body = rows[0], rows[1:]
    if not body:
        return " · ".join(cell for cell in head if cell)
    return "\n".join(f"- {line}" for row in body if (line := _row(head, row)))


def _cell(cell: SyntaxTreeNode) -> str:
    return " ".join(_spans(cell.children).split())


def _row(head: list[str], row: list[str]) -> str:
    pairs = zip(head, row, strict=False)
    return " · ".join(f"{styled(name, '*')}: {value}" if name else value for name, value in pairs if value)


# --- Words ----------------------------------------------------------------------------------------------------------


def _spans(nodes: Sequence[SyntaxTreeNode], within: frozenset[str] = frozenset()) -> str:
    """Inline content as text; `within` holds the styles already in force, so that none is marked twice."""
    shown = ""
    for index, node in enumerate(nodes):
        after = _first_char(nodes[index + 1]) if index + 1 < len(nodes) else ""
        shown += _span(node, within, shown[-1:], after)
    return shown


def _span(node: SyntaxTreeNode, within: frozenset[str], before: str, after: str) -> str:
    if node.type in _MARKER:
        return _emphasis(node, within, before, after)
    if node.type in ("softbreak", "hardbreak"):
        return "\n"
    if node.type == "code_inline":
        return code(node.content)
    if node.type == "link":
        return _link(_spans(node.children, within), str(node.attrs.get("href", "")))
    if node.type == "image":
        return _link(_spans(node.children, within), str(node.attrs.get("src", "")))
    if node.type == "html_inline":
        return _html(node.content)
    return _spans(node.children, within) if node.children else _unpaired(node.content)


def _unpaired(text: str) -> str:
    """Models write `**Note:**text`, which CommonMark leaves as it is; the customer gets the words without the stars."""
    return _LEFTOVER.sub(r"\1", text)


def _emphasis(node: SyntaxTreeNode, within: frozenset[str], before: str, after: str) -> str:
    """WhatsApp styles whole words only: inside a word `5*3*2` is arithmetic, and any other marks would show."""
    inner = _spans(node.children, within | {node.type})
    if before.isalnum() or after.isalnum():
        literal = node.type == "em" or before.isdigit() or after.isdigit()
        return f"{node.markup}{inner}{node.markup}" if literal else inner
    return inner if node.type in within else styled(inner, _MARKER[node.type])


def _first_char(node: SyntaxTreeNode) -> str:
    if node.children:
        return _first_char(node.children[0])
    return "" if node.type == "html_inline" else node.content[:1]


def _link(text: str, url: str) -> str:
    """No address that leads nowhere from a phone, as #anchors and /paths do."""
    return link(text, url) if ":" in url or not text.strip() else text


def _html(tag: str) -> str:
    """Drop real tags; words in angle brackets, as in <order number>, are the AI's own and stay."""
    match = _TAG.match(tag)
    name = (match.group(1) or "") if match else ""
    if _LINE_TAGS.fullmatch(name):
        return "\n"
    return "" if _WORD_TAGS.fullmatch(name) or not name else tag
