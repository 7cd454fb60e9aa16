// Seats with the accounts of their phones. The audit log records each view of a password.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { state } from "../live";
import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";
import * as words from "../parts/state_words";
import { doAct } from "../parts/toasts";
import { _ } from "../texts";

interface SeatAccount {
  seat: string;
  name: string;
  user: string;
  password: string;
  pin: string;
  server: string;
  qr: string;
}

const account = signal<SeatAccount | null>(null);

export function SeatsTab(): JSX.Element {
  return (
    <section aria-labelledby="seats-title">
      <h2 id="seats-title">{_("Seats")}</h2>
      <p class="hint">{_("The audit log records each look at a password.")}</p>
      <table>
        <thead>
          <tr>
            <th scope="col">{_("Seat")}</th>
            <th scope="col">{_("Name")}</th>
            <th scope="col">{_("Groups")}</th>
            <th scope="col">{_("State")}</th>
            <th scope="col">{_("Acts")}</th>
          </tr>
        </thead>
        <tbody>
          {Object.values(state.value?.seats ?? {}).map((seat) => (
            <tr key={seat.seat}>
              <th scope="row" class="number">
                {seat.seat}
              </th>
              <td>{seat.name}</td>
              <td>{seat.groups.join(", ")}</td>
              <td>{words.seatState(seat.state)}</td>
              <td>
                <div class="acts">
                  <button type="button" aria-label={`${_("Password and QR code")} ${seat.seat}`} onClick={() => void show(seat.seat)}>
                    {_("Password and QR code")}
                  </button>
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {account.value && <Account account={account.value} />}
    </section>
  );
}

async function show(seat: string): Promise<void> {
  account.value = await doAct<SeatAccount>("seats.secrets", { seat });
}

function Account({ account: { seat, name, user, password, pin, server, qr } }: { account: SeatAccount }): JSX.Element {
  const close = (): void => {
    account.value = null;
  };
  return (
    <Dialog title={`${seat} ${name}`} onClose={close}>
      <img class="qr" src={qr} alt={_("QR code")} />
      <dl class="facts">
        {[
          [_("Server"), server],
          [_("User"), user],
          [_("Password"), password],
          ["PIN", pin],
        ].map(([title, text]) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>
              <code>{text}</code>
            </dd>
          </div>
        ))}
      </dl>
      <Button onPress={close} look="main">
        {_("Close")}
      </Button>
    </Dialog>
  );
}
