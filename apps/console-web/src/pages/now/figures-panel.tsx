import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { readOf } from '../../api/queries.js';
import { intake } from '../../api/services.js';
import { MinuteChart } from '../../charts/minute-chart.js';
import { Panel } from '../../components/panel.js';
import { Reading } from '../../components/reading.js';
import { round } from '../../charts/scale.js';

const COUNTS = [
  { name: 'Requested', kind: 'line' },
  { name: 'Completed', kind: 'bar' },
  { name: 'Failed, cancelled or rejected', kind: 'line' },
] as const;
const AGES = [
  { name: 'Median', kind: 'line' },
  { name: 'Longest', kind: 'line' },
] as const;

/** Requests and ends of the last hour, and how long completed withdrawals took. */
export function FiguresPanel(): ReactNode {
  const query = useQuery(readOf(intake.withdrawalThroughput()));
  return (
    <Reading query={query} what="The figures of the last hour">
      {({ minutes, since }) => (
        <div className="columns columns-wide">
          <Panel title="Throughput of the last hour">
            <MinuteChart
              title="Throughput"
              unit="withdrawals"
              series={COUNTS}
              minutes={minutes.map(({ at, requested, completed, failed }) => ({
                at,
                values: isCounted(at, since) ? [requested, completed, failed] : [],
              }))}
            />
          </Panel>
          <Panel title="Age at completion">
            <MinuteChart
              title="Age at completion"
              unit="seconds"
              series={AGES}
              minutes={minutes.map(({ at, median_seconds: median, longest_seconds: longest }) => ({
                at,
                values: isCounted(at, since) ? [rounded(median), rounded(longest)] : [],
              }))}
            />
          </Panel>
        </div>
      )}
    </Reading>
  );
}

/** False for a minute whose withdrawals were not all counted: it has no figures, not zeros. */
function isCounted(at: string, since: string): boolean {
  return Date.parse(at) >= Date.parse(since);
}

function rounded(seconds: number | null): number | null {
  return seconds === null ? null : round(seconds);
}
