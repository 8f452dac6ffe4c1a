/** Moments in words: clock times, days, ages, and Slack's own date tokens. */

const time = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const timeWithSeconds = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });
const day = {
  num: new Intl.DateTimeFormat("sv-SE"),
  plain: new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric" }),
  short: new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" }),
  long: new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", year: "numeric" }),
  heading: new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long" }),
};

const moment = (seconds) => new Date(Number(seconds) * 1000);

/** 14:05 */
export function clockTime(seconds) {
  return time.format(moment(seconds));
}

/** The whole date and time, for tooltips. */
export function fullTime(seconds) {
  return `${day.long.format(moment(seconds))} at ${timeWithSeconds.format(moment(seconds))}`;
}

/** "just now", "4 minutes ago"; recomputed at every drawing. */
export function age(seconds) {
  const passed = Math.max(0, Date.now() / 1000 - Number(seconds));
  if (passed < 45) return "just now";
  for (const [unit, size] of [["day", 86400], ["hour", 3600], ["minute", 60]]) {
    const count = unit === "minute" ? Math.max(1, Math.round(passed / size)) : Math.floor(passed / size);
    if (count >= 1) return `${count} ${unit}${count === 1 ? "" : "s"} ago`;
  }
  return "just now";
}

/** The heading between two days of a channel: Today, Yesterday, or the date. */
export function dayHeading(seconds) {
  const relative = relativeDay(seconds);
  if (!relative || relative === "tomorrow") return day.heading.format(moment(seconds));
  return relative[0].toUpperCase() + relative.slice(1);
}

/** Whether two moments lie on the same calendar day here. */
export function sameDay(one, other) {
  return moment(one).toDateString() === moment(other).toDateString();
}

function relativeDay(seconds) {
  const midnight = new Date(moment(seconds).toDateString());
  const distance = Math.round((midnight - new Date(new Date().toDateString())) / 86400000);
  return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[distance] ?? null;
}

/** Fill in the placeholders of a `<!date^…>` token (docs.slack.dev/messaging/formatting-message-text). */
export function slackDate(seconds, format) {
  const values = {
    date_num: () => day.num.format(moment(seconds)),
    date: () => day.plain.format(moment(seconds)),
    date_short: () => day.short.format(moment(seconds)),
    date_long: () => day.long.format(moment(seconds)),
    date_pretty: () => relativeDay(seconds) ?? day.plain.format(moment(seconds)),
    date_short_pretty: () => relativeDay(seconds) ?? day.short.format(moment(seconds)),
    date_long_pretty: () => relativeDay(seconds) ?? day.long.format(moment(seconds)),
    day_divider_pretty: () => dayHeading(seconds),
    time: () => clockTime(seconds),
    time_secs: () => timeWithSeconds.format(moment(seconds)),
    ago: () => age(seconds),
  };
  return format.replace(/\{(\w+)\}/g, (whole, name) => (values[name] ? values[name]() : whole));
}
