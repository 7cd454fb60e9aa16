// The person who is signed in to this page.

import { computed, signal } from "@preact/signals";
import { connect, disconnect } from "./live";
import type { Me } from "./protocol";
import { get, request } from "./rest";

export type SessionState = "unknown" | "signed-out" | "signed-in";

export const me = signal<Me | null>(null);
export const sessionState = signal<SessionState>("unknown");
export const may = computed(() => new Set(me.value?.may ?? []));

export async function resume(): Promise<void> {
  try {
    begin((await get<{ me: Me }>("/session")).me);
  } catch {
    sessionState.value = "signed-out";
  }
}

export async function signIn(user: string, password: string, code: string): Promise<void> {
  begin((await request<{ me: Me }>("POST", "/session", { user, password, ...(code ? { code } : {}) })).me);
}

export async function signOut(): Promise<void> {
  disconnect();
  end();
  await request("DELETE", "/session");
}

function begin(person: Me): void {
  me.value = person;
  sessionState.value = "signed-in";
  if (!person.password_expired && person.may.includes("read.state")) connect(end);
}

function end(): void {
  disconnect();
  me.value = null;
  sessionState.value = "signed-out";
}
