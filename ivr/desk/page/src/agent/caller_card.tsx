// The facts of a call, shown before the agent answers and during the call.

import type { JSX } from "preact";
import { span, secondsSince } from "../clock";
import * as words from "../parts/state_words";
import { doAct } from "../parts/toasts";
import { Button } from "../parts/button";
import type { Call, Said } from "../protocol";
import { may } from "../session";
import { signal } from "@preact/signals";
import { _ } from "../texts";

const unmasked = signal<{ call: string; caller: string } | null>(null);

export function CallerCard({ call }: { call: Call }): JSX.Element {
  return (
    <div class="caller">
      {call.emergency && (
        <p class="mark emergency" role="alert">
          {_("Emergency: {service}", { service: call.emergency })}
        </p>
      )}
      {call.needs_expert && <p class="mark">{_("Needs an expert")}</p>}
      <h2 class="dialled">
        <span class="number">{call.number}</span> <span>{call.name.replace(call.number, "")}</span>
      </h2>
      {call.greeting && (
        <p class="greeting">
          <span class="quiet">{_("Say:")}</span> {call.greeting}
        </p>
      )}
      <dl class="facts">
        <Caller call={call} />
        <Fact name={_("Mode")} value={words.mode(call.mode)} />
        {call.unit && <Fact name={_("Unit")} value={call.unit} />}
        <Fact name={_("Waiting time")} value={waitingTime(call)} />
        {call.keys.length > 0 && <Fact name={_("Keys pressed")} value={call.keys.map(keyText).join(" → ")} />}
      </dl>
      {call.said.length > 0 && (
        <ul class="said" aria-label={_("The caller's words")}>
          {call.said.map((utterance) => (
            <li key={utterance.text}>{utteranceText(utterance)}</li>
          ))}
        </ul>
      )}
      {call.answers.map((answer) => (
        <p class="answer-heard" key={answer.article}>
          {_("Heard by telephone: {title} ({seconds} of {length} s)", {
            title: answer.title,
            seconds: String(answer.seconds),
            length: String(answer.length),
          })}
        </p>
      ))}
    </div>
  );
}

function Caller({ call }: { call: Call }): JSX.Element {
  const whole = unmasked.value?.call === call.call_id ? unmasked.value.caller : call.caller;
  const show = async (): Promise<void> => {
    const answer = await doAct<{ caller: string }>("number.unmask", { call_id: call.call_id });
    if (answer) unmasked.value = { call: call.call_id, caller: answer.caller };
  };
  const hidden = call.caller_shown === "masked" && whole === call.caller;
  return (
    <div>
      <dt>{_("Caller")}</dt>
      <dd class="number">
        {call.caller_shown === "withheld" ? _("Number withheld") : whole}
        {hidden && may.value.has("number.unmask") && (
          <Button onPress={show} look="plain">
            {_("Show the whole number")}
          </Button>
        )}
      </dd>
    </div>
  );
}

function Fact({ name, value }: { name: string; value: string }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

const keyText = ({ key, topic }: Call["keys"][number]): string => (topic ? `${key} ${topic}` : key);

function waitingTime(call: Call): string {
  if (!call.waiting_since) return "–";
  const until = call.answered_at ? Date.parse(call.answered_at) : null;
  const seconds =
    until === null ? secondsSince(call.waiting_since) : Math.round((until - Date.parse(call.waiting_since)) / 1000);
  return span(Math.max(0, seconds));
}

function utteranceText({ text, taken_for }: Said): JSX.Element {
  return (
    <>
      <q>{text}</q> <span class="quiet">→ {taken_for || _("not understood")}</span>
    </>
  );
}
