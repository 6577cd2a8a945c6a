// Times as people read them: by their own clock and calendar, and each day in one form, "20 Dec 2026". "Now" is always
// given, so that each function is true without a clock.
import { expiresSoonDays } from "./backend";

const MONTHS = [
  "Jan",
  "Feb",
  "Mar",
  "Apr",
  "May",
  "Jun",
  "Jul",
  "Aug",
  "Sep",
  "Oct",
  "Nov",
  "Dec",
] as const;
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "Just now", "5 min ago", "3 days ago", and the date after a month. */
export function relative(at: string, now: Date): string {
  const seconds = Math.round((now.getTime() - Date.parse(at)) / 1000);
  if (seconds < MINUTE) return "Just now";
  if (seconds < HOUR) return `${String(Math.floor(seconds / MINUTE))} min ago`;
  if (seconds < DAY) return ago(Math.floor(seconds / HOUR), "hour");
  if (seconds < 30 * DAY) return ago(Math.floor(seconds / DAY), "day");
  return localDate(new Date(at));
}

/** The local date and time, to the minute. */
export function exact(at: string): string {
  const when = new Date(at);
  return `${localDate(when)}, ${localTime(when)}`;
}

/** The local time of a moment close to now: "10:02", "tomorrow at 10:02"; with its date when it is further away. */
export function moment(at: string, now: Date): string {
  const time = localTime(new Date(at));
  switch (localDay(new Date(at)) - localDay(now)) {
    case 0:
      return time;
    case 1:
      return `tomorrow at ${time}`;
    case -1:
      return `yesterday at ${time}`;
    default:
      return exact(at);
  }
}

/** A calendar date (yyyy-mm-dd), such as "12 Mar 2027": the form in which the window shows every day. */
export function date(day: string): string {
  const [year = 0, month = 1, number = 1] = day.split("-").map(Number);
  return written(year, month, number);
}

/** The local day of a moment, in the same form. */
export function localDate(when: Date): string {
  return written(when.getFullYear(), when.getMonth() + 1, when.getDate());
}

/** The local time, to the minute. */
function localTime(when: Date): string {
  return `${String(when.getHours()).padStart(2, "0")}:${String(when.getMinutes()).padStart(2, "0")}`;
}

/** When a secret expires, as far as is known: on a day that somebody entered, or at a moment that the tenant names. */
export interface Expires {
  expiresOn: string | null;
  expiresAt: string | null;
  /** Whether it was refused because it has expired, whatever was known of its day. */
  secretExpired: boolean;
}

/** `exact` is the whole of what is known; empty without anything. */
export interface Expiry {
  urgency: "none" | "later" | "soon" | "past";
  text: string;
  exact: string;
}

/** What to say of the day a secret expires on. Days are those of this computer; the hour is named in the last two. */
export function expiry({ expiresOn, expiresAt, secretExpired }: Expires, now: Date): Expiry {
  const whole = expiresAt ? exact(expiresAt) : expiresOn ? date(expiresOn) : "";
  if (secretExpired) return { urgency: "past", text: "Expired", exact: whole };
  if (expiresAt === null && expiresOn === null) return { urgency: "none", text: "", exact: "" };
  const at = expiresAt === null ? null : new Date(expiresAt);
  const days = (at ? localDay(at) : calendarDay(expiresOn ?? "")) - localDay(now);
  if (days < 0 || (at && at <= now)) return { urgency: "past", text: "Expired", exact: whole };
  if (days > expiresSoonDays)
    return { urgency: "later", text: at ? localDate(at) : date(expiresOn ?? ""), exact: whole };
  const hour = at ? ` ${localTime(at)}` : "";
  return {
    urgency: "soon",
    text: days === 0 ? `Today${hour}` : days === 1 ? `Tomorrow${hour}` : `In ${String(days)} days`,
    exact: whole,
  };
}

/** Days since 1970 by the local calendar, whatever summer time does to their length. */
function localDay(when: Date): number {
  return Date.UTC(when.getFullYear(), when.getMonth(), when.getDate()) / 1000 / DAY;
}

function calendarDay(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / 1000 / DAY;
}

function written(year: number, month: number, day: number): string {
  return `${String(day)} ${MONTHS[month - 1] ?? ""} ${String(year)}`;
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
