import {
  NO_WITHDRAWAL,
  type ledgerEvents,
  type Message,
  type VenueEvents,
  type WalletEventsTopic,
} from '@sluice/messages';
import { Amount, assetOf } from '@sluice/kernel';
import { changeOfLedgerEvent, changeOfVenueEvent, type ReportedChange } from './inbound-event.js';

type LedgerEvent = Message<typeof ledgerEvents>;
type VenueEvent = Message<VenueEvents>;
type WalletEvent = Message<WalletEventsTopic>;
/** One row for each type of a topic: a type without one does not compile. */
type Rows<M extends { type: string; data: object }> = {
  readonly [T in M['type']]: readonly (readonly [Extract<M, { type: T }>['data'], object])[];
};

const USDT = assetOf('USDT', 'ETH');
const ENVELOPE = { id: 'm1', source: 'test', subject: 's', time: '2026-11-20T08:00:00.000Z' };
const W = { withdrawalId: 'w1', accountId: 'a1', asset: USDT, amount: '6' };
const V = { withdrawalId: 'w1', venue: 'gateio' };
const NOTHING = { kind: 'nothing' };
const GAS = {
  accountId: 'a1',
  network: 'ETH',
  asset: 'ETH.ETH',
  amount: '0.1',
  reference: '0xabc',
  entryId: 'e',
};

const LEDGER: Rows<LedgerEvent> = {
  'ledger.hold-placed.v1': [[W, { trigger: 'hold_placed', until: null }]],
  'ledger.hold-assigned.v1': [],
  'ledger.hold-refused.v1': [
    [
      { ...W, reason: 'insufficient_funds', available: '1' },
      { trigger: 'hold_refused', reason: 'insufficient_funds' },
    ],
    [
      {
        ...W,
        reason: 'limit_exceeded',
        available: '9',
        rule: 'per-day',
        remaining: '120',
        unit: 'EUR',
        freesAt: null,
      },
      {
        trigger: 'hold_refused',
        reason: 'limit_exceeded',
        policyRefusal: { rule: 'per-day', remaining: '120', unit: 'EUR', freesAt: null },
      },
    ],
    [
      { ...W, reason: 'policy_denied', available: '9', rule: 'venues' },
      {
        trigger: 'hold_refused',
        reason: 'policy_denied',
        policyRefusal: { rule: 'venues', remaining: null, unit: null, freesAt: null },
      },
    ],
  ],
  'ledger.approval-asked.v1': [
    [
      {
        ...W,
        venue: 'gateio',
        groups: 'treasury 2, compliance 1',
        approvalDigest: 'd',
        expiresAt: '2026-11-21T08:00:00.000Z',
      },
      {
        trigger: 'approval_asked',
        groups: 'treasury 2, compliance 1',
        expiresAt: new Date('2026-11-21T08:00:00Z'),
      },
    ],
  ],
  'ledger.approval-ended.v1': [
    [
      { ...W, reason: 'approval_expired' },
      { trigger: 'approval_ended', reason: 'approval_expired' },
    ],
  ],
  'ledger.hold-captured.v1': [
    [
      { ...W, fee: '1', entryId: 'e' },
      { trigger: 'hold_captured', venueFee: null },
    ],
    [
      { ...W, fee: '1', entryId: 'e', venueFee: '0.4', venueFeeEntryId: 'f' },
      { trigger: 'hold_captured', venueFee: Amount.of('0.4', USDT) },
    ],
  ],
  'ledger.hold-released.v1': [
    [W, { trigger: 'hold_released' }],
    [
      { ...W, reason: 'limit_exceeded' },
      { trigger: 'assignment_refused', reason: 'limit_exceeded' },
    ],
    [
      { ...W, reason: 'policy_denied' },
      { trigger: 'assignment_refused', reason: 'policy_denied' },
    ],
    [{ ...W, reason: 'another' }, { trigger: 'hold_released' }],
  ],
  'ledger.payment-returned.v1': [
    [{ ...W, venue: 'gateio', entryId: 'e' }, { trigger: 'return_booked' }],
  ],
  'ledger.hold-expired.v1': [[W, { trigger: 'hold_released' }]],
  'ledger.submission-started.v1': [[{ withdrawalId: 'w1', accountId: 'a1' }, NOTHING]],
  'ledger.gas-recorded.v1': [[GAS, NOTHING]],
  'ledger.gas-top-up-recorded.v1': [[GAS, NOTHING]],
  'ledger.wallet-funded.v1': [[GAS, NOTHING]],
  'ledger.entry-reversed.v1': [
    [{ accountId: 'a1', reversedEntryId: 'e', entryId: 'f', reason: 'r' }, NOTHING],
  ],
  'ledger.account-frozen.v1': [[{ accountId: 'a1', freezeId: 'f' }, NOTHING]],
  'ledger.account-unfrozen.v1': [[{ accountId: 'a1', freezeId: 'f' }, NOTHING]],
  'ledger.funds-transferred.v1': [
    [
      {
        accountId: 'a1',
        from: 'suspense',
        to: 'clearing:gateio',
        asset: USDT,
        amount: '6',
        reference: 'r',
        entryId: 'e',
      },
      NOTHING,
    ],
  ],
  'ledger.account-opened.v1': [
    [
      { accountId: 'a1', name: 'n' },
      { kind: 'account_opened', accountId: 'a1' },
    ],
  ],
  'ledger.account-funded.v1': [
    [{ accountId: 'a1', asset: USDT, amount: '6', reference: 'r', entryId: 'e' }, NOTHING],
  ],
  'ledger.venue-fee-recorded.v1': [
    [
      { ...W, venue: 'gateio', entryId: 'e' },
      { kind: 'fee_recorded', withdrawalId: 'w1' },
    ],
  ],
  'ledger.command-refused.v1': [
    [
      {
        accountId: 'a1',
        command: 'ledger.capture-hold.v1',
        commandId: 'c',
        reason: 'hold_not_found',
      },
      { kind: 'alarm', text: 'ledger refused ledger.capture-hold.v1: hold_not_found' },
    ],
    [
      {
        accountId: 'a1',
        withdrawalId: 'w1',
        command: 'ledger.record-gas.v1',
        commandId: 'c',
        reason: 'above_ceiling',
      },
      {
        kind: 'cost_refused',
        of: 'w1',
        command: 'ledger.record-gas.v1',
        commandId: 'c',
        reason: 'above_ceiling',
      },
    ],
  ],
};

