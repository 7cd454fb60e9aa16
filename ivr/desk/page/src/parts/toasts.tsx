// Short messages at the edge of the page: refused acts, results, and messages of supervisors.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { act } from "../live";
import { Refused } from "../rest";
import { _ } from "../texts";

interface Toast {
  id: number;
  kind: "error" | "done" | "message";
  title: string;
  text: string;
}

const SHOWN_MS = 8000;
const toasts = signal<Toast[]>([]);
let count = 0;

/** Show a message; an error that is still shown is not shown a second time, as when each request fails without a network. */
export function tell(kind: Toast["kind"], title: string, text: string): void {
  if (kind === "error" && toasts.value.some((shown) => shown.title === title && shown.text === text)) return;
  const id = ++count;
  toasts.value = [...toasts.value, { id, kind, title, text }];
  if (kind !== "message") setTimeout(() => drop(id), SHOWN_MS); // a message from a supervisor stays until it is read
}

function drop(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}

/** Do an act, and show the reason of a refusal. Returns the result of the act, or null. */
export async function doAct<T = unknown>(name: string, args: Record<string, unknown> = {}): Promise<T | null> {
  try {
    return await act<T>(name, args);
  } catch (error) {
    tellError(error);
    return null;
  }
}

/** Show why an act was not done. `titleOf` gives the title of a field, whose name stands before the server's message. */
export function tellError(error: unknown, titleOf?: (field: string) => string): void {
  let text = error instanceof Error ? error.message : String(error);
  if (titleOf && error instanceof Refused && error.field && text.startsWith(`${error.field}: `))
    text = `${titleOf(error.field)}: ${text.slice(error.field.length + 2)}`;
  tell("error", _("The act was not done"), text);
}

export function Toasts(): JSX.Element {
  return (
    <div class="toasts" role="log" aria-live="assertive" aria-label={_("Messages to you")}>
      {toasts.value.map((toast) => (
        <div key={toast.id} class={`toast ${toast.kind}`}>
          <div>
            <strong>{toast.title}</strong>
            <p>{toast.text}</p>
          </div>
          <button type="button" class="plain" onClick={() => drop(toast.id)} aria-label={_("Close")}>
            ×
          </button>
        </div>
      ))}
    </div>
  );
}
