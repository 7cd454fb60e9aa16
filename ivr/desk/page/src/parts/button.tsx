// A button, which a function key can press, too.

import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { type FunctionKey, useKey } from "./keys";

interface ButtonProps {
  onPress: () => unknown;
  children: ComponentChildren;
  hotkey?: FunctionKey;
  look?: "plain" | "main" | "good" | "danger" | undefined;
  pressed?: boolean;
  disabled?: boolean;
}

/** A press has no effect until the act of the press before has ended. */
export function Button({ onPress, children, hotkey, look, pressed, disabled = false }: ButtonProps): JSX.Element {
  const [busy, setBusy] = useState(false);
  const press = async (): Promise<void> => {
    if (busy) return;
    setBusy(true);
    try {
      await onPress();
    } finally {
      setBusy(false);
    }
  };
  useKey(hotkey, !disabled, () => void press());
  return (
    <button
      type="button"
      class={look ?? ""}
      disabled={disabled}
      aria-busy={busy}
      aria-pressed={pressed}
      aria-keyshortcuts={hotkey}
      onClick={() => void press()}
    >
      {children}
      {hotkey && <kbd aria-hidden="true">{hotkey}</kbd>}
    </button>
  );
}
