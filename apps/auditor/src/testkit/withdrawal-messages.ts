import { createHash, randomUUID } from 'node:crypto';
import {
  API_VENUES,
  connectorOf,
  encode,
  ledgerEvents,
  venueCommands,
  venueEvents,
  type Topic,
  type WireMessage,
} from '@sluice/messages';
import { signMessage, signProof, type MessageKeys } from '@sluice/signing';
import { testMessageKeys } from '@sluice/test-kit';

export const [, VENUE] = API_VENUES;
const CONNECTOR = connectorOf(VENUE);
const ASSET = 'USDT.ETH';
const MAC = `test.${'A'.repeat(43)}`;
const RECEIPT = `2100-01-01T00:00:00.000Z~${MAC}`;
const COMMANDS = venueCommands(VENUE);
const EVENTS = venueEvents(VENUE);
const SIGNERS: ReadonlyMap<string, MessageKeys> = new Map(
  ['ledger', 'intake-api', CONNECTOR].map((name) => [name, testMessageKeys(name)]),
);
const REQUESTS = testMessageKeys('intake-api').with('auditor');

export interface PaidWithdrawal {
  readonly id: string;
  readonly account: string;
  readonly amount: string;
  readonly address: string;
  readonly clientReference: string;
  readonly at: Date;
}

/** Withdrawal `number` of one of the accounts, with an amount and an address of its own. */
export function aWithdrawal(
  number: number,
  accounts: readonly string[],
  from: Date,
): PaidWithdrawal {
  const id = randomUUID();
  return {
    id,
    account: accounts[number % accounts.length] ?? '',
    amount: `${20 + (number % 5_000)}.${1 + (number % 9)}`,
    address: `0x${(number + 0xa0000).toString(16).padStart(40, '0')}`,
    clientReference: `w${id.replaceAll('-', '').slice(0, 24)}`,
    at: new Date(from.getTime() + (number % 60_000)),
  };
}

export function openedAccount(accountId: string, at: Date): readonly WireMessage[] {
  const funded = { asset: ASSET, amount: '1000000000', reference: 'test', entryId: randomUUID() };
  const of = { topic: ledgerEvents, subject: accountId, at };
  return [
    signed('ledger', {
      ...of,
      type: 'ledger.account-opened.v1',
      data: { accountId, name: 'Pace' },
    }),
    signed('ledger', { ...of, type: 'ledger.account-funded.v1', data: { accountId, ...funded } }),
  ];
}

/** The followed messages of a withdrawal from hold to end, with their MACs, and unfollowed messages of its venue. */
export function messagesOf(
  { id, account, amount, address, clientReference, at }: PaidWithdrawal,
  isPaid: boolean,
): readonly WireMessage[] {
  const withdrawalId = id;
  const digest = createHash('sha256').update(id).digest('hex');
  const of = { withdrawalId, accountId: account, asset: ASSET, amount };
  const ledger = (type: string, data: object): WireMessage =>
    signed('ledger', { topic: ledgerEvents, subject: account, at, type, data });
  const venue = (type: string, data: object): WireMessage =>
    signed(CONNECTOR, { topic: EVENTS, subject: id, at, type, data });
  const hold = { ...of, venue: VENUE, digest, timedReceipt: RECEIPT };
  const order = {
    ...of,
    notAfter: null,
    destination: { type: 'address', address },
    clientReference,
    fee: '0',
    digest,
    timedReceipt: RECEIPT,
    order: MAC,
    keyId: 'pace',
  };
  const entryId = randomUUID();
  return [
    ledger('ledger.hold-placed.v1', {
      ...hold,
      requestProof: signProof(REQUESTS, { says: 'requested', digest: digest }),
    }),
    signed('intake-api', {
      topic: COMMANDS,
      subject: id,
      at,
      type: 'venue.submit-withdrawal.v1',
      data: order,
    }),
    ledger('ledger.submission-started.v1', { withdrawalId, accountId: account, digest }),
    ...(isPaid
      ? [ledger('ledger.hold-captured.v1', { ...of, fee: '0', entryId, digest })]
      : [
          venue('venue.submission-refused.v1', refusalOf(withdrawalId, digest)),
          ledger('ledger.hold-released.v1', { ...of, digest }),
        ]),
  ];
}

function refusalOf(withdrawalId: string, digest: string): object {
  return {
    withdrawalId,
    venue: VENUE,
    digest,
    reason: 'test',
    venueCode: null,
    message: 'test',
    proof: MAC,
  };
}

interface Sent {
  readonly topic: Topic;
  readonly subject: string;
  readonly at: Date;
  readonly type: string;
  readonly data: object;
}

function signed(source: string, { topic, subject, at, type, data }: Sent): WireMessage {
  const keys = SIGNERS.get(source);
  const envelope = { id: randomUUID(), source, subject, time: at.toISOString() };
  const wire = encode(topic as never, { ...envelope, type, data });
  const { consumer, followers } = wire;
  if (keys === undefined || consumer === undefined) throw new Error(`${source} signs no ${type}`);
  return signMessage(keys, consumer, wire, followers);
}
