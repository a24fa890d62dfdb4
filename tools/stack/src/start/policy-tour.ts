import { AdminClients, APPROVER, DEMO_PERSON } from '../clients/admin-clients.js';
import type { DemoAccount, RunFile } from '../layout/run-file.js';
import { DemoDriver, type Shown, type Wanted } from './demo-driver.js';
import { printApproval, printLimit, printPolicy, printRequest } from './print-demo.js';
import { publishTourPolicy } from './tour-policy.js';

const LIMIT_MESSAGE = 'Withdrawal exceeds a limit of the spending policy';

export interface PolicySteps {
  /** True: a limit refused the withdrawal, and named its rule and the remainder. */
  readonly refused: boolean;
  readonly approved: Shown;
}

/** Two withdrawals with the tour's own key: above a limit, and above the amount for two people. */
function wantedOf(
  reference: string,
  first: number,
): { readonly limited: Wanted; readonly big: Wanted } {
  return {
    limited: {
      label: `#${first}`,
      title: '150 USDT, above a limit of 100 a day',
      body: {
        currency: 'USDT',
        network: 'TRX',
        to_address: 'TGZQXjpvvfjZFLYdL6cnNTaxNRbGmthPLL',
        amount: '150',
        client_reference: `tour-limit-${reference}`,
      },
    },
    big: {
      label: `#${first + 1}`,
      title: '30 USDT, which two people approve',
      body: {
        currency: 'USDT',
        network: 'ETH',
        to_address: '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
        amount: '30',
        client_reference: `tour-approval-${reference}`,
      },
    },
  };
}

/**
 * Publishes the tour's rules, shows a withdrawal that a limit refuses, and pays a withdrawal after
 * two people have approved. `first` is the number of the first label. Throws if a step fails.
 */
export async function payUnderPolicy(
  run: RunFile,
  account: DemoAccount,
  { reference, first }: { readonly reference: string; readonly first: number },
): Promise<PolicySteps> {
  const { policy_key: key } = account;
  if (!key) throw new Error('the demo account has no key for the spending policy');
  printPolicy(await publishTourPolicy(run, key.key_id));
  const driver = new DemoDriver(run, { account_id: account.account_id, ...key });
  const { limited, big } = wantedOf(reference, first);
  const refused = await isRefused(driver, limited);
  let votes: Promise<void> | undefined;
  const approved = await driver.pay(big, ({ to }, number) => {
    if (to === 'awaiting_approval') votes = approve(run, driver, { label: big.label, number });
  });
  await votes;
  return { refused, approved };
}

async function isRefused({ client }: DemoDriver, { label, title, body }: Wanted): Promise<boolean> {
  const since = Date.now();
  const answer = await client.call('POST', '/v1/withdrawals', { body });
  printRequest(label, title, answer, Date.now() - since);
  if (answer.status !== 403 || answer.message !== LIMIT_MESSAGE)
    throw new Error(`${title}: answered ${answer.status} ${answer.message}`);
  printLimit(label, answer.data);
  return true;
}

/** Both people approve what they see, one after the other. */
async function approve(
  run: RunFile,
  { operator }: DemoDriver,
  { label, number }: { readonly label: string; readonly number: number },
): Promise<void> {
  const { id } = await operator.intake.withdrawal(number);
  for (const person of [DEMO_PERSON, APPROVER]) {
    const { ledger } = new AdminClients(() => run, person);
    const { digest } = await ledger.paymentApproval(id);
    const { state } = await ledger.voteOnPayment(id, { decision: 'approve', digest });
    printApproval(label, person, state);
  }
}
