// The admin's page: one tab for each part of the hotline that an admin keeps. The address names the tab: /admin/people.

import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { Tabs } from "../parts/tabs";
import { go, place } from "../router";
import { may } from "../session";
import { _ } from "../texts";
import { ADMIN_TABS } from "./admin_tabs";

export function AdminPage(): JSX.Element {
  const tabs = useComputed(() => ADMIN_TABS.filter(({ right }) => may.value.has(right)));
  const fromAddress = place.value[0] ?? "";
  const chosen = useSignal(fromAddress);
  useSignalEffect(() => {
    const tab = place.value[0];
    if (tab) chosen.value = tab;
  });
  useSignalEffect(() => {
    if (chosen.value && chosen.value !== place.peek()[0]) go("admin", chosen.value);
  });
  return (
    <main class="admin-page">
      <h1 class="unseen">{_("Administration")}</h1>
      <Tabs label={_("Administration")} chosen={chosen} tabs={tabs.value.map(({ id, title, view }) => ({ id, title: _(title), view }))} />
    </main>
  );
}
