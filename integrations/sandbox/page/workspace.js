/** The Slack-like workspace: who is looking, where they are, and what they see there. */

import { channelPane, homePane, threadPane } from "./channel.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { modal } from "./modals.js";

export function workspace(desk) {
  const channel = desk.channel(desk.view.place);
  return h(
    "section",
    { class: "workspace", "aria-label": "The support team's Slack" },
    sidebar(desk),
    h(
      "div",
      { class: desk.view.thread ? "panes with-thread" : "panes" },
      channel ? channelPane(channel, desk) : homePane(desk),
      desk.view.thread && threadPane(desk),
    ),
    modal(desk),
  );
}

function sidebar(desk) {
  const { slack } = desk.state;
  return h(
    "nav",
    { class: "sidebar", "aria-label": "Workspace" },
    h("p", { class: "team" }, slack.team),
    h("p", { class: "side-title" }, "You are"),
    h("div", { class: "who", role: "radiogroup", "aria-label": "Who is looking" }, desk.people().map((user) => person(user, desk))),
    h("p", { class: "side-title" }, "Channels"),
    slack.channels.map((channel) => channelLink(channel, desk)),
    h("p", { class: "side-title" }, "Apps"),
    appLink(desk),
  );
}

function appLink(desk) {
  const unread = desk.unreadDirect(desk.view.user);
  const news = unread > 0 ? h("span", { class: "badge", "aria-label": `${unread} new` }, unread) : h("small", {}, "App Home");
  return place("home", "home-tab", [icon("home"), h("span", { class: unread ? "unread" : null }, "Escalations"), news], desk);
}

function person(user, desk) {
  const isMe = user.id === desk.view.user;
  const waiting = !isMe && (desk.hasUnseenWhisper(user.id) || desk.unreadDirect(user.id) > 0);
  return h(
    "button",
    {
      type: "button",
      key: user.id,
      role: "radio",
      "aria-checked": String(isMe),
      "aria-label": waiting ? `${user.name}, has something new` : user.name,
      class: "person",
      "data-testid": `slack-user-${user.id}`,
      onclick: () => desk.becomeStaff(user.id),
    },
    h("span", { class: "avatar", tint: user.color, "aria-hidden": "true" }, user.avatar, waiting && h("span", { class: "dot" })),
    h("span", {}, user.name.split(" ")[0]),
  );
}

function channelLink(channel, desk) {
  const unread = desk.unreadIn(channel);
  return place(
    channel.id,
    `channel-${channel.id}`,
    [icon("hash"), h("span", { class: unread ? "unread" : null }, channel.name), unread > 0 && h("span", { class: "badge", "aria-label": `${unread} new` }, unread)],
    desk,
  );
}

function place(id, testid, inside, desk) {
  const isHere = desk.view.place === id;
  return h(
    "button",
    { type: "button", key: id, class: isHere ? "place here" : "place", "aria-current": isHere ? "page" : null, "data-testid": testid, onclick: () => desk.goTo(id) },
    inside,
  );
}
