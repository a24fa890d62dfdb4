import { Amount } from '@sluice/kernel';
import { judgeRecord as judged, type TrackedSubmission } from './judge-record.js';
import type { ListedWithdrawal, VenueStatus } from './venue-adapter.js';

const usdt = (text: string): Amount => Amount.of(text, 'USDT.ETH');

const TO = `address:0x${'a'.repeat(40)}:`;
const OTHER = `address:0x${'b'.repeat(40)}:`;
const LISTED_WITHIN_MS = 35_000;
const limits = {
  listedWithinMs: LISTED_WITHIN_MS,
  isSmall: (difference: Amount) => !usdt('1').lessThan(difference),
};
const judgeRecord = (submission: TrackedSubmission, record: ListedWithdrawal) =>
  judged(submission, record, limits);

const asked: TrackedSubmission = {
  withdrawalId: 'w',
  state: 'accepted',
  network: 'ETH',
  destination: TO,
  amount: usdt('5'),
  gross: usdt('6'),
  txHash: null,
  cancelRequested: false,
  cancelSeenForMs: null,
  endedForMs: null,
};

function said(status: VenueStatus, change: Partial<ListedWithdrawal> = {}): ListedWithdrawal {
  return {
    form: 'chain',
    venueReference: 'v1',
    clientReference: 'r1',
    currency: 'USDT',
    network: 'ETH',
    destination: TO,
    gross: usdt('6.0'),
    net: usdt('5.00'),
    venueFee: usdt('1'),
    createdAt: new Date(0),
    txHash: '0xhash',
    status,
    venueStatus: 'X',
    ...change,
  };
}

const failed: VenueStatus = { kind: 'failed', reason: 'r', message: 'm', cancelled: true };

