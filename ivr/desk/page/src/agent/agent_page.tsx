// The agent's page: the seat at the top, the call in the middle, and at the side the tabs about caller, callbacks and colleagues.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { Tabs } from "../parts/tabs";
import { state } from "../live";
import { _ } from "../texts";
import { CallPanel } from "./call_panel";
import { Callbacks } from "./callbacks";
import { Colleagues } from "./colleagues";
import { CallerHistory } from "./caller_history";
import { OwnCalls } from "./own_calls";
import { Messages } from "./messages";
import { SeatBar } from "./seat_bar";
import { KnowledgeTab } from "../knowledge/knowledge_tab";
import { PhoneBar } from "../phone/phone_bar";

type Tab = "caller" | "knowledge" | "callbacks" | "messages" | "calls" | "colleagues";
const tab = signal<Tab>("caller");

export function AgentPage(): JSX.Element {
  const callbacks = Object.keys(state.value?.callbacks ?? {}).length;
  const messages = state.value?.hotline.messages_open ?? 0;
  return (
    <main class="agent-page">
      <div class="bars">
        <SeatBar />
        <PhoneBar />
      </div>
      <CallPanel />
      <aside>
        <Tabs
          label={_("Beside the call")}
          chosen={tab}
          tabs={[
            { id: "caller", title: _("Caller"), view: CallerHistory },
            { id: "knowledge", title: _("Knowledge"), view: KnowledgeTab },
            { id: "callbacks", title: _("Callbacks"), count: callbacks, view: Callbacks },
            { id: "messages", title: _("Messages"), count: messages, view: Messages },
            { id: "calls", title: _("My calls"), view: OwnCalls },
            { id: "colleagues", title: _("Colleagues"), view: Colleagues },
          ]}
        />
      </aside>
    </main>
  );
}
