/** What the person at this page is looking at, and the questions the drawing asks of it. */

import { stepsDone } from "./guide.js";

const KEPT = "switchboard-demo-view";
const REMEMBERED = ["customer", "user", "place", "thread", "guideHidden", "seen", "dismissed"];

const FRESH = {
  customer: null, // whose phone
  user: null, // who looks at the workspace
  place: null, // a channel's id, or "home"
  thread: null, // {channel, ts}
  homeTab: "home",
  drafts: {},
  quoting: null, // the message that the customer's next one answers
  editing: null, // the message whose place it takes
  rewriting: null, // {ts, text}: what somebody of the team is changing of their own
  suggestion: 0,
  menu: null, // the menu that is open
  sought: "", // what is typed to find an option in it
  chosen: {}, // "<screen>/<block>/<action>" -> what this page's people chose there, until it is told otherwise
  tables: {}, // "<screen>/<block>" -> {page, column, isDown}
  confirm: null, // {confirm, go}: the question before a button acts
  problems: {}, // block id -> what is wrong with a modal's input
  dismissed: [], // ephemerals
  seen: {}, // "<user>/<channel or thread>" -> newest ts looked at
  done: [], // steps of the guide
  guideHidden: false,
  toast: null,
};

export class Looking {
  constructor(world, redraw) {
    this.world = world;
    this.redraw = redraw;
    this.view = { ...FRESH, ...JSON.parse(sessionStorage.getItem(KEPT) ?? "{}") };
  }

  get state() {
    return this.world.state;
  }

  /** Change what is looked at. */
  show(change) {
    this.view = { ...this.view, ...change };
    sessionStorage.setItem(KEPT, JSON.stringify(Object.fromEntries(REMEMBERED.map((name) => [name, this.view[name]]))));
    this.redraw();
  }

  /** Take in a new state before it is drawn: choose what to look at first, remember what has been seen and done. */
  settle() {
    const { customers, slack } = this.state;
    const { view } = this;
    if (!customers.some(({ id }) => id === view.customer)) view.customer = customers[0].id;
    if (!this.people().some(({ id }) => id === view.user)) view.user = this.people()[0].id;
    if (view.place !== "home" && !this.channel(view.place)) view.place = slack.channels[0].id;
    if (view.thread && !this.thread().root) view.thread = null;
    view.done = [...new Set([...view.done, ...stepsDone(this.state)])];
    this.noteSeen();
  }

  noteSeen() {
    if (document.visibilityState !== "visible") return;
    const { user, place, thread, homeTab } = this.view;
    const seen = (what, messages) => messages.length && (this.view.seen[`${user}/${what}`] = Number(messages.at(-1).ts));
    const channel = this.channel(place);
    if (channel) seen(channel.id, channel.messages);
    if (thread) seen(thread.ts, this.thread().root.replies ?? []);
    if (place === "home" && homeTab === "messages") seen("direct", this.directMessages(user));
    this.view.seen[`${user}/whispers`] = Math.max(0, ...this.state.slack.ephemerals.filter((each) => each.user === user).map(({ at }) => at));
  }

  // Questions

  people() {
    return this.state.slack.users.filter((user) => !user.is_bot);
  }

  bot() {
    return this.state.slack.users.find((user) => user.is_bot);
  }

  user(id) {
    return this.state.slack.users.find((user) => user.id === id);
  }

  userName(id) {
    return this.user(id)?.name ?? id;
  }

  groupName(id) {
    return this.state.slack.groups.find((group) => group.id === id)?.handle ?? "group";
  }

  channel(id) {
    return this.state.slack.channels.find((channel) => channel.id === id);
  }

  channelName(id) {
    return this.channel(id)?.name ?? id;
  }

  customer() {
    return this.state.customers.find(({ id }) => id === this.view.customer);
  }

  message(channel, ts) {
    return this.channel(channel)?.messages.find((each) => each.ts === ts);
  }

  thread() {
    const channel = this.channel(this.view.thread.channel);
    return { channel, root: channel?.messages.find(({ ts }) => ts === this.view.thread.ts) };
  }

  ephemerals(channel, threadTs) {
    const { user, dismissed } = this.view;
    return this.state.slack.ephemerals.filter(
      (each) => each.channel === channel && (each.thread_ts ?? null) === threadTs && each.user === user && !dismissed.includes(each.id),
    );
  }

  unreadIn(channel) {
    const { user } = this.view;
    const last = this.view.seen[`${user}/${channel.id}`] ?? 0;
    return channel.messages.filter((each) => Number(each.ts) > last && each.user !== user).length;
  }

  hasNewReplies(root) {
    const { user } = this.view;
    const last = this.view.seen[`${user}/${root.ts}`] ?? 0;
    return (root.replies ?? []).some((reply) => Number(reply.ts) > last && reply.user !== user);
  }

  directMessages(user) {
    return this.state.slack.dms[user]?.messages ?? [];
  }

  unreadDirect(user) {
    const last = this.view.seen[`${user}/direct`] ?? 0;
    return this.directMessages(user).filter((each) => Number(each.ts) > last).length;
  }

  hasUnseenWhisper(user) {
    const last = this.view.seen[`${user}/whispers`] ?? 0;
    return this.state.slack.ephemerals.some((each) => each.user === user && each.at > last);
  }

  /** The message a link leads to when it is a permalink of this workspace. */
  messageAt(url) {
    const found = /\/archives\/(\w+)\/p(\d{10})(\d{6})/.exec(url);
    if (!found || !this.channel(found[1])) return null;
    const parent = /[?&]thread_ts=([\d.]+)/.exec(url)?.[1];
    return { channel: found[1], ts: parent ?? `${found[2]}.${found[3]}` };
  }
}
