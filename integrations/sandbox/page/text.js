/** Slack's own text: mrkdwn, plain text with emoji, and rich_text, turned into elements and never into markup. */

import { slackDate } from "./clock.js";
import { h } from "./dom.js";
import { elementGlyph, withGlyphs } from "./emoji.js";

const SAFE_LINK = /^(https?:|mailto:|tel:)/i;
const STYLES = { "*": "strong", _: "em", "~": "s" };

export const unescape = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

/** A text object as Slack shows it. */
export function textObject(object, desk) {
  if (!object) return [];
  if (object.type === "mrkdwn") return mrkdwn(object.text, desk);
  return [object.emoji === false ? object.text : withGlyphs(object.text)];
}

/** Slack's mrkdwn: quotes line by line, code first, then tokens and styles. */
export function mrkdwn(text, desk) {
  return text.split(/(```[\s\S]+?```)/).flatMap((part, index) => {
    if (index % 2) return [h("pre", { class: "code-block" }, unescape(part.slice(3, -3).replace(/^\n/, "")))];
    return quotes(part, desk);
  });
}

function quotes(text, desk) {
  const groups = [];
  for (const line of text.split("\n")) {
    const quoted = /^(?:&gt;|>) ?/.exec(line);
    const last = groups.at(-1);
    const content = quoted ? line.slice(quoted[0].length) : line;
    if (last && last.quoted === Boolean(quoted)) last.lines.push(content);
    else groups.push({ quoted: Boolean(quoted), lines: [content] });
  }
  return groups.flatMap(({ quoted, lines }) => {
    const inside = inline(lines.join("\n"), desk);
    return quoted ? [h("blockquote", {}, inside)] : inside;
  });
}

function inline(text, desk) {
  const pattern = /`([^`\n]+)`|<([^<>\n]+)>|(?<![\p{L}\p{N}])([*_~])(?=\S)([^\n]*?\S)\3(?![\p{L}\p{N}])/gu;
  const parts = [];
  let end = 0;
  for (const found of text.matchAll(pattern)) {
    parts.push(withGlyphs(unescape(text.slice(end, found.index))));
    parts.push(span(found, desk));
    end = found.index + found[0].length;
  }
  parts.push(withGlyphs(unescape(text.slice(end))));
  return parts.filter((part) => part !== "");
}

function span([, code, token, marker, styled], desk) {
  if (code) return h("code", {}, unescape(code));
  if (token) return reference(token, desk);
  return h(STYLES[marker], {}, inline(styled, desk));
}

function reference(token, desk) {
  const [target, label] = cut(token, "|");
  if (target.startsWith("@")) return mention(desk.userName(target.slice(1)));
  if (target.startsWith("#")) return channelLink(target.slice(1), desk);
  if (target.startsWith("!date^")) return dateToken(target, label);
  if (target.startsWith("!subteam^")) return mention(desk.groupName(target.slice("!subteam^".length)));
  if (target.startsWith("!")) return mention(target.slice(1));
  return link(unescape(target), label ? withGlyphs(unescape(label)) : null, desk);
}

function cut(text, separator) {
  const at = text.indexOf(separator);
  return at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
}

function dateToken(target, fallback) {
  const [, seconds, format, url] = target.split("^");
  const shown = format ? slackDate(seconds, format) : (fallback ?? seconds);
  const element = h("time", { title: fallback ?? "" }, shown);
  return url && SAFE_LINK.test(url) ? h("a", { href: url, target: "_blank", rel: "noreferrer" }, element) : element;
}

const mention = (name) => h("span", { class: "mention" }, `@${name}`);

function channelLink(id, desk) {
  return h("button", { type: "button", class: "mention link", onclick: () => desk.openChannel(id) }, `#${desk.channelName(id)}`);
}

/** A link; one to a message of this workspace opens here, anything but the web, mail and telephone stays text. */
export function link(url, label, desk) {
  const shown = label ?? url.replace(/^(mailto|tel):/, "");
  if (!SAFE_LINK.test(url)) return h("span", {}, shown);
  const message = desk.messageAt(url);
  const open = (event) => {
    event.preventDefault();
    desk.openThread(message.channel, message.ts);
  };
  if (message) return h("a", { href: url, onclick: open }, shown);
  return h("a", { href: url, target: "_blank", rel: "noreferrer" }, shown);
}

/** A rich_text block. */
export function richText(block, desk) {
  return h("div", { class: "rich-text" }, block.elements.map((element) => richContainer(element, desk)));
}

function richContainer(container, desk) {
  const leaves = () => container.elements.map((leaf) => richLeaf(leaf, desk));
  if (container.type === "rich_text_quote") return h("blockquote", {}, leaves());
  if (container.type === "rich_text_preformatted") return h("pre", { class: "code-block" }, leaves());
  if (container.type !== "rich_text_list") return h("div", {}, leaves());
  const items = container.elements.map((item) => h("li", {}, item.elements.map((leaf) => richLeaf(leaf, desk))));
  const tag = container.style === "ordered" ? "ol" : "ul";
  return h(tag, { class: `indent-${container.indent ?? 0}`, start: container.offset ? container.offset + 1 : null }, items);
}

const LEAVES = {
  text: (leaf) => leaf.text,
  link: (leaf, desk) => link(leaf.url, leaf.text, desk),
  user: (leaf, desk) => mention(desk.userName(leaf.user_id)),
  usergroup: (leaf, desk) => mention(desk.groupName(leaf.usergroup_id)),
  broadcast: (leaf) => mention(leaf.range),
  channel: (leaf, desk) => channelLink(leaf.channel_id, desk),
  emoji: (leaf) => elementGlyph(leaf),
  date: (leaf) => h("time", { title: leaf.fallback ?? "" }, slackDate(leaf.timestamp, leaf.format)),
  color: (leaf) => h("code", {}, leaf.value),
};

function richLeaf(leaf, desk) {
  const draw = LEAVES[leaf.type];
  const shown = draw ? draw(leaf, desk) : (leaf.text ?? leaf.fallback ?? "");
  return Object.entries({ bold: "strong", italic: "em", strike: "s", underline: "u", code: "code" })
    .filter(([style]) => leaf.style?.[style])
    .reduce((inside, [, tag]) => h(tag, {}, inside), shown);
}
