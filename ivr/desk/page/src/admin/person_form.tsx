// The form of a person: roles, seat, and whether the person may sign in.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { state } from "../live";
import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { CheckField, CheckFields, ChoiceField, TextField } from "../parts/fields";
import { role } from "../parts/state_words";
import { tellError } from "../parts/toasts";
import type { Person } from "../protocol";
import { Refused, request } from "../rest";
import { _ } from "../texts";

const ROLES = ["agent", "expert", "supervisor", "admin", "auditor", "unit"];

interface PersonFormProps {
  person: Person | null; // null: a new one
  onDone: (added: { user: string; password?: string } | null) => void;
}

export function PersonForm({ person, onDone }: PersonFormProps): JSX.Element {
  const [user, setUser] = useState(person?.user ?? "");
  const [name, setName] = useState(person?.name ?? "");
  const [roles, setRoles] = useState<string[]>(person?.roles ?? ["agent"]);
  const [seat, setSeat] = useState(person?.seat ?? "");
  const [disabled, setDisabled] = useState(person?.disabled ?? false);
  const [refusal, setRefusal] = useState<Refused | null>(null);
  const problem = (field: string): string | undefined => (refusal?.field === field ? refusal.message : undefined);
  const save = async (): Promise<void> => {
    try {
      if (person) {
        await request("PATCH", `/people/${encodeURIComponent(user)}`, { name, roles, seat, disabled });
        onDone(null);
      } else onDone(await request<{ user: string; password: string }>("POST", "/people", { user, name, roles, seat }));
    } catch (error) {
      if (error instanceof Refused && error.field) setRefusal(error);
      else tellError(error);
    }
  };
  const seats = Object.values(state.value?.seats ?? {});
  return (
    <Dialog title={person ? person.user : _("Add a person")} onClose={() => onDone(null)}>
      {!person && (
        <TextField label={_("User")} value={user} onChange={setUser} problem={problem("user")} hint={_("small letters and digits")} />
      )}
      <TextField label={_("Name")} value={name} onChange={setName} problem={problem("name")} />
      <CheckFields
        label={_("Roles")}
        value={roles}
        onChange={setRoles}
        choices={Object.fromEntries(ROLES.map((name) => [name, role(name)]))}
        problem={problem("roles")}
      />
      <ChoiceField
        label={_("Seat")}
        value={seat}
        onChange={setSeat}
        choices={{ "": _("chosen at the desk"), ...Object.fromEntries(seats.map(({ seat: number, name: title }) => [number, `${number} ${title}`])) }}
        problem={problem("seat")}
      />
      {person && <CheckField label={_("may not sign in")} value={disabled} onChange={setDisabled} />}
      <div class="acts">
        <Button onPress={save} look="main">
          {_("Save")}
        </Button>
        <Button onPress={() => onDone(null)}>{_("Cancel")}</Button>
      </div>
    </Dialog>
  );
}
