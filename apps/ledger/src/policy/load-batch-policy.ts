import type { Book } from '@sluice/ledger-core';
import { chargeOf, type Facts, firstBucket } from '@sluice/policy-core';
import type { Tx } from '@sluice/postgres';
import type { LedgerCommand } from '../wire/ledger-command.js';
import { BatchPolicy, counterKey, type StoredCounters } from './batch-policy.js';
import { factsOf, storedFacts } from './hold-facts.js';
import type { Policies, PolicyNow } from './policies.js';
import type { PolicyBook, PolicyVersion } from './policy-book.js';
import { loadRecipients, NO_RECIPIENTS } from './recipients.js';

/**
 * Loads the policy after the balances are locked. Counters are locked in one order and read
 * afterwards: no two batches decide by the same count.
 */
export async function loadBatchPolicy(
  tx: Tx,
  source: Pick<Policies, 'recentPrices' | 'seals'>,
  { book: policies, settings, now }: PolicyNow,
  { book, commands, at }: { book: Book; commands: readonly LedgerCommand[]; at: string },
): Promise<BatchPolicy> {
  const inForce = policies.requireInForce(now);
  const base = { book: policies, inForce };
  if (policies.versions.length === 0 && settings.isEmpty)
    return new BatchPolicy({
      ...base,
      counters: NO_COUNTERS,
      prices: {},
      recipients: NO_RECIPIENTS,
    });
  const maxAge = inForce?.set.priceMaxAgeMinutes ?? 0;
  const inForceRules = inForce?.set.rules ?? [];
  const rules = [...policies.meters.map(({ rule }) => rule), ...inForceRules];
  const needsPrices = rules.some((rule) => 'unit' in rule && rule.unit === 'EUR');
  const prices = needsPrices ? await source.recentPrices(tx, maxAge) : {};
  const withdrawals = decidedIn(book, commands, prices);
  const needed = neededCounters(policies, inForce, withdrawals, at);
  void lockCounters(tx, needed);
  const [counters, recipients] = await Promise.all([
    readCounters(tx, needed),
    loadRecipients(tx, { rules: inForceRules, settings, seals: source.seals, now }, withdrawals),
  ]);
  const policy = new BatchPolicy({ ...base, counters, prices, recipients });
  for (const { data } of commands)
    if ('withdrawalId' in data && data.withdrawalId !== undefined)
      policy.remember(book, data.withdrawalId);
  return policy;
}

function decidedIn(
  book: Book,
  commands: readonly LedgerCommand[],
  prices: Readonly<Record<string, string>>,
): readonly Facts[] {
  return commands.flatMap((command) => {
    if (command.type === 'ledger.place-hold.v1')
      return book.hold(command.data.withdrawalId) === undefined
        ? factsOf(command, prices[command.data.asset] ?? null)
        : [];
    if (command.type !== 'ledger.assign-hold.v1' && command.type !== 'ledger.grant-hold.v1')
      return [];
    const hold = book.hold(command.data.withdrawalId);
    if (hold?.state !== 'placed') return [];
    const facts = storedFacts(hold);
    return 'venue' in command.data ? { ...facts, venue: command.data.venue } : facts;
  });
}

/** Number of advisory locks over all counters: a batch never takes more. */
const LOCK_SLOTS = 256;
/** First half of the two-part key of these locks. */
const LOCK_SPACE = 7421;

export const NO_COUNTERS: StoredCounters = new Map();

/** Counter needed for a decision, from the first bucket of its window on. */
interface NeededCounter {
  readonly meter: string;
  readonly key: string;
  readonly from: number;
}

export function neededCounters(
  book: PolicyBook,
  inForce: PolicyVersion | null,
  withdrawals: readonly Facts[],
  at: string,
): readonly NeededCounter[] {
  if (inForce === null) return [];
  const instant = Date.parse(at);
  const needed = new Map<string, NeededCounter>();
  for (const facts of withdrawals)
    for (const rule of inForce.set.rules) {
      const charge = rule.kind === 'limit' ? chargeOf(rule, facts, instant, book.offsetOf) : null;
      if (rule.kind !== 'limit' || charge === null) continue;
      const meter = book.meterOf(rule.name, inForce.version);
      const from = firstBucket(rule, instant, book.offsetOf);
      needed.set(counterKey(meter, charge.key), { meter, key: charge.key, from });
    }
  return [...needed.values()];
}

/** Locks counters in one order, until the end of the transaction. */
async function lockCounters(tx: Tx, needed: readonly NeededCounter[]): Promise<void> {
  if (needed.length > 0)
    await tx.query(LOCK, [needed.map(({ meter }) => meter), needed.map(({ key }) => key)]);
}

export async function readCounters(
  source: Pick<Tx, 'query'>,
  needed: readonly NeededCounter[],
): Promise<StoredCounters> {
  if (needed.length === 0) return NO_COUNTERS;
  const rows = await source.query<{ meter: string; key: string; start: string; used: string }>(
    READ,
    [
      needed.map(({ meter }) => meter),
      needed.map(({ key }) => key),
      needed.map(({ from }) => new Date(from).toISOString()),
    ],
  );
  const counters = new Map<string, { start: number; used: string }[]>();
  for (const { meter, key, start, used } of rows) {
    const id = counterKey(meter, key);
    const bucket = { start: Number(start), used };
    const known = counters.get(id);
    if (known) known.push(bucket);
    else counters.set(id, [bucket]);
  }
  return counters;
}

const LOCK = `
  SELECT pg_advisory_xact_lock(${LOCK_SPACE}, slot)
    FROM (SELECT DISTINCT abs(hashtext(meter || ' ' || key) % ${LOCK_SLOTS}) AS slot
            FROM unnest($1::text[], $2::text[]) AS k (meter, key) ORDER BY slot) AS slots`;

/** Buckets after the present one count too: another instance may be ahead by a moment. */
const READ = `
  SELECT c.meter, c.key, (extract(epoch FROM c.bucket) * 1000)::bigint AS start, c.used::text
    FROM unnest($1::text[], $2::text[], $3::timestamptz[]) AS k (meter, key, bucket)
    JOIN policy_counter c ON c.meter = k.meter AND c.key = k.key AND c.bucket >= k.bucket`;
