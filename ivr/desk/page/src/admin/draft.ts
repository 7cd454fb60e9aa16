// The person's draft of the registry as the server has it, and the requests that change it.

import { signal } from "@preact/signals";
import { tellError } from "../parts/toasts";
import { get, Refused, request } from "../rest";

export type Path = (string | number)[];
export type Values = { [key: string]: Value };
export type Value = string | boolean | Value[] | Values;

export interface Problem {
  line: number;
  column: number;
  message: string;
  path: Path;
}

export interface RegistryEntry {
  path: Path;
  line: number;
  values: Values | string;
}

export interface Conflict {
  theirs: string;
  mine: string;
  recordings: boolean;
}

export interface RegistryDraft {
  version: number; // 0: the person has no draft yet, and `text` is the site's file
  text: string;
  readable: boolean;
  sections: Record<string, RegistryEntry[] | RegistryEntry>;
  problems: Problem[];
  warnings: Problem[];
  changes?: string;
  conflict?: Conflict | null;
}

export interface StoredDraft {
  id: number;
  user: string;
  state: string;
  due_at: string | null;
  result: string;
  changed_at: string;
}

export interface RegistryOverview {
  file: string;
  closed: string | null; // advice, if the desk may not write the site folder
  in_force: { at: string; by: string };
  file_differs: boolean;
  open: StoredDraft[];
  planned: StoredDraft[];
  over: StoredDraft[];
}

export type Edit = { do: "set" | "append"; path: Path; value: Value } | { do: "remove"; path: Path };

export const draft = signal<RegistryDraft | null>(null);
export const overview = signal<RegistryOverview | null>(null);

const DEADLINE_MS = 70_000; // the engine reads Asterisk's configuration back

/** Do an act on the registry. */
export async function registryAct<T>(name: string, args: Record<string, unknown>): Promise<T> {
  return (await request<{ result: T }>("POST", `/acts/${name}`, args, DEADLINE_MS)).result;
}

export async function load(): Promise<void> {
  try {
    [draft.value, overview.value] = await Promise.all([
      get<RegistryDraft>("/registry/draft"),
      get<RegistryOverview>("/registry"),
    ]);
  } catch (error) {
    tellError(error);
  }
}

/** Edit the draft. Returns the problems that `ivr check` finds in it, or null if the edits were refused. */
export async function edit(edits: Edit[]): Promise<Problem[] | null> {
  try {
    const changed = await registryAct<RegistryDraft>("registry.edit", { version: draft.value?.version ?? 0, edits });
    draft.value = { ...draft.value, ...changed };
    return changed.problems;
  } catch (error) {
    tellError(error);
    if (error instanceof Refused && error.code === "changed") await load();
    return null;
  }
}

/** Replace the whole text. `file` is the digest of the site's file whose changes the text contains, if it was merged. */
export async function replaceText(text: string, file?: string): Promise<void> {
  try {
    await request("PUT", "/registry/draft", { version: draft.value?.version ?? 0, text, ...(file ? { file } : {}) });
  } catch (error) {
    tellError(error);
  }
  await load();
}

export function entries(section: string): RegistryEntry[] {
  const stored = draft.value?.sections[section];
  return Array.isArray(stored) ? stored : stored ? [stored] : [];
}

export function problemsBelow(path: Path): Problem[] {
  return (draft.value?.problems ?? []).filter((problem) => path.every((step, at) => problem.path[at] === step));
}
