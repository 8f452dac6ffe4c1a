/** What people type, tick and set: text, boxes, dates and times, in forms and beside the text of a message. */

import { h } from "./dom.js";
import { interactive } from "./elements.js";
import { textObject } from "./text.js";
import { marksOf, standing, ticked } from "./values.js";

const PAUSE = 250;
const KINDS = { plain_text_input: "text", number_input: "number", email_text_input: "email", url_text_input: "url", datepicker: "date", timepicker: "time" };

/** The element of an `input` block: it tells nothing until the form is submitted, unless the block asks for more. */
export function field(element, block, surface, desk, tells) {
  if (element.type in KINDS) return input(element, block, surface, desk, tells, "bk-input");
  return interactive(element, block, surface, desk, tells);
}

/** A date or a time on its own, in a row of buttons or beside a text. */
export function moment(element, block, surface, desk, tells = true) {
  return input(element, block, surface, desk, tells, "bk-select bk-moment");
}

function input(element, block, surface, desk, tells, shape) {
  const isLong = element.type === "plain_text_input" && element.multiline;
  const value = standing(element, block, surface, desk) ?? "";
  const props = {
    ...marksOf(element, block),
    class: shape,
    "data-testid": `input-${element.action_id}`,
    "aria-label": shape === "bk-input" ? null : (element.placeholder?.text ?? "When"),
    placeholder: element.placeholder?.text,
    required: block.type === "input" && !block.optional,
    minlength: element.min_length,
    maxlength: element.max_length,
    start: { value },
    ...(tells && telling(element, block, surface, desk)),
  };
  return isLong ? h("textarea", { ...props, rows: 4 }) : h("input", { ...props, type: KINDS[element.type], step: element.is_decimal_allowed ? "any" : null });
}

/** A field that tells: text at Enter or with every pause in the typing, a date or a time once it is whole. */
function telling(element, block, surface, desk) {
  const tell = (pause) => (event) => desk.type(surface, block, element, event.target.value, pause);
  if (element.type in { datepicker: 1, timepicker: 1 }) return { onchange: (event) => event.target.value && desk.confirmed(element.confirm, () => tell(PAUSE)(event)) };
  const asked = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const onkeydown = (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    tell(0)(event);
  };
  return { ...(asked.includes("on_enter_pressed") && { onkeydown }), ...(asked.includes("on_character_entered") && { oninput: tell(PAUSE) }) };
}

/** Radio buttons and checkboxes. */
export function boxes(element, block, surface, desk, tells = true) {
  const isMany = element.type === "checkboxes";
  const picked = [standing(element, block, surface, desk) ?? []].flat();
  const choose = (event) => {
    const all = ticked(event.target.closest(".choices"));
    desk.confirmed(element.confirm, () => desk.press(surface, block, element, isMany ? all : all[0]));
  };
  const box = (option) => ({ type: isMany ? "checkbox" : "radio", name: `${surface.id}/${block.block_id}/${element.action_id}`, value: option.value, start: { checked: picked.includes(option.value) }, onchange: tells && choose });
  return h(
    "span",
    { class: "choices", "data-testid": `input-${element.action_id}`, ...marksOf(element, block) },
    element.options.map((option) =>
      h(
        "label",
        {},
        h("input", box(option)),
        h("span", {}, textObject(option.text, desk), option.description && h("small", {}, textObject(option.description, desk))),
      ),
    ),
  );
}
