// The form of a new work order (工单) for a call, filled with the facts of the call and the suggestions of the directory.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { OrderField, type FieldValue } from "../orders/order_field";
import { actOnOrder } from "../orders/order_requests";
import type { Directory, Order, Similar, Suggestion } from "../orders/order_types";
import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { Form } from "../parts/form";
import { useLoaded } from "../parts/loaded";
import { tell } from "../parts/toasts";
import type { Call } from "../protocol";
import { _ } from "../texts";

interface Draft {
  number: string;
  said: string;
  suggestion: Suggestion;
  similar: Similar[];
}

const MATTER = ["title", "content", "county", "place", "contact", "enterprise", "company"];
const DECIDED = ["kind", "class", "unit"];
const SUGGESTED_FROM = ["title", "content", "county", "place", "class"]; // fields on which the suggestion depends
const LONGEST_TITLE = 100;
const LONGEST_WORDS = 200; // the server refuses longer words
const TYPING_MS = 400; // the page asks for the suggestion when the agent has not typed for so long

export function WorkOrderDialog({ call, onClose }: { call: Call; onClose: () => void }): JSX.Element {
  const [written, setWritten] = useState<Record<string, FieldValue>>({}); // by the agent
  const [asked, setAsked] = useState<Record<string, FieldValue>>({});
  const query = new URLSearchParams({ call_id: call.call_id });
  const words = ["title", "content"].map((name) => asked[name] ?? "").join(" ").trim();
  if (words) query.set("words", words.slice(0, LONGEST_WORDS));
  for (const name of ["county", "place", "class"]) if (asked[name]) query.set(name, String(asked[name]));
  const draft = useLoaded<Draft>(`/orders/draft?${query.toString()}`);
  const directory = useLoaded<Directory>("/orders/directory");
  useEffect(() => {
    const timer = setTimeout(() => setAsked(written), TYPING_MS);
    return () => clearTimeout(timer);
  }, SUGGESTED_FROM.map((name) => written[name]));
  if (!draft || !directory)
    return (
      <Dialog title={_("Work order")} onClose={onClose}>
        <p class="quiet">{_("Loading …")}</p>
      </Dialog>
    );
  const { suggestion, said } = draft;
  const values: Record<string, FieldValue> = {
    title: said.slice(0, LONGEST_TITLE),
    content: said,
    ...pick(suggestion),
    ...written,
  };
  const open = (): Promise<Order | null> => {
    const matter = Object.fromEntries(MATTER.map((name) => [name, values[name] ?? ""]).filter(([, value]) => value));
    return actOnOrder("", "open", { ...matter, call_id: call.call_id });
  };
  const finish = (order: Order): void => {
    tell("done", _("Work order {order}", { order: order.order }), order.state_title);
    onClose();
  };
  const record = async (): Promise<void> => {
    const order = await open();
    if (order) finish(order);
  };
  const dispatch = async (): Promise<void> => {
    const opened = await open();
    if (!opened) return;
    const received = await actOnOrder(opened.order, "receive", { kind: values["kind"], class: values["class"] });
    finish((received && (await actOnOrder(opened.order, "dispatch", { unit: values["unit"] }))) ?? received ?? opened);
  };
  const merge = async (into: string): Promise<void> => {
    const opened = await open();
    if (opened) finish((await actOnOrder(opened.order, "merge", { into })) ?? opened);
  };
  return (
    <Dialog title={_("Work order")} onClose={onClose}>
      <Form onSend={dispatch}>
        {[...MATTER, ...DECIDED].map((name) => (
          <OrderField
            key={name}
            name={name}
            value={values[name] ?? ""}
            needed={name === "title" || DECIDED.includes(name)}
            directory={directory}
            onChange={(value) => setWritten((earlier) => ({ ...earlier, [name]: value }))}
          />
        ))}
        {suggestion.history.length > 0 && (
          <p class="quiet">
            {_("Class and unit as of earlier work orders: {orders}", { orders: suggestion.history.join("、") })}
          </p>
        )}
        {draft.similar.length > 0 && (
          <fieldset>
            <legend>{_("Similar open work orders")}</legend>
            {draft.similar.map((order) => (
              <p key={order.order}>
                <span class="number">{order.order}</span> {order.title} {order.unit}{" "}
                <Button onPress={() => merge(order.order)} disabled={!values["title"]}>
                  {_("Merge into this one")}
                </Button>
              </p>
            ))}
          </fieldset>
        )}
        <div class="acts">
          <button type="submit" class="main">
            {_("Receive and dispatch")}
          </button>
          <Button onPress={record} disabled={!values["title"]}>
            {_("Only record")}
          </Button>
          <Button onPress={onClose}>{_("Cancel")}</Button>
        </div>
      </Form>
    </Dialog>
  );
}

function pick(suggestion: Suggestion): Record<string, string> {
  const { kind, county, unit } = suggestion;
  return { kind, county, unit, class: suggestion.class };
}
