import { generateKeyPairSync, randomUUID, randomUUIDv7 } from 'node:crypto';
import type { Caller } from '@sluice/http-api';
import { orderDigest, recipientDigest, SIGNED_ROUTE, type SignedRequest } from '@sluice/messages';
import { testApprovals } from '@sluice/service-shell/testing';
import { signIntakeEd25519 } from '@sluice/signing';
import { VENUE_A } from '@sluice/test-kit';
import { Signers } from '../signers/signers.js';
import { USDT, type CommandBody, type TestLedger } from './given-ledger.js';
import { SECRETS } from './test-authority.js';

const ADDRESS = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';

export const ADA: Caller = {
  kind: 'person',
  name: 'ada',
  roles: ['administer'],
  client: 'sluice-cli',
};
const PETER: Caller = { kind: 'person', name: 'peter', roles: ['approve'], client: 'sluice-cli' };

export function aCustomer(keyId = `ck_${randomUUID()}`) {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return {
    keyId,
    publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
    sign: (body: object | string, secondsAgo = 0): SignedRequest => {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const timestamp = String(Math.floor(Date.now() / 1000) - secondsAgo);
      const signature = signIntakeEd25519(privateKey, { ...SIGNED_ROUTE, timestamp, body: text });
      return { keyId, timestamp, body: text, signature };
    },
  };
}

export type TestCustomer = ReturnType<typeof aCustomer>;

/** 10 USDT to ADDRESS. */
export function bodyOf(change: object = {}): Record<string, unknown> {
  return {
    currency: 'USDT',
    network: 'ETH',
    to_address: ADDRESS,
    amount: '10.0',
    client_reference: randomUUID(),
    ...change,
  };
}

interface Changed {
  readonly payout?: string;
  readonly address?: string;
  readonly memo?: string;
  readonly venue?: string;
  readonly withdrawalId?: string;
}

/** The order of 10 USDT to the canonical form of ADDRESS at the first venue, for a fee of 1. */
export function orderOf(
  accountId: string,
  signedRequest: SignedRequest | undefined,
  change: Changed = {},
) {
  const {
    payout = '10',
    address = ADDRESS.toLowerCase(),
    memo,
    venue = VENUE_A,
    withdrawalId = randomUUIDv7(),
  } = change;
  const recipient = recipientDigest({
    type: 'address',
    address,
    ...(memo !== undefined && { memo }),
  });
  const terms = { withdrawalId, accountId, asset: USDT, fee: '1', recipientDigest: recipient };
  return {
    type: 'ledger.place-hold.v1',
    data: {
      ...terms,
      amount: String(BigInt(payout) + 1n),
      payout,
      digest: orderDigest({ ...terms, amount: payout }),
      venue,
      ...(signedRequest !== undefined && { signedRequest }),
    },
  } as const satisfies CommandBody;
}

export function signersOf({ service, unitOfWork }: TestLedger): Signers {
  return new Signers(service, unitOfWork, SECRETS.keys, testApprovals(service));
}

export async function addSigner(
  ledger: TestLedger,
  accountId: string,
  { keyId, publicKey }: Pick<TestCustomer, 'keyId' | 'publicKey'>,
): Promise<void> {
  const signers = signersOf(ledger);
  await signers.add({ accountId, keyId, publicKey }, ADA);
  await signers.add({ accountId, keyId, publicKey }, PETER);
}
