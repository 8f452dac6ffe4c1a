/** The box one writes in, with suggestions for slash commands and for colleagues' names. */

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { COMMANDS } from "./manifest.js";

/** `name` is the stable hook for tests: `<name>-input`, `<name>-send`. `send` answers whether the text was accepted. */
export function composer({ name, draft, label, send, attach }, desk) {
  const text = desk.view.drafts[draft] ?? "";
  const listed = suggestions(text, desk);
  const picked = Math.min(desk.view.suggestion, listed.length - 1);
  const write = (value) => desk.show({ drafts: { ...desk.view.drafts, [draft]: value }, suggestion: 0 });
  const submit = async () => {
    if (!text.trim()) return;
    write("");
    if (!(await send(text.trim()))) write(text);
  };
  const pick = (suggestion) => write(text.replace(/[@/][\p{L}]*$/u, `${suggestion.insert} `));
  const onkeydown = (event) => {
    if (event.isComposing) return;
    const action = keyAction(event, listed, picked, { submit, pick, move: (by) => desk.show({ suggestion: picked + by }) });
    if (!action) return;
    event.preventDefault();
    action();
  };
  return h(
    "form",
    {
      class: "composer",
      onsubmit: (event) => {
        event.preventDefault();
        submit();
      },
    },
    listed.length > 0 && suggestionList(listed, picked, pick),
    h("textarea", {
      rows: 1,
      value: text,
      placeholder: label,
      "aria-label": label,
      "data-testid": `${name}-input`,
      oninput: (event) => write(event.target.value),
      onkeydown,
    }),
    attach &&
      h(
        "button",
        { type: "button", class: "clip", "aria-label": "Attach a file", "data-testid": `${name}-attach`, onclick: () => desk.pickFile(async (file) => (await attach(file, text.trim())) && write("")) },
        icon("clip"),
      ),
    h("button", { type: "submit", class: "send", "data-testid": `${name}-send`, "aria-label": "Send", disabled: !text.trim() }, icon("send")),
  );
}

function keyAction(event, listed, picked, { submit, pick, move }) {
  if (listed.length > 0 && event.key === "ArrowDown") return () => move(picked < listed.length - 1 ? 1 : 0);
  if (listed.length > 0 && event.key === "ArrowUp") return () => move(picked > 0 ? -1 : 0);
  if (listed.length > 0 && event.key === "Tab" && !event.shiftKey) return () => pick(listed[picked]);
  if (event.key !== "Enter" || event.shiftKey) return null;
  return listed.length > 0 && !listed[picked].isWhole ? () => pick(listed[picked]) : submit;
}

function suggestions(text, desk) {
  if (/^\/[a-z]*$/.test(text)) {
    const typed = COMMANDS.filter(({ command }) => command.startsWith(text));
    return typed.map(({ command, usage_hint: usage, description }) => ({ insert: command, usage: `${command} ${usage}`, hint: description, isWhole: command === text }));
  }
  const typed = /(?:^|\s)@([\p{L}]*)$/u.exec(text)?.[1];
  if (typed === undefined) return [];
  const people = desk.people().map(({ name }) => ({ insert: `@${name.split(" ")[0]}`, usage: name, hint: "" }));
  const groups = desk.state.slack.groups.map(({ handle, users }) => ({ insert: `@${handle}`, usage: `@${handle}`, hint: users.map((id) => desk.userName(id)).join(", ") }));
  return [...people, ...groups].filter(({ insert }) => insert.slice(1).toLowerCase().startsWith(typed.toLowerCase())).map((each) => ({ ...each, isWhole: each.insert === `@${typed}` }));
}

function suggestionList(listed, picked, pick) {
  return h(
    "ul",
    { class: "suggestions", role: "listbox", "aria-label": "Suggestions" },
    listed.map((suggestion, index) =>
      h(
        "li",
        {
          role: "option",
          "aria-selected": String(index === picked),
          // The box must not lose the focus before the click lands.
          onmousedown: (event) => {
            event.preventDefault();
            pick(suggestion);
          },
        },
        h("b", {}, suggestion.usage),
        h("span", {}, suggestion.hint),
      ),
    ),
  );
}
