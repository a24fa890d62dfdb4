import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HOUR = 3_600_000;
const MODULE = fileURLToPath(new URL('../../dist/clock/moved-clock.js', import.meta.url));

describe('a moved clock', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-clock-'));
  const file = join(folder, 'clock');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** What a process with this clock answers. */
  function ask(expression: string, offsetMs: number): unknown {
    writeFileSync(file, String(offsetMs));
    const env = { ...process.env, NEMESIS_CLOCK_FILE: file };
    return JSON.parse(
      execFileSync(
        process.execPath,
        [
          '--import',
          MODULE,
          '--input-type=module',
          '-e',
          `console.log(JSON.stringify(await (${expression})))`,
        ],
        {
          env,
          encoding: 'utf8',
        },
      ),
    );
  }

  it.each([-HOUR, HOUR])('is off by %i ms wherever the time of day is read', (offsetMs) => {
    const readings = ask(
      '[Date.now(), new Date().getTime(), Date.parse(Date())]',
      offsetMs,
    ) as number[];

    for (const reading of readings)
      expect(Math.abs(reading - offsetMs - Date.now())).toBeLessThan(60_000);
  });

  it('changes neither dates with an explicit time, nor the class Date, nor the monotonic clock', () => {
    const answers = ask(
      `[new Date(0).toISOString(), new Date() instanceof Date, Date.UTC(2026, 0), new Date('2026-01-31').getTime(), Math.abs(performance.timeOrigin - Date.now()) > 1_800_000]`,
      HOUR,
    );

    expect(answers).toEqual([
      '1970-01-01T00:00:00.000Z',
      true,
      Date.UTC(2026, 0),
      Date.parse('2026-01-31'),
      true,
    ]);
  });

  it('jumps while the process runs', () => {
    const jump = ask(
      `import('node:fs').then(async ({ writeFileSync }) => { const before = Date.now(); writeFileSync(process.env.NEMESIS_CLOCK_FILE, '${HOUR}'); await new Promise((resolve) => setTimeout(resolve, 1_000)); return Date.now() - before; })`,
      0,
    ) as number;

    expect(jump).toBeGreaterThanOrEqual(HOUR);
  });
});
