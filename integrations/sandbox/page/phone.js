/** The customer's phone: whose it is, the chat with the business, and what they might say next. */

import { answering, bubble } from "./bubble.js";
import { dayHeading, sameDay } from "./clock.js";
import { h, stayAtEnd } from "./dom.js";
import { icon } from "./icons.js";

export function phone(desk) {
  const customer = desk.customer();
  return h(
    "section",
    { class: "phone-side", "aria-label": "The customer's phone" },
    h("div", { class: "customers", role: "radiogroup", "aria-label": "Whose phone" }, desk.state.customers.map((each) => chooser(each, desk))),
    h(
      "div",
      { class: "phone" },
      whose(customer),
      chatHead(desk),
      h(
        "div",
        { key: `chat-${customer.id}`, class: "chat", hook: stayAtEnd, role: "log", "aria-label": `Chat of ${customer.name}` },
        customer.messages.length === 0 && h("p", { class: "chat-note" }, `${customer.name} has not written yet. Pick a line below, or write your own.`),
        bubbles(customer, desk),
        customer.typing && h("div", { class: "bubble theirs typing", "aria-label": "typing" }, h("i"), h("i"), h("i")),
      ),
      hints(customer, desk),
      answering(customer, desk),
      writeBox(customer, desk),
    ),
  );
}

function chooser(customer, desk) {
  const isChosen = customer.id === desk.view.customer;
  const unread = isChosen ? 0 : customer.unread;
  return h(
    "button",
    {
      type: "button",
      key: customer.id,
      role: "radio",
      "aria-checked": String(isChosen),
      "aria-label": unread ? `${customer.name}, ${unread} unread` : customer.name,
      class: "customer",
      "data-testid": `customer-${customer.id}`,
      onclick: () => desk.openPhone(customer.id),
    },
    h("span", { class: "avatar round", tint: customer.color, "aria-hidden": "true" }, customer.avatar, unread > 0 && h("span", { class: "dot" })),
    h("span", { class: "customer-name" }, customer.name.split(" ")[0]),
  );
}

function whose(customer) {
  const contact = customer.phone ?? `@${customer.username} · number hidden`;
  return h("p", { class: "whose" }, h("b", {}, `${customer.name.split(" ")[0]}’s phone`), h("span", {}, contact));
}

function chatHead(desk) {
  return h(
    "header",
    { class: "chat-head" },
    icon("back"),
    h("span", { class: "avatar round business", "aria-hidden": "true" }, desk.state.slack.team.split(" ").map((word) => word[0]).join("")),
    h("div", {}, h("b", {}, desk.state.slack.team), h("small", {}, "Business account")),
  );
}

function bubbles(customer, desk) {
  return customer.messages.flatMap((each, index) => {
    const before = customer.messages[index - 1];
    const isNewDay = !before || !sameDay(before.at, each.at);
    const isFirst = isNewDay || before.from !== each.from;
    return [isNewDay && h("p", { class: "chat-note", key: `day-${each.at}` }, dayHeading(each.at)), bubble(each, isFirst, customer, desk)];
  });
}

function hints(customer, desk) {
  const said = new Set(customer.messages.map(({ text }) => text));
  const left = customer.hints.filter((hint) => !said.has(hint));
  if (!left.length) return null;
  return h(
    "div",
    { class: "hints", "aria-label": "Suggestions" },
    left.map((hint) => h("button", { type: "button", key: hint, class: "hint-chip", "data-testid": "phone-hint", onclick: () => desk.writeAsCustomer(hint) }, hint)),
  );
}

function writeBox(customer, desk) {
  const draft = `phone-${customer.id}`;
  const text = desk.view.drafts[draft] ?? "";
  const write = (value) => desk.show({ drafts: { ...desk.view.drafts, [draft]: value } });
  const submit = async (event) => {
    event.preventDefault();
    if (!text.trim()) return;
    write("");
    if (!(await desk.writeAsCustomer(text.trim()))) write(text);
  };
  return h(
    "form",
    { class: "write-box", onsubmit: submit },
    h("input", {
      type: "text",
      value: text,
      placeholder: `Write as ${customer.name.split(" ")[0]}`,
      "aria-label": `Write as ${customer.name}`,
      autocomplete: "off",
      "data-testid": "phone-input",
      oninput: (event) => write(event.target.value),
    }),
    attachMenu(text, () => write(""), desk),
    h("button", { type: "submit", class: "send round", "aria-label": "Send", "data-testid": "phone-send", disabled: !text.trim() }, icon("send")),
  );
}

/** Two things to send stand ready; what is typed goes along as the caption. */
function attachMenu(text, sent, desk) {
  const isOpen = desk.view.menu === "attach";
  const send = async (given) => (await desk.sendFileAsCustomer({ ...given, text: text.trim() })) && sent();
  const entry = (words, testId, onclick) => h("button", { type: "button", key: testId, role: "menuitem", "data-testid": testId, onclick }, words);
  return h(
    "div",
    { class: "overflow attach" },
    h(
      "button",
      { type: "button", class: "clip", "aria-label": "Send a file", "aria-haspopup": "menu", "aria-expanded": String(isOpen), "data-testid": "phone-attach", onclick: () => desk.show({ menu: isOpen ? null : "attach" }) },
      icon("clip"),
    ),
    isOpen &&
      h(
        "div",
        { class: "menu", role: "menu" },
        entry("📷 A photo of the tent", "phone-photo", () => send({ sample: "photo" })),
        entry("🎤 A voice message", "phone-voice", () => send({ sample: "voice" })),
        entry("📎 A file of yours…", "phone-file-pick", () => desk.pickFile(send)),
      ),
  );
}
