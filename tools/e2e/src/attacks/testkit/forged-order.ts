import { randomUUIDv7 } from 'node:crypto';
import { Amount } from '@sluice/kernel';
import { orderDigest, recipientDigest } from '@sluice/messages';
import { VENUE_A } from '@sluice/test-kit';

const ASSET = 'USDT.ETH';
const FEE = '1';

/** Order that no customer asked for, as intake-api would make it of a request. */
export interface ForgedOrder {
  readonly withdrawalId: string;
  readonly accountId: string;
  readonly digest: string;
  /** Fields of `ledger.place-hold.v1`. */
  readonly hold: Readonly<Record<string, unknown>>;
}

/** Makes a well-formed order of the account to the address, under a new withdrawal id. */
export function forgedOrder(
  accountId: string,
  { address, amount, reference }: { address: string; amount: string; reference?: string },
): ForgedOrder {
  const destination = { type: 'address', address } as const;
  const withdrawalId = randomUUIDv7();
  const terms = {
    withdrawalId,
    accountId,
    asset: ASSET,
    fee: FEE,
    recipientDigest: recipientDigest(destination),
  };
  const digest = orderDigest({ ...terms, amount });
  const total = Amount.of(amount, ASSET).plus(Amount.of(FEE, ASSET)).toString();
  const hold = {
    ...terms,
    amount: total,
    payout: amount,
    digest,
    destination,
    venue: VENUE_A,
    ...(reference !== undefined && { reference }),
  };
  return { withdrawalId, accountId, digest, hold };
}
