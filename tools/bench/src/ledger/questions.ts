import { openClient } from '../machine/open-client.js';
import { performance } from 'node:perf_hooks';
import type { LedgerAdmin } from '@sluice/admin-client';
import { FIRST_VENUE } from '@sluice/stack';

const TIMES = 20;

/**
 * Median duration of each query through the ledger's admin API, in milliseconds, with the full
 * history in the book.
 */
export async function timeQuestions(
  ledger: LedgerAdmin,
  adminUrl: string,
  say: (line: string) => void,
): Promise<Record<string, number>> {
  const client = await openClient(adminUrl);
  const [sample] = (
    await client.query<{ account_id: string; withdrawal_id: string; entry_id: string }>(
      `SELECT account_id, withdrawal_id, entry_id FROM hold WHERE state = 'captured' ORDER BY withdrawal_id OFFSET 1000 LIMIT 1`,
    )
  ).rows;
  await client.end();
  if (!sample) throw new Error('the book is empty');
  const month = new Date(Date.now() - 45 * 86_400_000).toISOString();
  const cursor = Buffer.from(`${month} ${sample.entry_id}`).toString('base64url');
  const { account_id: account, withdrawal_id: withdrawal, entry_id: entry } = sample;
  const [house, limit] = [`clearing:${FIRST_VENUE}`, 50];
  const questions: Readonly<Record<string, () => Promise<unknown>>> = {
    balance: () => ledger.balances(account),
    balance_at_a_moment: () => ledger.balancesAt({ account_id: account, time: month }),
    balance_by_time_of_effect: () =>
      ledger.balancesAt({ account_id: account, time: month }, { by: 'effective' }),
    statement_deep_in: () => ledger.statement(account, { limit, cursor }),
    holds_placed: () => ledger.holds({ state: 'placed', limit }),
    holds_released: () => ledger.holds({ state: 'released', limit }),
    holds_captured: () => ledger.holds({ state: 'captured', limit }),
    holds_placed_of_one: () => ledger.holds({ state: 'placed', account_id: account, limit }),
    holds_captured_of_one: () => ledger.holds({ state: 'captured', account_id: account, limit }),
    holds_released_of_one: () => ledger.holds({ state: 'released', account_id: account, limit }),
    holds_refused_of_one: () => ledger.holds({ state: 'refused', account_id: account, limit }),
    entry: () => ledger.entry(entry),
    entries_of_withdrawal: () => ledger.entriesOf(withdrawal),
    shared_balance: () => ledger.houseBalances(house),
    shared_balance_at_a_moment: () => ledger.houseBalancesAt({ account: house, time: month }),
  };
  const medians: Record<string, number> = {};
  for (const [name, ask] of Object.entries(questions)) {
    medians[name] = Number((await median(ask)).toFixed(1));
    say(`  ${name.padEnd(32)} ${medians[name]} ms`);
  }
  return medians;
}

async function median(ask: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < TIMES; n += 1) {
    const since = performance.now();
    await ask();
    times.push(performance.now() - since);
  }
  return times.sort((a, b) => a - b)[TIMES >> 1] ?? 0;
}
