import * as fc from 'fast-check';
import { Amount, destinationKey } from '@sluice/kernel';
import type { FormCapabilities } from './capabilities.js';
import {
  absentFrom,
  lookupPauseMs,
  resolveUnknown,
  searchSpan,
  type UnknownAttempt,
} from './resolve-unknown.js';
import type { ListedWithdrawal, VenueSpan } from './venue-adapter.js';

const SEARCHABLE: FormCapabilities = {
  form: 'chain',
  destination: 'address',
  accountKinds: [],
  assets: ['USDT.ETH'],
  recovery: 'search',
  absence: { emptyLookups: 3, afterMs: 60_000 },
  honoured: { forMs: 45_000, source: 'a test' },
  maxResends: 2,
  cancellable: true,
  submitEndpoint: 'POST /pay',
};
const KEYLESS: FormCapabilities = { ...SEARCHABLE, form: 'push', recovery: 'none' };
const SENT = new Date('2026-11-20T08:00:00.400Z');

function attempt(change: Partial<UnknownAttempt> = {}): UnknownAttempt {
  const destination = destinationKey({ type: 'venue_account', kind: 'uid', value: '1' });
  return {
    withdrawalId: 'w',
    clientReference: 'r1',
    network: 'ETH',
    destination,
    amount: Amount.of('5', 'USDT.ETH'),
    gross: Amount.of('5', 'USDT.ETH'),
    firstSentAt: SENT,
    sentAt: SENT,
    lastSentAt: SENT,
    silentMs: 0,
    emptyLookups: 0,
    ...change,
  };
}

function record(change: Partial<ListedWithdrawal> = {}): ListedWithdrawal {
  const { destination } = attempt();
  return {
    form: 'push',
    venueReference: 'v1',
    clientReference: null,
    currency: 'USDT',
    network: null,
    destination,
    gross: Amount.of('5.0', 'USDT.-'),
    net: Amount.of('5.0', 'USDT.-'),
    venueFee: Amount.zero('USDT.-'),
    createdAt: new Date('2026-11-20T08:00:00Z'),
    txHash: null,
    status: { kind: 'pending' },
    venueStatus: 'CREATING',
    ...change,
  };
}

const later = (ms: number): Date => new Date(SENT.getTime() + ms);
/** From well before the submit to so many milliseconds after it. */
const until = (ms: number): VenueSpan => ({ from: later(-600_000), to: later(ms) });

