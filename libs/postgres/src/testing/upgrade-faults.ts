import { listRights, rightInWords } from '../schema/rights.js';
import { withPlatform, type DatabaseSchema } from '../schema/schema.js';
import type { MigrationClass } from '../schema/migrations.js';
import { asOwner, withClient } from '@sluice/test-servers';
import { DataSource, type MigrationInterface } from 'typeorm';
import { readCatalogue, type Ask } from './catalogue.js';
import { compareCatalogues } from './compare-catalogues.js';
import { longLocks, watchDdl } from './ddl-watch.js';
import type { LastRelease } from './last-release.js';

/** Declarations of a migration about compatibility. */
interface Marks {
  /**
   * Set if the migration rejects or removes parts unused by release `since` and every later
   * release.
   */
  readonly contracts?: { readonly since: string; readonly because: string };
  /** Reason why the migration's locks are short. */
  readonly locks?: string;
}

interface Upgrade {
  /** The superuser's address of an empty database. */
  readonly url: string;
  readonly schema: DatabaseSchema;
  /** Name of the schema in the release record. */
  readonly name: string;
  readonly released: LastRelease;
}

/**
 * Returns the incompatibilities of the schema's new migrations and rights with the last release, as
 * sentences.
 */
export async function upgradeFaults({
  url,
  schema,
  name,
  released,
}: Upgrade): Promise<readonly string[]> {
  const { migrations, rights } = withPlatform(schema);
  const sorted = [...migrations].sort((a, b) => timestampOf(a) - timestampOf(b));
  const isReleased = (Migration: MigrationClass): boolean =>
    nameOf(Migration) in released.migrations;
  const now = new Set(listRights(rights).map(rightInWords));
  const lost = (released.rights[name] ?? []).filter((right) => !now.has(right));
  return [
    ...(await withClient(url, async (client) => {
      const ask: Ask = async <Row>(sql: string) => (await client.query(sql)).rows as Row[];
      const owner = await new DataSource({ type: 'postgres', url: asOwner(url) }).initialize();
      try {
        for (const Migration of sorted.filter(isReleased)) await apply(owner, Migration);
        return await faultsOfEach(
          ask,
          owner,
          sorted.filter((one) => !isReleased(one)),
          released,
        );
      } finally {
        await owner.destroy();
      }
    })),
    ...lost.map((right) => `the login loses ${right}, which the last release has`),
  ];
}

async function faultsOfEach(
  ask: Ask,
  owner: DataSource,
  migrations: readonly MigrationClass[],
  { release }: LastRelease,
): Promise<readonly string[]> {
  await watchDdl(ask);
  const before = await readCatalogue(ask);
  const known = new Set<string>();
  const faults: string[] = [];
  for (const Migration of migrations) {
    await apply(owner, Migration);
    const { contracts, locks } = new Migration() as MigrationInterface & Marks;
    const found = compareCatalogues(before, await readCatalogue(ask)).filter(
      (fault) => !known.has(fault),
    );
    const held = await longLocks(ask, before.relations);
    found.forEach((fault) => known.add(fault));
    const isContracted = contracts !== undefined && !isNewer(contracts.since, release);
    const why =
      contracts && !isContracted
        ? ` (it contracts since ${contracts.since}; the last release is ${release})`
        : '';
    faults.push(
      ...[
        ...(isContracted ? [] : found.map((fault) => fault + why)),
        ...(locks === undefined ? held : []),
      ].map((fault) => `${nameOf(Migration)} ${fault}`),
    );
  }
  return faults;
}

async function apply(owner: DataSource, Migration: MigrationClass): Promise<void> {
  const migration = new Migration();
  const runner = owner.createQueryRunner();
  try {
    if (migration.transaction === false) return await migration.up(runner);
    await runner.startTransaction();
    await migration.up(runner);
    await runner.commitTransaction();
  } finally {
    await runner.release();
  }
}

function nameOf(Migration: MigrationClass): string {
  return new Migration().name ?? Migration.name;
}

function timestampOf(Migration: MigrationClass): number {
  return Number(nameOf(Migration).slice(-13));
}

function isNewer(one: string, other: string): boolean {
  const [a, b] = [one, other].map((version) => version.split('.').map(Number)) as [
    number[],
    number[],
  ];
  const at = a.findIndex((part, index) => part !== b[index]);
  return at !== -1 && (a[at] ?? 0) > (b[at] ?? 0);
}
