// The dialog of one act: the fields that it needs and may have.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { Form } from "../parts/form";
import { tell } from "../parts/toasts";
import { _ } from "../texts";
import { OrderField, type FieldValue } from "./order_field";
import { actOnOrder } from "./order_requests";
import type { Directory, OpenedOrder, PossibleAct } from "./order_types";

interface ActFormProps {
  opened: OpenedOrder;
  act: PossibleAct;
  directory: Directory;
  onClose: () => void;
}

export function ActForm({ opened, act, directory, onClose }: ActFormProps): JSX.Element {
  const fields = [...act.needs, ...act.may];
  const firstValues = Object.fromEntries(fields.map((name) => [name, firstValue(opened, act, name)]));
  const [values, setValues] = useState<Record<string, FieldValue>>(firstValues);
  const order = opened.order;
  const submit = async (): Promise<void> => {
    const filled = Object.entries(values).filter(([name, value]) =>
      act.act === "amend" ? value !== firstValues[name] : value.length > 0,
    );
    const result = await actOnOrder(order.order, act.act, Object.fromEntries(filled));
    if (!result) return;
    tell("done", `${act.title} · ${order.order}`, result.state_title);
    onClose();
  };
  return (
    <Dialog title={`${act.title} · ${order.order}`} onClose={onClose}>
      <Form onSend={submit}>
        {fields.map((name) => (
          <OrderField
            key={name}
            name={name}
            value={values[name] ?? ""}
            needed={act.needs.includes(name)}
            directory={directory}
            onChange={(value) => setValues({ ...values, [name]: value })}
          />
        ))}
        <div class="acts">
          <button type="submit" class="main">
            {act.title}
          </button>
          <Button onPress={onClose}>{_("Cancel")}</Button>
        </div>
      </Form>
    </Dialog>
  );
}

/** The first value of a field: the work order's own value, or the suggestion of the directory. */
function firstValue({ order, suggestion }: OpenedOrder, act: PossibleAct, name: string): FieldValue {
  if (name === "helpers") return act.act === "dispatch" ? suggestion.helpers : [];
  if (act.act === "amend" && (name === "confidential" || name === "enterprise")) return order[name] ? "yes" : "no";
  if (act.act === "amend" && name === "caller") return ""; // the page knows the masked number only
  const known = (order as unknown as Record<string, unknown>)[name];
  const suggested = (suggestion as unknown as Record<string, unknown>)[name];
  if (act.act === "amend") return typeof known === "string" ? known : "";
  if (act.act === "receive") return String(known || suggested || "");
  if (act.act === "dispatch" && name === "unit") return suggestion.unit;
  if (act.act === "refer" && name === "officer") return suggestion.officer;
  return "";
}
