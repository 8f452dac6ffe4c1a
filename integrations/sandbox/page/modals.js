/** Slack's modals and its confirm dialogs. */

import { blocks } from "./blockkit.js";
import { h, showAsModal, showBeside } from "./dom.js";
import { valuesOf } from "./values.js";
import { icon } from "./icons.js";
import { textObject } from "./text.js";

/** The modal on top of this person's stack, if they have one open. */
export function modal(desk) {
  const stack = desk.state.slack.modals[desk.view.user] ?? [];
  const view = stack.at(-1);
  if (!view) return null;
  const surface = { id: view.id, kind: "modal", fields: { view_id: view.id }, errors: desk.view.problems, state: view.state.values };
  const dismiss = (all) => (event) => {
    event.preventDefault();
    desk.dismissModal(view, all);
  };
  const onkeydown = (event) => {
    if (event.key === "Escape") dismiss(false)(event);
  };
  const submit = (event) => {
    event.preventDefault();
    desk.submitModal(view, valuesOf(event.target));
  };
  return h(
    "dialog",
    { key: `modal-${view.id}`, class: "modal of-slack", "aria-label": view.title.text, hook: showBeside, onkeydown, "data-testid": "modal" },
    h(
      "form",
      { method: "dialog", onsubmit: submit },
      h("header", {}, stack.length > 1 && backButton(dismiss(false)), h("h2", {}, textObject(view.title, desk)), closeButton(dismiss(true))),
      h("div", { class: "modal-body" }, blocks(view.blocks, surface, desk)),
      h("footer", {}, footer(view, stack.length > 1 ? "Back" : "Close", dismiss(false), desk)),
    ),
  );
}

function backButton(onclick) {
  return h("button", { type: "button", class: "icon-button", "aria-label": "Back", "data-testid": "modal-back", onclick }, icon("back"));
}

function closeButton(onclick) {
  return h("button", { type: "button", class: "icon-button", "aria-label": "Close", onclick }, icon("close"));
}

function footer(view, usual, dismiss, desk) {
  return [
    h("button", { type: "button", class: "bk-button", "data-testid": "modal-close", onclick: dismiss }, view.close ? textObject(view.close, desk) : usual),
    view.submit && h("button", { type: "submit", class: "bk-button bk-primary", "data-testid": "modal-submit" }, textObject(view.submit, desk)),
  ];
}

/** The dialog a button may ask for before it does anything. */
export function confirmDialog(desk) {
  const asked = desk.view.confirm;
  if (!asked) return null;
  const { confirm, go } = asked;
  const answer = (yes) => () => {
    desk.show({ confirm: null });
    if (yes) go();
  };
  return h(
    "dialog",
    { key: "confirm", class: "modal confirm", "aria-label": confirm.title.text, hook: showAsModal, oncancel: answer(false) },
    h("header", {}, h("h2", {}, textObject(confirm.title, desk)), closeButton(answer(false))),
    h("div", { class: "modal-body" }, textObject(confirm.text, desk)),
    h(
      "footer",
      {},
      h("button", { type: "button", class: "bk-button", "data-testid": "confirm-no", onclick: answer(false) }, textObject(confirm.deny, desk)),
      h("button", { type: "button", class: `bk-button bk-${confirm.style ?? "primary"}`, "data-testid": "confirm-yes", onclick: answer(true) }, textObject(confirm.confirm, desk)),
    ),
  );
}
