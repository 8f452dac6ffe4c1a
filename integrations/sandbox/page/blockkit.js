/** Block Kit's blocks as Slack lays them out (docs.slack.dev/reference/block-kit/blocks). */

import { chart } from "./charts.js";
import { h } from "./dom.js";
import { interactive, unknown } from "./elements.js";
import { field } from "./fields.js";
import { dataTable } from "./table.js";
import { mrkdwn, richText, textObject } from "./text.js";

/** All blocks of one message, view or ephemeral. `surface` says where a press in them happened. */
export function blocks(list, surface, desk) {
  return h(
    "div",
    { class: "blocks" },
    list.map((block, index) => {
      const draw = BLOCKS[block.type];
      const shown = draw ? draw(block, surface, desk) : unknown(block.type);
      return h("div", { class: `block block-${block.type}`, key: block.block_id ?? `${index}` }, shown);
    }),
  );
}

const BLOCKS = {
  header: (block, _surface, desk) => h("h3", {}, textObject(block.text, desk)),
  divider: () => h("hr", {}),
  section,
  context: (block, _surface, desk) => block.elements.map((element) => contextElement(element, desk)),
  actions: (block, surface, desk) => block.elements.map((element) => interactive(element, block, surface, desk)),
  image: picture,
  input: inputBlock,
  rich_text: (block, _surface, desk) => richText(block, desk),
  alert: (block, _surface, desk) => h("p", { class: `alert alert-${block.level ?? "default"}`, role: "note" }, textObject(block.text, desk)),
  data_table: dataTable,
  data_visualization: chart,
  markdown: (block, _surface, desk) => h("div", {}, mrkdwn(block.text, desk)),
};

function section(block, surface, desk) {
  const body = h(
    "div",
    { class: "section-body" },
    block.text && h("div", { class: "section-text" }, textObject(block.text, desk)),
    block.fields && h("div", { class: "fields" }, block.fields.map((each) => h("div", { class: "field" }, textObject(each, desk)))),
  );
  if (!block.accessory) return body;
  return [body, h("div", { class: "accessory" }, interactive(block.accessory, block, surface, desk))];
}

function contextElement(element, desk) {
  if (element.type === "image") return h("img", { src: element.image_url, alt: element.alt_text });
  return h("span", {}, textObject(element, desk));
}

function picture(block, _surface, desk) {
  return h(
    "figure",
    {},
    block.title && h("figcaption", {}, textObject(block.title, desk)),
    h("img", { src: block.image_url ?? "", alt: block.alt_text }),
  );
}

function inputBlock(block, surface, desk) {
  const problem = surface.errors?.[block.block_id];
  // Choices bring labels and buttons of their own, which a label may not hold.
  const tag = /_input$|^datepicker$|^timepicker$/.test(block.element.type) ? "label" : "div";
  return h(
    tag,
    { class: problem ? "input-block has-problem" : "input-block" },
    h("span", { class: "input-label" }, textObject(block.label, desk), block.optional && h("small", {}, " (optional)")),
    field(block.element, block, surface, desk, Boolean(block.dispatch_action)),
    problem && h("span", { class: "problem", role: "alert" }, problem),
    block.hint && h("small", { class: "hint" }, textObject(block.hint, desk)),
  );
}
