import { readFileSync } from 'node:fs';
import { HOLD_LIMITS } from '@sluice/ledger-core';

const PAGE = readFileSync(
  new URL('../../../../docs/operations/monitoring.md', import.meta.url),
  'utf8',
);

it.each(
  Object.entries(HOLD_LIMITS).map(([state, limit]) =>
    limit === null
      ? `| hold | \`${state}\` | an end | | |`
      : `| hold | \`${state}\` | ${limit.minutes} min | ${limit.movedOnBy} | \`sluice_overdue\` |`,
  ),
)('docs/operations/monitoring.md has: %s', (row) => {
  expect(PAGE).toContain(row);
});
