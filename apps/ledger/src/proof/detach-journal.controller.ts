import { Body, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  AdminController,
  Answers,
  ApiError,
  DetachJournalDto,
  DetachmentDto,
  Refuses,
  Requires,
} from '@sluice/http-api';
import { unreachable } from '@sluice/kernel';
import { Database } from '@sluice/postgres';
import { ChainKeys } from '../hash-chain/chain-keys.js';
import { HeadSigner } from '../hash-chain/head-signer.js';
import { foldSharedSums } from '../house-accounts/shared-balances.js';
import { add, checkpointSums, LINES, sumColumns, type Sums } from '../sql/balances-at.js';
import { idRanges, type Query } from '../sql/id-ranges.js';
import {
  type Checkpoint,
  type CutoffWalk,
  newestCheckpoint,
  sealCheckpoint,
  storeCheckpoint,
} from './checkpoint.js';
import { inOneSnapshot, type Proof, prove } from './prove-book.controller.js';

@AdminController('journal/detachments')
export class DetachmentsController {
  constructor(
    private readonly database: Database,
    private readonly keys: ChainKeys,
    private readonly signer: HeadSigner,
  ) {}

  @Post()
  @Requires('administer')
  @ApiOperation({
    summary:
      "Proves the book, keeps the proof as a checkpoint, and detaches the partitions of the journal before a date's month",
    description: 'Reads the whole book: for operators.',
  })
  @Answers(DetachmentDto)
  @Refuses({ 409: 'there is nothing to detach, or what is not over or not proven would be' })
  async detachJournal(@Body() { before }: DetachJournalDto): Promise<DetachmentDto> {
    const now = this.database.clock.now();
    const detached = await detachJournal(this.database, this.keys, new Date(before), now);
    if (detached.kind !== 'detached') throw ApiError.conflict(refusalOf(detached));
    const { until, partitions, entries, proof } = detached;
    return {
      until,
      partitions,
      entries,
      heads: proof.chain.heads.map((head) => this.signer.sign(head)),
    };
  }
}

function refusalOf(refused: Exclude<Detached, { kind: 'detached' }>): string {
  const { until } = refused;
  switch (refused.kind) {
    case 'nothing_to_detach':
      return `No partition of the journal ends before ${until}`;
    case 'not_over':
      return `The time before ${until} must have been over for a day`;
    case 'entry_dated_later':
      return `Entry ${refused.entry} lies before ${until} but counts later`;
    case 'too_many_outliers':
      return `Too many entries before ${until} lie outside their partitions`;
    case 'not_proven': {
      const { chain, book } = refused.proof;
      const broken = [
        ...(chain.divergence ? [chain.divergence.kind] : []),
        ...book.violations.map(({ invariant }) => invariant),
      ];
      return `Nothing was detached, because the book is not proven: ${broken.join('; ')}`;
    }
    default:
      return unreachable(refused);
  }
}

/**
 * A partition is over a day after the end of the month: no transaction of this month is still
 * running.
 */
const OVER_AFTER_MS = 86_400_000;
/** Outliers are entries of the partitions' time in the default partition. They stay in the journal. */
const MAX_OUTLIERS = 10_000;
/**
 * Invariant for outliers. Operators must review outliers, but the proof is complete without this
 * check.
 */
const OUTLIERS_INVARIANT = 'no-entry-outside-the-partitions:';

type Detached =
  | {
      readonly kind: 'detached';
      readonly until: string;
      readonly partitions: readonly string[];
      readonly entries: string;
      readonly proof: Proof;
    }
  | { readonly kind: 'nothing_to_detach'; readonly until: string }
  | { readonly kind: 'not_over'; readonly until: string }
  | { readonly kind: 'entry_dated_later'; readonly until: string; readonly entry: string }
  | { readonly kind: 'too_many_outliers'; readonly until: string }
  | { readonly kind: 'not_proven'; readonly until: string; readonly proof: Proof };

/** Proven state of a snapshot, before storage as a checkpoint. */
interface ArchiveSnapshot {
  readonly checkpoint: Checkpoint;
  readonly sums: Sums;
  readonly proof: Proof;
}

/**
 * Detaches the journal partitions ending at or before the start of `before`'s month. First proves
 * the whole book. Afterwards a single transaction stores the chain heads and all account balances
 * of this point as a checkpoint. The same transaction counts and sums the partitions again and
 * detaches them. Detached partitions remain in the database as separate tables. If a check fails,
 * the database is unchanged.
 */
