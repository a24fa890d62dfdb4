import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endOf, faultOfRunner } from '../runner-end.mjs';

describe('faultOfRunner', () => {
  it('finds nothing wrong where a report tells how the tests went, passed or failed', () => {
    expect(faultOfRunner({ status: 0, signal: null }, true)).toBeUndefined();
    expect(faultOfRunner({ status: 1, signal: null }, true)).toBeUndefined();
  });

  it('names the exit code of a runner that left no report', () => {
    expect(faultOfRunner({ status: 7, signal: null }, false)).toBe(
      'the test runner ended with exit code 7 and left no report',
    );
  });

  it('names the signal, with or without a report', () => {
    expect(faultOfRunner({ status: null, signal: 'SIGSEGV' }, false)).toBe(
      'the test runner was ended by SIGSEGV and left no report',
    );
    expect(faultOfRunner({ status: null, signal: 'SIGTERM' }, true)).toBe(
      'the test runner was ended by SIGTERM and left a report',
    );
    expect(faultOfRunner({ status: null, signal: 'SIGKILL' }, false)).toContain('short of memory');
  });

  it('tells one that did not end in time', () => {
    const late = Object.assign(new Error(''), { code: 'ETIMEDOUT' });

    expect(faultOfRunner({ status: null, signal: 'SIGTERM', error: late }, true)).toBe(
      'the test runner did not end in time and left a report',
    );
  });

  it('tells a runner that could not begin from one that wrote too much', () => {
    const [missing, full] = [
      Object.assign(new Error('spawn ENOENT'), { code: 'ENOENT' }),
      Object.assign(new Error(''), { code: 'ENOBUFS' }),
    ];

    expect(faultOfRunner({ status: null, signal: null, error: missing }, false)).toContain(
      'could not be run (spawn ENOENT)',
    );
    expect(faultOfRunner({ status: null, signal: 'SIGTERM', error: full }, false)).toContain(
      'more than is kept of its output',
    );
  });
});

describe('endOf', () => {
  it('keeps the last lines', () => {
    expect(endOf('one\ntwo\nthree\n', 2)).toBe('two\nthree');
  });
});

describe('jest.mjs', () => {
  it('says how its runner ended that left no report, after what that wrote', () => {
    const nowhere = join(tmpdir(), `no-project-${process.pid}`);
    const NX_TASK_TARGET_PROJECT = 'nowhere'; // Nx holds the output back: nothing may get lost

    const ran = spawnSync(process.execPath, ['tools/build/jest.mjs', 'unit', nowhere], {
      env: { ...process.env, NX_TASK_TARGET_PROJECT },
      encoding: 'utf8',
    });

    expect(ran.status).toBe(1);
    expect(ran.stderr).toMatch(
      /rootDir[^]+: the test runner ended with exit code 1 and left no report\n$/,
    );
  });
});
