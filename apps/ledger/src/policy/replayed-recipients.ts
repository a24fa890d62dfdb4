import type { Hold } from '@sluice/ledger-core';
import { needsPaidRecipients, type Facts } from '@sluice/policy-core';
import type { Database } from '@sluice/postgres';
import { storedFacts } from './hold-facts.js';
import { paidKey, type PaidRecipient } from './paid-recipients.js';
import { accountPartOf, endsPartOf } from '../address-book/recipient-key.js';
import { loadRecipients, type Recipients, type RecipientSources } from './recipients.js';

/**
 * Facts about the recipients of past requests. Payments count from their capture on; address books
 * and their settings are those of the present.
 */
export async function replayedRecipients(
  database: Database,
  sources: RecipientSources,
  requests: readonly Hold[],
): Promise<Recipients> {
  const withdrawals = requests.map(storedFacts);
  const known = await loadRecipients(database, sources, withdrawals);
  if (!needsPaidRecipients(sources.rules)) return known;
  const payments = await firstPayments(database, withdrawals);
  return {
    isBookOnly: known.isBookOnly,
    historyOf: (facts, at) => {
      const history = known.historyOf(facts, at);
      const { accountId, recipient } = facts;
      if (history === null || recipient === null) return null;
      const asked = { accountId, recipient };
      const firstAt = payments.firstAt.get(paidKey(asked));
      const wasPaid = firstAt !== undefined && firstAt <= at;
      const resemblesPaid = (payments.byEnds.get(endsKey(asked)) ?? []).some(
        (one) => one.closedAt <= at && accountPartOf(one.recipient) !== accountPartOf(recipient),
      );
      return { ...history, wasPaid, resemblesPaid };
    },
  };
}

interface FirstPayment extends PaidRecipient {
  /** Time of the capture. */
  readonly closedAt: string;
}

/** Returns the first payment of the accounts to each recipient, by recipient and by ends. */
async function firstPayments(
  database: Database,
  withdrawals: readonly Facts[],
): Promise<{
  firstAt: ReadonlyMap<string, string>;
  byEnds: ReadonlyMap<string, readonly FirstPayment[]>;
}> {
  const accounts = [...new Set(withdrawals.map(({ accountId }) => accountId))];
  const rows = await database.query<PaidRecipient & { closedAt: Date }>(FIRST, [accounts]);
  const firstAt = new Map<string, string>();
  const byEnds = new Map<string, FirstPayment[]>();
  for (const row of rows) {
    const payment = { ...row, closedAt: row.closedAt.toISOString() };
    firstAt.set(paidKey(row), payment.closedAt);
    if (endsPartOf(row.recipient) === '') continue;
    const similar = byEnds.get(endsKey(row));
    if (similar) similar.push(payment);
    else byEnds.set(endsKey(row), [payment]);
  }
  return { firstAt, byEnds };
}

function endsKey({ accountId, recipient }: PaidRecipient): string {
  return `${accountId} ${endsPartOf(recipient)}`;
}

const FIRST = `
  SELECT account_id AS "accountId", recipient, min(closed_at) AS "closedAt" FROM hold
   WHERE state = 'captured' AND recipient IS NOT NULL AND account_id = ANY ($1::uuid[])
   GROUP BY account_id, recipient`;
