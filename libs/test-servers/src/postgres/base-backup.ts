import { copyFileSync, lstatSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { postgresBinaries, postgresIdentity, type PostgresIdentity } from './postgres-cluster.js';
import { withClient } from './start-postgres.js';

/** Files omitted by PostgreSQL from a base backup, or created at the start. */
const LEFT_OUT = new Set(['postmaster.pid', 'postmaster.opts']);
const EMPTIED = new Set([
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
]);

/**
 * Copies a data folder while the server runs, like `pg_basebackup`, a program missing in the
 * embedded PostgreSQL. The copy is valid only together with the WAL from the start of the backup
 * on.
 */
export async function takeBaseBackup(
  adminUrl: string,
  dataDir: string,
  into: string,
): Promise<void> {
  const identity = postgresIdentity(postgresBinaries(undefined).postgres, undefined);
  await withClient(adminUrl, async (client) => {
    await client.query(`SELECT pg_backup_start('sluice', fast => true)`);
    copyFolder(dataDir, into, identity);
    const { rows } = await client.query<{ labelfile: string }>(
      'SELECT labelfile FROM pg_backup_stop(wait_for_archive => false)',
    );
    writeOwned(join(into, 'backup_label'), rows[0]?.labelfile ?? '', identity);
  });
}

/** Creates a folder for the server's WAL archive, and returns the settings for archiving. */
export function archiveInto(folder: string): Readonly<Record<string, string>> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  postgresIdentity(postgresBinaries(undefined).postgres, undefined).own(folder);
  return {
    archive_mode: 'on',
    archive_command: `test ! -f "${folder}/%f" && cp "%p" "${folder}/%f"`,
    archive_timeout: '60s',
  };
}

/**
 * Marks a copy for recovery to a moment, and returns the settings for the start. After recovery the
 * copy is an independent server.
 */
export function restoreTo(
  moment: string,
  dataDir: string,
  archive: string,
): Readonly<Record<string, string>> {
  mark(dataDir, 'recovery.signal');
  return {
    restore_command: `cp "${archive}/%f" "%p"`,
    recovery_target_time: moment,
    recovery_target_action: 'promote',
  };
}

/**
 * Marks a copy as a standby of the original, under the given name, and returns the settings for the
 * start.
 */
export function standbyOf(
  { port, password }: { readonly port: number; readonly password: string },
  dataDir: string,
  name: string,
): Readonly<Record<string, string>> {
  mark(dataDir, 'standby.signal');
  return {
    primary_conninfo: `host=127.0.0.1 port=${port} user=postgres password=${password} application_name=${name}`,
  };
}

function mark(dataDir: string, file: string): void {
  const identity = postgresIdentity(postgresBinaries(undefined).postgres, undefined);
  writeOwned(join(dataDir, file), '', identity);
}

function copyFolder(from: string, into: string, identity: PostgresIdentity): void {
  mkdirSync(into, { mode: 0o700 });
  identity.own(into);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(into, entry.name)];
    if (LEFT_OUT.has(entry.name) || entry.name.startsWith('pgsql_tmp')) continue;
    if (EMPTIED.has(entry.name)) emptyLike(source, target, identity);
    else if (entry.isDirectory()) copyFolder(source, target, identity);
    else copyFile(source, target, identity);
  }
}

/** Creates an empty folder, for `pg_wal` with the subfolders expected by PostgreSQL. */
function emptyLike(source: string, target: string, identity: PostgresIdentity): void {
  mkdirSync(target, { mode: 0o700 });
  identity.own(target);
  for (const entry of readdirSync(source, { withFileTypes: true }))
    if (entry.isDirectory() && source.endsWith('pg_wal'))
      emptyLike(join(source, entry.name), join(target, entry.name), identity);
}

/** Copies a file. A file deleted before the copy is restored, or deleted again, by the WAL. */
function copyFile(source: string, target: string, identity: PostgresIdentity): void {
  try {
    if (!lstatSync(source).isFile()) return;
    copyFileSync(source, target);
    identity.own(target);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}

function writeOwned(file: string, text: string, identity: PostgresIdentity): void {
  writeFileSync(file, text, { mode: 0o600 });
  identity.own(file);
}
