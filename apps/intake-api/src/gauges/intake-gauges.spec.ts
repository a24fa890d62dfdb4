import { readFileSync } from 'node:fs';
import {
  CANCEL_LIMITS,
  CASE_LIMITS,
  type StateLimit,
  WITHDRAWAL_LIMITS,
} from '@sluice/withdrawal-core';
import { OVERDUE_GAUGE, stuckSql } from './intake-gauges.js';

const PAGE = readFileSync(
  new URL('../../../../docs/operations/monitoring.md', import.meta.url),
  'utf8',
);

const rowOf =
  (machine: string, reportedBy: string) =>
  ([state, limit]: [string, StateLimit | null]) =>
    limit === null
      ? `| ${machine} | \`${state}\` | an end | | |`
      : `| ${machine} | \`${state}\` | ${limit.minutes} min | ${limit.movedOnBy} | ${reportedBy} |`;

describe('states that last too long', () => {
  it('nothing-waits-too-long is written from the table of states', () => {
    expect(
      readFileSync(
        new URL('../postgres/invariants/nothing-waits-too-long.sql', import.meta.url),
        'utf8',
      ),
    ).toBe(stuckSql());
  });

  it('the metric looks for each state that is no end', () => {
    const missing = Object.entries(WITHDRAWAL_LIMITS).filter(
      ([state, limit]) => limit !== null && !OVERDUE_GAUGE.sql.includes(`w.state = '${state}' AND`),
    );

    expect(missing).toEqual([]);
  });

  it.each([
    ...Object.entries(WITHDRAWAL_LIMITS).map(([state, limit]) =>
      rowOf(
        'withdrawal',
        limit?.waitsOn === 'service'
          ? '`nothing-waits-too-long`, `sluice_overdue`'
          : '`sluice_overdue`',
      )([state, limit]),
    ),
    ...Object.entries(CANCEL_LIMITS).map(rowOf('cancel', '`sluice_overdue`')),
    ...Object.entries(CASE_LIMITS).map(rowOf('case', 'an error in the log, `sluice_cases`')),
  ])('docs/operations/monitoring.md has: %s', (row) => {
    expect(PAGE).toContain(row);
  });
});
