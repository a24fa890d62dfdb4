import { IntakeClient, OperatorDoors, type DemoAccount, type RunFile } from '@sluice/stack';
import { followWithdrawal, type WithdrawalDetail } from './follow-withdrawal.js';
import { printBalances, printEntries, printRequest, printStep, type Balance, type Entry } from './print-demo.js';

export interface DemoWithdrawal {
  readonly title: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface DemoResult {
  readonly requested: number;
  readonly captured: number;
  readonly violated: number;
  /** What went wrong, one line each; empty when all is well. */
  readonly faults: readonly string[];
}

/** One to a chain address and one to another user of the exchange; `run` makes their references new each time. */
export function demoWithdrawals(run: string): readonly DemoWithdrawal[] {
  return [
    {
      title: '25 USDT to a TRON address',
      body: {
        currency: 'USDT',
        network: 'TRX',
        to_address: 'TGZQXjpvvfjZFLYdL6cnNTaxNRbGmthPLL',
        amount: '25',
        client_reference: `demo-chain-${run}`,
      },
    },
    {
      title: '5 USDT to Gate.io user 12345678',
      body: {
        currency: 'USDT',
        network: 'ETH',
        venue: 'gateio',
        destination: { type: 'venue_account', kind: 'uid', value: '12345678' },
        amount: '5',
        client_reference: `demo-uid-${run}`,
      },
    },
  ];
}

const PAID_WITHIN_MS = 60_000;

/** Requests the withdrawals over the public API, shows each step as it happens, then the books, then what the invariants say. */
export async function runDemo(run: RunFile, account: DemoAccount, withdrawals: readonly DemoWithdrawal[]): Promise<DemoResult> {
  const client = new IntakeClient(run.intake_url, account);
  const operator = new OperatorDoors(run.internal);
  const faults: string[] = [];
  const paid: { label: string; detail: WithdrawalDetail }[] = [];

  const pay = async ({ title, body }: DemoWithdrawal, index: number): Promise<void> => {
    const label = `#${index + 1}`;
    const since = Date.now();
    const answer = await client.call('POST', '/v1/withdrawals', { body });
    printRequest(label, title, answer, Date.now() - since);
    if (answer.status !== 200) throw new Error(`${title}: refused with ${answer.status} ${answer.message}`);
    const { withdrawal_id } = answer.data as { withdrawal_id: number };
    const detail = await followWithdrawal(operator, withdrawal_id, (step) => printStep(label, step, since), PAID_WITHIN_MS);
    if (detail.state === 'completed') paid.push({ label, detail });
    else faults.push(`${title}: ended as ${detail.status}: ${detail.error_message ?? detail.state}`);
  };
  const outcomes = await Promise.allSettled(withdrawals.map(pay));
  for (const outcome of outcomes)
    if (outcome.status === 'rejected') faults.push(String(outcome.reason instanceof Error ? outcome.reason.message : outcome.reason));

  printBalances((await client.call('GET', '/v1/balances')).data as Balance[]);
  for (const { label, detail } of paid.sort((a, b) => a.label.localeCompare(b.label)))
    printEntries(label, await operator.ledger<Entry[]>('GET', `/internal/withdrawals/${detail.id}/entries`));

  const { checked, violations } = await operator.invariants();
  console.log(`\nInvariants: ${checked} checked, ${violations.length} violated`);
  faults.push(...violations.map(({ invariant }) => `invariant violated: ${invariant}`));
  return { requested: withdrawals.length, captured: paid.length, violated: violations.length, faults };
}

/** The last line of `npm start -- --once`. */
export function verdict({ requested, captured, violated, faults }: DemoResult): string {
  const counts = `${captured} of ${requested} withdrawals captured, ${violated} invariants violated`;
  return faults.length === 0 ? `ok: ${counts}` : `failed: ${counts}`;
}
