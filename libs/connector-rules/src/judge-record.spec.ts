import { Amount } from '@sluice/kernel';
import { judgeRecord, type TrackedSubmission } from './judge-record.js';
import type { ListedWithdrawal, VenueStatus } from './venue-adapter.js';

const usdt = (text: string): Amount => Amount.of(text, 'USDT.ETH');

const asked: TrackedSubmission = {
  withdrawalId: 'w',
  state: 'accepted',
  network: 'ETH',
  destination: 'address:a:',
  amount: usdt('5'),
  gross: usdt('6'),
  txHash: null,
  cancelRequested: false,
  isReturnable: false,
  endedForMs: null,
};

function said(status: VenueStatus, change: Partial<ListedWithdrawal> = {}): ListedWithdrawal {
  return {
    form: 'chain',
    venueReference: 'v1',
    clientReference: 'r1',
    currency: 'USDT',
    network: 'ETH',
    destination: 'address:a:',
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
    ['another gross amount', { gross: usdt('7') }],
    ['a gross amount that cannot be read', { gross: null }],
    ['another recipient', { destination: 'address:b:' }],
    ['another chain', { network: 'TRX' }],
    ['a chain we do not know', { network: '?NEW' }],
    [
      'another currency',
      { currency: 'USDC', gross: Amount.of('6', 'USDC.ETH'), net: Amount.of('5', 'USDC.ETH') },
    ],
  ])('opens a dispute instead of settling: %s', (_what, change) => {
    const { verdict, cases } = judgeRecord(asked, said({ kind: 'settled' }, change));

    expect(verdict).toEqual({ kind: 'disputed' });
    expect(cases).toMatchObject([{ kind: 'not_as_asked' }]);
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

  it('is cancelled only if we asked for it', () => {
    expect(judgeRecord(asked, said(failed)).verdict).toMatchObject({
      kind: 'failed',
      cancelled: false,
    });
    expect(judgeRecord({ ...asked, cancelRequested: true }, said(failed)).verdict).toMatchObject({
      kind: 'failed',
      cancelled: true,
    });
  });

  it('that was cancelled at the venue without our request opens a case; a failed record does not', () => {
    expect(judgeRecord(asked, said(failed)).cases).toMatchObject([{ kind: 'venue_alert' }]);
    expect(judgeRecord({ ...asked, cancelRequested: true }, said(failed)).cases).toEqual([]);
    expect(judgeRecord(asked, said({ ...failed, cancelled: false })).cases).toEqual([]);
  });

  it.each<[string, Partial<ListedWithdrawal>]>([
    ['another amount', { gross: usdt('7'), net: usdt('6') }],
    ['another recipient', { destination: 'address:b:' }],
    ['an unreadable amount', { gross: null }],
  ])('with %s may belong to another order: its failure or hash proves nothing', (_name, change) => {
    const wanted = { ...asked, cancelRequested: true };

    const { verdict, cases } = judgeRecord(wanted, said(failed, change));

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
          said(status),
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
  const settled: TrackedSubmission = { ...asked, state: 'settled', isReturnable: true };
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
    ['the record has another recipient', {}, { destination: 'address:b:' }],
    ['the record has another currency', {}, { currency: 'BTC' }],
    ['the payments of the form never come back', { isReturnable: false }, {}],
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
