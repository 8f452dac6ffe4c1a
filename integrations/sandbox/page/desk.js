/** What the person at this page is looking at, the questions the drawing asks, and everything they can do. */

import { pickFile } from "./files.js";
import { valuesOf } from "./elements.js";
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
  suggestion: 0,
  menu: null, // the overflow menu that is open
  confirm: null, // {confirm, go}: the question before a button acts
  problems: {}, // block id -> what is wrong with a modal's input
  dismissed: [], // ephemerals
  seen: {}, // "<user>/<channel or thread>" -> newest ts looked at
  done: [], // steps of the guide
  guideHidden: false,
  toast: null,
};

const pressKey = (surface, element) => `${surface?.id}/${element.action_id}/${element.value ?? ""}`;

export class Desk {
  constructor(world, redraw) {
    this.world = world;
    this.redraw = redraw;
    this.view = { ...FRESH, ...JSON.parse(sessionStorage.getItem(KEPT) ?? "{}") };
    this.pressing = new Set();
    this.reading = new Set();
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
    const { user, place, thread } = this.view;
    const seen = (what, messages) => messages.length && (this.view.seen[`${user}/${what}`] = Number(messages.at(-1).ts));
    const channel = this.channel(place);
    if (channel) seen(channel.id, channel.messages);
    if (thread) seen(thread.ts, this.thread().root.replies ?? []);
    this.view.seen[`${user}/whispers`] = Math.max(0, ...this.state.slack.ephemerals.filter((each) => each.user === user).map(({ at }) => at));
    this.markRead();
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

  channel(id) {
    return this.state.slack.channels.find((channel) => channel.id === id);
  }

  channelName(id) {
    return this.channel(id)?.name ?? id;
  }

  customer() {
    return this.state.customers.find(({ id }) => id === this.view.customer);
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

  hasUnseenWhisper(user) {
    const last = this.view.seen[`${user}/whispers`] ?? 0;
    return this.state.slack.ephemerals.some((each) => each.user === user && each.at > last);
  }

  isPressing(surface, element) {
    return this.pressing.has(pressKey(surface, element));
  }

  /** The message a link leads to when it is a permalink of this workspace. */
  messageAt(url) {
    const found = /\/archives\/(\w+)\/p(\d{10})(\d{6})/.exec(url);
    if (!found || !this.channel(found[1])) return null;
    const parent = /[?&]thread_ts=([\d.]+)/.exec(url)?.[1];
    return { channel: found[1], ts: parent ?? `${found[2]}.${found[3]}` };
  }

  // Looking around

  openChannel(id) {
    if (this.channel(id)) this.show({ place: id, thread: null });
  }

  openThread(channel, ts) {
    this.show({ place: channel, thread: { channel, ts } });
    document.querySelector("[data-testid=thread-input]")?.focus();
  }

  goTo(place) {
    this.show({ place, thread: null, homeTab: "home" });
    if (place === "home") this.post("staff/home", { user: this.view.user });
  }

  becomeStaff(user) {
    this.show({ user, problems: {}, menu: null });
    if (this.view.place === "home") this.post("staff/home", { user });
  }

  openPhone(customer) {
    this.show({ customer, quoting: null, editing: null, menu: null });
    document.querySelector("[data-testid=phone-input]")?.focus({ preventScroll: true });
  }

  followLink(url) {
    const message = this.messageAt(url);
    if (message) this.openThread(message.channel, message.ts);
    else if (/^https?:/i.test(url)) window.open(url, "_blank", "noreferrer");
  }

  dismissEphemeral(id) {
    this.show({ dismissed: [...this.view.dismissed, id] });
  }

  /** Ask Slack's question first when the button carries one. */
  confirmed(confirm, go) {
    if (confirm) this.show({ confirm: { confirm, go } });
    else go();
  }

  /** Go to where a step of the guide happens. */
  showStep(step) {
    const { channels } = this.state.slack;
    const busiest = channels.find(({ messages }) => messages.some((each) => each.replies?.length)) ?? channels[0];
    const card = busiest.messages.findLast((each) => each.replies?.length);
    if (step === "ask") return this.openPhone(this.state.customers[0].id);
    const change = { user: this.view.user, place: busiest.id };
    if (step === "take") change.user = this.people()[0].id;
    this.show(change);
    if (step === "reply" && card) this.openThread(busiest.id, card.ts);
    return undefined;
  }

  // Doing things: each goes to the demo server, which plays the vendor's part

  async post(path, body) {
    const answer = await this.world.post(path, body);
    if (!answer.ok || this.view.toast) this.show({ toast: answer.ok ? null : answer.error });
    return answer;
  }

  async writeAsCustomer(text) {
    const { customer, quoting, editing } = this.view;
    const answer = editing
      ? await this.post("customer/edit", { customer, id: editing, text })
      : await this.post("customer/say", { customer, text, quoted: quoting ?? undefined });
    if (answer.ok && (quoting || editing)) this.show({ quoting: null, editing: null });
    return answer.ok;
  }

  /** The next message quotes this one or takes its place; `text` is what the box holds to begin with. */
  answer(about, text) {
    const drafts = text === undefined ? this.view.drafts : { ...this.view.drafts, [`phone-${this.view.customer}`]: text };
    this.show({ quoting: null, editing: null, ...about, drafts, menu: null });
    document.querySelector('[data-testid="phone-input"]')?.focus();
  }

  stopAnswering() {
    const wasEditing = this.view.editing !== null;
    const drafts = wasEditing ? { ...this.view.drafts, [`phone-${this.view.customer}`]: "" } : this.view.drafts;
    this.show({ quoting: null, editing: null, drafts });
  }

  actAsCustomer(act, given) {
    this.show({ menu: null });
    this.post(`customer/${act}`, { customer: this.view.customer, ...given });
  }

  async sendFileAsCustomer(given) {
    this.show({ menu: null });
    return (await this.post("customer/file", { customer: this.view.customer, ...given })).ok;
  }

  async attach(channel, threadTs, file, text) {
    return (await this.post("staff/file", { user: this.view.user, channel, thread_ts: threadTs, text, ...file })).ok;
  }

  pickFile(take) {
    this.show({ menu: null });
    pickFile(take, (words) => this.show({ toast: words }));
  }

  /** A chat somebody looks at is read; the business learns of it once per message. */
  markRead() {
    const customer = this.customer();
    const unread = customer.messages.filter((each) => each.from === "business" && each.status === "delivered").map(({ id }) => id);
    if (unread.every((id) => this.reading.has(id))) return;
    unread.forEach((id) => this.reading.add(id));
    this.world.post("customer/read", { customer: customer.id });
  }

  async say(channel, threadTs, text) {
    if (!text.startsWith("/")) return (await this.post("staff/say", { user: this.view.user, channel, thread_ts: threadTs, text })).ok;
    const [command] = text.split(" ", 1);
    if (threadTs) {
      this.show({ toast: `Slack does not run commands in threads. Write ${command} in the channel.` });
      return false;
    }
    return (await this.post("staff/command", { user: this.view.user, channel, command, text: text.slice(command.length).trim() })).ok;
  }

  async press(surface, block, element, value) {
    const key = pressKey(surface, element);
    if (this.pressing.has(key)) return;
    this.pressing.add(key);
    this.redraw();
    await this.post("staff/click", {
      user: this.view.user,
      surface: surface.kind,
      ...surface.fields,
      block_id: block.block_id,
      action_id: element.action_id,
      value,
      // Slack tells with each action in a modal what stands in all of its fields.
      values: surface.kind === "modal" ? valuesOf(document.querySelector("dialog.modal form")) : undefined,
    });
    this.pressing.delete(key);
    this.redraw();
  }

  /** Somebody types: what stands there is told once they pause. */
  type(surface, block, element, value, pause) {
    clearTimeout(this.typing);
    this.typing = setTimeout(() => this.press(surface, block, { ...element, value }, value), pause);
  }

  async submitModal(view, values) {
    const answer = await this.post("staff/submit", { user: this.view.user, view_id: view.id, values });
    this.show({ problems: answer.errors ?? {} });
  }

  dismissModal(view) {
    this.show({ problems: {} });
    this.post("staff/dismiss", { user: this.view.user, view_id: view.id });
  }

  setAi(change) {
    this.post("ai", change);
  }
}
