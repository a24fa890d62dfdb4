import {
  decode,
  ledgerCommands,
  venueCommands,
  withdrawalEvents,
  type WireMessage,
} from '@sluice/messages';
import { Amount, assetOf } from '@sluice/kernel';
import {
  PUBLIC_VIEW,
  publishedAs,
  TRANSITIONS,
  type SagaCommand,
  type State,
} from '@sluice/withdrawal-core';
import { ACCOUNT_ID, ADDRESS, aStored, AUTHORITY } from '../testkit/a-withdrawal.js';
import { withdrawalChangedMessage } from './withdrawal-event.js';
import { commandMessage, placeHoldMessage } from './wire.js';

const AT = new Date('2026-11-20T08:00:01.234Z');
const stored = aStored(
  { clientReference: 'r-🔑' },
  { state: 'broadcast', published: 2, txHash: '0xabc', reasonCode: null },
);
const { withdrawal } = stored;
const { id } = withdrawal.order;
const gateio = venueCommands('gateio');

/** As its consumer will see it; a message that breaks its own rules fails the test. */
function received(wire: WireMessage | null) {
  if (wire === null) throw new Error('there is no message');
  const [topic] = [ledgerCommands, gateio, withdrawalEvents].filter(
    ({ name }) => name === wire.topic,
  );
  const message = decode(topic as typeof ledgerCommands, wire);
  if (!message.ok) throw new Error(JSON.stringify(message.refusal));
  return message.value as { type: string; data: object; causationId?: string; id: string };
}

