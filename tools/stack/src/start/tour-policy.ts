import { isObject } from '@sluice/kernel';
import { approvedBy } from '@sluice/admin-client';
import { APPROVER, AdminClients, DEMO_PERSON } from '../clients/admin-clients.js';
import type { DemoAccount, RunFile } from '../layout/run-file.js';
import { DemoDriver, type Shown, type Wanted } from './demo-driver.js';
import { printApproval, printLimit, printPolicy, printRequest } from './print-demo.js';

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

/** Names of the rules, as customers see them. */
export const TOUR_LIMIT = 'tour-limit';
const TOUR_APPROVAL = 'tour-approval';
const TOUR_GROUP = 'tour';

interface RuleSetDocument {
  readonly groups?: Readonly<Record<string, object>>;
  readonly rules: readonly Readonly<Record<string, unknown>>[];
}

/**
 * Adds the tour's rules to the newest rule set: the first person asks, the second person approves.
 * The rules cover only the key, so no other payment is affected, and added rules take effect at
 * once. Returns the published version; null if an earlier start has published the rules.
 */
async function publishTourPolicy(run: RunFile, keyId: string): Promise<number | null> {
  const first = new AdminClients(() => run);
  const second = new AdminClients(() => run, APPROVER);
  const [newest] = await first.ledger.policyVersions();
  const present = documentOf(newest?.policy);
  const policy = withTourRules(present, keyId);
  if (policy === present) return null;
  const next = { after_version: newest?.version ?? 0, policy };
  const { version } = await approvedBy(second.ledger, first.ledger.publishPolicy(next));
  return version;
}

/** Returns the same object if it has the rules for this key. */
export function withTourRules(present: RuleSetDocument, keyId: string): RuleSetDocument {
  const { groups = {}, rules } = present;
  const isThere = rules.some(({ keys }) => Array.isArray(keys) && keys.includes(keyId));
  if (isThere) return present;
  const taken = new Set(rules.map(({ name }) => name));
  const named = (name: string): string => (taken.has(name) ? `${name}-${keyId.slice(-6)}` : name);
  return {
    ...present,
    groups: { ...groups, [TOUR_GROUP]: { people: [DEMO_PERSON, APPROVER], passkey: false } },
    rules: [
      ...rules,
      {
        kind: 'limit',
        name: named(TOUR_LIMIT),
        keys: [keyId],
        assets: ['USDT.TRX'],
        per: ['key'],
        max: '100',
        unit: 'asset',
        window: 'day',
      },
      {
        kind: 'approval',
        name: named(TOUR_APPROVAL),
        keys: [keyId],
        assets: ['USDT.ETH'],
        above: '20',
        unit: 'asset',
        groups: [{ group: TOUR_GROUP, need: 2 }],
        decide_within_hours: 1,
      },
    ],
  };
}

function documentOf(policy: object | undefined): RuleSetDocument {
  const { rules } = { rules: [], ...policy };
  return { ...policy, rules: Array.isArray(rules) ? rules.filter(isObject) : [] };
}
