// A dialog. A modal dialog keeps the focus and closes on Escape; beside a dialog that is not modal, the page can be used.
// If a text was typed into a modal dialog, the first Escape warns, because the text would be lost.

import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { _ } from "../texts";

const WRITTEN = "textarea, input[type=text]:not([role=combobox])"; // the words of a search are not worth a warning

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
  const written = useRef(false);
  const [warned, setWarned] = useState(false);
  useEffect(() => {
    const focused = document.activeElement;
    if (modal) dialog.current?.showModal();
    else dialog.current?.show();
    return () => (focused instanceof HTMLElement ? focused.focus() : undefined);
  }, []);
  return (
    <dialog
      ref={dialog}
      class={!modal ? "beside" : wide ? "wide" : ""}
      aria-labelledby={heading}
      onInput={(event) => {
        if (event.target instanceof Element && event.target.matches(WRITTEN)) written.current = true;
      }}
      onCancel={(event) => {
        if (!written.current || warned) return;
        event.preventDefault();
        setWarned(true);
      }}
      onClose={onClose}
    >
      <h2 id={heading}>{title}</h2>
      {children}
      {warned && (
        <p role="alert" class="problem">
          {_("Escape again closes this, and what you typed is lost.")}
        </p>
      )}
    </dialog>
  );
}