describe('a form whose records can be searched by our key', () => {
  it('finds the record with our reference, whatever else is there', () => {
    const records = [
      record({ venueReference: 'x', clientReference: 'other' }),
      record({ clientReference: 'r1' }),
    ];

    expect(resolveUnknown(SEARCHABLE, attempt(), records, until(1))).toMatchObject({
      kind: 'found',
      record: { venueReference: 'v1' },
    });
  });

  it('takes silence for absence only after enough empty look-ups over more than the listing delay', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 10 }),
        fc.integer({ min: 0, max: 200_000 }),
        (emptyLookups, waitedMs) => {
          const { kind } = resolveUnknown(
            SEARCHABLE,
            attempt({ emptyLookups, silentMs: waitedMs }),
            [],
            until(waitedMs),
          );

          expect(kind).toBe(emptyLookups + 1 >= 3 && waitedMs >= 60_000 ? 'absent' : 'look_again');
        },
      ),
    ));

  it('counts a look-up as empty only if the look-up covers the time from before the submit until the venue can no longer honour it', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: -700_000, max: 100_000 }),
        fc.integer({ min: -100_000, max: 200_000 }),
        (fromMs, toMs) => {
          const covered = { from: later(fromMs), to: later(toMs) };
          const resolution = resolveUnknown(
            SEARCHABLE,
            attempt({ emptyLookups: 9, silentMs: 9_000_000 }),
            [],
            covered,
          );

          expect(resolution.kind).toBe(
            fromMs <= -600_000 && toMs >= 45_000 ? 'absent' : 'look_again',
          );
          if (resolution.kind === 'look_again') expect(resolution.covered).toBe(false);
        },
      ),
    ));

  it('no look-up proves anything while the time of the venue is not known', () => {
    expect(
      resolveUnknown(SEARCHABLE, attempt({ emptyLookups: 9, silentMs: 9_000_000 }), [], null),
    ).toEqual({ kind: 'look_again', covered: false });
  });

  it('a repeat may be honoured later than the first request: the bound is that of the last', () => {
    const repeated = attempt({ lastSentAt: later(30_000), emptyLookups: 9, silentMs: 9_000_000 });

    expect(resolveUnknown(SEARCHABLE, repeated, [], until(74_999)).kind).toBe('look_again');
    expect(resolveUnknown(SEARCHABLE, repeated, [], until(75_000)).kind).toBe('absent');
    expect(absentFrom(SEARCHABLE, repeated)).toEqual(later(75_000));
  });

  it('is never absent where the venue names no bound', () => {
    const boundless = { ...SEARCHABLE, honoured: null };

    expect(
      resolveUnknown(
        boundless,
        attempt({ emptyLookups: 9, silentMs: 9_000_000 }),
        [],
        until(9_000_000),
      ).kind,
    ).toBe('person_needed');
    expect(absentFrom(boundless, attempt())).toBeNull();
  });

  it('what is asked for covers each of the submits, once the bound has passed by the clock of the venue', () =>
    fc.assert(
      fc.property(
        fc.array(fc.nat(80_000_000), { minLength: 1, maxLength: 5 }),
        fc.nat(1_000_000_000),
        (sent, waitedMs) => {
          const attempts = sent.map((ms) =>
            attempt({
              firstSentAt: later(ms),
              sentAt: later(ms),
              lastSentAt: later(ms),
              emptyLookups: 9,
              silentMs: waitedMs,
            }),
          );
          const now = later(Math.max(...sent) + waitedMs);
          const span = searchSpan(SEARCHABLE, attempts, now);

          expect(span.to.getTime()).toBeLessThanOrEqual(now.getTime());
          for (const one of attempts)
            expect(resolveUnknown(SEARCHABLE, one, [], span).kind).toBe(
              waitedMs >= 60_000 ? 'absent' : 'look_again',
            );
        },
      ),
    ));

  it.each<[string, Partial<ListedWithdrawal>]>([
    ['without a reference, and equal fields', {}],
    ['with an empty reference', { clientReference: '' }],
    ['with a reference cut short', { clientReference: 'r' }],
    ['with the reference in another case', { clientReference: 'R1' }],
    ['without a reference, on a chain not known', { network: '?NEW' }],
    ['whose time or id cannot be read', { clientReference: 'r1', isDraft: true }],
    ['without a reference and an amount that cannot be read', { gross: null, net: null }],
  ])(
    'is not proven absent while a record is listed %s: a person decides at last',
    (_what, change) => {
      const silent = attempt({ emptyLookups: 9, silentMs: 60_000 });
      const listed = [record(change)];

      expect(resolveUnknown(SEARCHABLE, silent, listed, until(60_000))).toMatchObject({
        kind: 'person_needed',
        cause: expect.stringContaining('v1') as string,
      });
      expect(
        resolveUnknown(SEARCHABLE, { ...silent, silentMs: 59_999 }, listed, until(59_999)),
      ).toEqual({ kind: 'look_again', covered: false });
    },
  );

  it.each<[string, Partial<ListedWithdrawal>]>([
    ['with another reference of ours', { clientReference: 'other' }],
    ['of another recipient', { destination: 'venue_account:uid::2' }],
    ['of another amount', { gross: Amount.of('7', 'USDT.-'), net: Amount.of('7', 'USDT.-') }],
    ['of another chain', { network: 'TRX' }],
    ['of an earlier time', { createdAt: later(-60_000) }],
  ])('is proven absent beside a record %s', (_what, change) => {
    const silent = attempt({ emptyLookups: 9, silentMs: 60_000 });

    expect(resolveUnknown(SEARCHABLE, silent, [record(change)], until(60_000)).kind).toBe('absent');
  });

  it('two records under one reference are a case for a person, not a choice', () => {
    const records = [
      record({ clientReference: 'r1' }),
      record({ clientReference: 'r1', venueReference: 'v2' }),
    ];

    expect(resolveUnknown(SEARCHABLE, attempt(), records, until(1)).kind).toBe('person_needed');
  });
});

