import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepPrivate, layoutOf } from './layout.js';

const permissionsOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

describe('a data folder', () => {
  const home = mkdtempSync(join(tmpdir(), 'sluice-layout-'));
  afterAll(() => rmSync(home, { recursive: true }));

  it('hides logs, segments and books from other users, also in folders made by an earlier start', () => {
    const layout = layoutOf(home);
    mkdirSync(layout.logs, { mode: 0o755 });

    keepPrivate(layout);

    for (const folder of [layout.logs, layout.kafka, layout.simulators])
      expect(permissionsOf(folder)).toBe('700');
  });
});
