/** Block Kit's interactive elements and inputs (docs.slack.dev/reference/block-kit/block-elements). */

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { textObject } from "./text.js";

/** An element people can press or choose from, on any surface. */
export function interactive(element, block, surface, desk) {
  const draw = INTERACTIVE[element.type];
  return draw ? draw(element, block, surface, desk) : unknown(element.type);
}

/** What this page cannot draw says so, rather than vanish. */
export function unknown(type) {
  return h("span", { class: "unknown-block" }, `[${type}]`);
}

const INTERACTIVE = {
  button,
  overflow,
  image: (element) => h("img", { class: "accessory-image", src: element.image_url, alt: element.alt_text }),
  static_select: (element, block, surface, desk) => select(element, options(element), block, surface, desk),
  users_select: (element, block, surface, desk) => select(element, people(desk), block, surface, desk, element.initial_user),
  radio_buttons: (element, block, surface, desk) => choices(element, "radio", block, surface, desk),
  checkboxes: (element, block, surface, desk) => choices(element, "checkbox", block, surface, desk),
};

function button(element, block, surface, desk) {
  const isBusy = desk.isPressing(surface, element);
  const press = () => {
    if (element.url) desk.followLink(element.url);
    desk.press(surface, block, element, element.value);
  };
  const shape = element.style ? `bk-button bk-${element.style}` : "bk-button";
  return h(
    "button",
    {
      type: "button",
      class: isBusy ? `${shape} is-busy` : shape,
      "data-testid": `action-${element.action_id}`,
      "aria-label": element.accessibility_label,
      "aria-busy": isBusy ? "true" : null,
      disabled: isBusy,
      onclick: () => desk.confirmed(element.confirm, press),
    },
    textObject(element.text, desk),
  );
}

function overflow(element, block, surface, desk) {
  const menu = `${surface.id}/${block.block_id}/${element.action_id}`;
  const isOpen = desk.view.menu === menu;
  const choose = (option) => () => {
    desk.show({ menu: null });
    if (option.url) desk.followLink(option.url);
    desk.confirmed(element.confirm, () => desk.press(surface, block, element, option.value));
  };
  return h(
    "span",
    { class: "overflow" },
    h(
      "button",
      {
        type: "button",
        class: "bk-button bk-dots",
        "data-testid": `action-${element.action_id}`,
        "aria-label": "More actions",
        "aria-haspopup": "menu",
        "aria-expanded": String(isOpen),
        onclick: () => desk.show({ menu: isOpen ? null : menu }),
      },
      icon("dots"),
    ),
    isOpen &&
      h(
        "span",
        { class: "menu", role: "menu" },
        element.options.map((option) =>
          h("button", { type: "button", role: "menuitem", onclick: choose(option) }, textObject(option.text, desk)),
        ),
      ),
  );
}

const options = (element) => [...(element.options ?? []), ...(element.option_groups ?? []).flatMap((group) => group.options)];

function people(desk) {
  return desk.people().map((user) => ({ value: user.id, text: { type: "plain_text", text: user.name, emoji: false } }));
}

function select(element, listed, block, surface, desk, initial = element.initial_option?.value) {
  const label = element.placeholder?.text ?? "Choose";
  const choose = (event) => {
    const { value } = event.target;
    if (value && surface) desk.confirmed(element.confirm, () => desk.press(surface, block, element, value));
  };
  return h(
    "select",
    { class: "bk-select", "data-testid": `action-${element.action_id}`, "aria-label": label, onchange: choose, ...input(element, block) },
    h("option", { value: "", selected: !initial }, label),
    listed.map((option) => h("option", { value: option.value, selected: option.value === initial }, textObject(option.text, desk))),
  );
}

function choices(element, type, block, surface, desk) {
  const picked = new Set([element.initial_option, ...(element.initial_options ?? [])].filter(Boolean).map(({ value }) => value));
  const choose = (event) => surface && desk.press(surface, block, element, event.target.value);
  return h(
    "span",
    { class: "choices", ...input(element, block) },
    element.options.map((option) =>
      h(
        "label",
        {},
        h("input", { type, name: `${block.block_id}/${element.action_id}`, value: option.value, checked: picked.has(option.value), onchange: choose }),
        h("span", {}, textObject(option.text, desk), option.description && h("small", {}, textObject(option.description, desk))),
      ),
    ),
  );
}

function input(element, block) {
  return { "data-block": block.block_id, "data-action": element.action_id, "data-type": element.type };
}

/** The element of an `input` block: it reports nothing until the modal is submitted, unless the block asks for more. */
export function field(element, block, surface, desk) {
  const common = { ...input(element, block), required: !block.optional, class: "bk-input", "data-testid": `input-${element.action_id}`, placeholder: element.placeholder?.text };
  const length = { minlength: element.min_length, maxlength: element.max_length };
  if (element.type === "plain_text_input" && element.multiline) return h("textarea", { ...common, ...length, rows: 4 }, element.initial_value ?? "");
  const kind = { plain_text_input: "text", number_input: "number", email_text_input: "email", url_text_input: "url", datepicker: "date", timepicker: "time" }[element.type];
  if (!kind) return interactive(element, block, surface, desk);
  return h("input", { ...common, ...length, ...(surface && reporting(element, block, surface, desk)), type: kind, value: element.initial_value ?? element.initial_date ?? element.initial_time ?? "" });
}

/** A field of a block with `dispatch_action` tells what stands in it: at Enter, or with every pause in the typing. */
function reporting(element, block, surface, desk) {
  const asked = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const onkeydown = (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    desk.type(surface, block, element, event.target.value, 0);
  };
  const oninput = (event) => desk.type(surface, block, element, event.target.value, 250);
  return { ...(asked.includes("on_enter_pressed") && { onkeydown }), ...(asked.includes("on_character_entered") && { oninput }) };
}

const CHOSEN = {
  static_select: (node) => ({ selected_option: chosenOption(node) }),
  users_select: (node) => ({ selected_user: node.value || null }),
  radio_buttons: (node) => ({ selected_option: checked(node)[0] ?? null }),
  checkboxes: (node) => ({ selected_options: checked(node) }),
  datepicker: (node) => ({ selected_date: node.value || null }),
  timepicker: (node) => ({ selected_time: node.value || null }),
};

const chosenOption = (node) => (node.value ? option(node.value, node.selectedOptions[0].textContent) : null);
const checked = (node) => [...node.querySelectorAll("input:checked")].map((box) => option(box.value, box.parentNode.textContent));
const option = (value, text) => ({ value, text: { type: "plain_text", text, emoji: true } });

/** What a form holds, in the shape of a view's `state.values`. */
export function valuesOf(form) {
  const values = {};
  for (const node of form.querySelectorAll("[data-action]")) {
    const { block, action, type } = node.dataset;
    const chosen = CHOSEN[type] ? CHOSEN[type](node) : { value: node.value || null };
    values[block] = { ...values[block], [action]: { type, ...chosen } };
  }
  return values;
}
