import { monotonicMs } from '@sluice/runtime';
import { checkInvariants, type Queryable } from '@sluice/postgres';
import type { Violations, WatchedSnapshot } from '@sluice/service-shell';
import type { ChainKeys } from '../hash-chain/chain-keys.js';
import { fault, type ChainHead, type Divergence } from '../hash-chain/chain-digest.js';
import { isOurs, SIGNER_COLUMNS, type StoredSigner } from '../signers/signers.js';
import { HOLD_EVIDENCE, HoldEvidenceWatch, type HoldSecrets } from './hold-evidence.js';
import { LINES } from '../sql/balances-at.js';
import { type Checkpoint, isSealed, newestCheckpoint } from './checkpoint.js';
import { placedEntries, walkChain } from './walk-chain.js';

const WATCHED = new URL('../postgres/watched/', import.meta.url);
const BALANCES_AT_ONCE = 200;
/** Time limit in ms for each growing part; the next check continues. */
const BUDGET_MS = 1_000;
const MOST_WAITING = 100_000;

interface BalanceKey {
  readonly account_id: string;
  readonly asset: string;
}

/** Interval of the checks (ms): money of an open hold can be spent again until the next check. */
export const WATCH_EVERY_MS = 10_000;
/** Pace of the parts of a check. */
interface WatchPace {
  /** Least interval of the incremental checks (ms). */
  readonly incrementsEveryMs: number;
  /** A part is repeated after this many times its duration at the earliest. */
  readonly restFactor: number;
}
const PACE: WatchPace = { incrementsEveryMs: 60_000, restFactor: 25 };

/**
 * Checks of the book. Every 10 s or slower: sums over the whole book, accounts against their holds,
 * and evidence of the newest and, in turn, other holds. Every minute, incrementally: changed
 * balances, new entries of the chains, and the MAC of every signer. The full proof covers older data.
 */
export class BookWatch {
  /** Oldest transaction id not certainly covered by the last check. */
  private since: string | null = null;
  private readonly waiting = new Map<string, BalanceKey>();
  private heads: readonly ChainHead[] | null = null;
  private checkpoint: Checkpoint | null = null;
  private generation = 0;
  private readonly keys: ChainKeys;
  private readonly holds: HoldEvidenceWatch;
  private readonly sums: PacedPart;
  private readonly increments: PacedPart;

  constructor(secrets: HoldSecrets, { incrementsEveryMs, restFactor }: WatchPace = PACE) {
    this.keys = secrets.keys;
    this.holds = new HoldEvidenceWatch(secrets);
    this.sums = new PacedPart(0, restFactor);
    this.increments = new PacedPart(incrementsEveryMs, restFactor);
  }

  async look({ query, generation }: WatchedSnapshot): Promise<Violations> {
    if (generation !== this.generation) this.forget(generation);
    return [
      ...(await this.sums.run(() => this.lookAtSums(query))),
      ...(await this.increments.run(() => this.lookAtIncrements(query))),
    ];
  }

  private async lookAtSums(query: Queryable['query']): Promise<Violations> {
    const { violations } = await checkInvariants({ query }, WATCHED);
    return [...violations, ...named(HOLD_EVIDENCE, await this.holds.look(query))];
  }

  private async lookAtIncrements(query: Queryable['query']): Promise<Violations> {
    return [
      ...named('posted-is-sum-of-postings', await this.lookAtBalances(query)),
      ...named('entries-are-ours', await this.lookAtChains(query)),
      ...named('signers-are-ours', await this.lookAtSigners(query)),
    ];
  }

  /**
   * A restored database continues from older heads; the comparison with published heads reports it.
   */
  private forget(generation: number): void {
    this.generation = generation;
    this.since = null;
    this.waiting.clear();
    this.heads = null;
    this.checkpoint = null;
  }

  private async lookAtBalances(query: Queryable['query']): Promise<object[]> {
    const [now] = await query<{ xid: string }>(
      'SELECT pg_snapshot_xmin(pg_current_snapshot())::xid::text AS xid',
    );
    const touched =
      this.since === null ? [] : await query<BalanceKey>(TOUCHED, [this.since, MOST_WAITING]);
    this.since = now?.xid ?? null;
    for (const key of touched) this.waiting.set(`${key.account_id} ${key.asset}`, key);
    const [wrong, until] = [[] as object[], monotonicMs() + BUDGET_MS];
    while (this.waiting.size > 0 && monotonicMs() < until) {
      const some = [...this.waiting].slice(0, BALANCES_AT_ONCE);
      const keys = some.map(([, key]) => key);
      const columns = [keys.map((key) => key.account_id), keys.map((key) => key.asset)];
      wrong.push(...(await query<BalanceKey>(WRONG, columns)));
      for (const [name] of some) this.waiting.delete(name);
    }
    // A wrong balance is checked again each time, even if no transaction changes the balance.
    for (const key of wrong as BalanceKey[])
      this.waiting.set(`${key.account_id} ${key.asset}`, key);
    return wrong;
  }

