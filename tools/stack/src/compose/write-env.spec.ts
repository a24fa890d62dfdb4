import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { workspaceRoot } from '@sluice/test-servers';

const ISSUER = 'libs/test-servers/src/issuer';
const DATABASES = 'tools/stack/compose/databases.sh';
const WRITE_ENV = 'tools/stack/compose/write-env.mjs';

describe('write-env.mjs', () => {
  const root = mkdtempSync(join(tmpdir(), 'sluice-write-env-'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  const modeOf = (path: string): string => (statSync(join(root, path)).mode & 0o777).toString(8);

  it('makes mounted files of a checkout with umask 077 readable, and no secret', () => {
    for (const path of ['docker-compose.yml', ISSUER, DATABASES, WRITE_ENV])
      cpSync(join(workspaceRoot(), path), join(root, path), { recursive: true });
    const files = readdirSync(join(root, ISSUER)).map((file) => `${ISSUER}/${file}`);
    for (const path of [DATABASES, ...files]) chmodSync(join(root, path), 0o600);
    chmodSync(join(root, ISSUER), 0o700);

    execFileSync(process.execPath, [join(root, WRITE_ENV)]);

    expect(modeOf(ISSUER)).toBe('755');
    expect([DATABASES, ...files].map(modeOf).filter((mode) => mode !== '644')).toEqual([]);
    expect(modeOf('.sluice/compose.env')).toBe('600');
  });
});
