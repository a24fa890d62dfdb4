import { Injectable } from '@nestjs/common';
import { ledgerChainHeads } from '@sluice/messages';
import { type Tx, UnitOfWork } from '@sluice/postgres';
import { InjectLogger, InjectPlatform, type Logger, type Platform } from '@sluice/service-shell';
import { BookMemory } from './book-memory.js';
import type { ChainHead, GivenHead } from './chain-digest.js';
import { HeadSigner, publishAllHeadsNext } from './head-signer.js';

/** Messages read per partition: all heads are published every ten minutes. */
const NEWEST = 3_000;
const NOT_COMPARED = 'the chains are not compared with the published heads yet';

/**
 * Compares the chains with heads seen earlier: published, remembered, or kept by other services.
 * Only heads signed by this ledger count. A shorter chain, or another entry, halts the book.
 */
@Injectable()
export class CompareHeads {
  /** True if the last comparison found a head not yet published. */
  hasUnpublished = false;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly signer: HeadSigner,
    private readonly memory: BookMemory,
    @InjectLogger() private readonly logger: Logger,
    @InjectPlatform() private readonly platform: Pick<Platform, 'onLogLoss' | 'readNewest'>,
  ) {}

  get readsPublished(): boolean {
    return this.platform.readNewest !== undefined;
  }

  /**
   * Blocks booking until the first comparison, and after a change of the database, whose other
   * instances' bookings are unknown. Publishes heads lost by Kafka again.
   */
  watch(compareAgain: () => void): void {
    const { database } = this.unitOfWork;
    if (this.readsPublished) {
      this.memory.waitFor(NOT_COMPARED);
      database.continuity.listen({
        noticed: () => {
          this.memory.waitFor(NOT_COMPARED);
          compareAgain();
        },
      });
    }
    this.platform.onLogLoss((topic) => {
      if (topic !== ledgerChainHeads.name) return;
      publishAllHeadsNext(database).catch((error: unknown) =>
        this.logger.warn({ err: error }, 'lost chain heads could not be published again'),
      );
    });
  }

  /** Returns false while no head may be published: a restored book must not publish older heads as the newest. */
  async compare(): Promise<boolean> {
    if (this.memory.waitsFor !== null) {
      const { continuity } = this.unitOfWork.database;
      const { generation } = continuity;
      const compared = await this.withPublished().then(
        () => true,
        (error: unknown) => (this.logger.warn({ err: error }, NOT_COMPARED), false),
      );
      if (!compared || generation !== continuity.generation) return false;
      this.memory.goOn();
    }
    await this.withMemory();
    return this.memory.waitsFor === null; // otherwise the database was replaced during this
  }

  /** Compares with the newest heads on `ledger.chain-heads`. Throws while Kafka is unavailable. */
  async withPublished(): Promise<void> {
    const { readNewest } = this.platform;
    if (!readNewest) return;
    const messages = await readNewest(ledgerChainHeads, NEWEST);
    const published = this.ownOf(
      messages.map(({ data: { shard, ...head } }) => ({ ...head, shard: Number(shard) })),
    );
    if (published.length === 0)
      this.logger.warn(
        {},
        'ledger.chain-heads has no head of this ledger: only the comparison by intake-api can prove that this ledger is complete',
      );
    await this.haltIfLost(published, 'ledger.chain-heads');
  }

  /** Compares with heads kept by another service. Returns the heads missing in the book. */
  withKept(heads: readonly GivenHead[], keptBy: string): Promise<readonly LostHead[]> {
    return this.haltIfLost(this.ownOf(heads), `what ${keptBy} has kept`);
  }

  /**
   * Compares with the heads seen committed, and remembers the present ones. Writes nothing without
   * a loss.
   */
  private async withMemory(): Promise<void> {
    const { database } = this.unitOfWork;
    const known = this.memory.known();
    if ((await lostHeads(database, known)).length > 0) {
      const lost = await this.haltIfLost(known, 'the memory of a running process');
      if (lost.length > 0) this.memory.forget();
    }
    const heads = await headsNow(database);
    this.memory.learn(heads, null);
    this.hasUnpublished = heads.some((head) => !head.is_published);
  }

  private ownOf(heads: readonly GivenHead[]): readonly ChainHead[] {
    return heads.filter((head) => this.signer.signed(head));
  }

  private async haltIfLost(
    heads: readonly ChainHead[],
    seenIn: string,
  ): Promise<readonly LostHead[]> {
    return this.unitOfWork.run(async (tx) => {
      const lost = await lostHeads(tx, heads);
      if (lost.length === 0) return lost;
      const reason = await haltForLostHeads(tx, lost, seenIn);
      this.logger.error({ lost: lost.slice(-20) }, reason);
      return lost;
    });
  }
}

