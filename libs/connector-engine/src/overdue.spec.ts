import { readFileSync } from 'node:fs';
import { SUBMISSION_LIMITS } from '@sluice/connector-rules';
import { OVERDUE_GAUGE } from './overdue.js';

const PAGE = readFileSync(
  new URL('../../../docs/operations/monitoring.md', import.meta.url),
  'utf8',
);

describe('submissions that stay in a state for too long', () => {
  it.each(Object.entries(SUBMISSION_LIMITS).filter(([, limit]) => limit !== null))(
    '%s is looked for by the metric',
    (state) => {
      expect(OVERDUE_GAUGE.sql).toContain(`s.state = '${state}' AND`);
    },
  );

  it.each(
    Object.entries(SUBMISSION_LIMITS).map(([state, limit]) =>
      limit === null
        ? `| submission | \`${state}\` | an end | | |`
        : `| submission | \`${state}\` | ${limit.minutes} min | ${limit.movedOnBy} | \`nothing-overdue\` where its next look is overdue, \`sluice_overdue\` |`,
    ),
  )('docs/operations/monitoring.md has: %s', (row) => {
    expect(PAGE).toContain(row);
  });
});
