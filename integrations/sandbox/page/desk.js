/** Everything the person at this page can do: each goes to the demo server, which plays the vendor's part. */

import { pickFile } from "./files.js";
import { Looking } from "./looking.js";
import { unescape } from "./text.js";
import { valuesOf } from "./values.js";

const pressKey = (surface, element) => `${surface?.id}/${element.action_id}/${element.value ?? ""}`;

export class Desk extends Looking {
  constructor(world, redraw) {
    super(world, redraw);
    this.pressing = new Set();
    this.reading = new Set();
  }

  settle() {
    super.settle();
    this.markRead();
  }

  isPressing(surface, element) {
    return this.pressing.has(pressKey(surface, element));
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
    this.lookAtHome();
  }

  openTab(homeTab) {
    this.show({ homeTab });
    this.lookAtHome();
  }

  becomeStaff(user) {
    this.show({ user, problems: {}, menu: null });
    this.lookAtHome();
  }

  /** Slack tells the app whenever somebody opens its page, whichever tab it is. */
  lookAtHome() {
    const { place, user, homeTab } = this.view;
    if (place === "home") this.post("staff/home", { user, tab: homeTab });
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

  /** Ask Slack's question first when the control carries one. */
  confirmed(confirm, go) {
    if (confirm) this.show({ confirm: { confirm, go } });
    else go();
  }

  /** Open this menu, or close it when it is the one that is open. */
  toggle(menu) {
    this.show({ menu: this.view.menu === menu ? null : menu, sought: "" });
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

  // Doing things

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
      values: surface.kind === "modal" ? valuesOf(document.querySelector("dialog.modal:not(.confirm) form")) : undefined,
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

  dismissModal(view, all) {
    this.show({ problems: {} });
    this.post("staff/dismiss", { user: this.view.user, view_id: view.id, all });
  }

  shortcut(channel, ts, callbackId) {
    this.show({ menu: null });
    this.post("staff/shortcut", { user: this.view.user, channel, ts, callback_id: callbackId });
  }

  /** Somebody of the team does something to a message: "react", "edit", "delete". */
  actOnMessage(act, channel, ts, given) {
    this.show({ menu: null, rewriting: null });
    this.post(`staff/${act}`, { user: this.view.user, channel, ts, ...given });
  }

  /** Slack gives the raw text to whoever edits; here what stands there is close enough. */
  rewrite(each) {
    this.show({ menu: null, rewriting: { ts: each.ts, text: unescape(each.text) } });
  }

  async copyLink(channel, each) {
    const thread = each.thread_ts ? `?thread_ts=${each.thread_ts}&cid=${channel}` : "";
    this.show({ menu: null });
    await navigator.clipboard?.writeText(`${location.origin}/archives/${channel}/p${each.ts.replace(".", "")}${thread}`);
  }

  setAi(change) {
    this.post("ai", change);
  }
}
