import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runVerification } from './run-verification.js';

const programThat = (code: string): string => {
  const program = join(mkdtempSync(join(tmpdir(), 'verify-')), 'verify.mjs');
  writeFileSync(program, code);
  return program;
};

describe('the verification of the audit', () => {
  it('returns the output and the exit code of the program', async () => {
    const program = programThat(
      `console.log(process.argv.slice(2).join(' ')); process.exitCode = 1;`,
    );

    expect(await runVerification('2026-11-26T00:00:00Z', program)).toEqual({
      lines: ['--since 2026-11-26T00:00:00Z'],
      code: 1,
    });
  });

  it('proves nothing if the program is killed', async () => {
    const program = programThat(`process.kill(process.pid, 'SIGKILL');`);

    expect(await runVerification('2026-11-26T00:00:00Z', program)).toEqual({ lines: [], code: 2 });
  });

  it('is refused without the program', async () => {
    await expect(runVerification('2026-11-26T00:00:00Z', '/missing.js')).rejects.toThrow(
      '/missing.js is missing',
    );
  });
});
