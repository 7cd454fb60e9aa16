// Keys for the menu of the party at the other end.

import type { JSX } from "preact";
import { Dialog } from "../parts/dialog";
import { doAct } from "../parts/toasts";
import { legState, sendKey } from "../phone/page_phone";
import { _ } from "../texts";

export const KEYS = "123456789*0#";

export function KeyPad({ onClose }: { onClose: () => void }): JSX.Element {
  // The page phone sends its keys itself; keys of the agent's own phone go through the server.
  const press = (key: string): unknown =>
    legState.value === "talking" ? sendKey(key) : void doAct("call.keys", { keys: key });
  const typed = (event: KeyboardEvent): void => {
    if (event.key.length === 1 && KEYS.includes(event.key)) press(event.key);
  };
  return (
    <Dialog title={_("Keys")} onClose={onClose}>
      <div class="key-pad" onKeyDown={typed}>
        {[...KEYS].map((key) => (
          <button key={key} type="button" onClick={() => press(key)}>
            {key}
          </button>
        ))}
      </div>
      <form method="dialog" class="acts">
        <button>{_("Close")}</button>
      </form>
    </Dialog>
  );
}
