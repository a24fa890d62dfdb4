import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { inTurn } from '../build-lock.mjs';

const LOCK_MODULE = fileURLToPath(new URL('../build-lock.mjs', import.meta.url));
const GONE = 4_194_304; // above every pid that Linux gives out

describe('inTurn', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-lock-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('lets processes that start at once build one after the other', async () => {
    const [lock, log] = [join(folder, 'lock'), join(folder, 'log')];
    const script = `
      const [{ inTurn }, fs] = [await import(${JSON.stringify(LOCK_MODULE)}), await import('node:fs')];
      await inTurn(${JSON.stringify(lock)}, async () => {
        fs.appendFileSync(${JSON.stringify(log)}, 'begins\\n');
        await new Promise((resolve) => setTimeout(resolve, 50));
        fs.appendFileSync(${JSON.stringify(log)}, 'ends\\n');
      });`;
    const run = promisify(execFile);

    await Promise.all(
      [1, 2, 3, 4].map(() => run(process.execPath, ['--input-type=module', '-e', script])),
    );

    expect(readFileSync(log, 'utf8')).toBe('begins\nends\n'.repeat(4));
    expect(existsSync(lock)).toBe(false);
  });

  it('takes over what a process left that has ended', async () => {
    const lock = join(folder, 'lock');
    writeFileSync(lock, `${GONE}`);

    expect(await inTurn(lock, () => 'built')).toBe('built');
  });

  it('gives the lock back when the build fails', async () => {
    const lock = join(folder, 'lock');

    await expect(inTurn(lock, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(existsSync(lock)).toBe(false);
  });
});
