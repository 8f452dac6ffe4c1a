/** One message on the customer's phone, and what the customer can do with it: react, quote, edit, delete. */

import { clockTime, fullTime } from "./clock.js";
import { h } from "./dom.js";
import { fileView } from "./files.js";
import { icon, ticks } from "./icons.js";

const REACTIONS = ["👍", "❤️", "😂", "😮", "😢", "🙏"];
const EDITABLE_SECONDS = 15 * 60;

export function bubble(each, isFirst, customer, desk) {
  const mine = each.from === "customer";
  const quoted = each.quoted && customer.messages.find(({ id }) => id === each.quoted);
  const failed = each.status === "failed";
  const reactions = [each.reaction, each.answer].filter(Boolean);
  return h(
    "div",
    {
      key: each.id,
      class: ["bubble", mine ? "mine" : "theirs", isFirst && "first", failed && "failed", reactions.length && "reacted"].filter(Boolean).join(" "),
      "data-testid": "phone-message",
      "data-from": each.from,
      "data-status": each.status,
    },
    quoted && h("p", { class: "quoted" }, whose(quoted), quoted.deleted ? "Deleted message" : quoted.text),
    each.file && !each.deleted && h("div", { class: "bubble-file", "data-testid": "phone-file" }, fileView(each.file)),
    each.deleted ? h("p", { class: "bubble-text gone" }, "You deleted this message") : h("p", { class: "bubble-text" }, whatsAppText(each.text)),
    h(
      "span",
      { class: "bubble-foot" },
      failed && "did not arrive · ",
      each.edited && !each.deleted && "Edited ",
      h("time", { title: fullTime(each.at) }, clockTime(each.at)),
      mine && ticks(each.status ?? "sent"),
    ),
    reactions.length > 0 && h("span", { class: "bubble-reactions", role: "img", "aria-label": `Reactions: ${reactions.join(" ")}`, "data-testid": "phone-reactions" }, reactions.join("")),
    !each.deleted && choices(each, desk),
  );
}

/** What the next message will answer or change, above the box it is written in. */
export function answering(customer, desk) {
  const { quoting, editing } = desk.view;
  const about = customer.messages.find(({ id }) => id === (editing ?? quoting));
  if (!about || about.deleted) return null;
  return h(
    "div",
    { class: "answering", "data-testid": "phone-answering" },
    h("p", { class: "quoted" }, editing ? h("b", {}, "Edit your message") : whose(about), about.text),
    h("button", { type: "button", class: "icon-button", "aria-label": "Cancel", onclick: () => desk.stopAnswering() }, icon("close")),
  );
}

const whose = (each) => h("b", {}, each.from === "customer" ? "You" : "Business");

function choices(each, desk) {
  const menu = `bubble/${each.id}`;
  const isOpen = desk.view.menu === menu;
  return h(
    "div",
    { class: ["overflow", "bubble-more", isOpen && "open"].filter(Boolean).join(" ") },
    h(
      "button",
      {
        type: "button",
        class: "bubble-button",
        "aria-label": "React, reply, edit",
        "aria-haspopup": "menu",
        "aria-expanded": String(isOpen),
        "data-testid": "phone-more",
        onclick: () => desk.show({ menu: isOpen ? null : menu }),
      },
      icon("dots"),
    ),
    isOpen && h("div", { class: "menu bubble-menu", role: "menu" }, h("div", { class: "palette" }, REACTIONS.map((emoji) => reaction(each, emoji, desk))), entries(each, desk)),
  );
}

function reaction(each, emoji, desk) {
  const isMine = each.reaction === emoji;
  const react = () => desk.actAsCustomer("react", { id: each.id, emoji: isMine ? "" : emoji });
  return h("button", { type: "button", key: emoji, role: "menuitemcheckbox", "aria-checked": String(isMine), "data-testid": `phone-react-${emoji}`, onclick: react }, emoji);
}

function entries(each, desk) {
  const isOwn = each.from === "customer";
  const isFresh = Date.now() / 1000 - each.at < EDITABLE_SECONDS;
  return [
    entry("Reply", "phone-reply", () => desk.answer({ quoting: each.id })),
    isOwn && isFresh && each.kind === "text" && entry("Edit", "phone-edit", () => desk.answer({ editing: each.id }, each.text)),
    isOwn && entry("Delete for everyone", "phone-delete", () => desk.actAsCustomer("delete", { id: each.id })),
  ];
}

const entry = (words, testId, onclick) => h("button", { type: "button", key: testId, role: "menuitem", "data-testid": testId, onclick }, words);

/** WhatsApp's own styles: *bold*, _italic_, ~strike~, `code`. */
function whatsAppText(text) {
  const pattern = /```([\s\S]+?)```|`([^`\n]+)`|(?<![\p{L}\p{N}*])\*(\S|\S[^\n]*?\S)\*(?![\p{L}\p{N}*])|(?<![\p{L}\p{N}_])_(\S|\S[^\n]*?\S)_(?![\p{L}\p{N}_])|(?<![\p{L}\p{N}~])~(\S|\S[^\n]*?\S)~(?![\p{L}\p{N}~])/gu;
  const parts = [];
  let end = 0;
  for (const found of text.matchAll(pattern)) {
    const [whole, block, code, bold, italic, strike] = found;
    parts.push(text.slice(end, found.index), styled({ block, code, bold, italic, strike }));
    end = found.index + whole.length;
  }
  return [...parts, text.slice(end)].filter((part) => part !== "");
}

function styled({ block, code, bold, italic, strike }) {
  if (block ?? code) return h("code", {}, block ?? code);
  if (bold) return h("strong", {}, whatsAppText(bold));
  return italic ? h("em", {}, whatsAppText(italic)) : h("s", {}, whatsAppText(strike));
}
