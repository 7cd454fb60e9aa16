// The server's time, and the written forms of spans and moments.

import { computed, signal } from "@preact/signals";

const ahead = signal(0); // milliseconds that the server's clock is ahead of this machine's
const ticking = signal(Date.now());

setInterval(() => {
  ticking.value = Date.now();
}, 500);

/** Milliseconds since 1970, by the server's clock; changes twice a second. */
export const now = computed(() => ticking.value + ahead.value);

export function setServerTime(at: string): void {
  const offset = Date.parse(at) - Date.now();
  // A smaller difference may be the delay of the message. It is ignored, so that the shown times do not jump.
  if (Math.abs(offset - ahead.value) > 300) ahead.value = offset;
}

export function secondsSince(at: string): number {
  return Math.max(0, Math.floor((now.value - Date.parse(at)) / 1000));
}

export function secondsUntil(at: string): number {
  return Math.max(0, Math.ceil((Date.parse(at) - now.value) / 1000));
}

/** Write a span as minutes and seconds, or hours, minutes and seconds: 1:05, 1:02:05. */
export function span(seconds: number): string {
  const twoDigits = (value: number): string => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours ? `${hours}:${twoDigits(minutes)}:${twoDigits(seconds % 60)}` : `${minutes}:${twoDigits(seconds % 60)}`;
}

/** Write a moment on the city's clock: 2026-11-30 08:00:00. */
export function cityMoment(at: string | null): string {
  return at ? new Date(at).toLocaleString("sv-SE", { timeZone: "Asia/Shanghai" }) : "";
}

/** Write a time of day, with the date before it if it is another day than today. */
export function clockTime(at: string): string {
  const time = new Date(at);
  const shown = time.toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
  if (time.toDateString() === new Date(now.value).toDateString()) return shown;
  return `${time.getMonth() + 1}-${String(time.getDate()).padStart(2, "0")} ${shown}`;
}
