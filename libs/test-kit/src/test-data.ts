import { createHash } from 'node:crypto';
import { API_VENUES, VENUES, WALLET, connectorOf } from '@sluice/messages';
import type { Caller } from '@sluice/http-api';
import { MessageKeys, signProof } from '@sluice/signing';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Offsets of wrong clocks in tests. */
export const CLOCK_OFFSETS_MS: readonly number[] = [
  -60 * MINUTE,
  -10 * MINUTE,
  -2 * MINUTE,
  -30 * SECOND,
  -3 * SECOND,
  3 * SECOND,
  30 * SECOND,
  2 * MINUTE,
  10 * MINUTE,
  60 * MINUTE,
];

/** Three venues for tests that need no particular venue. */
export const [VENUE_C, VENUE_B, VENUE_A] = API_VENUES;

/** Two people for approvals: the first may operate, the second may approve. */
export const TWO_PEOPLE: readonly [Caller, Caller] = [
  { kind: 'person', name: 'olivia', roles: ['operate'], client: 'sluice-cli' },
  { kind: 'person', name: 'peter', roles: ['operate', 'approve'], client: 'sluice-cli' },
];

/** Sends the request as both people in turn; returns the second response. */
export async function byTwo<T>(say: (caller: Caller) => Promise<T>): Promise<T> {
  const [first, second] = TWO_PEOPLE;
  await say(first);
  return say(second);
}

const SERVICES = [
  'intake-api',
  'ledger',
  'webhooks',
  'signer',
  'auditor',
  ...[...VENUES, WALLET, 'testvenue'].map(connectorOf),
];

/**
 * Message keys of a service in tests. A key shared by two services is equal in both, in every test.
 */
export function testMessageKeys(service: string): MessageKeys {
  return MessageKeys.parse(testMessageKeysText(service));
}

/** The same as the text of a file. */
export function testMessageKeysText(service: string): string {
  const peers = [...new Set([service, ...SERVICES])];
  return JSON.stringify(
    Object.fromEntries(peers.map((peer) => [peer, [{ id: 'test', key: keyOf(service, peer) }]])),
  );
}

function keyOf(...pair: readonly [string, string]): string {
  return createHash('sha256')
    .update(`test key of ${pair.toSorted().join(' and ')}`)
    .digest('base64');
}

interface OrderTerms {
  readonly withdrawalId: string;
  readonly digest?: string;
  readonly clientReference?: string;
  readonly notAfter: string | null;
}

interface Vouched {
  clientReference: string;
  notAfter: string;
  order: string;
  timedReceipt: string;
  signerReceipt?: string;
}

const DAY_MS = 86_400_000;

/**
 * An order with the words of intake-api and of the ledger, as they give them in tests. Without a
 * deadline of its own it may begin within a day, also for a process whose clock is wrong by hours.
 */
export function vouchedFor<T extends OrderTerms>(venue: string, terms: T): T & Vouched {
  const { withdrawalId, digest = '', clientReference = testReference(withdrawalId) } = terms;
  const until = terms.notAfter === null ? new Date(Date.now() + DAY_MS) : new Date(terms.notAfter);
  const notAfter = until.toISOString();
  const order = { withdrawalId, digest, venue, clientReference, notAfter };
  const ledger = testMessageKeys('ledger');
  const connector = connectorOf(venue);
  return {
    ...terms,
    clientReference,
    notAfter,
    order: signProof(testMessageKeys('intake-api').with(connector), { says: 'ordered', ...order }),
    timedReceipt: signProof(ledger.with(connector), {
      says: 'held',
      to: 'connector',
      ...order,
      until,
    }),
    ...(venue === WALLET && {
      signerReceipt: signProof(ledger.with('signer'), {
        says: 'held',
        to: 'signer',
        ...order,
        until,
      }),
    }),
  };
}

/** A reference at a venue of a withdrawal whose client gave none. */
function testReference(withdrawalId: string): string {
  return `w${withdrawalId.replaceAll('-', '').slice(-23)}`;
}
