// Acts on work orders. They go over REST, because a person of a unit has no WebSocket.

import { signal } from "@preact/signals";
import { tellError } from "../parts/toasts";
import { request } from "../rest";
import { fieldTitle } from "./order_field";
import type { Order } from "./order_types";

/** Changes with each act of this page, so that lists and the opened work order are loaded again. */
export const done = signal(0);

/** Changes every few seconds, so that lists are loaded again. The opened work order is not loaded again, because each load
 * leaves a line in the audit log. */
export const clockTicks = signal(0);

/** Do an act on a work order, or open a work order if `order` is "". Shows a refusal, and the work order as it is then:
 * another person may have acted meanwhile. Returns the work order, or null. */
export async function actOnOrder(order: string, act: string, fields: Record<string, unknown>): Promise<Order | null> {
  const result = await doOverRest<{ order: Order }>("order.act", { order, act, fields });
  done.value += 1;
  return result?.order ?? null;
}

/** Do an act over REST, and show the reason if it is refused. Returns its result, or null. */
export async function doOverRest<T>(act: string, args: Record<string, unknown>): Promise<T | null> {
  try {
    return (await request<{ result: T }>("POST", `/acts/${act}`, args)).result;
  } catch (error) {
    tellError(error, fieldTitle);
    return null;
  }
}
