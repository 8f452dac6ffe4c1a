/** What hovers over a message: answer in its thread, react, and the menu with the app's own entries. */

import { h, keepInSight } from "./dom.js";
import { glyph } from "./emoji.js";
import { icon } from "./icons.js";
import { SHORTCUTS } from "./manifest.js";

const REACTIONS = ["+1", "heart", "white_check_mark"];

/** `place` says which channel it stands in and whether it is shown in a thread. */
export function toolbar(each, { channel, inThread, isDirect }, desk) {
  const menu = `message/${inThread}/${each.ts}`;
  const isOpen = desk.view.menu === menu;
  return h(
    "div",
    { class: isOpen ? "toolbar open" : "toolbar" },
    !isDirect && REACTIONS.map((name) => reaction(name, each, channel, desk)),
    !inThread && tool(each.replies?.length ? "thread-reply" : "thread-open", "Reply in thread", icon("thread"), () => desk.openThread(channel, each.thread_ts ?? each.ts)),
    h(
      "button",
      { type: "button", class: "tool", "data-testid": "message-more", "aria-label": "More actions", title: "More actions", "aria-haspopup": "menu", "aria-expanded": String(isOpen), onclick: () => desk.toggle(menu) },
      icon("dots"),
    ),
    isOpen && h("div", { class: "menu", role: "menu", hook: keepInSight }, entries(each, channel, desk)),
  );
}

function tool(testId, label, inside, onclick) {
  return h("button", { type: "button", key: label, class: "tool", "data-testid": testId, "aria-label": label, title: label, onclick }, inside);
}

function reaction(name, each, channel, desk) {
  const isMine = each.reactions.some((given) => given.name === name && given.users.includes(desk.view.user));
  return tool(`react-${name}`, isMine ? `Take :${name}: back` : `React with :${name}:`, glyph(name), () => desk.actOnMessage("react", channel, each.ts, { name, on: !isMine }));
}

function entries(each, channel, desk) {
  const isOwn = each.user === desk.view.user;
  const entry = (label, testId, onclick, hint) => h("button", { type: "button", key: testId, role: "menuitem", "data-testid": testId, onclick }, h("span", {}, label, hint && h("small", {}, hint)));
  return [
    SHORTCUTS.length > 0 && h("span", { class: "menu-label" }, "Switchboard"),
    SHORTCUTS.map(({ callback_id: id, name, description }) => entry(name, `shortcut-${id}`, () => desk.shortcut(channel, each.ts, id), description)),
    isOwn && entry("Edit message", "message-edit", () => desk.rewrite(each)),
    isOwn && entry("Delete message", "message-delete", () => desk.actOnMessage("delete", channel, each.ts)),
    entry("Copy link", "message-link", () => desk.copyLink(channel, each)),
  ];
}

/** The box in which somebody changes what they wrote. */
export function rewriting(each, channel, desk) {
  const { rewriting: draft } = desk.view;
  const save = (event) => {
    event.preventDefault();
    if (draft.text.trim()) desk.actOnMessage("edit", channel, each.ts, { text: draft.text.trim() });
  };
  const write = (text) => desk.show({ rewriting: { ...draft, text } });
  const focus = (node, isNew) => isNew && node.focus();
  return h(
    "form",
    { class: "rewriting", onsubmit: save },
    h("textarea", { rows: 2, value: draft.text, "aria-label": "Edit your message", "data-testid": "rewrite-input", hook: focus, oninput: (event) => write(event.target.value) }),
    h("button", { type: "button", class: "bk-button", onclick: () => desk.show({ rewriting: null }) }, "Cancel"),
    h("button", { type: "submit", class: "bk-button bk-primary", "data-testid": "rewrite-save" }, "Save"),
  );
}
