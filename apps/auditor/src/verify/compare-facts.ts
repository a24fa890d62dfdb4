import type { Database } from '@sluice/postgres';
import { COMPARED, MOVED_LATER, type ComparedKind } from './compared-kinds.js';

type Queries = Pick<Database, 'query'>;

export interface KindResult {
  readonly kind: string;
  readonly recomputed: number;
  readonly stored: number;
  /** Ids of the rows that differ, with the difference. */
  readonly differences: readonly string[];
}

interface Bucket {
  readonly bucket: number;
  readonly rows: number;
  readonly sum: string;
}

interface FactRow {
  readonly id: string;
  readonly text: string;
}

/** Compared time. */
interface ComparedTime {
  readonly from: Date;
  readonly until: Date;
  /** End for payments of the wallet: the newest final block is older than the newest fact. */
  readonly walletUntil: Date;
}

export interface Sides<Recomputed = Database> {
  readonly recomputed: Recomputed;
  readonly stored: Queries;
}

const BUCKET = '(hashtextextended(id, 1) & 4095)::int';

/**
 * Compares the recomputed facts and findings with the auditor's. Each side sums hashes of its rows
 * in buckets; only the rows of different buckets are read.
 */
export async function compareFacts(
  sides: Sides<Queries>,
  { from, until, walletUntil }: ComparedTime,
): Promise<readonly KindResult[]> {
  const moved = await sides.stored.query<{ account_id: string }>(MOVED_LATER, [until]);
  const params = [from, until, moved.map(({ account_id: id }) => id), walletUntil];
  const results: KindResult[] = [];
  for (const kind of COMPARED) results.push(await compareKind(kind, sides, params));
  return results;
}

async function compareKind(
  kind: ComparedKind,
  { recomputed, stored }: Sides<Queries>,
  params: readonly unknown[],
): Promise<KindResult> {
  const [mine, theirs] = [
    await bucketsOf(recomputed, kind, params),
    await bucketsOf(stored, kind, params),
  ];
  const differing = [...new Set([...mine.keys(), ...theirs.keys()])].filter(
    (bucket) => mine.get(bucket)?.sum !== theirs.get(bucket)?.sum,
  );
  const rows = async (database: Queries) =>
    new Map(
      (await rowsOf(database, kind, [...params, differing])).map(({ id, text }) => [id, text]),
    );
  const differences =
    differing.length === 0
      ? []
      : differencesOf(kind.missing, await rows(recomputed), await rows(stored));
  return { kind: kind.name, recomputed: total(mine), stored: total(theirs), differences };
}

/** Names each row that differs. Rows on one side only count as `missing` says. */
export function differencesOf(
  missing: ComparedKind['missing'],
  recomputed: ReadonlyMap<string, string>,
  stored: ReadonlyMap<string, string>,
): readonly string[] {
  const ids = [...new Set([...recomputed.keys(), ...stored.keys()])].sort();
  return ids.flatMap((id) => {
    const [mine, theirs] = [recomputed.get(id), stored.get(id)];
    if (mine === theirs) return [];
    if (theirs === undefined)
      return missing === 'common' ? [] : [`${id}: recomputed, and the auditor does not have it`];
    if (mine === undefined)
      return missing === 'both' ? [`${id}: the auditor has it, and it is not recomputed`] : [];
    return [`${id}: recomputed ${mine}, the auditor has ${theirs}`];
  });
}

async function bucketsOf(
  database: Queries,
  { sql }: ComparedKind,
  params: readonly unknown[],
): Promise<ReadonlyMap<number, Bucket>> {
  const buckets = await database.query<Bucket>(
    `WITH rows AS (${sql})
     SELECT ${BUCKET} AS bucket, count(*)::int AS rows, sum(hashtextextended(id || '|' || text, 7)::numeric)::text AS sum FROM rows GROUP BY 1`,
    [...params],
  );
  return new Map(buckets.map((one) => [one.bucket, one]));
}

function rowsOf(
  database: Queries,
  { sql }: ComparedKind,
  params: readonly unknown[],
): Promise<FactRow[]> {
  return database.query<FactRow>(
    `WITH rows AS (${sql}) SELECT id, text FROM rows WHERE ${BUCKET} = ANY ($5::int[])`,
    [...params],
  );
}

function total(buckets: ReadonlyMap<number, Bucket>): number {
  return [...buckets.values()].reduce((sum, { rows }) => sum + rows, 0);
}