type Reader = Pick<Tx, 'query'>;

/** Head seen earlier, with the present end of the book's own chain. */
interface LostHead extends ChainHead {
  readonly own: string;
}

interface PresentHead extends ChainHead {
  readonly is_published: boolean;
}

export function headsNow(reader: Reader): Promise<readonly PresentHead[]> {
  return reader.query<PresentHead>(
    `SELECT shard, sequence::text AS sequence, encode(hash, 'hex') AS hash, published >= sequence AS is_published FROM chain_head ORDER BY chain_head.shard`,
    [],
  );
}

/** Given heads missing in the book, except entries of detached months and heads of a lifted halt. */
export function lostHeads(reader: Reader, heads: readonly ChainHead[]): Promise<LostHead[]> {
  if (heads.length === 0) return Promise.resolve([]);
  return reader.query<LostHead>(LOST, [
    heads.map(({ shard }) => shard),
    heads.map(({ sequence }) => sequence),
    heads.map(({ hash }) => hash),
  ]);
}

/** Halts the book with the lost heads, which a lift accepts as lost. Returns the reason. */
export async function haltForLostHeads(
  tx: Reader,
  lost: readonly LostHead[],
  seenIn: string,
): Promise<string> {
  const reason = reasonOfLostHeads(lost, seenIn);
  await tx.query('INSERT INTO book_halt (reason) VALUES ($1) ON CONFLICT DO NOTHING', [reason]);
  await tx.query(KEEP, [
    lost.map(({ shard }) => shard),
    lost.map(({ sequence }) => sequence),
    lost.map(({ hash }) => hash),
  ]);
  return reason;
}

/** Names present height, height seen earlier, and the operator's next step, per chain. */
function reasonOfLostHeads(lost: readonly LostHead[], seenIn: string): string {
  const newest = new Map<number, LostHead>();
  for (const head of lost) {
    const known = newest.get(head.shard);
    if (!known || BigInt(head.sequence) > BigInt(known.sequence)) newest.set(head.shard, head);
  }
  const chains = [...newest.values()].sort((a, b) => a.shard - b.shard);
  const named = chains.slice(0, MOST_NAMED).map(describe).join('; ');
  const more = chains.length > MOST_NAMED ? `; and ${chains.length - MOST_NAMED} more chains` : '';
  return `the ledger's database was put back: ${named}${more}. ${REMEDY} (seen in ${seenIn})`;
}

function describe({ shard, own, sequence }: LostHead): string {
  return BigInt(sequence) > BigInt(own)
    ? `chain ${shard} ends at entry ${own} and had entry ${sequence}`
    : `chain ${shard} had another entry ${sequence} than now`;
}

const MOST_NAMED = 3;
const REMEDY =
  'Bring the newer database back, or follow "Only the ledger’s database was restored" in docs/operations/backup-and-restore.md';

const LOST = `
  SELECT g.shard, g.sequence::text AS sequence, g.hash, h.sequence::text AS own
    FROM unnest($1::smallint[], $2::bigint[], $3::text[]) AS g (shard, sequence, hash)
    JOIN chain_head h USING (shard)
    LEFT JOIN journal_entry e ON e.shard = g.shard AND e.sequence = g.sequence
    LEFT JOIN checkpoint_head c ON c.shard = g.shard AND c.sequence = g.sequence
   WHERE (g.sequence > h.sequence OR g.sequence = h.sequence AND decode(g.hash, 'hex') <> h.hash
          OR decode(g.hash, 'hex') <> e.mac OR decode(g.hash, 'hex') <> c.hash)
     AND NOT EXISTS (SELECT FROM lost_head x JOIN book_halt b ON b.id = x.halt_id
                      WHERE x.shard = g.shard AND x.sequence = g.sequence AND x.hash = decode(g.hash, 'hex') AND b.lifted_at IS NOT NULL)
   GROUP BY g.shard, g.sequence, g.hash, h.sequence ORDER BY g.shard, g.sequence`;

const KEEP = `
  INSERT INTO lost_head (halt_id, shard, sequence, hash)
  SELECT b.id, k.shard, k.sequence, decode(k.hash, 'hex')
    FROM book_halt b, unnest($1::smallint[], $2::bigint[], $3::text[]) AS k (shard, sequence, hash)
   WHERE b.lifted_at IS NULL
  ON CONFLICT DO NOTHING`;
