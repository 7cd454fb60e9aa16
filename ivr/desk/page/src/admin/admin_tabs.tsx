// The tabs of the admin's page. A new tab is an entry of this list.

import type { FunctionComponent } from "preact";
import type { Text } from "../texts";
import { AuditLog } from "./audit_log";
import { HealthTab } from "./health_tab";
import { PeopleTab } from "./people_tab";
import { PromptsTab } from "./prompts_tab";
import { RegistryTab } from "./registry_tab";
import { SeatsTab } from "./seats_tab";
import { TokensTab } from "./tokens_tab";

export interface AdminTab {
  id: string; // the address is /admin/ID
  title: Text;
  right: string; // of `ivr.people.rights`; a person without this right does not see the tab
  view: FunctionComponent;
}

export const ADMIN_TABS: readonly AdminTab[] = [
  { id: "registry", title: "Registry", right: "read.registry", view: RegistryTab },
  { id: "prompts", title: "Prompts", right: "prompts.change", view: PromptsTab },
  { id: "seats", title: "Seats", right: "seats.secrets", view: SeatsTab },
  { id: "people", title: "People", right: "read.people", view: PeopleTab },
  { id: "tokens", title: "Tokens", right: "read.tokens", view: TokensTab },
  { id: "health", title: "State and backup", right: "read.health", view: HealthTab },
  { id: "audit", title: "Audit log", right: "read.audit", view: AuditLog },
];