describe('a record of an accepted submission', () => {
  it('settles it when the recipient got exactly what was asked', () => {
    expect(judgeRecord(asked, said({ kind: 'settled' }))).toEqual({
      verdict: { kind: 'settled', txHash: '0xhash', venueFee: usdt('1') },
      cases: [],
    });
  });

  it('settles the submission by the fields of the record: network, recipient and received amount may be missing', () => {
    const silent = said({ kind: 'settled' }, { network: null, destination: null, net: null });

    expect(judgeRecord(asked, silent).verdict).toMatchObject({ kind: 'settled' });
  });

  it.each<[string, Partial<ListedWithdrawal>]>([
    ['less received', { net: usdt('4.99') }],
    ['more received', { net: usdt('6') }],
    ['less received than the largest fee change', { net: usdt('3.9'), venueFee: usdt('2.1') }],
    ['another gross amount', { gross: usdt('7') }],
    ['another recipient', { destination: OTHER }],
    ['another chain', { network: 'TRX' }],
    [
      'another currency',
      { currency: 'USDC', gross: Amount.of('6', 'USDC.ETH'), net: Amount.of('5', 'USDC.ETH') },
    ],
  ])('opens a dispute instead of settling: %s', (_what, change) => {
    const { verdict, cases } = judgeRecord(asked, said({ kind: 'settled' }, change));

    expect(verdict).toEqual({ kind: 'disputed' });
    expect(cases).toMatchObject([{ kind: 'not_as_asked' }]);
  });

  it.each<[string, Partial<ListedWithdrawal>]>([
    ['a gross amount that cannot be read', { gross: null }],
    ['a chain we do not know', { network: '?NEW' }],
    ['a coin we do not know', { currency: '?TETHER' }],
    ['the chain in the name of the coin', { currency: 'USDT-ERC20' }],
    ['a recipient in a mask', { destination: 'address:0xaaaa%E2%80%A6aaaa:' }],
    ['a transfer between accounts instead of an address', { destination: 'venue_account:uid::7' }],
    ['an amount with fewer digits', { net: usdt('4.9999999999') }],
  ])('waits for a person without evidence against the venue: %s', (_what, change) => {
    const { verdict, cases } = judgeRecord(asked, said({ kind: 'settled' }, change));

    expect(verdict).toEqual({ kind: 'disputed' });
    expect(cases).toMatchObject([{ kind: 'cannot_tell' }]);
  });

  it.each<[string, string, string]>([
    ['raised', '4.5', '1.5'],
    ['lowered', '5.5', '0.5'],
  ])(
    'settles it after the venue has %s its fee, and books what the venue debited',
    (_what, net, fee) => {
      const changed = said({ kind: 'settled' }, { net: usdt(net), venueFee: usdt(fee) });

      expect(judgeRecord(asked, changed)).toEqual({
        verdict: { kind: 'settled', txHash: '0xhash', venueFee: usdt('1'), received: usdt(net) },
        cases: [],
      });
    },
  );

  it.each<[string, TrackedSubmission, Partial<ListedWithdrawal>]>([
    ['in the record', asked, { txHash: '0xpaid' }],
    [
      'in the record of a requested cancellation',
      { ...asked, cancelRequested: true },
      { txHash: 'x' },
    ],
    ['reported before', { ...asked, txHash: '0xpaid' }, { txHash: null }],
  ])('is never released by a failed record with a transaction %s', (_what, submission, change) => {
    for (const cancelled of [true, false]) {
      const { verdict, cases } = judgeRecord(submission, said({ ...failed, cancelled }, change));

      expect(verdict).toEqual({ kind: 'disputed' });
      expect(cases.map(({ kind }) => kind)).toContain('failed_with_transaction');
    }
  });

  it('fails with a transaction that a chain proves to have moved nothing, also if nothing was requested', () => {
    const reverted = said({ ...failed, isProven: true }, { txHash: '0xreverted' });

    expect(judgeRecord({ ...asked, txHash: '0xreverted' }, reverted).verdict).toMatchObject({
      kind: 'failed',
    });
  });

  it('fails by the final void of our own wallet, which has other terms, and by no other record of other terms', () => {
    const terms = {
      currency: 'ETH',
      gross: usdt('0'),
      net: usdt('0'),
      destination: 'address:0x9:',
    };
    const voided = { ...failed, reason: 'cancelled', cancelled: true, isProven: true } as const;

    expect(judgeRecord(asked, said(voided, terms)).verdict).toMatchObject({ kind: 'failed' });
    expect(judgeRecord(asked, said(failed, { ...terms, txHash: null })).verdict).toEqual({
      kind: 'disputed',
    });
  });

  it('is disputed by a payment that is proven to differ, whatever the fields', () => {
    const record = said({ kind: 'settled', isOtherwise: true }, { gross: null, net: null });

    expect(judgeRecord(asked, record)).toMatchObject({
      verdict: { kind: 'disputed' },
      cases: [{ kind: 'not_as_asked' }],
    });
  });

  it('is on its way once, when its hash first appears', () => {
    expect(judgeRecord(asked, said({ kind: 'broadcast' })).verdict).toEqual({
      kind: 'broadcast',
      txHash: '0xhash',
    });
    expect(
      judgeRecord({ ...asked, txHash: '0xhash' }, said({ kind: 'broadcast' })).verdict,
    ).toEqual({ kind: 'nothing' });
    expect(judgeRecord(asked, said({ kind: 'broadcast' }, { txHash: null })).verdict).toEqual({
      kind: 'nothing',
    });
  });

  it('is cancelled only if we asked for it; another cancellation counts once the record shows it later too', () => {
    const record = said(failed, { txHash: null });

    expect(judgeRecord(asked, record).verdict).toEqual({ kind: 'cancel_seen' });
    expect(
      judgeRecord({ ...asked, cancelSeenForMs: LISTED_WITHIN_MS - 1 }, record).verdict,
    ).toEqual({
      kind: 'cancel_seen',
    });
    expect(
      judgeRecord({ ...asked, cancelSeenForMs: LISTED_WITHIN_MS }, record).verdict,
    ).toMatchObject({
      kind: 'failed',
      cancelled: false,
    });
    expect(judgeRecord({ ...asked, cancelRequested: true }, record).verdict).toMatchObject({
      kind: 'failed',
      cancelled: true,
    });
  });

  it('that was cancelled at the venue without our request opens a case; a failed record does not', () => {
    expect(judgeRecord(asked, said(failed, { txHash: null })).cases).toMatchObject([
      { kind: 'venue_alert' },
    ]);
    expect(
      judgeRecord({ ...asked, cancelRequested: true }, said(failed, { txHash: null })).cases,
    ).toEqual([]);
    expect(
      judgeRecord(asked, said({ ...failed, cancelled: false }, { txHash: null })).cases,
    ).toEqual([]);
  });

  it.each<[string, Partial<ListedWithdrawal>]>([
    ['another amount', { gross: usdt('7'), net: usdt('6') }],
    ['another recipient', { destination: OTHER }],
  ])('with %s may belong to another order: its failure or hash proves nothing', (_name, change) => {
    const wanted = { ...asked, cancelRequested: true };

    const { verdict, cases } = judgeRecord(wanted, said(failed, { txHash: null, ...change }));

    expect(verdict).toEqual({ kind: 'disputed' });
    expect(cases).toMatchObject([
      { kind: 'not_as_asked', text: expect.stringContaining('does not prove') as string },
    ]);
    expect(judgeRecord(asked, said({ kind: 'broadcast' }, change)).verdict).toEqual({
      kind: 'nothing',
    });
  });

  it('does not go back: a case is opened, nothing is changed', () => {
    const { verdict, cases } = judgeRecord(
      { ...asked, txHash: '0xhash' },
      said({ kind: 'pending' }),
    );

    expect(verdict).toEqual({ kind: 'nothing' });
    expect(cases).toMatchObject([{ kind: 'status_went_back' }]);
  });
});

