// A dialog. A modal dialog keeps the focus and closes on Escape; beside a dialog that is not modal, the page can be used.

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  modal?: boolean;
  wide?: boolean;
}

export function Dialog({ title, onClose, children, modal = true, wide = false }: DialogProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const focused = document.activeElement;
    if (modal) dialog.current?.showModal();
    else dialog.current?.show();
    return () => (focused instanceof HTMLElement ? focused.focus() : undefined);
  }, []);
  return (
    <dialog ref={dialog} class={!modal ? "beside" : wide ? "wide" : ""} aria-labelledby={heading} onClose={onClose}>
      <h2 id={heading}>{title}</h2>
      {children}
    </dialog>
  );
}
