/** A channel, the thread beside it, and the App Home page. */

import { blocks } from "./blockkit.js";
import { dayHeading, sameDay } from "./clock.js";
import { composer } from "./composer.js";
import { h, stayAtEnd } from "./dom.js";
import { icon, mark } from "./icons.js";
import { ephemeral, message } from "./message.js";

/** The channel this person is looking at. */
export function channelPane(channel, desk) {
  return h(
    "section",
    { key: `channel-${desk.view.user}-${channel.id}`, class: "pane", "aria-label": `Channel ${channel.name}` },
    h("header", { class: "pane-head" }, icon("hash"), h("h2", {}, channel.name)),
    h("div", { class: "scroll", hook: stayAtEnd, role: "log", "aria-label": "Messages" }, opening(channel), timeline(channel.messages, channel, null, desk)),
    composer({ name: "channel", draft: channel.id, label: `Message #${channel.name}, or / for commands`, send: (text) => desk.say(channel.id, null, text) }, desk),
  );
}

function opening(channel) {
  if (channel.messages.length) return h("p", { class: "opening" }, `This is the beginning of #${channel.name}.`);
  return h(
    "div",
    { class: "quiet" },
    h("b", {}, "Quiet so far"),
    h("p", {}, "The AI answers the customers by itself. When one of them needs a person, a card appears here."),
  );
}

function timeline(messages, channel, root, desk) {
  const whispers = desk.ephemerals(channel.id, root);
  const all = [...messages.map((each) => ({ at: Number(each.ts), each })), ...whispers.map((each) => ({ at: each.at, each, isWhisper: true }))];
  all.sort((one, other) => one.at - other.at);
  return all.flatMap(({ at, each, isWhisper }, index) => {
    const before = all[index - 1];
    const heading = !root && (!before || !sameDay(before.at, at)) && h("p", { class: "day", key: `day-${at}` }, h("span", {}, dayHeading(at)));
    if (isWhisper) return [heading, ephemeral(each, desk)];
    const previous = before && !before.isWhisper && !heading ? before.each : null;
    const { isDirect } = channel;
    return [heading, message(each, { channel: channel.id, previous, inThread: Boolean(root || isDirect), isDirect, isNew: desk.hasNewReplies(each) }, desk)];
  });
}

/** The thread under one message. */
export function threadPane(desk) {
  const { channel, root } = desk.thread();
  if (!root) return null;
  const replies = root.replies ?? [];
  const place = { channel: channel.id, previous: null, inThread: true };
  return h(
    "section",
    { key: `thread-${desk.view.user}-${root.ts}`, class: "pane thread", "aria-label": "Thread", "data-testid": "thread" },
    h(
      "header",
      { class: "pane-head" },
      h("h2", {}, "Thread"),
      h("span", { class: "muted" }, `# ${channel.name}`),
      h("button", { type: "button", class: "icon-button", "aria-label": "Close thread", "data-testid": "thread-close", onclick: () => desk.show({ thread: null }) }, icon("close")),
    ),
    h(
      "div",
      { class: "scroll", hook: stayAtEnd, role: "log", "aria-label": "Thread messages" },
      message(root, place, desk),
      h("p", { class: "reply-count" }, h("span", {}, `${replies.length} ${replies.length === 1 ? "reply" : "replies"}`)),
      timeline(replies, channel, root.ts, desk),
    ),
    composer({ name: "thread", draft: root.ts, label: "Reply…", send: (text) => desk.say(channel.id, root.ts, text), attach: (file, text) => desk.attach(channel.id, root.ts, file, text) }, desk),
  );
}

/** The app's own page, as the bot last published it for this person, and the messages it sent them. */
export function homePane(desk) {
  const { user, homeTab } = desk.view;
  const unread = desk.unreadDirect(user);
  const tab = (id, ...label) =>
    h("button", { type: "button", role: "tab", "aria-selected": String(homeTab === id), "data-testid": `tab-${id}`, onclick: () => desk.openTab(id) }, label);
  return h(
    "section",
    { key: `home-${user}`, class: "pane home", "aria-label": "Escalations, the app's page", "data-testid": "home" },
    h("header", { class: "pane-head" }, mark(), h("h2", {}, "Switchboard"), h("span", { class: "app-badge" }, "APP")),
    h("div", { class: "tabs", role: "tablist" }, tab("home", "Home"), tab("messages", "Messages", unread > 0 && h("span", { class: "badge", "aria-label": `${unread} new` }, unread))),
    homeTab === "home" ? homePage(desk.state.slack.homes[user], desk) : directMessages(desk.state.slack.dms[user], desk),
  );
}

function homePage(view, desk) {
  if (!view) return h("div", { class: "scroll" }, h("p", { class: "opening" }, "The app has not drawn this page yet."));
  return h("div", { class: "scroll home-page" }, blocks(view.blocks, { id: view.id, kind: "home", fields: { view_id: view.id }, state: view.state.values }, desk));
}

function directMessages(direct, desk) {
  if (!direct?.messages.length) return h("div", { class: "scroll" }, h("p", { class: "opening" }, "No direct messages from Switchboard yet."));
  return [
    h(
      "div",
      { class: "scroll", hook: stayAtEnd, role: "log", "aria-label": "Direct messages", "data-testid": "direct-messages" },
      timeline(direct.messages, { id: direct.id, isDirect: true }, null, desk),
    ),
    h("p", { class: "read-only" }, "Switchboard only writes here; answer in the thread."),
  ];
}
