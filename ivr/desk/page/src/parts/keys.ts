// Function keys that press a button. No letter presses a button, because agents type notes.

import { useEffect } from "preact/hooks";

export type FunctionKey = "F2" | "F4" | "F6" | "F7" | "F8" | "F9" | "F10";

/** Call `pressed` when the function key is pressed, while the component is shown and `enabled`. */
export function useKey(key: FunctionKey | undefined, enabled: boolean, pressed: () => void): void {
  useEffect(() => {
    if (!key || !enabled) return undefined;
    const listen = (event: KeyboardEvent): void => {
      if (event.key !== key || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
      event.preventDefault();
      if (!document.querySelector("dialog:modal")) pressed();
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  });
}
