import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { changedMigrations, migrationChecksums } from './migration-checksums.js';
import { releaseRecord } from './released.js';
import { ROOT } from './repository.js';

const LEDGER = 'apps/ledger/src/postgres';

describe('a released migration', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-migrations-'));
  const copyLedger = (): void =>
    cpSync(join(ROOT, LEDGER), join(folder, LEDGER), { recursive: true });
  const edit = (change: (sql: string) => string): void => {
    const file = join(folder, LEDGER, 'baseline.sql');
    writeFileSync(file, change(readFileSync(file, 'utf8')));
  };
  copyLedger();
  const released = migrationChecksums(folder);
  const changed = () => changedMigrations(released, migrationChecksums(folder));

  beforeEach(copyLedger);
  afterAll(() => rmSync(folder, { recursive: true }));

  it('never changes and never goes, because databases have it', () => {
    expect(changedMigrations(releaseRecord().migrations, migrationChecksums(ROOT))).toEqual([]);
  });

  it('is refused when a statement of its SQL file has changed', () => {
    edit((sql) => sql.replace('NOT NULL', 'NULL'));

    expect(changed()).toEqual([expect.stringMatching(/^Ledger\d{13}$/)]);
  });

  it('is refused when it is gone', () => {
    rmSync(join(folder, LEDGER), { recursive: true });

    expect(changed()).toEqual([expect.stringMatching(/^Ledger\d{13}$/)]);
  });

  it('may get other comments and another layout', () => {
    edit((sql) => `-- another comment\n\n${sql}`);

    expect(changed()).toEqual([]);
  });
});
