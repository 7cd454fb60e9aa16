// Calls in each half hour of today, beside the calls of the same day a week ago.

import type { JSX } from "preact";
import { _ } from "../texts";
import type { Today } from "./today";

const [WIDTH, HEIGHT] = [960, 150];
const HALF_HOUR_WIDTH = WIDTH / 48;

export function DayCurve({ today }: { today: Today }): JSX.Element {
  const most = Math.max(1, ...[...today.by_half_hour, ...today.last_week].map((hour) => hour.offered));
  const height = (offered: number): number => (HEIGHT * offered) / most;
  const bar = (offered: number, at: number, name: string): JSX.Element => (
    <rect
      key={`${name}${at}`}
      class={name}
      x={at * HALF_HOUR_WIDTH + (name === "today" ? HALF_HOUR_WIDTH / 2 : 1)}
      y={HEIGHT - height(offered)}
      width={HALF_HOUR_WIDTH / 2 - 1}
      height={height(offered)}
    />
  );
  return (
    <figure class="figure curve">
      <figcaption class="title">{_("Calls by half hour: today, and a week ago in grey")}</figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={description(today)}>
        {today.last_week.map((hour, at) => bar(hour.offered, at, "before"))}
        {today.by_half_hour.map((hour, at) => bar(hour.offered, at, "today"))}
      </svg>
      <div class="hours" aria-hidden="true">
        {[0, 6, 12, 18].map((hour) => (
          <span key={hour}>{hour}:00</span>
        ))}
      </div>
    </figure>
  );
}

function description(today: Today): string {
  const sum = (hours: Today["last_week"]): number => hours.reduce((all, hour) => all + hour.offered, 0);
  return _("Today {today} calls, a week ago {before}", {
    today: sum(today.by_half_hour),
    before: sum(today.last_week),
  });
}