const VENUE: Rows<VenueEvent> = {
  'venue.submission-scheduled.v1': [
    [
      { ...V, expectedAt: '2026-11-20T08:01:00Z' },
      { kind: 'expected', withdrawalId: 'w1', by: 'gateio', at: new Date('2026-11-20T08:01:00Z') },
    ],
  ],
  'venue.submission-waits.v1': [
    [
      { ...V, cause: 'pause' },
      { kind: 'waits', withdrawalId: 'w1', by: 'gateio', cause: 'pause' },
    ],
  ],
  'venue.submission-accepted.v1': [
    [
      { ...V, venueReference: 'v1', clientReference: 'c1', txHash: null },
      { trigger: 'accepted', venueReference: 'v1', txHash: null },
    ],
  ],
  'venue.submission-refused.v1': [
    [
      { ...V, reason: 'limit', venueCode: 'X', message: 'too much' },
      { trigger: 'refused', reason: 'limit', message: 'too much' },
    ],
    [
      { ...V, reason: 'cancelled', venueCode: null, message: 'as you wish' },
      { trigger: 'cancelled', reason: 'cancelled', message: 'as you wish' },
    ],
  ],
  'venue.submission-unknown.v1': [
    [
      { ...V, cause: 'time-out', needsDecision: false },
      { trigger: 'outcome_unknown', cause: 'time-out' },
    ],
  ],
  'venue.withdrawal-broadcast.v1': [
    [
      { ...V, venueReference: 'v1', txHash: '0xabc' },
      { trigger: 'broadcast', txHash: '0xabc' },
    ],
  ],
  'venue.withdrawal-settled.v1': [
    [
      { ...V, venueReference: 'v1', txHash: '0xabc', venueFee: '0.40' },
      { trigger: 'settled', txHash: '0xabc', venueFee: Amount.of('0.4', USDT) },
    ],
    [
      { ...V, venueReference: 'v1', txHash: null, venueFee: null },
      { trigger: 'settled', txHash: null, venueFee: null },
    ],
  ],
  'venue.withdrawal-failed.v1': [
    [
      { ...V, venueReference: 'v1', reason: 'rejected', message: 'no', cancelled: false },
      { trigger: 'failed', reason: 'rejected', message: 'no' },
    ],
    [
      { ...V, venueReference: 'v1', reason: 'cancelled', message: 'done', cancelled: true },
      { trigger: 'cancelled', reason: 'cancelled', message: 'done' },
    ],
  ],
  'venue.withdrawal-returned.v1': [
    [
      { ...V, venueReference: 'v1', asset: USDT, amount: '5', reason: 'r', message: 'back' },
      { trigger: 'returned', amount: Amount.of('5', USDT), reason: 'r', message: 'back' },
    ],
  ],
  'venue.submission-missing.v1': [
    [{ ...V }, { kind: 'missing', withdrawalId: 'w1', by: 'gateio' }],
  ],
  'venue.sent.v1': [
    [
      {
        ...V,
        items: [
          { withdrawalId: 'w1', accountId: 'a1', asset: USDT, amount: '5', recipientDigest: 'r' },
        ],
      },
      NOTHING,
    ],
  ],
  'venue.paid.v1': [[{ ...V, withdrawalIds: ['w1'] }, NOTHING]],
  'venue.unclaimed.v1': [[{ ...V, unclaimed: [] }, NOTHING]],
  'venue.cancel-refused.v1': [
    [
      { ...V, message: 'too late' },
      { kind: 'cancel_refused', withdrawalId: 'w1', by: 'gateio', message: 'too late' },
    ],
  ],
};

