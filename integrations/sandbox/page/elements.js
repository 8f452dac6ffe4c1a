/** Block Kit's interactive elements (docs.slack.dev/reference/block-kit/block-elements). */

import { h, keepInSight } from "./dom.js";
import { boxes, moment } from "./fields.js";
import { icon } from "./icons.js";
import { picker } from "./pickers.js";
import { textObject } from "./text.js";
import { placeOf } from "./values.js";

/** An element people can press or choose from, on any surface; `tells` is said of those in a form. */
export function interactive(element, block, surface, desk, tells) {
  const draw = INTERACTIVE[element.type];
  return draw ? draw(element, block, surface, desk, tells) : unknown(element.type);
}

/** What this page cannot draw says so, rather than vanish. */
export function unknown(type) {
  return h("span", { class: "unknown-block" }, `[${type}]`);
}

const INTERACTIVE = {
  button,
  overflow,
  image: (element) => h("img", { class: "accessory-image", src: element.image_url, alt: element.alt_text }),
  static_select: picker,
  users_select: picker,
  conversations_select: picker,
  channels_select: picker,
  multi_static_select: picker,
  multi_users_select: picker,
  multi_conversations_select: picker,
  multi_channels_select: picker,
  radio_buttons: boxes,
  checkboxes: boxes,
  datepicker: moment,
  timepicker: moment,
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
  const menu = placeOf(element, block, surface);
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
        onclick: () => desk.toggle(menu),
      },
      icon("dots"),
    ),
    isOpen &&
      h(
        "span",
        { class: "menu", role: "menu", hook: keepInSight },
        element.options.map((option) =>
          h("button", { type: "button", role: "menuitem", onclick: choose(option) }, textObject(option.text, desk)),
        ),
      ),
  );
}
