/** One message of the workspace: who, when, text or blocks, files, reactions, and the way into its thread. */

import { blocks } from "./blockkit.js";
import { age, clockTime, fullTime } from "./clock.js";
import { h } from "./dom.js";
import { glyph } from "./emoji.js";
import { fileView, isSeen } from "./files.js";
import { icon, mark } from "./icons.js";
import { mrkdwn, unescape } from "./text.js";
import { rewriting, toolbar } from "./toolbar.js";

const GROUPED_WITHIN = 300;

/** Who a message shows as its author: the user, or the name an app gave itself for this one message. */
export function authorOf(message, desk) {
  const user = desk.user(message.user);
  return { name: message.username ?? user?.name ?? message.user, isApp: Boolean(user?.is_bot || message.username), user };
}

/** A person's initials, an app's mark, or the emoji an app chose as its picture. */
export function avatar({ icon_emoji: chosen = null }, user) {
  const picture = chosen && glyph(chosen);
  if (picture) return h("span", { class: "avatar avatar-emoji", "aria-hidden": "true" }, picture);
  if (!user || user.is_bot) return h("span", { class: "avatar avatar-app", "aria-hidden": "true" }, mark());
  return h("span", { class: "avatar", tint: user.color, "aria-hidden": "true" }, user.avatar);
}

/** A message in a list. `previous` decides whether the author's name is repeated. */
export function message(each, place, desk) {
  const { channel, previous, inThread, isNew } = place;
  const author = authorOf(each, desk);
  const isFollowUp = previous && continues(previous, each);
  return h(
    "article",
    {
      key: each.ts,
      class: isFollowUp ? "message follow-up" : "message",
      "data-ts": each.ts,
      "data-testid": inThread ? "thread-message" : "channel-message",
      "aria-label": `${author.name}, ${clockTime(each.ts)}`,
    },
    isFollowUp ? h("time", { class: "gutter", title: fullTime(each.ts) }, clockTime(each.ts)) : avatar(each, author.user),
    h(
      "div",
      { class: "message-main" },
      !isFollowUp && byline(author, each.ts),
      each.broadcast && !inThread && alsoSent(each, channel, desk),
      body(each, place, desk),
      each.files?.map(attachedFile),
      reactions(each, desk),
      !inThread && threadBar(each, channel, isNew, desk),
    ),
    toolbar(each, place, desk),
  );
}

function body(each, { channel, inThread }, desk) {
  if (desk.view.rewriting?.ts === each.ts) return rewriting(each, channel, desk);
  return content(each, { id: `${each.ts}/${inThread}`, kind: "message", fields: { channel, ts: each.ts } }, desk);
}

/** A reply that was sent to the channel as well says which thread it comes from. */
function alsoSent(each, channel, desk) {
  const about = desk.message(channel, each.thread_ts)?.text ?? "a message";
  return h("p", { class: "also-sent" }, "replied to a thread: ", h("button", { type: "button", class: "link", onclick: () => desk.openThread(channel, each.thread_ts) }, unescape(about).replace(/\s+/g, " ").slice(0, 80)));
}

function continues(previous, each) {
  const sameAuthor = previous.user === each.user && previous.username === each.username;
  return sameAuthor && !previous.replies?.length && Number(each.ts) - Number(previous.ts) < GROUPED_WITHIN;
}

function byline({ name, isApp }, at) {
  return h(
    "header",
    { class: "byline" },
    h("b", {}, name),
    isApp && h("span", { class: "app-badge" }, "APP"),
    h("time", { title: fullTime(at) }, clockTime(at)),
  );
}

function content(each, surface, desk) {
  const edited = each.edited && h("small", { class: "edited" }, " (edited)");
  if (each.blocks?.length) return [blocks(each.blocks, surface, desk), edited];
  return h("div", { class: "plain" }, mrkdwn(each.text ?? "", desk), edited);
}

function attachedFile(file) {
  const name = file.title ?? file.name ?? "file";
  return h("div", { class: "file", key: file.id, "data-testid": "file" }, fileView({ ...file, name }), isSeen(file) && h("small", { class: "muted" }, name));
}

function reactions(each, desk) {
  if (!each.reactions?.length) return null;
  return h(
    "div",
    { class: "reactions" },
    each.reactions.map(({ name, users }) => {
      const who = users.map((id) => desk.userName(id)).join(", ");
      const words = `${who} reacted with :${name}:`;
      return h(
        "span",
        { class: "reaction", key: name, "data-testid": `reaction-${name}`, title: words, role: "img", "aria-label": words },
        h("span", {}, glyph(name) ?? `:${name}:`),
        h("span", { class: "count" }, users.length),
      );
    }),
  );
}

function threadBar(each, channel, isNew, desk) {
  if (!each.replies?.length) return null;
  const authors = [...new Map(each.replies.map((reply) => [reply.username ?? reply.user, reply])).values()].slice(0, 4);
  const count = each.replies.length;
  return h(
    "button",
    { type: "button", class: "thread-bar", "data-testid": "thread-open", onclick: () => desk.openThread(channel, each.ts) },
    h("span", { class: "faces" }, authors.map((reply) => avatar(reply, desk.user(reply.user)))),
    h("b", {}, `${count} ${count === 1 ? "reply" : "replies"}`),
    isNew ? h("span", { class: "new-badge" }, "new") : h("span", { class: "muted" }, `Last reply ${age(each.replies.at(-1).ts)}`),
  );
}

/** A message only one person sees; Slack lets them dismiss it and forgets it on reload. */
export function ephemeral(each, desk) {
  const surface = { id: each.id, kind: "ephemeral", fields: { channel: each.channel, ephemeral_id: each.id } };
  const bot = desk.bot();
  return h(
    "article",
    { key: `ephemeral-${each.id}`, class: "message ephemeral", "data-testid": "ephemeral", "aria-label": "Only visible to you" },
    avatar({}, bot),
    h(
      "div",
      { class: "message-main" },
      h("p", { class: "only-you" }, icon("eye"), "Only visible to you"),
      byline({ name: bot?.name ?? "App", isApp: true }, each.at),
      content(each, surface, desk),
      h("button", { type: "button", class: "link dismiss", onclick: () => desk.dismissEphemeral(each.id) }, "Dismiss message"),
    ),
  );
}
