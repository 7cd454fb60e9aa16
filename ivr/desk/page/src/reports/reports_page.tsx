// The reports: activity, staffing, alarms. The address names the tab: /reports/staffing.

import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import type { FunctionComponent, JSX } from "preact";
import { Tabs } from "../parts/tabs";
import { go, place } from "../router";
import { may } from "../session";
import { _, type Text } from "../texts";
import { ActivityTab } from "./activity_tab";
import { AlarmHistoryTab } from "./alarm_history_tab";
import { StaffingTab } from "./staffing_tab";

interface ReportTab {
  id: string;
  title: Text;
  rights: string[]; // the tab needs one of these rights
  view: FunctionComponent;
}

const TABS: readonly ReportTab[] = [
  { id: "activity", title: "Activity", rights: ["read.reports", "read.own-reports"], view: ActivityTab },
  { id: "staffing", title: "Staffing", rights: ["read.reports"], view: StaffingTab },
  { id: "alarms", title: "Alarms", rights: ["read.alarms"], view: AlarmHistoryTab },
];

export function ReportsPage(): JSX.Element {
  const tabs = useComputed(() => TABS.filter(({ rights }) => rights.some((right) => may.value.has(right))));
  const chosen = useSignal(place.value[0] ?? "");
  useSignalEffect(() => {
    const tab = place.value[0];
    if (tab) chosen.value = tab;
  });
  useSignalEffect(() => {
    if (chosen.value && chosen.value !== place.peek()[0]) go("reports", chosen.value);
  });
  return (
    <main class="reports-page">
      <h1 class="unseen">{_("Reports")}</h1>
      <Tabs label={_("Reports")} chosen={chosen} tabs={tabs.value.map(({ id, title, view }) => ({ id, title: _(title), view }))} />
    </main>
  );
}
