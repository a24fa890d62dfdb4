import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { workspaceRoot } from '@sluice/test-servers';
import { lastReleaseRef } from './previous-version.js';

describe('the release at which an upgrade starts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-release-'));
  const git = (cwd: string, ...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
      cwd,
      encoding: 'utf8',
    }).trim();

  beforeAll(() => {
    mkdirSync(join(folder, 'deploy'));
    git(folder, 'init', '--quiet');
    git(folder, 'commit', '--quiet', '--allow-empty', '--message', 'first');
    writeFileSync(
      join(folder, 'deploy/last-release.json'),
      JSON.stringify({ release: '0.3.0', commit: git(folder, 'rev-parse', 'HEAD') }),
    );
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is the commit of the record without a tag, and the tag as soon as it exists', () => {
    expect(lastReleaseRef(folder)).toBe(git(folder, 'rev-parse', 'HEAD'));

    git(folder, 'tag', 'v0.3.0');
    expect(lastReleaseRef(folder)).toBe('v0.3.0');
  });

  it('is a commit in the record of this repository', () => {
    expect(lastReleaseRef(workspaceRoot())).toMatch(/^([0-9a-f]{40}|v\d+\.\d+\.\d+)$/);
  });
});
