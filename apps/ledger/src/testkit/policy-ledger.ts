import { randomUUIDv7 } from 'node:crypto';
import { networkOf } from '@sluice/kernel';
import { connectorOf, orderDigest, recipientDigest } from '@sluice/messages';
import { testSeals } from '@sluice/service-shell/testing';
import { signProof } from '@sluice/signing';
import { passkeyHeader, type SoftwarePasskey, testMessageKeys, VENUE_A } from '@sluice/test-kit';
import { recipientOf, sealEntry } from '../address-book/entry-rows.js';
import type { PasskeySettings } from '../passkeys/passkeys.js';
import { assetFrom } from '../wire/wire.js';
import { givenLedgerApp } from './given-ledger-app.js';
import {
  faultsOf,
  givenAccount,
  givenLedger,
  place,
  type TestLedger,
  USDT,
} from './given-ledger.js';

export const DESTINATION = {
  type: 'address',
  address: '0x52908400098527886E0F7030069857D2E4169EE7',
} as const;
const RECIPIENT = recipientDigest(DESTINATION);

/** Command of a payment with everything that people see when they approve it. */
export function bigOrder(accountId: string, payout = '5000', more: object = {}) {
  const { type, data } = place(accountId, String(Number(payout) + 1));
  const { withdrawalId } = data;
  const terms = { withdrawalId, accountId, asset: USDT, amount: payout, fee: '1' };
  const digest = orderDigest({ ...terms, recipientDigest: RECIPIENT });
  const named = { payout, fee: '1', recipientDigest: RECIPIENT, digest, venue: VENUE_A };
  const shown = { destination: DESTINATION, keyId: 'key-1', number: '17' };
  return { type, data: { ...data, ...named, ...shown, ...more } };
}

interface AskedWith {
  /** Client of the token; null: the token names none. */
  readonly client?: string | null;
  readonly passkey?: SoftwarePasskey | undefined;
  /** What the passkey signs instead. */
  readonly signed?: Partial<Parameters<typeof passkeyHeader>[1]>;
  readonly change?: Parameters<SoftwarePasskey['assert']>[1];
}

interface PublishedVersion {
  readonly version: number;
  readonly state: string;
  readonly starts_at: string;
  readonly published_at: string;
}

/** A ledger with a funded account, and its admin API with people who publish rule sets. */
export class PolicyLedger {
  /** A ledger per test, because a rule set covers the whole database; faults fail the test. */
  static forEachTest(use: (given: PolicyLedger) => void): void {
    let given: PolicyLedger;
    beforeEach(async () => use((given = await PolicyLedger.open())));
    afterEach(() => given.close());
  }

  private static async open(): Promise<PolicyLedger> {
    const ledger = await givenLedger();
    const app = await givenLedgerApp(ledger);
    return new PolicyLedger(ledger, app, await givenAccount(ledger, '1000000'));
  }

  private version = 0;

  private constructor(
    readonly ledger: TestLedger,
    private app: Awaited<ReturnType<typeof givenLedgerApp>>,
    readonly accountId: string,
  ) {}

  ask(method: 'GET' | 'POST', path: string, body?: object, person = 'ada') {
    return this.askWith({}, method, path, body, person);
  }

  /** The same with a token of another client, or with the passkey of the person. */
  askWith(
    { client = 'sluice-cli', passkey, ...proof }: AskedWith,
    method: 'GET' | 'POST',
    path: string,
    body?: object,
    person = 'ada',
  ) {
    const roles = ['administer', 'approve', 'operate'];
    const token = this.app.issuer.tokenOf(person, { roles, client_id: client });
    const target = `/internal/${path}`;
    const call = { service: 'ledger', method, target, body: body && JSON.stringify(body) };
    const header = passkey && passkeyHeader(passkey, { ...call, ...proof.signed }, proof.change);
    return this.app.ask(method, target, body, token, header ? { 'sluice-passkey': header } : {});
  }

  async publish(policy: object): Promise<PublishedVersion> {
    const body = { after_version: this.version, policy };
    await this.ask('POST', 'policy', body, 'olga');
    const { status, body: answer } = await this.ask('POST', 'policy', body, 'peter');
    expect({ status, answer }).toMatchObject({ status: 200 });
    const published = answer.data as PublishedVersion;
    this.version = published.version;
    return published;
  }

  async restart(passkeys: Partial<PasskeySettings>): Promise<void> {
    await this.app.close();
    this.app = await givenLedgerApp(this.ledger, {}, passkeys);
  }

  private async close(): Promise<void> {
    const faults = await faultsOf(this.ledger);
    await this.app.close();
    await this.ledger.close();
    expect(faults).toEqual([]);
  }
}

export function dailyLimit(max: string, more: object = {}) {
  return {
    kind: 'limit',
    name: 'daily',
    assets: [USDT],
    per: ['account'],
    max,
    unit: 'asset',
    window: 'day',
    ...more,
  };
}

export function nothingMoved(
  {
    data: { withdrawalId, digest },
  }: { readonly data: { readonly withdrawalId: string; readonly digest: string } },
  venue: string,
): string {
  const keys = testMessageKeys(connectorOf(venue)).with('ledger');
  return signProof(keys, { says: 'nothing moved', withdrawalId, digest, venue });
}

const HOUR_MS = 3_600_000;

/** Stores an entry of an address book that counts since an hour ago. Returns its id. */
export async function givenUsableEntry(
  ledger: TestLedger,
  { accountId, asset, destination }: { accountId: string; asset: string; destination: object },
): Promise<string> {
  const row = {
    id: randomUUIDv7(),
    account_id: accountId,
    network: networkOf(assetFrom(asset)),
    recipient: recipientOf(destination),
    destination: JSON.stringify(destination),
    label: 'tested',
    author: 'person:ada',
    added_at: new Date(Date.now() - 2 * HOUR_MS),
    waits_hours: 1,
    confirmation: 'none',
  } as const;
  await ledger.database.query(
    `INSERT INTO address_entry SELECT * FROM json_populate_record(NULL::address_entry, $1::json)`,
    [JSON.stringify({ ...row, seal: sealEntry(testSeals('ledger'), row) })],
  );
  return row.id;
}
