/** The few line icons of the page, drawn here so that nothing is fetched from elsewhere. */

import { h } from "./dom.js";

const PATHS = {
  home: "M4 11.5 12 5l8 6.5V19a1 1 0 0 1-1 1h-4.5v-5h-5v5H5a1 1 0 0 1-1-1z",
  hash: "M9.5 4 7.5 20M16.5 4l-2 16M4.5 9h16M3.5 15h16",
  send: "M4 12 20 4.5 16 20l-4.2-6.2zM11.8 13.8 20 4.5",
  thread: "M5 5h14a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-7l-4.5 3.5V16H5a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1zM8 9h8M8 12h5",
  close: "M6 6l12 12M18 6 6 18",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
  check: "M5 12.5 10 17.5 19.5 7",
  chevron: "M7 10l5 5 5-5",
  back: "M14.5 5.5 8 12l6.5 6.5",
  clip: "M19 11.5l-7.6 7.6a4.6 4.6 0 0 1-6.5-6.5l8.2-8.2a3.1 3.1 0 0 1 4.4 4.4l-8.1 8.1a1.6 1.6 0 0 1-2.3-2.3l7.4-7.4",
  dots: "M6 12h.01M12 12h.01M18 12h.01",
};

/** One icon; decorative, so hidden from screen readers: the control around it carries the words. */
export function icon(name) {
  return h(
    "svg",
    { class: `icon icon-${name}`, viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" },
    h("path", { d: PATHS[name] }),
  );
}

const ONE_TICK = "M1.5 6.5 5 10 12 2.5";
const TWO_TICKS = `${ONE_TICK}M7.5 9.2 8.5 10 15.5 2.5`;

/** How far a message got, as ticks. */
export function ticks(status) {
  const words = { sent: "Sent", delivered: "Delivered", read: "Read" }[status];
  if (!words) return null;
  return h(
    "svg",
    { class: `ticks ticks-${status}`, viewBox: "0 0 17 12", role: "img", "aria-label": words },
    h("path", { d: status === "sent" ? ONE_TICK : TWO_TICKS }),
  );
}

/** Switchboard's own mark, as the app's picture in the workspace. */
export function mark() {
  return h("img", { class: "mark", src: "/static/icon.svg", alt: "" });
}
