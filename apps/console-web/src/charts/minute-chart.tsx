import { useId, type ReactNode } from 'react';
import { DataTable, type TableColumn } from '../components/data-table.js';
import { linePaths, round, topOf } from './scale.js';

const WIDTH = 640;
const HEIGHT = 180;
const LEFT = 44;
const BOTTOM = 22;
const TOP = 8;
/** Minutes between labels of the axis. */
const LABELLED = 15;
const PLOT_WIDTH = WIDTH - LEFT - 4;
const PLOT_HEIGHT = HEIGHT - TOP - BOTTOM;

/** Values of a minute; null for a missing value. */
interface MinuteValues {
  readonly at: string;
  readonly values: readonly (number | null)[];
}

interface Series {
  readonly name: string;
  readonly kind: 'bar' | 'line';
}

interface Figures {
  readonly title: string;
  readonly unit: string;
  readonly series: readonly Series[];
  readonly minutes: readonly MinuteValues[];
}

/** Chart of figures by minute, with a table of the same figures. */
export function MinuteChart(figures: Figures): ReactNode {
  const { title, unit, series, minutes } = figures;
  const columns: readonly TableColumn<MinuteValues>[] = [
    { id: 'at', name: 'Minute (UTC)', isRowHeader: true, cell: ({ at }) => minuteText(at) },
    ...series.map(({ name }, place) => ({
      id: name,
      name: `${name} (${unit})`,
      isRight: true,
      cell: ({ values }: MinuteValues) => values[place] ?? 'none',
    })),
  ];
  return (
    <figure className="chart-box">
      <Drawing {...figures} />
      <figcaption>
        <Legend series={series} />
        <details>
          <summary>Table of the figures</summary>
          <DataTable
            label={title}
            columns={columns}
            rows={minutes.toReversed()}
            keyOf={({ at }) => at}
            empty="There are no figures."
          />
        </details>
      </figcaption>
    </figure>
  );
}

function Drawing({ title, unit, series, minutes }: Figures): ReactNode {
  const id = useId();
  const top = topOf(minutes.flatMap(({ values }) => values.filter((value) => value !== null)));
  return (
    <svg className="chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-labelledby={id}>
      <title id={id}>{`${title}, ${unit} by minute. The table has the figures.`}</title>
      {[0, 0.5, 1].map((part) => (
        <g key={part}>
          <line
            className={part === 0 ? 'chart-axis' : 'chart-grid'}
            x1={LEFT}
            x2={WIDTH - 4}
            y1={heightOf(part, 1)}
            y2={heightOf(part, 1)}
          />
          <text x={LEFT - 6} y={heightOf(part, 1) + 4} textAnchor="end">
            {round(part * top)}
          </text>
        </g>
      ))}
      {minutes.map(({ at }, place) =>
        place % LABELLED === 0 ? (
          <text
            key={at}
            x={LEFT + place * widthOf(minutes)}
            y={HEIGHT - 6}
            textAnchor={place === 0 ? 'start' : 'middle'}
          >
            {minuteText(at)}
          </text>
        ) : null,
      )}
      {series.map(({ name, kind }, place) => (
        <Marks key={name} kind={kind} place={place} minutes={minutes} top={top} />
      ))}
    </svg>
  );
}

/** Bars or lines of one series. */
function Marks({
  kind,
  place,
  minutes,
  top,
}: {
  readonly kind: Series['kind'];
  readonly place: number;
  readonly minutes: readonly MinuteValues[];
  readonly top: number;
}): ReactNode {
  const width = widthOf(minutes);
  const values = minutes.map((minute) => minute.values[place] ?? null);
  const name = `series-${place + 1}`;
  if (kind === 'line')
    return linePaths(
      values.map((value, at) =>
        value === null ? null : { x: LEFT + (at + 0.5) * width, y: heightOf(value, top) },
      ),
    ).map((path) => <path key={path} className={`${name} chart-line`} d={path} />);
  return values.map((value, at) =>
    value === null || value === 0 ? null : (
      <rect
        key={minutes[at]?.at}
        className={`chart-bar ${name}`}
        x={round(LEFT + (at + 0.15) * width)}
        y={round(heightOf(value, top))}
        width={round(width * 0.7)}
        height={round(heightOf(0, top) - heightOf(value, top))}
      />
    ),
  );
}

function Legend({ series }: { readonly series: readonly Series[] }): ReactNode {
  return (
    <ul className="legend">
      {series.map(({ name }, place) => (
        <li key={name}>
          <svg viewBox="0 0 10 10" aria-hidden="true">
            <rect className={`chart-bar series-${place + 1}`} width="10" height="10" rx="2" />
          </svg>
          {name}
        </li>
      ))}
    </ul>
  );
}

function widthOf(minutes: readonly MinuteValues[]): number {
  return PLOT_WIDTH / Math.max(1, minutes.length);
}

function heightOf(value: number, top: number): number {
  return TOP + PLOT_HEIGHT * (1 - value / top);
}

function minuteText(at: string): string {
  return at.slice(11, 16);
}
