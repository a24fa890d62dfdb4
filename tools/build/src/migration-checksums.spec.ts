import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrationChecksums } from '../migration-checksums.mjs';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

describe('a migration that was released', () => {
  const { migrations: released } = JSON.parse(
    readFileSync(join(ROOT, 'deploy', 'last-release.json'), 'utf8'),
  ) as { readonly migrations: Readonly<Record<string, string>> };
  const now = migrationChecksums(ROOT);

  it('is in the record', () => expect(Object.keys(released).length).toBeGreaterThan(0));

  it('never changes and never goes: databases have it', () => {
    const changed = Object.keys(released).filter((name) => now[name] !== released[name]);
    expect(changed).toEqual([]);
  });
});
