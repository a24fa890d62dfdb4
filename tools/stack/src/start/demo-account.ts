import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Permission } from '@sluice/http-api';
import { SignedClient, type IntakeKey } from '../clients/signed-client.js';
import {
  createKey,
  fundAccount,
  openAccount,
  twoPeople,
  type Funding,
} from '../clients/two-people.js';
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

const FUNDINGS: readonly Funding[] = [
  { currency: 'USDT', network: 'ETH', amount: '1000000' },
  { currency: 'ETH', network: 'ETH', amount: '300' },
  { currency: 'USDT', network: 'TRX', amount: '1000000' },
  { currency: 'BTC', network: 'BTC', amount: '10' },
  { currency: 'EUR', network: 'SEPA', amount: '100000' },
];

/** Funding for assets paid only by our own wallet. */
const OF_THE_WALLET: readonly Funding[] = [{ currency: 'USDT', network: 'BSC', amount: '1000000' }];

/**
 * Opens the demo account stored in `file`. Creates a new account if the file is missing or the
 * account's data was wiped. Fundings use fixed references: each is booked only once.
 */
export async function openDemoAccount(run: RunFile, file: string): Promise<DemoAccount> {
  const kept = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as DemoAccount)
    : undefined;
  const people = twoPeople(() => run);
  const wish = { permissions: PERMISSIONS, fundings: [] };
  const valid = kept && (await isValid(run, kept)) ? kept : await openAccount(people, 'demo', wish);
  const account = valid.policy_key ? valid : { ...valid, policy_key: await policyKey(run, valid) };
  if (account !== kept) writeAccount(file, account);
  await fundAccount(people, account.account_id, fundingsOf(run));
  return account;
}

function fundingsOf({ chains }: RunFile): readonly Funding[] {
  const all = chains ? [...FUNDINGS, ...OF_THE_WALLET] : FUNDINGS;
  return all.map((one) => ({ ...one, reference: `demo-${one.currency}-${one.network}` }));
}

/** The key whose payments are under the spending policy of the tour. */
function policyKey(run: RunFile, { account_id }: DemoAccount): Promise<IntakeKey> {
  const wish = { label: 'demo-policy', permissions: PERMISSIONS };
  return createKey(
    twoPeople(() => run),
    account_id,
    wish,
  );
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
  const client = new SignedClient([run.intake_url], account);
  const { status } = await client.call('GET', '/v1/_ping');
  const { status: webhooks } = await client.call('GET', '/v1/webhooks');
  const { data } = await client.call('GET', '/v1/currencies');
  const enabled = (data ?? []) as readonly Pick<Funding, 'currency' | 'network'>[];
  const lacks = fundingsOf(run).some(
    (one) => !enabled.some((it) => it.currency === one.currency && it.network === one.network),
  );
  return status === 200 && webhooks !== 403 && !lacks;
}
