// The view that the address names.

import { computed, signal } from "@preact/signals";
import { may, me } from "./session";

export const VIEWS = ["agent", "supervisor", "orders", "knowledge", "reports", "admin", "wall"] as const;
export type View = (typeof VIEWS)[number];

const path = signal(location.pathname);

addEventListener("popstate", () => {
  path.value = location.pathname;
});

/** The parts of the address behind the view: `["people"]` of /admin/people. */
export const place = computed(() => path.value.split("/").slice(2));

export function go(view: View, ...behind: string[]): void {
  history.pushState(null, "", `/${[view, ...behind].join("/")}`);
  path.value = location.pathname;
}

/** The views for the person's roles and rights; the first is the start view. */
export const views = computed<View[]>(() => {
  const roles = new Set(me.value?.roles ?? []);
  return VIEWS.filter((view) => {
    switch (view) {
      case "agent":
        return me.value?.seat || roles.has("agent") || roles.has("expert");
      case "supervisor":
        return roles.has("supervisor") || roles.has("admin");
      case "orders":
        return may.value.has("read.orders");
      case "knowledge":
        return may.value.has("article.act") && (roles.has("unit") || roles.has("supervisor") || roles.has("admin"));
      case "reports":
        return may.value.has("read.reports") || may.value.has("read.own-reports");
      case "admin":
        return roles.has("admin") || roles.has("auditor");
      case "wall":
        return may.value.has("read.state");
    }
  });
});

export const view = computed<View>(() => {
  const fromAddress = VIEWS.find((name) => path.value.split("/")[1] === name);
  return fromAddress && views.value.includes(fromAddress) ? fromAddress : (views.value[0] ?? "wall");
});
