// Texts of the page. The English text is the key; TypeScript refuses a text that has no Chinese.

import { language } from "../settings";
import { admin } from "./admin";
import { agent } from "./agent";
import { common } from "./common";
import { knowledge } from "./knowledge";
import { orders } from "./orders";
import { phone } from "./phone";
import { reports } from "./reports";
import { team } from "./team";

const chinese = { ...common, ...admin, ...agent, ...knowledge, ...orders, ...phone, ...reports, ...team };

export type Text = keyof typeof chinese;

/** Return a text in the language of the page; `{name}` in it is replaced by the value of that name. */
export function _(text: Text, values: Record<string, string | number> = {}): string {
  const said: string = language.value === "zh" ? chinese[text] : text;
  return said.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