/** The message that led to the next. */
const CAUSE = { id: 'cause-1', traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` };

describe('placeHoldMessage', () => {
  it('asks for amount and fee together, keyed by the account, ordered by the withdrawal', () => {
    const wire = placeHoldMessage(stored, AT);
    expect(received(wire)).toMatchObject({
      type: 'ledger.place-hold.v1',
      data: {
        withdrawalId: id,
        accountId: ACCOUNT_ID,
        asset: 'USDT.ETH',
        amount: '6',
        payout: '5',
        fee: '1',
        digest: stored.digest,
        keyId: 'ck_1',
        requestProof: stored.requestProof,
      },
    });
    expect([wire.key, wire.orderingKey]).toEqual([ACCOUNT_ID, id]);
  });
});

describe('withdrawalChangedMessage', () => {
  it('publishes the whole public state, and what caused it', () => {
    const change = { from: 'submitted', to: 'broadcast', at: AT } as const;
    expect(received(withdrawalChangedMessage(stored, change, CAUSE))).toMatchObject({
      type: 'withdrawal.broadcast.v1',
      causationId: 'cause-1',
      traceparent: CAUSE.traceparent,
      data: {
        withdrawalId: id,
        number: '17',
        sequence: 2,
        accountId: ACCOUNT_ID,
        clientReference: 'r-🔑',
        currency: 'USDT',
        network: 'ETH',
        destination: { type: 'address', address: ADDRESS },
        amount: '5',
        fee: '1',
        decimals: stored.decimals,
        venue: 'gateio',
        status: 'broadcasted',
        stage: 'awaiting_confirmations',
        txHash: '0xabc',
        errorMessage: null,
        reason: null,
        broadcastAt: null,
        at: '2026-11-20T08:00:01.234Z',
      },
    });
  });

  it.each(Object.keys(TRANSITIONS) as State[])(
    'has the type and the status of the event of a step to %s, and none for other steps',
    (to) => {
      const changed = aStored({}, { state: to, published: 1 });
      const message = withdrawalChangedMessage(changed, { from: 'submitted', to, at: AT });
      const event = publishedAs('submitted', to);

      if (event === null) expect(message).toBeNull();
      else
        expect(received(message)).toMatchObject({
          type: `withdrawal.${event}.v1`,
          data: PUBLIC_VIEW[to],
        });
    },
  );

  it('keeps its id and status in a repeat after further steps, and has no reason before the end', () => {
    const change = { from: 'submitted', to: 'broadcast', at: AT } as const;
    const later = aStored(withdrawal.order, {
      ...withdrawal,
      state: 'releasing',
      reasonCode: 'venue_rejected',
    });

    expect(received(withdrawalChangedMessage(later, change))).toEqual({
      ...received(withdrawalChangedMessage(stored, change)),
    });
  });

  it('has another id than another event with the same number', () => {
    const ids = (['broadcast', 'failed'] as const).map(
      (to) => received(withdrawalChangedMessage(stored, { from: 'submitted', to, at: AT })).id,
    );

    expect(new Set(ids).size).toBe(2);
  });

  it('has the reason of an end without a payment', () => {
    const failed = aStored({}, { state: 'failed', published: 2, reasonCode: 'venue_rejected' });
    const change = { from: 'releasing', to: 'failed', at: AT } as const;

    expect(received(withdrawalChangedMessage(failed, change)).data).toMatchObject({
      reason: 'venue_rejected',
      errorMessage: 'The venue did not make this payment',
    });
  });
});

const CONTEXT = { at: AT, authority: AUTHORITY };

describe('commandMessage', () => {
  const asset = assetOf('USDT', 'ETH');
  const common = { withdrawalId: id, accountId: ACCOUNT_ID };

  it.each<[SagaCommand, string, string, string, object]>([
    [
      { kind: 'submit', notAfter: new Date('2026-11-20T09:00:00Z') },
      'venue.gateio.commands',
      id,
      'venue.submit-withdrawal.v1',
      {
        ...common,
        asset,
        amount: '5',
        destination: { type: 'address', address: ADDRESS },
        notAfter: '2026-11-20T09:00:00.000Z',
        fee: '1',
        digest: stored.digest,
        keyId: stored.withdrawal.order.keyId,
      },
    ],
    [
      { kind: 'submit', notAfter: null },
      'venue.gateio.commands',
      id,
      'venue.submit-withdrawal.v1',
      { ...common, notAfter: null },
    ],
    [
      { kind: 'cancel' },
      'venue.gateio.commands',
      id,
      'venue.cancel-withdrawal.v1',
      { withdrawalId: id },
    ],
    [
      { kind: 'capture', venueFee: null },
      'ledger.commands',
      ACCOUNT_ID,
      'ledger.capture-hold.v1',
      { ...common, asset, amount: '5', fee: '1', venue: 'gateio' },
    ],
    [
      { kind: 'capture', venueFee: Amount.of('0.40', asset) },
      'ledger.commands',
      ACCOUNT_ID,
      'ledger.capture-hold.v1',
      { ...common, asset, amount: '5', fee: '1', venue: 'gateio', venueFee: '0.4' },
    ],
    [
      { kind: 'release', reason: 'limit' },
      'ledger.commands',
      ACCOUNT_ID,
      'ledger.release-hold.v1',
      { ...common, reason: 'limit' },
    ],
    [
      { kind: 'record_venue_fee', amount: Amount.of('0.40', asset) },
      'ledger.commands',
      ACCOUNT_ID,
      'ledger.record-venue-fee.v1',
      { ...common, venue: 'gateio', asset, amount: '0.4' },
    ],
  ])('%j goes to %s', (command, topic, key, type, data) => {
    const wire = commandMessage(stored, command, { ...CONTEXT, cause: CAUSE });
    expect([wire.topic, wire.key, wire.orderingKey]).toEqual([topic, key, id]);
    const { traceparent } = CAUSE;
    expect(received(wire)).toMatchObject({ type, data, causationId: 'cause-1', traceparent });
  });

  it('sends an order again with the reference and the time that it had the first time', () => {
    const orderedAt = new Date('2026-11-20T08:00:00.900Z');
    const submit = { kind: 'submit', notAfter: null } as const;
    expect(received(commandMessage({ ...stored, orderedAt }, submit, CONTEXT)).data).toMatchObject({
      clientReference: stored.venueClientReference,
      orderedAt: '2026-11-20T08:00:00.900Z',
    });
  });

  it('gives every message an id of its own', () => {
    const ids = [1, 2, 3].map(
      () => received(commandMessage(stored, { kind: 'capture', venueFee: null }, CONTEXT)).id,
    );
    expect(new Set(ids).size).toBe(3);
  });
});
