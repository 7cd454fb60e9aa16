// The keys of each section of numbers.yaml, as forms show them. docs/numbers-yaml.md explains them.

import { mode } from "../parts/state_words";
import type { Text } from "../texts";
import { entries, type RegistryEntry } from "./draft";

export type FieldKind = "text" | "date" | "flag" | "list" | "lines" | "choice"; // lines: one text on each line

export interface RegistryField {
  key: string; // "registration.user" is a key of the mapping below registration
  title: Text;
  kind: FieldKind;
  choices?: () => string[];
  words?: (choice: string) => string; // how a choice is shown
  short?: boolean; // a column of the table
}

export interface RegistrySection {
  id: string;
  title: Text;
  named: boolean; // entries have names instead of positions
  fields: RegistryField[];
  entries: () => RegistryEntry[];
  list: (first: string) => (string | number)[]; // where a new entry goes
  fixed?: boolean; // no entry is added or removed
}

const text = (key: string, title: Text, short = false): RegistryField => ({ key, title, kind: "text", short });
const list = (key: string, title: Text, short = false): RegistryField => ({ key, title, kind: "list", short });
const lines = (key: string, title: Text): RegistryField => ({ key, title, kind: "lines" });
const flag = (key: string, title: Text): RegistryField => ({ key, title, kind: "flag" });
const choice = (key: string, title: Text, choices: () => string[], short = false): RegistryField => ({
  key,
  title,
  kind: "choice",
  choices,
  short,
});
const names = (section: string) => (): string[] => entries(section).map((entry) => String(entry.path[1]));
const numbers = (): string[] =>
  entries("lines").flatMap(({ values }) => (typeof values === "string" ? [] : [String(values["number"] ?? "")]));

const section = (id: string, title: Text, fields: RegistryField[], named = false): RegistrySection => ({
  id,
  title,
  named,
  fields,
  entries: () => entries(id),
  list: () => [id],
});
const days = (): RegistryField[] => [
  { key: "from", title: "First day", kind: "date", short: true },
  { key: "until", title: "Last day", kind: "date", short: true },
  text("name", "Entry name", true),
];

export const WEEK: [string, Text][] = [
  ["mon", "Monday"],
  ["tue", "Tuesday"],
  ["wed", "Wednesday"],
  ["thu", "Thursday"],
  ["fri", "Friday"],
  ["sat", "Saturday"],
  ["sun", "Sunday"],
];

const SINGLE: Record<string, Text> = {
  timers: "Timers",
  limits: "Limits",
  callbacks: "Callbacks",
  records: "Records",
  recordings: "Recordings",
  city: "City",
};

export const SECTIONS: RegistrySection[] = [
  section("lines", "Lines", [
    text("number", "Number", true),
    text("name", "Entry name", true),
    text("unit", "Unit", true),
    { ...choice("mode", "Mode", () => ["hotline", "merged", "dual", "subcenter"], true), words: mode },
    choice("into", "Leads on to", numbers, true),
    choice("expert", "Expert group", names("groups"), true),
    text("reach", "Dialled through the carrier"),
    choice("hours", "Hours", names("hours")),
    choice("menu", "Menu", names("menus")),
    { key: "from", title: "First day", kind: "date" },
    { key: "until", title: "Last day", kind: "date" },
    text("remark", "Remark"),
    list("phrases", "Phrases"),
    list("matters", "Matters"),
    lines("script", "Script for agents, a sentence a line"),
    lines("checklist", "Checklist for agents, an item a line"),
    lines("results", "Results of calls, one a line"),
  ]),
  section("seats", "Seats", [
    text("number", "Number", true),
    text("name", "Entry name", true),
    list("groups", "Groups", true),
    flag("supervisor", "Supervisor"),
  ]),
  section(
    "groups",
    "Groups",
    [
      text("title", "Entry name", true),
      choice("kind", "Kind of group", () => ["general", "enterprise", "expert"], true),
      text("limit", "Callers who may wait", true),
      choice("overflow", "Overflow", names("groups"), true),
      text("priority", "Priority"),
    ],
    true,
  ),
  section(
    "menus",
    "Menus",
    [text("prompt", "Prompt", true), choice("human", "Silence leads to", names("groups"), true)],
    true,
  ),
  {
    id: "keys",
    title: "Menu keys",
    named: false,
    fields: [
      text("key", "Key", true),
      choice("group", "Group", names("groups"), true),
      choice("line", "Line", numbers, true),
      choice("emergency", "Emergency", names("groups"), true),
      choice("dialect", "Dialect", names("groups")),
      choice("progress", "Progress of a work order", names("groups")),
      flag("repeat", "Repeat"),
      flag("slow", "Slowly"),
      text("topic", "Topic", true),
      list("phrases", "Phrases"),
    ],
    entries: () =>
      entries("menus").flatMap(({ path, line, values }) => {
        const keys = typeof values === "string" ? [] : values["keys"];
        return Array.isArray(keys)
          ? keys.map((choice, at) => ({ path: [...path, "keys", at], line, values: choice as RegistryEntry["values"] }))
          : [];
      }),
    list: () => [...(entries("menus")[0]?.path ?? ["menus"]), "keys"],
  },
  section("hours", "Hours", WEEK.map(([key, title]) => list(key, title, true)), true),
  section("holidays", "Holidays", days()),
  section("workdays", "Shifted working days", [...days(), choice("like", "Hours of", () => WEEK.map(([key]) => key), true)]),
  section("linkage", "Linkage", [
    text("number", "Number", true),
    text("name", "Entry name", true),
    text("reach", "Dialled through the carrier", true),
    list("phrases", "Phrases"),
    list("matters", "Matters"),
  ]),
  section("trunks", "Trunks", [
    text("name", "Entry name", true),
    list("hosts", "Hosts", true),
    choice("profile", "Profile", () => ["ims-registration", "ims-leased-line", "sbc"], true),
    choice("transport", "Transport", () => ["udp", "tcp", "tls"], true),
    text("order", "Order", true),
    text("channels", "Channels"),
    text("registration.user", "User of the registration"),
    text("registration.auth_user", "User of the authentication"),
    text("registration.realm", "Realm"),
    text("registration.outbound_proxy", "Outbound proxy"),
    text("registration.expiry", "Expiry in seconds"),
  ]),
  ...Object.entries(SINGLE).map(([id, title]) => ({ ...section(id, title, []), fixed: true })),
];

/** The fields of an entry: those of its section, or a field for each key if the section is a single entry. */
export function fieldsOf({ fields }: RegistrySection, entry: RegistryEntry | null): RegistryField[] {
  if (fields.length > 0 || !entry || typeof entry.values === "string") return fields;
  return Object.entries(entry.values).map(([key, value]) => ({
    key,
    title: key as Text, // the keys of these sections are shown as they are
    kind: Array.isArray(value) ? "list" : "text",
    short: true,
  }));
}
