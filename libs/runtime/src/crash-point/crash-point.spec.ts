import { spawnSync } from 'node:child_process';
import { transformFileSync } from '@swc/core';

const source = transformFileSync(
  new URL('./crash-point.ts', import.meta.url).pathname,
).code.replaceAll('export ', '');

function run(env: Record<string, string>): { signal: string | null; out: string } {
  const script = `${source}\nfor (const n of [1, 2, 3]) { crashAt('ledger.after-commit'); console.log(n); }`;
  const { signal, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    env,
    encoding: 'utf8',
  });
  return { signal, out: stdout.replaceAll('\n', '') };
}

describe('crashAt', () => {
  it('is inert unless its own point is named', () => {
    expect(run({})).toEqual({ signal: null, out: '123' });
    expect(run({ FAULT_AT: 'ledger.before-commit' })).toEqual({ signal: null, out: '123' });
  });

  it('kills at the n-th passage', () => {
    expect(run({ FAULT_AT: 'ledger.after-commit' })).toEqual({ signal: 'SIGKILL', out: '' });
    expect(run({ FAULT_AT: 'ledger.after-commit:3' })).toEqual({ signal: 'SIGKILL', out: '12' });
  });

  it('knows each point by its number too', () => {
    expect(run({ FAULT_AT: 'K6:3' })).toEqual({ signal: 'SIGKILL', out: '12' });
    expect(run({ FAULT_AT: 'K5' })).toEqual({ signal: null, out: '123' });
  });

  it('cannot be switched on in production', () => {
    expect(run({ FAULT_AT: 'ledger.after-commit', NODE_ENV: 'production' })).toEqual({
      signal: null,
      out: '123',
    });
  });
});
