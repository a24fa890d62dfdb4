import { copyFileSync, lstatSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { postgresBinaries } from './postgres-binaries.js';
import { postgresIdentity, type PostgresIdentity } from './postgres-identity.js';
import { withClient } from './start-postgres.js';

/** What PostgreSQL itself leaves out of a base backup, or makes anew at the start. */
const LEFT_OUT = new Set(['postmaster.pid', 'postmaster.opts']);
const EMPTIED = new Set([
  ...['pg_wal', 'pg_replslot', 'pg_dynshmem', 'pg_notify', 'pg_serial', 'pg_snapshots'],
  ...['pg_stat_tmp', 'pg_subtrans'],
]);

/**
 * Copies a data folder while its server works, as `pg_basebackup` does, which the embedded PostgreSQL does not bring along. It is good only
 * together with the WAL from its beginning on.
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

/** A folder that the server may write its WAL into, and the settings for it. */
export function archiveInto(folder: string): Readonly<Record<string, string>> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  postgresIdentity(postgresBinaries(undefined).postgres, undefined).own(folder);
  return {
    archive_mode: 'on',
    archive_command: `test ! -f "${folder}/%f" && cp "%p" "${folder}/%f"`,
    archive_timeout: '60s',
  };
}

/** Marks a copy as one to be brought to this moment when it starts with the answered settings: then it is a server of its own. */
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

/** Marks a copy as one that follows its original, under this name, when it starts with the answered settings. */
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

/** With the folders in it, which PostgreSQL expects. */
function emptyLike(source: string, target: string, identity: PostgresIdentity): void {
  mkdirSync(target, { mode: 0o700 });
  identity.own(target);
  for (const entry of readdirSync(source, { withFileTypes: true }))
    if (entry.isDirectory() && source.endsWith('pg_wal'))
      emptyLike(join(source, entry.name), join(target, entry.name), identity);
}

/** What is gone by the time it is read is brought back, or removed again, by the WAL. */
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
