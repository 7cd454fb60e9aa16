// One work order: the matter, its events, and the acts that are possible now. It prints on A4.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { clockTime } from "../clock";
import { Button } from "../parts/button";
import { useLoaded } from "../parts/loaded";
import { may } from "../session";
import { _ } from "../texts";
import { ActForm } from "./act_form";
import { DueWord } from "./due_word";
import { OrderFiles } from "./order_files";
import { fieldTitle } from "./order_field";
import { actOnOrder, done, doOverRest } from "./order_requests";
import type { Directory, OpenedOrder, Order, OrderEvent, PossibleAct } from "./order_types";
import { SupervisionWord } from "./supervision_word";

export function OrderDetail({ number, directory }: { number: string; directory: Directory }): JSX.Element {
  const opened = useLoaded<OpenedOrder>(`/orders/${number}`, done.value);
  const [act, setAct] = useState<PossibleAct | null>(null);
  if (!opened) return <p class="quiet">{_("Loading …")}</p>;
  const { order, events, acts, similar } = opened;
  const press = (pressed: PossibleAct): unknown =>
    pressed.needs.length + pressed.may.length === 0 ? actOnOrder(order.order, pressed.act, {}) : setAct(pressed);
  return (
    <section class="panel order" aria-labelledby="order-title">
      <header>
        <h2 id="order-title">{order.title}</h2>
        <p>
          <span class="number">{order.order}</span> · <strong>{order.state_title}</strong>
          <SupervisionWord order={order} />
          {order.confidential && <span class="mark">{_("Confidential")}</span>}
        </p>
      </header>
      <div class="acts no-print" role="group" aria-label={_("Acts")}>
        {acts.filter((possible) => possible.act !== "attach").map((possible) => (
          <Button key={possible.act} onPress={() => press(possible)} look={MAIN.includes(possible.act) ? "main" : "plain"}>
            {possible.title}
          </Button>
        ))}
        <Button onPress={() => print()}>{_("Print")}</Button>
      </div>
      <Matter order={order} directory={directory} />
      <OrderFiles order={order} mayAttach={acts.some((possible) => possible.act === "attach")} />
      {similar.length > 0 && (
        <section class="no-print" aria-labelledby="similar-title">
          <h3 id="similar-title">{_("Similar open work orders")}</h3>
          <ul>
            {similar.map((other) => (
              <li key={other.order}>
                <span class="number">{other.order}</span> {other.title} {other.unit}{" "}
                {acts.some(({ act: possible }) => possible === "merge") && (
                  <Button onPress={() => actOnOrder(order.order, "merge", { into: other.order })}>
                    {_("Merge into this one")}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
      <h3>{_("Acts so far")}</h3>
      <ol class="events">
        {events.map((event) => (
          <li key={event.sequence}>
            <Event event={event} />
          </li>
        ))}
      </ol>
      {act && <ActForm key={act.act} opened={opened} act={act} directory={directory} onClose={() => setAct(null)} />}
    </section>
  );
}

const HIDDEN_FIELDS = ["stage", "file", "media", "size"];
const MAIN = ["receive", "dispatch", "accept", "answer", "approve", "grant-return", "grant-extension", "follow-up"];

function Matter({ order, directory }: { order: Order; directory: Directory }): JSX.Element {
  const [whole, setWhole] = useState("");
  const unmask = async (): Promise<void> => {
    const answer = await doOverRest<{ caller: string }>("order.unmask", { order: order.order });
    if (answer) setWhole(answer.caller);
  };
  const kind = directory.kinds.find(({ kind: name }) => name === order.kind)?.title ?? order.kind;
  const klass = directory.classes.find(({ class: name }) => name === order.class)?.title ?? order.class;
  const lines: [string, string][] = [
    [fieldTitle("content"), order.content],
    [_("The caller's words"), order.said],
    [fieldTitle("contact"), order.contact],
    [fieldTitle("number"), order.number],
    [fieldTitle("county"), [order.county, order.place].filter(Boolean).join(" ")],
    [fieldTitle("kind"), [kind, klass].filter(Boolean).join(" / ")],
    [fieldTitle("unit"), [order.unit, ...order.helpers].filter(Boolean).join("、")],
    [_("Enterprise"), order.enterprise ? order.company || _("Yes") : ""],
    [fieldTitle("officer"), order.officer],
    [fieldTitle("answer"), order.answer],
    [fieldTitle("reason"), order.reason],
    [fieldTitle("turn_to"), order.turn_to],
    [fieldTitle("into"), order.into],
    [fieldTitle("opinion"), order.opinion],
  ];
  return (
    <dl class="matter">
      <div>
        <dt>{_("Due")}</dt>
        <dd>
          <DueWord order={order} />
        </dd>
      </div>
      <div>
        <dt>{fieldTitle("caller")}</dt>
        <dd class="number">
          {whole || order.caller || _("Number withheld")}{" "}
          {!whole && order.caller && may.value.has("order.unmask") && (
            <Button onPress={unmask} look="plain">
              {_("Show the whole number")}
            </Button>
          )}
        </dd>
      </div>
      {lines.map(
        ([title, value]) =>
          value && (
            <div key={title}>
              <dt>{title}</dt>
              <dd class="note">{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

function Event({ event }: { event: OrderEvent }): JSX.Element {
  const shown = Object.entries(event.fields).filter(([name]) => event.act !== "open" && !HIDDEN_FIELDS.includes(name));
  return (
    <>
      <time dateTime={event.at}>{clockTime(event.at)}</time> <strong>{event.title}</strong>{" "}
      <span class="quiet">{[event.by, event.unit].filter(Boolean).join(" · ")}</span>
      {shown.map(([name, value]) => (
        <p key={name} class="note">
          {fieldTitle(name)}: {Array.isArray(value) ? value.join("、") : String(value)}
        </p>
      ))}
    </>
  );
}
