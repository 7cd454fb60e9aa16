// Language, colours and size of the letters.

import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import { language, textSize, theme } from "../settings";
import { _, type Text } from "../texts";

export function Settings(): JSX.Element {
  return (
    <div class="settings" role="group" aria-label={_("Settings")}>
      <Choice title={_("Language")} setting={language} choices={{ zh: "中文", en: "English" }} />
      <Choice title={_("Colours")} setting={theme} choices={words({ system: "System", light: "Light", dark: "Dark" })} />
      <Choice
        title={_("Letters")}
        setting={textSize}
        choices={words({ normal: "Normal", large: "Large", largest: "Very large" })}
      />
    </div>
  );
}

interface ChoiceProps<T extends string> {
  title: string;
  setting: Signal<T>;
  choices: Record<T, string>;
}

function Choice<T extends string>({ title, setting, choices }: ChoiceProps<T>): JSX.Element {
  return (
    <label>
      {title}{" "}
      <select value={setting.value} onChange={(event) => (setting.value = event.currentTarget.value as T)}>
        {Object.entries<string>(choices).map(([value, shown]) => (
          <option key={value} value={value}>
            {shown}
          </option>
        ))}
      </select>
    </label>
  );
}

function words<T extends string>(choices: Record<T, Text>): Record<T, string> {
  const shown = Object.entries<Text>(choices).map(([value, text]) => [value, _(text)]);
  return Object.fromEntries(shown) as Record<T, string>;
}