export async function detachJournal(
  database: Database,
  keys: ChainKeys,
  before: Date,
  now: Date,
): Promise<Detached> {
  const until = new Date(Date.UTC(before.getUTCFullYear(), before.getUTCMonth()));
  const time = until.toISOString();
  if (until.getTime() + OVER_AFTER_MS > now.getTime()) return { kind: 'not_over', until: time };
  const partitions = await database.query(
    `SELECT FROM table_partition WHERE parent = 'journal_entry' AND upper <= $1::timestamptz AT TIME ZONE 'UTC'`,
    [time],
  );
  if (partitions.length === 0) return { kind: 'nothing_to_detach', until: time };

  while (await foldSharedSums(database)); // sums of detached entries could not be folded
  const found = await inOneSnapshot(database, (query) => proveForArchive(query, keys, time));
  if ('kind' in found) return found;
  const names = await database.withClient(async (client) => {
    await client.query('BEGIN');
    try {
      await client.query('SET LOCAL statement_timeout = 0'); // a partition is counted and summed as a whole
      const query: Query = async <R extends object>(sql: string, params: readonly unknown[] = []) =>
        (await client.query<R>(sql, [...params])).rows;
      await storeCheckpoint(query, found.checkpoint, sumColumns(found.sums));
      await sealCheckpoint(query, found.checkpoint, keys);
      const [row] = await query<{ partitions: string[] }>(
        'SELECT detach_journal($1) AS partitions',
        [time],
      );
      await client.query('COMMIT');
      return row?.partitions ?? [];
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      throw error;
    }
  });
  return {
    kind: 'detached',
    until: time,
    partitions: names,
    entries: found.checkpoint.entries,
    proof: found.proof,
  };
}

async function proveForArchive(
  query: Query,
  keys: ChainKeys,
  until: string,
): Promise<ArchiveSnapshot | Detached> {
  const [{ bound } = { bound: '' }] = await query<{ bound: string }>(
    `SELECT partition_bound('uuid', $1::timestamptz AT TIME ZONE 'UTC') AS bound`,
    [until],
  );
  const outliers = await query<{ id: string }>(
    'SELECT id FROM journal_entry_default WHERE id < $1 LIMIT $2',
    [bound, MAX_OUTLIERS + 1],
  );
  if (outliers.length > MAX_OUTLIERS) return { kind: 'too_many_outliers', until };
  const staying = new Set(outliers.map(({ id }) => id));
  const [later] = await query<{ id: string }>(
    `SELECT id FROM journal_entry WHERE id < $1 AND (recorded_at >= $2 OR effective_at >= $2) AND id <> ALL ($3::uuid[]) LIMIT 1`,
    [bound, until, [...staying]],
  );
  if (later) return { kind: 'entry_dated_later', until, entry: later.id };

  const walks: CutoffWalk[] = [];
  const proof = await prove(query, keys, [], {
    isArchived: (id) => id < bound && !staying.has(id),
    walks,
  });
  if (
    proof.chain.divergence ||
    proof.book.violations.some(({ invariant }) => !invariant.startsWith(OUTLIERS_INVARIANT))
  )
    return { kind: 'not_proven', until, proof };
  const { sums, entries } = await sumsBefore(query, bound);
  const heads = walks.map(({ head, digest }) => ({ ...head, digest }));
  const checkpoint = { until, bound, entries: String(entries), heads };
  return { checkpoint, sums, proof };
}

/**
 * Returns the balance of every account from entries below `bound`, and the number of entries.
 * Includes earlier checkpoints.
 */
async function sumsBefore(query: Query, bound: string): Promise<{ sums: Sums; entries: bigint }> {
  const [sums, last] = [await checkpointSums(query), await newestCheckpoint(query)];
  let entries = BigInt(last?.entries ?? 0);
  for (const { from, to } of await idRanges(query, 'journal_entry', 'id')) {
    if (from >= bound) break;
    const span = [from, to < bound ? to : bound];
    add(
      sums,
      await query(
        `SELECT account, asset, sum(amount)::text AS sum FROM journal_entry e, ${LINES}
          WHERE id >= $1 AND id < $2 AND tableoid <> 'journal_entry_default'::regclass GROUP BY account, asset`,
        span,
      ),
    );
    const [row] = await query<{ n: string }>(
      `SELECT count(*)::text AS n FROM journal_entry WHERE id >= $1 AND id < $2 AND tableoid <> 'journal_entry_default'::regclass`,
      span,
    );
    entries += BigInt(row?.n ?? 0);
  }
  return { sums, entries };
}
