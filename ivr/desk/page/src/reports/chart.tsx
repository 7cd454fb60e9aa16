// A chart of values over time. The table beside the chart has the same values, for a person who cannot see the chart.

import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { textSize, theme } from "../settings";
import { _ } from "../texts";

export interface ChartLine {
  name: string;
  values: (number | null)[];
  bars?: boolean;
}

const HEIGHT = 260;
const CITY = "Asia/Shanghai";
const COLOURS = ["--main", "--danger", "--good", "--busy"];

interface ChartProps {
  label: string;
  times: number[]; // seconds since 1970
  lines: ChartLine[];
}

export function Chart({ label, times, lines }: ChartProps): JSX.Element {
  const container = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const div = container.current;
    if (!div) return;
    const colour = (name: string): string => resolved(div, name);
    const font = `${0.8 * rem()}px ${getComputedStyle(document.body).fontFamily}`;
    const axis: uPlot.Axis = { stroke: colour("--text"), font, grid: { stroke: colour("--line"), width: 0.5 } };
    const plot = new uPlot(
      {
        width: div.clientWidth,
        height: HEIGHT,
        scales: { y: { range: (_plot, _low, high) => [0, Math.max(high ?? 0, 1)] } },
        axes: [{ ...axis, values: (_plot, moments) => moments.map(moment) }, axis],
        legend: { live: false },
        tzDate: (at) => uPlot.tzDate(new Date(at * 1000), CITY),
        series: [
          { label: _("Time") },
          ...lines.map(({ name, bars }, at): uPlot.Series => {
            const stroke = colour(COLOURS[at % COLOURS.length] ?? "--main");
            const paths = bars ? uPlot.paths.bars?.({ size: [0.8, 60] }) : uPlot.paths.stepped?.({ align: 1 });
            return { label: name, stroke, width: 2, ...(bars ? { fill: stroke } : {}), ...(paths ? { paths } : {}) };
          }),
        ],
      },
      [times, ...lines.map(({ values }) => values)],
      div,
    );
    const resize = new ResizeObserver(() => plot.setSize({ width: div.clientWidth, height: HEIGHT }));
    resize.observe(div);
    return () => {
      resize.disconnect();
      plot.destroy();
    };
  }, [times, lines, theme.value, textSize.value]);
  return <div class="chart" role="img" aria-label={label} ref={container} />;
}

/** A moment on the city's clock: the day at midnight, else the time. */
function moment(at: number): string {
  const [day = "", time = ""] = new Date(at * 1000).toLocaleString("sv-SE", { timeZone: CITY }).split(" ");
  return time === "00:00:00" ? day.slice(5) : time.slice(0, 5);
}

const rem = (): number => parseFloat(getComputedStyle(document.documentElement).fontSize);

/** The colour of a custom property in the present theme, resolved because the canvas does not know `light-dark()`. */
function resolved(parent: HTMLElement, property: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${property})`;
  parent.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}
