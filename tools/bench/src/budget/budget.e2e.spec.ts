import { rmSync } from 'node:fs';
import { newDataFolder } from '@sluice/test-servers';
import { measureChecked } from './budget.js';
import { deviations, limitsOf, readLimits } from './limits.js';

/** A busy machine starts the system slowly. */
const WITHIN_MS = 300_000;

describe('the budget of a withdrawal', () => {
  let home: string;
  beforeEach(() => {
    home = newDataFolder('sluice-bench-');
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  it(
    'holds; after an intended change, npm run bench -- budget --write writes the new budget',
    async () => {
      const said: string[] = [];

      const { rates } = await measureChecked({ home, say: (line) => said.push(line) });

      expect(rates).toHaveLength(1);
      for (const row of rates) expect(deviations(limitsOf(row), readLimits())).toEqual([]);
    },
    WITHIN_MS,
  );
});
