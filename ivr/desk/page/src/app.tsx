// The frame of every view: navigation, settings, the person who is signed in, alarms, and the state of the connection.

import { useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { AgentPage } from "./agent/agent_page";
import { ringing } from "./agent/my_call";
import { AlarmBanner } from "./alarms/alarm_banner";
import { connection, notices, state } from "./live";
import { Button } from "./parts/button";
import { lazy } from "./parts/lazy";
import { Settings } from "./parts/settings_bar";
import { tell, Toasts } from "./parts/toasts";
import { phoneMoved, usePhone } from "./phone/use_phone";
import { go, type View, view, views } from "./router";
import { me, sessionState, signOut } from "./session";
import { NewPassword } from "./new_password";
import { SignIn } from "./sign_in";
import { SupervisorPage } from "./supervisor/supervisor_page";
import { _, type Text } from "./texts";
import { Wall } from "./wall/wall";

const AdminPage = lazy(async () => (await import("./admin/admin_page")).AdminPage);
const OrdersPage = lazy(async () => (await import("./orders/orders_page")).OrdersPage);
const KnowledgePage = lazy(async () => (await import("./knowledge/knowledge_page")).KnowledgePage);
const ReportsPage = lazy(async () => (await import("./reports/reports_page")).ReportsPage);
const TITLE: Record<View, Text> = {
  agent: "Agent",
  supervisor: "Supervisor",
  orders: "Work orders",
  knowledge: "Knowledge base",
  reports: "Reports",
  admin: "Administration",
  wall: "Wall",
};
const SHOW: Record<View, () => JSX.Element> = {
  agent: AgentPage,
  supervisor: SupervisorPage,
  orders: OrdersPage,
  knowledge: KnowledgePage,
  reports: ReportsPage,
  admin: AdminPage,
  wall: Wall,
};

export function App(): JSX.Element {
  useSignalEffect(() => {
    const news = notices.value;
    if (news.length === 0) return;
    notices.value = [];
    for (const { notice, from, text } of news)
      if (notice === "message") tell("message", from, text);
      else phoneMoved(notice);
  });
  useSignalEffect(() => {
    document.title = me.value ? `${_(TITLE[view.value])} · ${me.value.city} ${me.value.hotline}` : _("12345 hotline desk");
  });
  switch (sessionState.value) {
    case "unknown":
      return <></>;
    case "signed-out":
      return <SignIn />;
    case "signed-in":
      return me.value?.password_expired ? <NewPassword /> : <Desk />;
  }
}

function Desk(): JSX.Element {
  usePhone();
  const Shown = SHOW[view.value];
  return (
    <div class="desk">
      <header class="top">
        <strong>
          {me.value?.city} {me.value?.hotline}
        </strong>
        <nav aria-label={_("Views")}>
          {views.value.map((name) => (
            <a
              key={name}
              href={`/${name}`}
              aria-current={name === view.value ? "page" : undefined}
              onClick={(event) => {
                event.preventDefault();
                go(name);
              }}
            >
              {_(TITLE[name])}
            </a>
          ))}
        </nav>
        <ConnectionFault />
        {ringing.value && view.value !== "agent" && (
          <Button onPress={() => go("agent")} look="good">
            {_("A call for you")}
          </Button>
        )}
        <Settings />
        <span class="person">
          {me.value?.name} <Button onPress={signOut}>{_("Log out")}</Button>
        </span>
      </header>
      <AlarmBanner />
      {state.value || view.value === "orders" || view.value === "knowledge" ? <Shown /> : <main class="loading">{_("Loading …")}</main>}
      <Toasts />
    </div>
  );
}

/** The gravest fault between this page and the calls; empty if there is none. */
function ConnectionFault(): JSX.Element {
  const hotline = state.value?.hotline;
  const problem: Text | null =
    connection.value === "lost"
      ? "The connection to the hotline is lost. Calls go on; the page comes back by itself."
      : hotline && !hotline.engine
        ? "The engine does not answer. Calls go on."
        : hotline && !hotline.asterisk
          ? "Asterisk does not answer."
          : hotline?.stopping
            ? "The hotline is being stopped: new callers are turned away."
            : null;
  return (
    <span class="link" role="status">
      {problem && <span class="mark emergency">{_(problem)}</span>}
    </span>
  );
}
