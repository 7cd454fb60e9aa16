// The people who may sign in. An admin adds, changes and removes them, ends their sessions, and sets their second factor.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { cityMoment } from "../clock";
import { Button } from "../parts/button";
import { Confirm } from "../parts/confirm";
import { Dialog } from "../parts/dialog";
import { useLoaded } from "../parts/loaded";
import { role } from "../parts/state_words";
import { doAct } from "../parts/toasts";
import type { Person } from "../protocol";
import { me } from "../session";
import { _ } from "../texts";
import { PersonForm } from "./person_form";

const version = signal(0); // counts changes made here, so that the list is read again
const edited = signal<Person | "new" | null>(null);
const removed = signal<Person | null>(null);
const secret = signal<{ title: string; text: string; qr?: string } | null>(null); // it is shown once

export function PeopleTab(): JSX.Element {
  const people = useLoaded<{ people: Person[] }>("/people", version.value)?.people ?? [];
  return (
    <section aria-labelledby="people-title">
      <header class="acts">
        <h2 id="people-title">{_("People")}</h2>
        <Button onPress={() => (edited.value = "new")} look="main">
          {_("Add a person")}
        </Button>
      </header>
      <table>
        <thead>
          <tr>
            <th scope="col">{_("User")}</th>
            <th scope="col">{_("Name")}</th>
            <th scope="col">{_("Roles")}</th>
            <th scope="col">{_("Seat")}</th>
            <th scope="col">{_("Sessions")}</th>
            <th scope="col">{_("Last sign-in")}</th>
            <th scope="col">{_("Acts")}</th>
          </tr>
        </thead>
        <tbody>
          {people.map((person) => (
            <PersonRow key={person.user} person={person} />
          ))}
        </tbody>
      </table>
      {edited.value && <PersonForm person={edited.value === "new" ? null : edited.value} onDone={formDone} />}
      {removed.value && <Remove person={removed.value} />}
      {secret.value && <Secret />}
    </section>
  );
}

function PersonRow({ person }: { person: Person }): JSX.Element {
  return (
    <tr>
      <th scope="row">{person.user}</th>
      <td>
        {person.name} {person.disabled && <span class="mark">{_("may not sign in")}</span>}
      </td>
      <td>{person.roles.map(role).join(_(", "))}</td>
      <td class="number">{person.seat ?? "–"}</td>
      <td>{person.sessions}</td>
      <td class="time">{cityMoment(person.last_sign_in).slice(0, 16) || "–"}</td>
      <td>
        <div class="acts">
          <Button onPress={() => (edited.value = person)}>{_("Change")}</Button>
          <Button onPress={() => newPassword(person)}>{_("New password")}</Button>
          <Button onPress={() => secondFactor(person)}>
            {person.totp ? _("Remove the second factor") : _("Set up a second factor")}
          </Button>
          {person.sessions > 0 && <Button onPress={() => endSessions(person)}>{_("End the sessions")}</Button>}
          {person.user !== me.value?.user && (
            <Button onPress={() => (removed.value = person)} look="danger">
              {_("Remove")}
            </Button>
          )}
        </div>
      </td>
    </tr>
  );
}

function formDone(added: { user: string; password?: string } | null): void {
  edited.value = null;
  version.value += 1;
  if (added?.password) showPassword(added.user, added.password);
}

function showPassword(user: string, password: string): void {
  secret.value = { title: _("Password of {user} for the next sign-in", { user }), text: password };
}

async function newPassword({ user }: Person): Promise<void> {
  const answer = await doAct<{ password: string }>("people.change", { user, password: null });
  version.value += 1;
  if (answer) showPassword(user, answer.password);
}

async function secondFactor({ user, totp }: Person): Promise<void> {
  if (totp) await doAct("people.no-totp", { user });
  else {
    const factor = await doAct<{ address: string; qr: string }>("people.totp", { user });
    const title = _("Second factor of {user}: scan it with an authenticator app", { user });
    if (factor) secret.value = { title, text: factor.address, qr: factor.qr };
  }
  version.value += 1;
}

async function endSessions({ user }: Person): Promise<void> {
  await doAct("people.end-sessions", { user });
  version.value += 1;
}

function Remove({ person }: { person: Person }): JSX.Element {
  const remove = async (): Promise<void> => {
    await doAct("people.remove", { user: person.user });
    version.value += 1;
  };
  return (
    <Confirm
      question={_("Remove {user}, {name}? The audit log keeps the name.", { user: person.user, name: person.name })}
      act={_("Remove")}
      onYes={remove}
      onClose={() => (removed.value = null)}
    />
  );
}

function Secret(): JSX.Element {
  const { title = "", text = "", qr } = secret.value ?? {};
  const close = (): void => {
    secret.value = null;
  };
  return (
    <Dialog title={title} onClose={close}>
      {qr && <img class="qr" src={qr} alt={_("QR code")} />}
      <p class="secret">
        <code>{text}</code>
      </p>
      <p class="hint">{_("It is shown once.")}</p>
      <Button onPress={close} look="main">
        {_("Close")}
      </Button>
    </Dialog>
  );
}
