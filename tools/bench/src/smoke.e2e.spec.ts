import { rmSync } from 'node:fs';
import { newDataFolder } from '@sluice/test-servers';
import { benchBacklog } from './backlog/backlog.js';
import type { BenchOptions } from './system/bench-system.js';
import { benchE2e } from './e2e/e2e.js';
import { benchSoak } from './soak/soak.js';

/** Each benchmark starts a system, slowly on a busy machine; the measured figures are not checked. */
const WITHIN_MS = 600_000;

describe('a benchmark of the whole system runs to its end', () => {
  let home: string;
  let said: string[];
  beforeEach(() => {
    home = newDataFolder('sluice-bench-');
    said = [];
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  const options = (more: Partial<BenchOptions>): BenchOptions => ({
    home,
    say: (line) => said.push(line),
    seconds: 1,
    ...more,
  });

  it(
    'e2e: a row for each rate, and a rate as a share of the ceiling',
    async () => {
      const report = await benchE2e(options({ rates: [5, 0], rate: 10 }));

      expect(report.latency).toEqual([
        expect.objectContaining({ rate: 0, post_p50_ms: null, cpu_ms_per_withdrawal: null }),
        expect.objectContaining({ rate: 5, post_p50_ms: expect.any(Number) }),
      ]);
      expect(report.latency[1]?.cpu_ms_per_withdrawal).toBeGreaterThan(0);
      expect(report.latency[1]?.cpu_ms_by_process).not.toHaveProperty('generator');
      expect(report.ceiling_per_second).toBeGreaterThan(0);
      expect(report.ratio_to_ceiling).not.toBeNull();
    },
    WITHIN_MS,
  );

  it(
    'soak: verdicts on memory, latency and tables',
    async () => {
      const report = await benchSoak(options({ rate: 10, minutes: 0.05 }));

      expect(report).toMatchObject({ rate: 10, offered: 30, captured: 30 });
      const judged = report.verdicts.map(({ what }) => what);
      expect(judged).toEqual(
        expect.arrayContaining(['POST', 'memory of intake-api', 'table ledger.outbox']),
      );
      expect(Object.keys(report.tables)).toContain('intake-api.withdrawal');
    },
    WITHIN_MS,
  );

  it(
    'backlog: what gathered behind a stopped connector is captured once it runs again',
    async () => {
      const report = await benchBacklog(options({ rate: 10, count: 40 }));

      expect(report).toMatchObject({ accepted: 40, captured: 40, refused: {} });
      expect(report.ratio_to_sustained).toBeGreaterThan(0);
      expect(said).toContain('connector-gateio is stopped; 40 withdrawals');
    },
    WITHIN_MS,
  );
});
