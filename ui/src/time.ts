// Times as people read them. "Now" is always given, so that each function is true without a clock.
import { once } from "./once";

const EXACT = once(() => new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" }));
const DATE = once(() => new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone: "UTC" }));
const TIME = once(() => new Intl.DateTimeFormat("en-GB", { timeStyle: "short" }));
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** How many days before it a secret's expiry is pointed out. */
const SOON = 30;

/** "Just now", "5 min ago", "3 days ago", and the date after a month. */
export function relative(at: string, now: Date): string {
  const seconds = Math.round((now.getTime() - Date.parse(at)) / 1000);
  if (seconds < MINUTE) return "Just now";
  if (seconds < HOUR) return `${String(Math.floor(seconds / MINUTE))} min ago`;
  if (seconds < DAY) return ago(Math.floor(seconds / HOUR), "hour");
  if (seconds < 30 * DAY) return ago(Math.floor(seconds / DAY), "day");
  return DATE().format(new Date(at));
}

/** The local date and time, to the minute. */
export function exact(at: string): string {
  return EXACT().format(new Date(at));
}

/** The local time of a moment close to now: "10:02", "tomorrow 10:02"; with its date when it is further away. */
export function moment(at: string, now: Date): string {
  const time = TIME().format(new Date(at));
  const day = (when: Date): number => Date.UTC(when.getFullYear(), when.getMonth(), when.getDate()) / 1000 / DAY;
  switch (day(new Date(at)) - day(now)) {
    case 0:
      return time;
    case 1:
      return `tomorrow ${time}`;
    case -1:
      return `yesterday ${time}`;
    default:
      return EXACT().format(new Date(at));
  }
}

/** A calendar date (yyyy-mm-dd), such as "12 Mar 2027". */
export function date(day: string): string {
  return DATE().format(new Date(`${day}T00:00:00Z`));
}

export type Expiry = { urgency: "none" | "later" | "soon" | "past"; text: string };

/** What to say of the day a secret expires on. */
export function expiry(day: string | null, now: Date): Expiry {
  if (day === null) return { urgency: "none", text: "" };
  const days = Math.ceil((Date.parse(`${day}T00:00:00Z`) - now.getTime()) / 1000 / DAY);
  if (days < 0) return { urgency: "past", text: "Expired" };
  if (days > SOON) return { urgency: "later", text: date(day) };
  return { urgency: "soon", text: days === 0 ? "Today" : days === 1 ? "Tomorrow" : `In ${String(days)} days` };
}

/** Seconds until `deadline` to the nearest whole one, never negative. */
export function secondsLeft(deadline: string, now: Date): number {
  return Math.max(0, Math.round((Date.parse(deadline) - now.getTime()) / 1000));
}

/** Seconds as m:ss. */
export function clock(seconds: number): string {
  return `${String(Math.floor(seconds / MINUTE))}:${String(seconds % MINUTE).padStart(2, "0")}`;
}

/** The time left for a screen reader: it changes once a minute, and at half a minute, so that it does not chatter. */
export function coarse(seconds: number): string {
  if (seconds === 0) return "Time is up.";
  if (seconds <= 30) return "30 seconds left.";
  const minutes = Math.ceil(seconds / MINUTE);
  return minutes === 1 ? "1 minute left." : `${String(minutes)} minutes left.`;
}

function ago(count: number, unit: string): string {
  return count === 1 ? `1 ${unit} ago` : `${String(count)} ${unit}s ago`;
}
