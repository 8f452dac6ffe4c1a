/** The page's line to the demo server: the whole state, the stream that says it changed, and what a person does. */

const SLOWEST_RETRY = 5000;

export class World {
  constructor(onChange) {
    this.state = null;
    this.isConnected = false;
    this.onChange = onChange;
    this.fetching = false;
    this.stale = false;
    this.retryIn = 500;
  }

  /** Listen for changes; come back by ourselves, however the line was cut. */
  listen() {
    const stream = new EventSource("/demo/stream");
    stream.onopen = () => {
      this.retryIn = 500;
      this.refetch();
    };
    stream.onmessage = () => this.refetch();
    stream.onerror = () => {
      // A browser gives up for good on an HTTP error answer, so every retry is ours.
      stream.close();
      this.setConnected(false);
      setTimeout(() => this.listen(), this.retryIn);
      this.retryIn = Math.min(this.retryIn * 2, SLOWEST_RETRY);
    };
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
      this.setConnected(true);
    } catch {
      this.setConnected(false);
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
      return { ok: false, error: "The demo server did not answer. Is it still running?" };
    }
  }
}
