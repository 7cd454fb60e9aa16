// A question before an act that cannot be undone.

import type { JSX } from "preact";
import { _ } from "../texts";
import { Button } from "./button";
import { Dialog } from "./dialog";

interface ConfirmProps {
  question: string;
  act: string; // the text of the button
  onYes: () => unknown;
  onClose: () => void;
}

export function Confirm({ question, act, onYes, onClose }: ConfirmProps): JSX.Element {
  const yes = async (): Promise<void> => {
    await onYes();
    onClose();
  };
  return (
    <Dialog title={act} onClose={onClose}>
      <p class="confirm">{question}</p>
      <div class="acts">
        <Button onPress={yes} look="danger">
          {act}
        </Button>
        <Button onPress={onClose}>{_("Cancel")}</Button>
      </div>
    </Dialog>
  );
}
