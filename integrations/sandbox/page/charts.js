/** Slack's charts (docs.slack.dev/reference/block-kit/blocks/data-visualization-block), drawn as SVG. */

import { h } from "./dom.js";

const [WIDTH, HEIGHT] = [520, 220];
const ROOM = { left: 40, right: 10, top: 24, bottom: 26 };
const INNER = { width: WIDTH - ROOM.left - ROOM.right, height: HEIGHT - ROOM.top - ROOM.bottom };
const LABELS = 10; // more would run into each other

export function chart(block) {
  const { chart: data, title } = block;
  const draw = data.type === "pie" ? pie : axes;
  const names = data.type === "pie" ? data.segments.map(({ label, value }) => `${label} · ${value}`) : data.series.map(({ name }) => name);
  return h(
    "figure",
    { class: `chart chart-${data.type}`, "data-testid": "chart" },
    h("figcaption", {}, title),
    draw(data, title),
    names.length > 1 && h("ul", { class: "legend" }, names.map((name, index) => h("li", { class: `series-${index % 6}` }, name))),
  );
}

function axes(data, title) {
  const { categories, x_label: across, y_label: upwards } = data.axis_config;
  const values = data.series.flatMap((series) => series.data.map(({ value }) => value));
  const [low, high, step] = scale(Math.min(0, ...values), Math.max(0, ...values));
  const y = (value) => ROOM.top + INNER.height * (1 - (value - low) / (high - low));
  const x = (index) => ROOM.left + (INNER.width * (index + 0.5)) / categories.length;
  const marks = data.type === "bar" ? bars : lines;
  return h(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": title },
    ticks(low, high, step).map((value) => gridLine(value, y(value))),
    marks(data, categories, x, y),
    categories.map((name, index) => index % Math.ceil(categories.length / LABELS) === 0 && text(name, x(index), HEIGHT - 10, "middle")),
    across && text(across, WIDTH - ROOM.right, HEIGHT - 10, "end"),
    upwards && text(upwards, 4, 10, "start"),
  );
}

/** Round numbers for an axis: lowest, highest, and the step between them. */
function scale(low, high) {
  const span = high - low || 1;
  const power = 10 ** Math.floor(Math.log10(span / 4));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => span / each <= 5);
  return [Math.floor(low / step) * step, Math.ceil(high / step) * step || step, step];
}

const ticks = (low, high, step) => Array.from({ length: Math.round((high - low) / step) + 1 }, (_, index) => Number((low + index * step).toPrecision(12)));

function gridLine(value, at) {
  return [h("path", { class: "grid", d: `M${ROOM.left} ${at}H${WIDTH - ROOM.right}` }), text(value, ROOM.left - 6, at + 4, "end")];
}

const text = (words, x, y, anchor) => h("text", { x, y, "text-anchor": anchor }, words);
const valueAt = (series, name) => series.data.find(({ label }) => label === name).value;
const told = (series, name) => h("title", {}, `${series.name}, ${name}: ${valueAt(series, name)}`);

function bars(data, categories, x, y) {
  const slot = INNER.width / categories.length;
  const width = Math.min(34, (slot * 0.72) / data.series.length);
  const bar = (series, place) => (name, index) => {
    const [top, bottom] = [y(Math.max(0, valueAt(series, name))), y(Math.min(0, valueAt(series, name)))];
    const left = x(index) + width * (place - data.series.length / 2);
    return h("rect", { class: `series-${place % 6}`, x: left, y: top, width: width - 1, height: Math.max(0, bottom - top), rx: 2 }, told(series, name));
  };
  return data.series.map((series, place) => categories.map(bar(series, place)));
}

function lines(data, categories, x, y) {
  return data.series.map((series, place) => {
    const points = categories.map((name, index) => `${x(index)} ${y(valueAt(series, name))}`);
    const area = `M${x(0)} ${y(0)}L${points.join("L")}L${x(categories.length - 1)} ${y(0)}Z`;
    return h(
      "g",
      { class: `series-${place % 6}` },
      data.type === "area" && h("path", { class: "area", d: area }),
      h("path", { class: "line", d: `M${points.join("L")}` }),
      categories.map((name, index) => h("circle", { cx: x(index), cy: y(valueAt(series, name)), r: 3 }, told(series, name))),
    );
  });
}

function pie({ segments }, title) {
  const total = segments.reduce((sum, { value }) => sum + value, 0);
  let at = 0;
  const slices = segments.map((segment, index) => {
    const from = at;
    at += segment.value / total;
    return h("path", { class: `series-${index % 6}`, d: slice(from, at) }, h("title", {}, `${segment.label}: ${segment.value} (${Math.round((100 * segment.value) / total)} %)`));
  });
  return h("svg", { viewBox: "-105 -105 210 210", role: "img", "aria-label": title }, slices);
}

function slice(from, to) {
  if (to - from > 0.9999) return "M0-100A100 100 0 1 1 0 100A100 100 0 1 1 0-100Z";
  const point = (share) => `${100 * Math.sin(2 * Math.PI * share)} ${-100 * Math.cos(2 * Math.PI * share)}`;
  return `M0 0L${point(from)}A100 100 0 ${to - from > 0.5 ? 1 : 0} 1 ${point(to)}Z`;
}
