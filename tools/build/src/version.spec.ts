import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesWith, isRelease, versionOf } from '../version.mjs';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const newerThan = (one: string, other: string): boolean =>
  one.localeCompare(other, 'en', { numeric: true }) > 0;

describe('the version', () => {
  const version = versionOf(ROOT);
  const files = filesWith(version, ROOT);

  it.each([...files.keys()])('is that of the root package in %s', (file) => {
    expect(read(file)).toBe(files.get(file));
  });

  it.each([...files.keys()])('changes in %s with the next version', (file) => {
    const next = filesWith('9.8.7-rc.1', ROOT).get(file) ?? '';

    expect(next).toContain('9.8.7-rc.1');
    expect(next).not.toBe(files.get(file));
    if (file !== 'package-lock.json') expect(next).not.toContain(version);
  });

  it('changes for every project of the lockfile, and for no fetched package', () => {
    const next = JSON.parse(filesWith('9.8.7', ROOT).get('package-lock.json') ?? '') as {
      readonly packages: Readonly<Record<string, { readonly version?: string }>>;
    };
    const changed = Object.entries(next.packages).filter(([, one]) => one.version === '9.8.7');

    expect(changed.map(([path]) => path)).toEqual(
      expect.arrayContaining(['', 'apps/ledger', 'libs/client', 'tools/cli']),
    );
    expect(changed.filter(([path]) => path.includes('node_modules/'))).toEqual([]);
  });

  it('is newer than the last release, unless this commit is that release', () => {
    const { release } = JSON.parse(read('tools/repo/released/release.json')) as {
      readonly release: string;
    };

    if (version !== release) expect(newerThan(version.replace(/-.*/, ''), release)).toBe(true);
  });

  it('of a commit after a release is no released version', () => {
    expect(isRelease('0.4.0')).toBe(true);
    expect(isRelease('0.4.0-dev')).toBe(false);
  });

  it.each(['', '0.4', 'latest', 'v0.4.0', '0.4.0+build', '0.4.0 '])('is refused as %j', (wrong) => {
    expect(() => filesWith(wrong, ROOT)).toThrow('semantic version');
  });
});
