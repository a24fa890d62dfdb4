import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runRunner } from '../run-runner.mjs';

describe('runRunner', () => {
  let folder: string;
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'sluice-runner-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const run = (script: string, limitMs = 20_000) => {
    const report = join(folder, 'report.json');
    const begin = `const report = () => require('node:fs').writeFileSync(${JSON.stringify(report)}, '{}');`;
    return runRunner(process.execPath, ['-e', begin + script], {
      report,
      limitMs,
      graceMs: 500,
      env: process.env,
      showsOutput: false,
    });
  };

  it('tells how it ended and what it wrote', async () => {
    expect(await run(`console.error('said'); report(); process.exit(3)`)).toEqual({
      status: 3,
      signal: null,
      lingered: null,
      stderr: 'said\n',
    });
  });

  it('ends one that has left its report and does not end, and tells where its threads stood', async () => {
    const end = await run(`report(); setInterval(() => {}, 1000)`);

    expect(end).toMatchObject({ status: null, signal: 'SIGKILL' });
    expect(end.lingered).toMatch(/^\S+ \S+ \d+; /);
  });

  it('does not wait for whoever holds the output of one that is gone', async () => {
    const child = `require('node:child_process').spawn('sleep', ['15'], { stdio: ['ignore', 'ignore', 'inherit'], detached: true }).unref();`;

    const before = performance.now();
    expect(await run(`${child} report()`)).toMatchObject({ status: 0, lingered: null });
    expect(performance.now() - before).toBeLessThan(10_000);
  });

  it('ends one that leaves no report in time', async () => {
    expect(await run(`setInterval(() => {}, 1000)`, 1_000)).toMatchObject({
      signal: 'SIGKILL',
      error: { code: 'ETIMEDOUT' },
      lingered: null,
    });
  });
});