const rowsOf = <M extends { type: string; data: object }>(rows: Rows<M>) =>
  Object.entries<readonly (readonly [object, object])[]>(rows).flatMap(([type, cases]) =>
    cases.map(([data, expected]) => [type, data, expected] as const),
  );

/** A fact as the saga will see it, for a withdrawal of this asset. Without a digest it fits no order. */
function reportedBy(change: ReportedChange, by: string | null): object {
  if (change.kind !== 'fact') return change;
  expect([change.withdrawalId, change.by]).toEqual(['w1', by]);
  expect(change.reported?.digest).toBe('');
  return change.fact(USDT);
}

describe('changeOfLedgerEvent', () => {
  it.each(rowsOf(LEDGER))('%s %j', (type, data, expected) => {
    expect(
      reportedBy(changeOfLedgerEvent({ ...ENVELOPE, type, data } as LedgerEvent), null),
    ).toEqual(expected);
  });
});

it.each<[string, ReportedChange]>([
  [
    'a placed hold',
    changeOfLedgerEvent({
      ...ENVELOPE,
      type: 'ledger.hold-placed.v1',
      data: { ...W, digest: 'd1' },
    }),
  ],
  [
    'a captured hold',
    changeOfLedgerEvent({
      ...ENVELOPE,
      type: 'ledger.hold-captured.v1',
      data: { ...W, fee: '1', entryId: 'e', digest: 'd1' },
    }),
  ],
  [
    'a broadcast',
    changeOfVenueEvent({
      ...ENVELOPE,
      type: 'venue.withdrawal-broadcast.v1',
      data: { ...V, venueReference: 'v1', txHash: '0xabc', digest: 'd1' },
    }),
  ],
])('%s is compared by the digest that it carries', (_what, change) => {
  expect(change).toMatchObject({ reported: { digest: 'd1' } });
});

describe('changeOfVenueEvent', () => {
  it.each(rowsOf(VENUE))('%s %j', (type, data, expected) => {
    expect(
      reportedBy(changeOfVenueEvent({ ...ENVELOPE, type, data } as VenueEvent), 'gateio'),
    ).toEqual(expected);
  });
});

describe('what our own wallet reports beside that', () => {
  const spent = {
    venue: 'wallet',
    network: 'ETH',
    asset: 'ETH.ETH',
    amount: '0.001',
    txHash: '0xabc',
    from: '0xhot',
    wallet: 'hot',
    at: '2026-11-22T08:00:00Z',
  } as const;
  const ofEvent = (body: Pick<WalletEvent, 'type' | 'data'>) =>
    changeOfVenueEvent({ ...ENVELOPE, ...body } as WalletEvent);

  it('is gas of a payment, with the withdrawal that it was for', () => {
    const data = { ...spent, withdrawalId: 'w1', purpose: 'payment' as const };

    expect(ofEvent({ type: 'venue.gas-spent.v1', data })).toEqual({
      kind: 'gas_spent',
      cost: data,
      withdrawalId: 'w1',
    });
  });

  it('is gas of nothing, and what the tank has sent: of no withdrawal', () => {
    const data = { ...spent, withdrawalId: NO_WITHDRAWAL, purpose: 'void' as const };
    const topUp = { ...data, to: '0xhot', blockNumber: '7' };

    expect(ofEvent({ type: 'venue.gas-spent.v1', data })).toEqual({
      kind: 'gas_spent',
      cost: data,
    });
    expect(ofEvent({ type: 'venue.gas-topped-up.v1', data: topUp })).toEqual({
      kind: 'gas_topped_up',
      cost: topUp,
    });
  });
});
