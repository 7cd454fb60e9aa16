// Messages that callers left (留言): to be heard and settled.

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { clockTime } from "../clock";
import { state } from "../live";
import { Button } from "../parts/button";
import { useLoaded } from "../parts/loaded";
import { doAct } from "../parts/toasts";
import type { OpenMessage } from "../protocol";
import { may } from "../session";
import { _ } from "../texts";

export function Messages(): JSX.Element {
  const [settled, setSettled] = useState(0);
  const reloadKey = `${state.value?.hotline.messages_open ?? 0}/${settled}`;
  const listed = useLoaded<{ messages: OpenMessage[] }>("/messages?settled=0", reloadKey);
  if (!listed) return <p class="quiet">{_("Loading …")}</p>;
  if (listed.messages.length === 0) return <p class="quiet">{_("No messages are open.")}</p>;
  const settle = async (order: string): Promise<void> => {
    await doAct("message.settle", { work_order: order });
    setSettled((count) => count + 1);
  };
  return (
    <ul class="records" aria-label={_("Messages")}>
      {listed.messages.map((message) => (
        <li key={message.work_order}>
          <p>
            <time dateTime={message.at}>{clockTime(message.at)}</time> <strong class="number">{message.caller}</strong> →{" "}
            <span class="number">{message.number}</span> {message.name}
          </p>
          <p class="quiet">
            {message.work_order} · {message.unit} · {_("{count} s", { count: Math.round(message.seconds) })}
          </p>
          <audio controls preload="none" src={`/api/v1/messages/${encodeURIComponent(message.work_order)}/recording`} />
          {may.value.has("message.settle") && (
            <Button onPress={() => settle(message.work_order)}>{_("Heard and settled")}</Button>
          )}
        </li>
      ))}
    </ul>
  );
}
