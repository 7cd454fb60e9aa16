// Tabs, as the ARIA Authoring Practices describe them: an arrow key goes to the next tab.

import type { Signal } from "@preact/signals";
import type { FunctionComponent, JSX } from "preact";
import { useRef } from "preact/hooks";

interface Tab<T extends string> {
  id: T;
  title: string;
  view: FunctionComponent;
  count?: number;
}

interface TabsProps<T extends string> {
  label: string;
  tabs: Tab<T>[];
  chosen: Signal<T>;
  id?: string; // prefix of element ids; tabs within the panel of other tabs need a prefix of their own
}

export function Tabs<T extends string>({ label, tabs, chosen, id: prefix = "tab" }: TabsProps<T>): JSX.Element {
  const list = useRef<HTMLDivElement>(null);
  const shown = tabs.find((tab) => tab.id === chosen.value) ?? tabs[0];
  const move = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (!step || !shown) return;
    event.preventDefault();
    const next = tabs[(tabs.indexOf(shown) + step + tabs.length) % tabs.length];
    if (next) chosen.value = next.id;
    list.current?.querySelector<HTMLElement>(`#${prefix}-${next?.id}`)?.focus();
  };
  return (
    <>
      <div role="tablist" aria-label={label} ref={list} onKeyDown={move}>
        {tabs.map(({ id, title, count }) => (
          <button
            key={id}
            id={`${prefix}-${id}`}
            type="button"
            role="tab"
            aria-selected={id === shown?.id}
            aria-controls={`${prefix}-panel`}
            tabIndex={id === shown?.id ? 0 : -1}
            onClick={() => (chosen.value = id)}
          >
            {title}
            {count ? <span class="count">{count}</span> : null}
          </button>
        ))}
      </div>
      <div id={`${prefix}-panel`} role="tabpanel" aria-labelledby={`${prefix}-${shown?.id}`} tabIndex={0}>
        {shown && <shown.view />}
      </div>
    </>
  );
}
