/** The bar above it all: what this is, who plays the AI, and what is wrong when something is. */

import { h } from "./dom.js";
import { mark } from "./icons.js";

export function topbar(desk) {
  const { ai } = desk.state;
  return h(
    "header",
    { class: "topbar" },
    mark(),
    h("h1", {}, "Switchboard"),
    h("p", { class: "tagline" }, "An AI answers your customers on WhatsApp; when a person is needed, your team takes over in Slack."),
    h("div", { class: "ai" }, model(ai), ai.stand_in && toggles(ai, desk)),
    desk.view.guideHidden && h("button", { type: "button", class: "link", onclick: () => desk.show({ guideHidden: false }) }, "Steps"),
  );
}

function model(ai) {
  if (!ai.stand_in) return h("span", { class: "model real" }, "AI: ", h("b", {}, ai.model));
  return h(
    "span",
    { class: "model", title: "A small scripted agent plays the AI here. Set OPENAI_API_KEY and start again to use a real model. Slack and WhatsApp are stand-ins too; the bot between them is the real program." },
    "The AI here is a ",
    h("b", {}, "stand-in"),
    ", not a real model",
  );
}

function toggles(ai, desk) {
  const flip = (change) => desk.setAi({ slow: ai.slow, broken: ai.broken, mischief: ai.mischief, ...change });
  return [
    toggle("Slow AI", ai.slow, "ai-slow", (on) => flip({ slow: on })),
    toggle("AI down", ai.broken, "ai-broken", (on) => flip({ broken: on })),
    mischief(ai, (kind) => flip({ mischief: kind })),
  ];
}

const BEHAVES = "behaves";

function mischief(ai, change) {
  const kinds = [[BEHAVES, "The AI behaves"], ...ai.mischiefs.map((kind) => [kind, `The AI ${kind}`])];
  return h(
    "select",
    { class: "mischief", "aria-label": "How the AI behaves", "data-testid": "ai-mischief", onchange: (event) => change(event.target.value) },
    ...kinds.map(([kind, label]) => h("option", { value: kind, selected: kind === (ai.mischief || BEHAVES) }, label)),
  );
}

function toggle(label, isOn, testid, change) {
  return h(
    "button",
    { type: "button", class: "toggle", role: "switch", "aria-checked": String(isOn), "data-testid": testid, onclick: () => change(!isOn) },
    h("span", { class: "track", "aria-hidden": "true" }),
    label,
  );
}

// The demo server first learns of the bot when a page looks; until then "not ready" means "not asked yet".
export const FIRST_LOOK = 3000;
export const OUT_OF_REACH = "The demo server does not answer. This page reconnects by itself.";

/** One line across the page while something cannot be reached. */
export function trouble(desk) {
  const words = troubleWords(desk);
  return words && h("p", { class: "trouble", role: "status", "data-testid": "trouble" }, words);
}

function troubleWords({ world, state }) {
  if (!world.isConnected) return OUT_OF_REACH;
  if (!state.bot.ready && performance.now() > FIRST_LOOK) return `The bot at ${state.bot.url} is not reachable. What you do here waits until it is back.`;
  return null;
}

/** What just went wrong, in words, until it is dismissed or something else is done. */
export function toast(desk) {
  const { toast: words } = desk.view;
  return words && h("button", { type: "button", class: "toast", role: "alert", "data-testid": "toast", onclick: () => desk.show({ toast: null }) }, words);
}
