import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { FundAccountDto, Permission } from '@sluice/http-api';
import { approvedBy } from '@sluice/admin-client';
import { AdminClients, APPROVER } from '../clients/admin-clients.js';
import { IntakeClient, type IntakeKey } from '../clients/intake-client.js';
import type { DemoAccount, RunFile } from '../layout/run-file.js';

const PERMISSIONS: readonly Permission[] = [
  'withdraw',
  'read_withdrawal_status',
  'read_balance',
  'list_currencies',
  'list_transactions',
  'request_withdrawal_funding_address',
  'request_deposit_address',
  'read_deposit_status',
  'manage_webhooks',
  'manage_addresses',
];

const FUNDINGS: readonly Omit<FundAccountDto, 'reference' | 'evidence'>[] = [
  { currency: 'USDT', network: 'ETH', amount: '1000000' },
  { currency: 'ETH', network: 'ETH', amount: '300' },
  { currency: 'USDT', network: 'TRX', amount: '1000000' },
  { currency: 'BTC', network: 'BTC', amount: '10' },
  { currency: 'EUR', network: 'SEPA', amount: '100000' },
];

/** Funding for assets paid only by our own wallet. */
const OF_THE_WALLET: typeof FUNDINGS = [{ currency: 'USDT', network: 'BSC', amount: '1000000' }];

/** Rate limit above the traffic of all demos and scripts. Separate keys demonstrate the limit. */
const RATE_LIMIT_PER_MIN = 1_000_000;

/**
 * Opens the demo account stored in `file`. Creates a new account if the file is missing or the
 * account's data was wiped. Fundings use fixed references: each is booked only once.
 */
export async function openDemoAccount(run: RunFile, file: string): Promise<DemoAccount> {
  const kept = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as DemoAccount)
    : undefined;
  const { intake } = new AdminClients(() => run);
  const second = new AdminClients(() => run, APPROVER);
  const valid = kept && (await isValid(run, kept)) ? kept : await newAccount(run);
  const account = valid.policy_key ? valid : await withPolicyKey(run, valid);
  if (account !== kept) writeAccount(file, account);
  for (const funding of fundingsOf(run)) {
    const asked = intake.fund(account.account_id, {
      ...funding,
      reference: `demo-${funding.currency}-${funding.network}`,
      evidence: 'money of a demo, without a deposit',
    });
    await approvedBy(second.ledger, asked);
  }
  return account;
}

function fundingsOf({ chains }: RunFile): typeof FUNDINGS {
  return chains ? [...FUNDINGS, ...OF_THE_WALLET] : FUNDINGS;
}

async function newAccount(run: RunFile): Promise<DemoAccount> {
  const { intake } = new AdminClients(() => run);
  const { account_id } = await intake.createAccount({ name: 'demo' });
  return { account_id, ...(await newKey(run, account_id, 'demo')) };
}

/** Adds the key whose payments are under the spending policy of the tour. */
async function withPolicyKey(run: RunFile, account: DemoAccount): Promise<DemoAccount> {
  return { ...account, policy_key: await newKey(run, account.account_id, 'demo-policy') };
}

async function newKey(run: RunFile, accountId: string, label: string): Promise<IntakeKey> {
  const { intake } = new AdminClients(() => run);
  const second = new AdminClients(() => run, APPROVER);
  const asked = intake.createKey(accountId, {
    label,
    permissions: PERMISSIONS,
    any_address: true,
    rate_limit_per_min: RATE_LIMIT_PER_MIN,
  });
  const { key_id, secret } = await approvedBy(second.intake, asked);
  return { key_id, secret: secret ?? '' };
}

function writeAccount(file: string, account: DemoAccount): void {
  writeFileSync(file, `${JSON.stringify(account, null, 2)}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
}

/**
 * Returns false if a key made by an earlier version lacks a permission, or the account lacks a
 * currency.
 */
async function isValid(run: RunFile, account: DemoAccount): Promise<boolean> {
  const client = new IntakeClient(run.intake_url, account);
  const { status } = await client.call('GET', '/v1/_ping');
  const { status: webhooks } = await client.call('GET', '/v1/webhooks');
  const { data } = await client.call('GET', '/v1/currencies');
  const enabled = (data ?? []) as readonly Pick<FundAccountDto, 'currency' | 'network'>[];
  const lacks = fundingsOf(run).some(
    (one) => !enabled.some((it) => it.currency === one.currency && it.network === one.network),
  );
  return status === 200 && webhooks !== 403 && !lacks;
}
