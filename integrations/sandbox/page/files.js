/** Files as both sides show them, and how a person picks one. */

import { h } from "./dom.js";

const LARGEST = 20 * 1024 * 1024; // enough to see every refusal

/** Whether the page shows what is in a file rather than its name. */
export const isSeen = ({ type }) => /^(image|audio|video)\//.test(type);

/** A file is {src, type, name}. */
export function fileView({ src, type, name }) {
  if (type === "gone") return h("span", { class: "muted" }, name);
  if (type.startsWith("image/")) return h("a", { class: "file-image", href: src, target: "_blank", rel: "noreferrer" }, h("img", { src, alt: name }));
  if (type.startsWith("audio/")) return h("audio", { class: "file-audio", controls: true, preload: "metadata", src, "aria-label": name });
  if (type.startsWith("video/")) return h("video", { class: "file-image", controls: true, preload: "metadata", src, "aria-label": name });
  return h("a", { class: "file-chip", href: src, download: name }, h("span", { "aria-hidden": "true" }, "📄"), h("span", {}, name));
}

/** Ask for a file and hand it over as {name, type, data}; `complain` gets words when it cannot be taken. */
export function pickFile(take, complain) {
  const input = document.createElement("input");
  input.type = "file";
  input.onchange = async () => {
    const [file] = input.files;
    if (!file) return;
    if (file.size > LARGEST) complain("The demo takes files of at most 20 MB.");
    else take({ name: file.name, type: file.type, data: await asBase64(file) });
  };
  input.click();
}

function asBase64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onerror = () => reject(reader.error);
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.readAsDataURL(file);
  });
}
