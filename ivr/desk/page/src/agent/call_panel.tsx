// The middle of the agent's page: the call that rings, the call in progress, or the call that has just ended.

import type { JSX } from "preact";
import { span, secondsSince } from "../clock";
import { Button } from "../parts/button";
import * as words from "../parts/state_words";
import { doAct } from "../parts/toasts";
import { answer, hangUp, legState } from "../phone/page_phone";
import type { Call } from "../protocol";
import { CallActs } from "./call_acts";
import { CallbackResult } from "./callback_result";
import { CallerCard } from "./caller_card";
import { current, finished, mySeat, ringing } from "./my_call";
import { Notes } from "./notes";
import { Parties } from "./parties";
import { Result } from "./result";
import { Script } from "./script";
import { returning } from "./return_to_call";
import { _ } from "../texts";

export function CallPanel(): JSX.Element {
  if (ringing.value) return <Ringing call={ringing.value} />;
  if (current.value) return <InCall call={current.value} />;
  if (finished.value) return <After call={finished.value} />;
  return <Idle />;
}

function Ringing({ call }: { call: Call }): JSX.Element {
  const ringsInPage = legState.value === "ringing";
  return (
    <section class="panel ringing" aria-labelledby="call-state">
      <header>
        <h1 id="call-state">
          <span role="alert">{_("A call for you")}</span>
        </h1>
        {ringsInPage ? (
          <div class="acts">
            <Button onPress={answer} look="good" hotkey="F2">
              {_("Answer")}
            </Button>
            <Button onPress={hangUp}>{_("Decline")}</Button>
          </div>
        ) : (
          <p class="hint">{_("Pick up your phone.")}</p>
        )}
      </header>
      <CallerCard call={call} />
    </section>
  );
}

function InCall({ call }: { call: Call }): JSX.Element {
  return (
    <section class="panel in-call" aria-labelledby="call-state">
      <header>
        <h1 id="call-state">
          <span aria-live="polite">{words.stage(call.stage)}</span>{" "}
          <span class="time">{span(secondsSince(call.answered_at ?? call.since))}</span>
        </h1>
        {returning.value ? (
          <p class="hint" role="status">
            {_("Back to the call in a moment …")}
          </p>
        ) : (
          <CallActs call={call} />
        )}
      </header>
      <Parties call={call} />
      {call.kind === "callback" && <CallbackResult />}
      <CallerCard call={call} />
      <Script key={`script${call.call_id}`} call={call} />
      <Notes key={call.call_id} call={call} />
    </section>
  );
}

function After({ call }: { call: Call }): JSX.Element {
  const next = async (): Promise<void> => {
    if (mySeat.value?.state === "wrap-up" || mySeat.value?.reason === "wrap-up") await doAct("seat.ready");
    finished.value = null;
  };
  return (
    <section class="panel" aria-labelledby="call-state">
      <header>
        <h1 id="call-state">{_("After the call")}</h1>
        <div class="acts">
          <Button onPress={next} look="main" hotkey="F2">
            {_("Next call")}
          </Button>
        </div>
      </header>
      <Result key={call.call_id} call={call} />
      <Notes key={call.call_id} call={call} />
      <CallerCard call={call} />
    </section>
  );
}

function Idle(): JSX.Element {
  const seat = mySeat.value;
  return (
    <section class="panel idle" aria-labelledby="call-state">
      <h1 id="call-state">{seat?.state === "ready" ? _("Ready for the next call") : _("No call")}</h1>
      {seat?.state === "ready" && <p class="quiet">{_("The next call shows here before you answer it.")}</p>}
      {seat && seat.state !== "ready" && <p class="quiet">{_("No call is offered to you now.")}</p>}
    </section>
  );
}