  /** Finds signers inserted with the database login, whose signatures the ledger never accepts. */
  private async lookAtSigners(query: Queryable['query']): Promise<object[]> {
    const rows = await query<StoredSigner>(`SELECT ${SIGNER_COLUMNS} FROM account_signer`);
    return rows.filter((row) => !isOurs(this.keys, row));
  }

  private async lookAtChains(query: Queryable['query']): Promise<Divergence[]> {
    const heads = await query<ChainHead>(HEADS);
    const walked: ChainHead[] = [];
    const until = monotonicMs() + BUDGET_MS;
    const faults: Divergence[] = [];
    for (const head of heads) {
      const known = this.heads?.find(({ shard }) => shard === head.shard) ?? head;
      if (known.sequence === head.sequence && known.hash !== head.hash)
        faults.push(fault('head_differs', head, []));
      const isLate = monotonicMs() > until;
      const { last, divergence } = isLate
        ? { last: known, divergence: null }
        : await this.walkOn(query, known);
      if (divergence) faults.push(divergence);
      else if (!isLate && (last.sequence !== head.sequence || last.hash !== head.hash))
        faults.push(fault('head_differs', head, []));
      walked.push({ shard: last.shard, sequence: last.sequence, hash: last.hash });
    }
    this.heads = walked;
    return faults;
  }

  private async walkOn(
    query: Queryable['query'],
    known: ChainHead,
  ): Promise<{ last: ChainHead; divergence: Divergence | null }> {
    const start = await this.startOf(query, known);
    return 'kind' in start
      ? { last: known, divergence: start }
      : walkChain(query, start, this.keys, () => null);
  }

  /**
   * Returns the entry of an earlier walk, or the head of the checkpoint that has detached the entry;
   * a divergence if the entry is gone or another.
   */
  private async startOf(
    query: Queryable['query'],
    known: ChainHead,
  ): Promise<ChainHead | Divergence> {
    const { shard, sequence, hash } = known;
    if (sequence === '0') return known;
    for await (const { id, ...at } of placedEntries(query, shard, before(sequence), sequence)) {
      if (at.hash !== hash) return fault('entry_changed', known, [id]);
      return this.keys.knows(at.keyId) ? known : fault('entry_key_unknown', known, [id]);
    }
    const checkpoint = await this.sealedCheckpoint(query);
    const cut = checkpoint?.heads.find((head) => head.shard === shard);
    return cut && BigInt(cut.sequence) >= BigInt(sequence)
      ? cut
      : fault('entry_missing', known, []);
  }

  /** Verifies each newest checkpoint once: its MAC covers the balances of all accounts. */
  private async sealedCheckpoint(query: Queryable['query']): Promise<Checkpoint | null> {
    const newest = await newestCheckpoint(query);
    if (newest?.until !== this.checkpoint?.until)
      this.checkpoint = newest && (await isSealed(query, newest, this.keys)) ? newest : null;
    return this.checkpoint;
  }
}

function before(sequence: string): string {
  return String(BigInt(sequence) - 1n);
}

/** Part of the check with its own pace. A violated part is checked again each time. */
class PacedPart {
  private dueAt = 0;

  constructor(
    private readonly leastMs: number,
    private readonly restFactor: number,
  ) {}

  async run(check: () => Promise<Violations>): Promise<Violations> {
    const begunAt = monotonicMs();
    if (begunAt < this.dueAt) return [];
    const found = await check();
    const restMs = Math.max(this.leastMs, this.restFactor * (monotonicMs() - begunAt));
    this.dueAt = found.length > 0 ? 0 : begunAt + restMs;
    return found;
  }
}

function named(invariant: string, rows: readonly object[]): Violations {
  return rows.length > 0 ? [{ invariant, rows: rows.slice(0, 20) }] : [];
}

const TOUCHED = `
  SELECT account_id, asset FROM balance WHERE age(xmin) <= age($1::text::xid) ORDER BY age(xmin) LIMIT $2`;

const WRONG = `
  SELECT b.account_id, b.asset, b.posted, coalesce(p.sum, 0) + coalesce(c.sum, 0) AS postings
    FROM unnest($1::uuid[], $2::text[]) AS k(account_id, asset)
    JOIN balance b USING (account_id, asset)
    LEFT JOIN LATERAL (
      SELECT sum(p.amount) FROM journal_entry e, ${LINES}
       WHERE e.account_id = b.account_id AND p.account = 'customer:' || b.account_id AND p.asset = b.asset) AS p ON true
    LEFT JOIN checkpoint_balance c ON c.until = (SELECT max(until) FROM checkpoint) AND c.account = 'customer:' || b.account_id AND c.asset = b.asset
   WHERE b.posted <> coalesce(p.sum, 0) + coalesce(c.sum, 0)`;

const HEADS = `
  SELECT shard, sequence::text AS sequence, encode(hash, 'hex') AS hash FROM chain_head ORDER BY chain_head.shard`;
