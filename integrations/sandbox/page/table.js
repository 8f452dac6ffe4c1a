/** Slack's tables (docs.slack.dev/reference/block-kit/blocks/data-table-block): sorted by a click on a heading, in pages. */

import { h } from "./dom.js";
import { richText } from "./text.js";

const USUAL_PAGE = 5;

export function dataTable(block, surface, desk) {
  const key = `${surface.id}/${block.block_id}`;
  const look = { page: 0, column: null, isDown: false, ...desk.view.tables[key] };
  const change = (part) => desk.show({ tables: { ...desk.view.tables, [key]: { ...look, ...part } } });
  const [headings, ...rows] = block.rows;
  const size = block.page_size ?? USUAL_PAGE;
  const isNumber = headings.map((_, column) => rows.some((row) => row[column].type === "raw_number"));
  const pages = Math.ceil(rows.length / size);
  const shown = sorted(rows, look).slice(look.page * size, (look.page + 1) * size);
  return h(
    "div",
    { class: "data-table", "data-testid": "data-table" },
    h(
      "div",
      { class: "table-frame" },
      h(
        "table",
        {},
        h("caption", {}, block.caption),
        h("thead", {}, h("tr", {}, headings.map((cell, column) => heading(cell, column, look, isNumber[column], change)))),
        h("tbody", {}, shown.map((row) => h("tr", {}, row.map((cell, column) => h(column === block.row_header_column_index ? "th" : "td", { class: isNumber[column] ? "number" : null }, content(cell, desk)))))),
      ),
    ),
    pages > 1 && pager(look.page, pages, rows.length, change),
  );
}

function heading(cell, column, look, isNumber, change) {
  const isSorted = look.column === column;
  const turn = () => change({ column, isDown: isSorted && !look.isDown, page: 0 });
  const order = isSorted ? (look.isDown ? "descending" : "ascending") : "none";
  return h("th", { scope: "col", "aria-sort": order, class: isNumber ? "number" : null }, h("button", { type: "button", onclick: turn }, words(cell), isSorted && (look.isDown ? " ↓" : " ↑")));
}

function sorted(rows, { column, isDown }) {
  if (column === null) return rows;
  const compare = (one, other) => (one.type === "raw_number" && other.type === "raw_number" ? one.value - other.value : words(one).localeCompare(words(other)));
  return [...rows].sort((one, other) => compare(one[column], other[column]) * (isDown ? -1 : 1));
}

const words = (cell) => cell.text ?? (cell.value === undefined ? leaves(cell) : String(cell.value));
const leaves = (node) => node.text ?? (node.elements ?? []).map(leaves).join("");
const content = (cell, desk) => (cell.type === "rich_text" ? richText(cell, desk) : words(cell));

function pager(page, pages, count, change) {
  const turn = (label, to, isOpen) => h("button", { type: "button", class: "bk-button", disabled: !isOpen, onclick: () => change({ page: to }) }, label);
  return h("p", { class: "pager" }, turn("Previous", page - 1, page > 0), h("span", { class: "muted" }, `Page ${page + 1} of ${pages} · ${count} rows`), turn("Next", page + 1, page < pages - 1));
}
