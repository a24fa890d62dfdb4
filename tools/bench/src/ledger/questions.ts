import { performance } from 'node:perf_hooks';
import { Client } from 'pg';

const TIMES = 20;

/** How long each question to the ledger takes through its own admin API, in milliseconds: the median, with everything that was written in the book. */
export async function timeQuestions(
  ledgerUrl: string,
  token: string,
  adminUrl: string,
  say: (line: string) => void,
): Promise<Record<string, number>> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  const [sample] = (
    await client.query<{ account_id: string; withdrawal_id: string; entry_id: string }>(
      `SELECT account_id, withdrawal_id, entry_id FROM hold WHERE state = 'captured' ORDER BY withdrawal_id OFFSET 1000 LIMIT 1`,
    )
  ).rows;
  await client.end();
  if (!sample) throw new Error('the book is empty');
  const month = new Date(Date.now() - 45 * 86_400_000).toISOString();
  const cursor = Buffer.from(`${month} ${sample.entry_id}`).toString('base64url');
  const paths = {
    balance: `accounts/${sample.account_id}/balances`,
    balance_at_a_moment: `accounts/${sample.account_id}/balances/at/${month}`,
    balance_by_time_of_effect: `accounts/${sample.account_id}/balances/at/${month}?by=effective`,
    statement_deep_in: `accounts/${sample.account_id}/statement?limit=50&cursor=${cursor}`,
    holds_placed: 'holds?state=placed&limit=50',
    holds_released: 'holds?state=released&limit=50',
    holds_captured: 'holds?state=captured&limit=50',
    holds_placed_of_one: `holds?state=placed&account_id=${sample.account_id}&limit=50`,
    holds_captured_of_one: `holds?state=captured&account_id=${sample.account_id}&limit=50`,
    holds_released_of_one: `holds?state=released&account_id=${sample.account_id}&limit=50`,
    holds_refused_of_one: `holds?state=refused&account_id=${sample.account_id}&limit=50`,
    entry: `entries/${sample.entry_id}`,
    entries_of_withdrawal: `withdrawals/${sample.withdrawal_id}/entries`,
    shared_balance: 'shared-accounts/clearing:gateio/balances',
    shared_balance_at_a_moment: `shared-accounts/clearing:gateio/balances/at/${month}`,
  };
  const medians: Record<string, number> = {};
  for (const [question, path] of Object.entries(paths)) {
    medians[question] = Number((await median(`${ledgerUrl}/internal/${path}`, token)).toFixed(1));
    say(`  ${question.padEnd(32)} ${medians[question]} ms`);
  }
  return medians;
}

async function median(url: string, token: string): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < TIMES; n += 1) {
    const since = performance.now();
    const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${url}: ${answer.status} ${text}`);
    times.push(performance.now() - since);
  }
  return times.sort((a, b) => a - b)[TIMES >> 1] ?? 0;
}
