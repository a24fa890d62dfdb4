import { readFileSync } from 'node:fs';
import { limitTexts, operatorPage } from '@sluice/test-kit';
import { CANCEL_LIMITS, CASE_LIMITS, WITHDRAWAL_LIMITS } from '@sluice/withdrawal-core';
import { OVERDUE_GAUGE, stuckSql } from './intake-gauges.js';

const ofServices = Object.entries(WITHDRAWAL_LIMITS)
  .filter(([, limit]) => limit?.waitsOn === 'service')
  .map(([state]) => `\`${state}\``);

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
    ...limitTexts('withdrawal', WITHDRAWAL_LIMITS),
    ...limitTexts('cancel', CANCEL_LIMITS),
    ...limitTexts('case', CASE_LIMITS),
    `\`nothing-waits-too-long\` (withdrawals ${ofServices.join(', ')})`,
  ])('docs/operations/monitoring.md has: %s', (text) => {
    expect(operatorPage('monitoring')).toContain(text);
  });
});
