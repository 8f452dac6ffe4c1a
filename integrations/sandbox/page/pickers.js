/** Slack's menus to choose from: options, people, channels; one of them or several. */

import { h, keepInSight } from "./dom.js";
import { icon } from "./icons.js";
import { textObject } from "./text.js";
import { marksOf, placeOf, standing } from "./values.js";

const SOUGHT_FROM = 8; // from so many options on there is a box to find one

/** `tells`: whether the app hears of each choice, or only when the form is submitted. */
export function picker(element, block, surface, desk, tells = true) {
  const menu = placeOf(element, block, surface);
  const isMany = element.type.startsWith("multi_");
  const chosen = standing(element, block, surface, desk) ?? (isMany ? [] : null);
  const isOpen = desk.view.menu === menu;
  const groups = offered(element, desk);
  const choose = (value) => {
    const next = isMany ? toggled(chosen, value) : value;
    if (!isMany) desk.show({ menu: null });
    desk.confirmed(element.confirm, () => {
      desk.show({ chosen: { ...desk.view.chosen, [menu]: next } });
      if (tells) desk.press(surface, block, element, next);
    });
  };
  return h(
    "span",
    { class: "overflow picker", "data-chosen": JSON.stringify(chosen), ...marksOf(element, block) },
    opener(element, menu, labelOf(groups, [chosen].flat(), desk), isOpen, desk),
    isOpen && h("span", { class: "menu", role: "listbox", "aria-multiselectable": isMany ? "true" : null, hook: keepInSight, onkeydown: move }, search(groups, desk), found(groups, chosen, choose, desk)),
  );
}

const toggled = (chosen, value) => (chosen.includes(value) ? chosen.filter((each) => each !== value) : [...chosen, value]);

/** Groups of {label, options}; an option is {value, text} as Slack has it, or a person or a channel. */
function offered(element, desk) {
  const kind = element.type.replace("multi_", "");
  if (kind === "static_select") return element.option_groups ?? [{ options: element.options }];
  const named = (each, prefix) => ({ value: each.id, text: { type: "plain_text", text: prefix + each.name, emoji: false }, user: each.avatar && each });
  if (kind === "users_select") return [{ options: desk.people().map((user) => named(user, "")) }];
  return [{ options: desk.state.slack.channels.map((channel) => named(channel, "#")) }];
}

function labelOf(groups, chosen, desk) {
  const options = groups.flatMap((group) => group.options).filter(({ value }) => chosen.includes(value));
  return options.length ? options.map((option, index) => [index > 0 && ", ", textObject(option.text, desk)]) : null;
}

function opener(element, menu, label, isOpen, desk) {
  const asked = element.placeholder?.text ?? "Choose";
  return h(
    "button",
    {
      type: "button",
      class: label ? "bk-select" : "bk-select is-empty",
      "data-testid": `action-${element.action_id}`,
      "aria-label": asked,
      "aria-haspopup": "listbox",
      "aria-expanded": String(isOpen),
      onclick: () => desk.toggle(menu),
    },
    h("span", {}, label ?? asked),
    icon("chevron"),
  );
}

function search(groups, desk) {
  if (groups.flatMap((group) => group.options).length < SOUGHT_FROM) return null;
  const focus = (node, isNew) => isNew && node.focus();
  return h("input", { class: "menu-search", placeholder: "Find…", "aria-label": "Find an option", value: desk.view.sought, hook: focus, oninput: (event) => desk.show({ sought: event.target.value }) });
}

function found(groups, chosen, choose, desk) {
  const sought = desk.view.sought.toLowerCase();
  return groups.map(({ label, options }) => [
    label && h("span", { class: "menu-label" }, textObject(label, desk)),
    options.filter(({ text }) => text.text.toLowerCase().includes(sought)).map((option) => choice(option, [chosen].flat().includes(option.value), choose, desk)),
  ]);
}

function choice(option, isChosen, choose, desk) {
  return h(
    "button",
    { type: "button", key: option.value, role: "option", "aria-selected": String(isChosen), onclick: () => choose(option.value) },
    option.user && h("span", { class: "avatar", tint: option.user.color, "aria-hidden": "true" }, option.user.avatar),
    h("span", {}, textObject(option.text, desk), option.description && h("small", {}, textObject(option.description, desk))),
    isChosen && icon("check"),
  );
}

/** The arrow keys go from option to option. */
function move(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const options = [...event.currentTarget.querySelectorAll("button")];
  options.at((options.indexOf(document.activeElement) + step) % options.length)?.focus();
}
