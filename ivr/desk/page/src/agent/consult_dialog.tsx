// The search, by name, number or unit, for a party to consult or an expert to guide. It finds only parties that an agent may reach.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Dialog } from "../parts/dialog";
import * as words from "../parts/state_words";
import { doAct, tellError } from "../parts/toasts";
import type { Reachable } from "../protocol";
import { get } from "../rest";
import { _ } from "../texts";

const TYPING_MS = 150;

interface ConsultDialogProps {
  onClose: () => void;
  expertsFor?: string; // a line: search only experts, who guide the agent (专家指导), and that line's experts first
}

export function ConsultDialog({ onClose, expertsFor }: ConsultDialogProps): JSX.Element {
  const guides = expertsFor !== undefined;
  const [search, setSearch] = useState(expertsFor ?? "");
  const [found, setFound] = useState<Reachable[]>([]);
  const [position, setPosition] = useState(0);
  useEffect(() => {
    let stale = false;
    const timer = setTimeout(async () => {
      try {
        const query = `/reach?experts=${guides ? 1 : 0}&q=${encodeURIComponent(search)}`;
        const { reach } = await get<{ reach: Reachable[] }>(query);
        if (stale) return;
        if (guides && reach.length === 0 && search === expertsFor) return setSearch(""); // all experts, because the line has none
        setFound(reach);
        setPosition(0);
      } catch (error) {
        tellError(error);
      }
    }, TYPING_MS);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [search]);
  const consult = async (party: Reachable | undefined): Promise<void> => {
    if (!party) return;
    onClose();
    await doAct(guides ? "call.guide" : "call.consult", { number: party.number });
  };
  const move = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step) {
      event.preventDefault();
      setPosition((position + step + found.length) % Math.max(1, found.length));
    } else if (event.key === "Enter") {
      event.preventDefault();
      void consult(found[position]);
    }
  };
  return (
    <Dialog title={guides ? _("Expert's guidance") : _("Consult")} onClose={onClose}>
      <label class="field">
        {_("Name, number or unit")}
        <input
          role="combobox"
          aria-expanded={found.length > 0}
          aria-controls="reach"
          aria-activedescendant={found[position] ? `reach-${found[position].number}` : undefined}
          aria-autocomplete="list"
          autocomplete="off"
          autofocus
          value={search}
          onInput={(event) => setSearch(event.currentTarget.value)}
          onKeyDown={move}
        />
      </label>
      <ul id="reach" role="listbox" class="found" aria-label={_("Parties that can be reached")}>
        {found.map((party, index) => (
          <li
            key={party.number}
            id={`reach-${party.number}`}
            role="option"
            aria-selected={index === position}
            onClick={() => void consult(party)}
          >
            <strong class="number">{party.number}</strong> <span>{party.name}</span>{" "}
            <span class="quiet">
              {words.kind(party.kind)} {party.unit}
            </span>
            {party.state && <span class={`state ${party.state}`}>{words.seatState(party.state)}</span>}
            {!party.open && <span class="state offline">{_("Closed now")}</span>}
          </li>
        ))}
      </ul>
      <form method="dialog" class="acts">
        <button>{_("Cancel")}</button>
      </form>
    </Dialog>
  );
}
