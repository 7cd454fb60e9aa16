// The settings of this browser: language, colours, size of the letters, phone and its devices.

import { effect, signal, type Signal } from "@preact/signals";

export type Language = "zh" | "en";
export type Theme = "system" | "light" | "dark";
export type TextSize = "normal" | "large" | "largest";
export type PhoneChoice = "page" | "own";

function kept<T extends string>(name: string, choices: readonly T[], first: T): Signal<T> {
  const found = localStorage.getItem(`desk.${name}`) as T | null;
  const setting = signal<T>(found && choices.includes(found) ? found : first);
  effect(() => localStorage.setItem(`desk.${name}`, setting.value));
  return setting;
}

export const language = kept<Language>("language", ["zh", "en"], navigator.language.startsWith("en") ? "en" : "zh");
export const theme = kept<Theme>("theme", ["system", "light", "dark"], "system");
export const textSize = kept<TextSize>("text-size", ["normal", "large", "largest"], "normal");
export const phoneChoice = kept<PhoneChoice>("phone", ["page", "own"], "page");
/** Off for a headset that suppresses noise itself. */
export const noiseSuppression = kept<"on" | "off">("noise-suppression", ["on", "off"], "on");
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