describe('a form whose venue replays', () => {
  const REPLAYING: FormCapabilities = { ...SEARCHABLE, recovery: 'replay', replayForMs: 1_000 };

  it('finds the record with our reference, never a similar record', () => {
    const equal = record({ venueReference: 'x', clientReference: 'other' });

    expect(
      resolveUnknown(REPLAYING, attempt(), [equal, record({ clientReference: 'r1' })], until(1)),
    ).toMatchObject({
      record: { venueReference: 'v1' },
    });
    expect(resolveUnknown(REPLAYING, attempt(), [equal, record()], until(1)).kind).toBe(
      'look_again',
    );
  });

  it('never takes silence for absence, however long it lasts', () =>
    fc.assert(
      fc.property(fc.nat(10), fc.nat(200_000), (emptyLookups, waitedMs) => {
        const { kind } = resolveUnknown(
          REPLAYING,
          attempt({ emptyLookups, silentMs: waitedMs }),
          [],
          until(waitedMs),
        );

        expect(kind).toBe(
          emptyLookups + 1 >= 3 && waitedMs >= 60_000 ? 'person_needed' : 'look_again',
        );
      }),
    ));
});

describe('a form without a key', () => {
  it('adopts exactly one record with the same recipient, currency and amount, made in the second of the submit or after it', () => {
    expect(resolveUnknown(KEYLESS, attempt(), [record()], until(1)).kind).toBe('found');
    expect(
      resolveUnknown(KEYLESS, attempt(), [record(), record({ venueReference: 'v2' })], until(1))
        .kind,
    ).toBe('person_needed');
  });

  it.each([
    ['another amount', { gross: Amount.of('5.01', 'USDT.-') }],
    ['an amount that cannot be read', { gross: null }],
    ['another currency', { currency: 'USDC', gross: Amount.of('5', 'USDC.-') }],
    [
      'another recipient',
      { destination: destinationKey({ type: 'venue_account', kind: 'uid', value: '2' }) },
    ],
    ['a recipient it does not name', { destination: null }],
    ['another chain', { network: 'TRX' }],
    ['a chain we do not know', { network: '?NEW' }],
    ['a younger record than anything of ours can be', { createdAt: later(60_001) }],
    ['an older record', { createdAt: new Date('2026-11-20T07:59:59Z') }],
  ])('does not adopt %s', (_what, change) => {
    expect(resolveUnknown(KEYLESS, attempt(), [record(change)], until(1)).kind).toBe('look_again');
  });

  it.each([
    ['the same chain', { network: 'ETH' }],
    ['the last moment at which ours could appear', { createdAt: later(60_000) }],
  ])('adopts a record of %s', (_what, change) => {
    expect(resolveUnknown(KEYLESS, attempt(), [record(change)], until(1)).kind).toBe('found');
  });

  it('never proves absence by silence: a person is asked', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_000 }),
        fc.integer({ min: 0, max: 10_000_000 }),
        (emptyLookups, waitedMs) => {
          expect(
            resolveUnknown(
              KEYLESS,
              attempt({ emptyLookups, silentMs: waitedMs }),
              [],
              until(waitedMs),
            ).kind,
          ).not.toBe('absent');
        },
      ),
    ));
});

describe('lookupPauseMs', () => {
  it('fits the required number of look-ups into the required time', () => {
    const pauses = [0, 1, 2].map((done) =>
      lookupPauseMs(SEARCHABLE, { emptyLookups: done, silentMs: 0 }),
    );

    expect(pauses.reduce((sum, pause) => sum + pause)).toBeLessThanOrEqual(60_000);
    expect(
      lookupPauseMs(SEARCHABLE, { emptyLookups: 50, silentMs: 9_000_000 }),
    ).toBeLessThanOrEqual(60_000);
  });
});
