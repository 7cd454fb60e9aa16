// A form that is sent once: a double click, or Enter that is held down, sends it a single time.

import type { ComponentChildren, JSX } from "preact";
import { useRef } from "preact/hooks";

interface FormProps {
  onSend: () => Promise<unknown>;
  children: ComponentChildren;
}

/** While the act of one sending goes on, further sendings have no effect. */
export function Form({ onSend, children }: FormProps): JSX.Element {
  const sending = useRef(false);
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (sending.current) return;
    sending.current = true;
    try {
      await onSend();
    } finally {
      sending.current = false;
    }
  };
  return <form onSubmit={(event) => void send(event)}>{children}</form>;
}
