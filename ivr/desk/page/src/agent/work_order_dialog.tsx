// A work order (工单) from a call: the form begins with what the call knows and what the directory suggests.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { OrderField, type FieldValue } from "../orders/order_field";
import { actOnOrder } from "../orders/order_requests";
import type { Directory, Order, Similar, Suggestion } from "../orders/order_types";
import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";
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

const MATTER = ["title", "content", "county", "place", "contact"];
const DECIDED = ["kind", "class", "unit"];
const LONGEST_TITLE = 100;

export function WorkOrderDialog({ call, onClose }: { call: Call; onClose: () => void }): JSX.Element {
  const [place, setPlace] = useState("");
  const about = new URLSearchParams({ call_id: call.call_id, place });
  const draft = useLoaded<Draft>(`/orders/draft?${about.toString()}`);
  const directory = useLoaded<Directory>("/orders/directory");
  const [values, setValues] = useState<Record<string, FieldValue>>({});
  useEffect(() => {
    if (!draft) return;
    const { suggestion, said } = draft;
    const first = { title: said.slice(0, LONGEST_TITLE), content: said, ...pick(suggestion) };
    setValues((before) => ({ ...first, ...before }));
  }, [draft]);
  if (!draft || !directory)
    return (
      <Dialog title={_("Work order")} onClose={onClose}>
        <p class="quiet">{_("Loading …")}</p>
      </Dialog>
    );
  const open = (): Promise<Order | null> => {
    const matter = Object.fromEntries(MATTER.map((name) => [name, values[name] ?? ""]).filter(([, value]) => value));
    return actOnOrder("", "open", { ...matter, call_id: call.call_id });
  };
  const made = (order: Order): void => {
    tell("done", _("Work order {order}", { order: order.order }), order.state_title);
    onClose();
  };
  const record = async (): Promise<void> => {
    const order = await open();
    if (order) made(order);
  };
  const dispatch = async (): Promise<void> => {
    const opened = await open();
    if (!opened) return;
    const received = await actOnOrder(opened.order, "receive", { kind: values["kind"], class: values["class"] });
    made((received && (await actOnOrder(opened.order, "dispatch", { unit: values["unit"] }))) ?? received ?? opened);
  };
  const merge = async (into: string): Promise<void> => {
    const opened = await open();
    if (opened) made((await actOnOrder(opened.order, "merge", { into })) ?? opened);
  };
  return (
    <Dialog title={_("Work order")} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void dispatch();
        }}
      >
        {[...MATTER, ...DECIDED].map((name) => (
          <OrderField
            key={name}
            name={name}
            value={values[name] ?? ""}
            needed={name === "title" || DECIDED.includes(name)}
            directory={directory}
            onChange={(value) => {
              setValues({ ...values, [name]: value });
              if (name === "place" && typeof value === "string") setPlace(value);
            }}
          />
        ))}
        {draft.similar.length > 0 && (
          <fieldset>
            <legend>{_("Similar open work orders")}</legend>
            {draft.similar.map((one) => (
              <p key={one.order}>
                <span class="number">{one.order}</span> {one.title} {one.unit}{" "}
                <Button onPress={() => merge(one.order)} disabled={!values["title"]}>
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
      </form>
    </Dialog>
  );
}

function pick(suggestion: Suggestion): Record<string, string> {
  const { kind, county, unit } = suggestion;
  return { kind, county, unit, class: suggestion.class };
}
