import type { FormCapabilities, ListedWithdrawal, Resolution } from '@sluice/connector-rules';
import { Amount } from '@sluice/kernel';
import { afterForeignAnswer, withPossibleRecords } from './unknown-resolver.js';

const FORM: FormCapabilities = {
  form: 'chain',
  destination: 'address',
  accountKinds: [],
  assets: ['USDT.TRX'],
  recovery: 'none',
  absence: { emptyLookups: 4, afterMs: 900_000 },
  honoured: { forMs: 120_000, source: 'a test' },
  maxResends: 0,
  cancellable: false,
  submitEndpoint: 'POST /pay',
};
const SENT = new Date('2026-11-23T08:00:00Z');
const after = (ms: number): Date => new Date(SENT.getTime() + ms);
const ATTEMPT = {
  withdrawalId: 'w',
  clientReference: 'r',
  network: 'TRX',
  destination: 'T1',
  amount: Amount.of('5', 'USDT.TRX'),
  gross: Amount.of('5', 'USDT.TRX'),
  firstSentAt: SENT,
  sentAt: SENT,
  lastSentAt: SENT,
  silentMs: 900_000,
  emptyLookups: 3,
  isForeign: true,
  possibleRecords: [],
};
const PERSON: Resolution = { kind: 'person_needed', cause: 'no record fits' };
const COVERED = { from: after(-700_000), to: after(900_000) };

function record(change: Partial<ListedWithdrawal>): ListedWithdrawal {
  return {
    form: 'chain',
    venueReference: 'v',
    clientReference: null,
    currency: 'USDT',
    network: 'ETH',
    destination: 'elsewhere',
    gross: Amount.of('7', 'USDT.ETH'),
    net: Amount.of('6', 'USDT.ETH'),
    venueFee: null,
    createdAt: after(1_000),
    txHash: null,
    status: { kind: 'pending' },
    venueStatus: '1',
    ...change,
  };
}

const resolved = (
  unclaimed: readonly ListedWithdrawal[],
  change: Partial<typeof ATTEMPT> = {},
  form = FORM,
): string =>
  afterForeignAnswer(form, { ...ATTEMPT, ...change }, { unclaimed, covered: COVERED }, PERSON).kind;

describe('an attempt answered by another party than the venue', () => {
  it('is absent after the whole rule of silence, where records carry no key of ours', () => {
    expect(resolved([])).toBe('absent');
    expect(resolved([record({})])).toBe('absent');
    expect(resolved([record({ createdAt: after(-3_600_000), gross: ATTEMPT.gross })])).toBe(
      'absent',
    );
  });

  it.each<[string, Partial<ListedWithdrawal>]>([
    ['the amount on another network', { gross: Amount.of('5.00', 'USDT.ETH') }],
    ['the net amount', { net: Amount.of('5', 'USDT.ETH') }],
    ['no amount', { gross: null, net: null }],
    ['another spelling', { currency: 'usdt', gross: Amount.of('5', 'usdt.-') }],
    ['an unknown network', { currency: '?X', network: '?x', gross: Amount.of('5', 'USDT.?x') }],
  ])('needs a person while an unclaimed record has %s', (_what, change) => {
    expect(resolved([record(change)])).toBe('person_needed');
  });

  it('needs a person if the answer was lost, or the look-ups do not suffice', () => {
    expect(resolved([], { isForeign: false })).toBe('person_needed');
    expect(resolved([], { emptyLookups: 2 })).toBe('person_needed');
    expect(resolved([], { silentMs: 800_000 })).toBe('person_needed');
  });

  it('changes nothing at a venue with a key of ours', () => {
    expect(resolved([], {}, { ...FORM, recovery: 'search' })).toBe('person_needed');
  });
});

describe('silence after a record that may be the payment', () => {
  const resolved = (listed: readonly ListedWithdrawal[], resolution: Resolution) =>
    withPossibleRecords(
      { submission: { possibleRecords: ['v'] }, resolution },
      { listed, possible: [] },
    );

  it('needs a person while no look-up lists the record, and proves absence once the record is of another order', () => {
    expect(resolved([], { kind: 'absent' })).toMatchObject({
      possibleRecords: ['v'],
      resolution: { kind: 'person_needed', cause: expect.stringMatching(/longer: v$/) as string },
    });
    expect(resolved([record({})], { kind: 'absent' })).toMatchObject({
      possibleRecords: [],
      resolution: { kind: 'absent' },
    });
  });

  it('changes no other resolution', () => {
    expect(resolved([], { kind: 'look_again', covered: true }).resolution).toEqual({
      kind: 'look_again',
      covered: true,
    });
    const found: Resolution = { kind: 'found', record: record({ venueReference: 'w' }) };
    expect(resolved([], found).resolution).toEqual(found);
  });
});
