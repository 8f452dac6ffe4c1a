/** The four steps of the story, ticked off by what really happened. */

import { h } from "./dom.js";
import { icon } from "./icons.js";

const STEPS = [
  { id: "ask", title: "Write as Carla", words: "The AI answers. Then ask for a person." },
  { id: "take", title: "Take the card as Ana", words: "From here on the AI is silent." },
  { id: "reply", title: "Reply in the thread", words: "Carla gets it: ✅ sent 📬 delivered 👀 read." },
  { id: "return", title: "Return to bot", words: "The AI answers Carla again." },
];

/** Which steps the present state shows as done. What was done once stays done: the page remembers. */
export function stepsDone(state) {
  const cards = state.slack.channels.flatMap(({ messages }) => messages).filter((each) => isCard(each, state));
  const buttons = cards.map(actionIds);
  const isTaken = (ids) => !ids.has("take") && ids.has("return_to_bot");
  const relayed = cards.some((card) => hasRelayedReply(card, state));
  const done = {
    ask: cards.length > 0,
    take: relayed || buttons.some(isTaken),
    reply: relayed,
    return: cards.some((card, index) => buttons[index].size === 0 && /\bresolved\b/i.test(card.text)),
  };
  return STEPS.map(({ id }) => id).filter((id) => done[id]);
}

function isCard(message, state) {
  const author = state.slack.users.find(({ id }) => id === message.user);
  return Boolean(author?.is_bot && message.blocks?.length && message.replies?.length);
}

function actionIds(message) {
  const elements = message.blocks.flatMap((block) => [...(block.type === "actions" ? block.elements : []), block.accessory]);
  return new Set(elements.filter(Boolean).map((element) => element.action_id).filter((id) => ["take", "return_to_bot", "close"].includes(id)));
}

/** A colleague's words that also stand on a customer's phone. */
function hasRelayedReply(card, state) {
  const received = new Set(
    state.customers.flatMap(({ messages }) => messages).filter((each) => each.from === "business").map((each) => lettersOf(each.text)),
  );
  const people = new Set(state.slack.users.filter((user) => !user.is_bot).map(({ id }) => id));
  return (card.replies ?? []).some((reply) => people.has(reply.user) && received.has(lettersOf(reply.text)));
}

// Styles and emoji are written differently on the two sides; the letters are not.
const lettersOf = (text) => (text ?? "").replace(/:[a-z0-9_+-]+:|&\w+;/g, "").replace(/[^\p{L}\p{N}]/gu, "");

export function guide(desk) {
  const { done, guideHidden } = desk.view;
  if (guideHidden) return null;
  const next = STEPS.find(({ id }) => !done.includes(id))?.id;
  return h(
    "section",
    { class: "guide", "aria-label": "The story in four steps", "data-testid": "guide" },
    h(
      "div",
      {},
      h("ol", {}, STEPS.map((step, index) => stepItem(step, index, { isDone: done.includes(step.id), isNext: step.id === next }, desk))),
      !next && h("p", {}, "That is the whole job. Now open More… on a card, type / in the channel, look at Escalations as Ben, or switch the AI off and write as Diego."),
    ),
    h("button", { type: "button", class: "icon-button", "aria-label": "Hide the steps", "data-testid": "guide-close", onclick: () => desk.show({ guideHidden: true }) }, icon("close")),
  );
}

function stepItem(step, index, { isDone, isNext }, desk) {
  return h(
    "li",
    { key: step.id, class: isDone ? "done" : isNext ? "next" : null },
    h(
      "button",
      { type: "button", "data-testid": `step-${step.id}`, "data-done": String(isDone), title: "Show me where", onclick: () => desk.showStep(step.id) },
      h("span", { class: "step-number" }, isDone ? icon("check") : index + 1),
      h("span", { class: "step-words" }, h("b", {}, step.title), h("small", {}, step.words)),
      isDone && h("span", { class: "sr-only" }, "done"),
    ),
  );
}
