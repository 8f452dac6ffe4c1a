/** What stands in the controls of a screen, as plain values: text, an id, or a list of them. */

const IDS = ["user", "users", "conversation", "conversations", "channel", "channels", "date", "time"];

/** Where a control stands: the name of its menu, and of what this page remembers of it. */
export const placeOf = (element, block, surface) => `${surface.id}/${block.block_id}/${element.action_id}`;

/** What stands in a control: what somebody chose here, what the server says, else what the app preset. */
export function standing(element, block, surface, desk) {
  const chosen = desk.view.chosen[placeOf(element, block, surface)];
  if (chosen !== undefined) return chosen;
  const told = surface.state?.[block.block_id]?.[element.action_id];
  return told ? valueIn(told, "selected_") : valueIn(element, "initial_");
}

function valueIn(told, prefix) {
  const { [`${prefix}option`]: option, [`${prefix}options`]: options } = told;
  if (option) return option.value;
  if (options) return options.map(({ value }) => value);
  const name = IDS.find((each) => told[prefix + each]);
  return (name ? told[prefix + name] : told[prefix === "initial_" ? "initial_value" : "value"]) ?? null;
}

/** What marks a node as the control of a form. */
export const marksOf = (element, block) => ({ "data-block": block.block_id, "data-action": element.action_id, "data-type": element.type });

/** What the controls of a form hold, by block and action. */
export function valuesOf(form) {
  const values = {};
  for (const node of form?.querySelectorAll("[data-action]") ?? []) {
    const { block, action } = node.dataset;
    values[block] = { ...values[block], [action]: valueOf(node) };
  }
  return values;
}

function valueOf(node) {
  const { type, chosen } = node.dataset;
  if (chosen !== undefined) return JSON.parse(chosen);
  if (type === "checkboxes") return ticked(node);
  if (type === "radio_buttons") return ticked(node)[0] ?? null;
  return node.value || null;
}

/** The values of the boxes that are ticked within a node. */
export const ticked = (node) => [...node.querySelectorAll("input:checked")].map((box) => box.value);
