import { randomUUIDv7 } from 'node:crypto';
import { networkOf } from '@sluice/kernel';
import { testSeals } from '@sluice/service-shell/testing';
import { sealEntry } from '../address-book/entry-rows.js';
import { assetFrom } from '../wire/wire.js';
import { recipientOf } from '../address-book/recipient-key.js';
import type { TestLedger } from './given-ledger.js';

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
