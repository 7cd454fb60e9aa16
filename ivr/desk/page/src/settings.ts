// The settings of this browser: language, colours, size of the letters, phone and its devices.

import { effect, signal, type Signal } from "@preact/signals";

export type Language = "zh" | "en";
export type Theme = "system" | "light" | "dark";
export type TextSize = "normal" | "large" | "largest";
export type PhoneChoice = "page" | "own";

function storedSetting<T extends string>(name: string, choices: readonly T[], first: T): Signal<T> {
  const stored = localStorage.getItem(`desk.${name}`) as T | null;
  const setting = signal<T>(stored && choices.includes(stored) ? stored : first);
  effect(() => localStorage.setItem(`desk.${name}`, setting.value));
  return setting;
}

export const language = storedSetting<Language>("language", ["zh", "en"], navigator.language.startsWith("en") ? "en" : "zh");
export const theme = storedSetting<Theme>("theme", ["system", "light", "dark"], "system");
export const textSize = storedSetting<TextSize>("text-size", ["normal", "large", "largest"], "normal");
export const phoneChoice = storedSetting<PhoneChoice>("phone", ["page", "own"], "page");
/** Off for a headset that suppresses noise itself. */
export const noiseSuppression = storedSetting<"on" | "off">("noise-suppression", ["on", "off"], "on");
/** Device ids of the browser; "" is the system's own choice. */
export const microphone = signal(localStorage.getItem("desk.microphone") ?? "");
export const speaker = signal(localStorage.getItem("desk.speaker") ?? "");
export const ringSpeaker = signal(localStorage.getItem("desk.ring-speaker") ?? "");

effect(() => localStorage.setItem("desk.microphone", microphone.value));
effect(() => localStorage.setItem("desk.speaker", speaker.value));
effect(() => localStorage.setItem("desk.ring-speaker", ringSpeaker.value));

effect(() => {
  const root = document.documentElement;
  root.lang = language.value === "zh" ? "zh-CN" : "en";
  root.dataset["theme"] = theme.value;
  root.dataset["text"] = textSize.value;
});
