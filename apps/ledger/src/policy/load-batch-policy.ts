import type { Book } from '@sluice/ledger-core';
import type { Facts } from '@sluice/policy-core';
import type { Tx } from '@sluice/postgres';
import type { LedgerCommand } from '../wire/ledger-command.js';
import { BatchPolicy } from './batch-policy.js';
import { lockCounters, NO_COUNTERS, neededCounters, readCounters } from './counters.js';
import { factsOf, storedFacts } from './hold-facts.js';
import type { Policies, PolicyNow } from './policies.js';
import { loadRecipients, NO_RECIPIENTS } from './recipients.js';

/**
 * Loads the policy of a batch, after the balances are locked. The counters that the batch may need
 * are locked in one order, and read afterwards: no two batches decide by the same count. Without
 * rules and settings the call runs no statement.
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

/** Facts of the holds that the batch may place, or assign to another venue. */
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
