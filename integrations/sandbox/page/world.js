/** The page's line to the demo server: the whole state, the stream that says it changed, and what a person does. */

const FIRST_RETRY = 500;
const SLOWEST_RETRY = 5000;
const LOOK_ANYWAY = 20000;

export class World {
  constructor(onChange) {
    this.state = null;
    this.isConnected = false;
    this.onChange = onChange;
    this.fetching = false;
    this.stale = false;
    this.retryIn = FIRST_RETRY;
    this.retry = null;
  }

  /** Follow the demo from now on, however often the line is cut. */
  follow() {
    this.listen();
    // A stream can die without a word (a laptop that slept, a network that went), so its silence proves nothing.
    setInterval(() => this.refetch(), LOOK_ANYWAY);
    for (const event of ["online", "offline"]) window.addEventListener(event, () => this.refetch());
  }

  listen() {
    const stream = new EventSource("/demo/stream");
    stream.onopen = () => this.refetch();
    stream.onmessage = () => this.refetch();
    stream.onerror = () => {
      // A browser gives up for good on an HTTP error answer, so every retry is ours.
      stream.close();
      this.setConnected(false);
      setTimeout(() => this.listen(), this.waitLonger());
    };
  }

  waitLonger() {
    const now = this.retryIn;
    this.retryIn = Math.min(now * 2, SLOWEST_RETRY);
    return now;
  }

  /** Fetch the state; changes that arrive meanwhile cost one more fetch, not one each. */
  async refetch() {
    this.stale = true;
    if (this.fetching) return;
    this.fetching = true;
    while (this.stale) {
      this.stale = false;
      await this.fetchOnce();
    }
    this.fetching = false;
  }

  async fetchOnce() {
    try {
      const answer = await fetch("/demo/state", { cache: "no-store" });
      if (!answer.ok) throw new Error(`state: ${answer.status}`);
      this.state = await answer.json();
      this.retryIn = FIRST_RETRY;
      this.setConnected(true);
    } catch {
      this.setConnected(false);
      clearTimeout(this.retry);
      this.retry = setTimeout(() => this.refetch(), this.waitLonger());
    }
  }

  setConnected(isConnected) {
    this.isConnected = isConnected;
    this.onChange();
  }

  /** Do something in the demo. Answers what the server said, or `{ok: false, error}` in words. */
  async post(path, body) {
    try {
      const answer = await fetch(`/demo/${path}`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
      });
      return await answer.json();
    } catch {
      this.refetch();
      return { ok: false, error: "The demo server did not answer. Is it still running?" };
    }
  }
}