describe('a record of a submission that was settled a moment ago', () => {
  const settled = { ...asked, state: 'settled', endedForMs: 59_999 } as const;

  it.each<VenueStatus>([{ kind: 'pending' }, { kind: 'broadcast' }])(
    'may have been read before, where it is still %o',
    (status) => expect(judgeRecord(settled, said(status)).cases).toEqual([]),
  );

  it('contradicts it where it has failed', () => {
    expect(judgeRecord(settled, said(failed)).cases).toHaveLength(1);
  });
});

describe('a record of a submission that has ended', () => {
  const statuses: VenueStatus[] = [
    { kind: 'pending' },
    { kind: 'broadcast' },
    { kind: 'settled' },
    failed,
  ];

  it.each(['settled', 'failed'] as const)(
    'never changes it (%s); what contradicts it opens a case',
    (state) => {
      for (const status of statuses) {
        const { verdict, cases } = judgeRecord(
          { ...asked, state, endedForMs: 60_000 },
          said(status, { txHash: null }),
        );

        expect(verdict).toEqual({ kind: 'nothing' });
        expect(cases.map((one) => one.kind)).toEqual(
          status.kind === state ? [] : ['contrary_after_end'],
        );
      }
    },
  );
});

describe('a failed record of a settled payment that may come back', () => {
  const settled: TrackedSubmission = { ...asked, state: 'settled' };
  const judgeRecord = (submission: TrackedSubmission, record: ListedWithdrawal) =>
    judged(submission, record, { ...limits, returnable: new Set(['chain']) });
  const back = (change: Partial<ListedWithdrawal> = {}) =>
    said(failed, { txHash: null, ...change });

  it('is the return of the money', () => {
    expect(judgeRecord(settled, back())).toEqual({
      verdict: { kind: 'returned', reason: 'r', message: 'm' },
      cases: [],
    });
  });

  it.each<[string, Partial<TrackedSubmission>, Partial<ListedWithdrawal>]>([
    ['the record has a transaction', {}, { txHash: '0xhash' }],
    ['a transaction was reported before', { txHash: '0xhash' }, {}],
    ['the record has another amount', {}, { gross: usdt('5.5') }],
    ['the amount cannot be read', {}, { gross: null }],
    ['the recipient got a part', {}, { net: usdt('4') }],
    ['the record has another recipient', {}, { destination: OTHER }],
    ['the record has another currency', {}, { currency: 'BTC' }],
    ['the payments of the form never come back', {}, { form: 'uid' }],
  ])('is a case for a person where %s', (_why, submission, record) => {
    const { verdict, cases } = judgeRecord({ ...settled, ...submission }, back(record));

    expect(verdict).toEqual({ kind: 'nothing' });
    expect(cases.map(({ kind }) => kind)).toEqual(['contrary_after_end']);
  });

  it('returns no payment twice', () => {
    expect(judgeRecord({ ...settled, state: 'returned' }, back())).toEqual({
      verdict: { kind: 'nothing' },
      cases: [],
    });
  });

  it('contradicts a return where the record is settled again', () => {
    const again = judgeRecord({ ...settled, state: 'returned' }, said({ kind: 'settled' }));

    expect(again.cases.map(({ kind }) => kind)).toEqual(['contrary_after_end']);
  });
});
