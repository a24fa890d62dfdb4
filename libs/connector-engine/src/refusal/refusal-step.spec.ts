import { Amount } from '@sluice/kernel';
import type { FormCapabilities, ListedWithdrawal } from '@sluice/connector-rules';
import type { FoundRecords } from '../listing/record-search.js';
import { isFirstSilence, stepOf, type Refused } from './refusal-step.js';

const FORM: FormCapabilities = {
  form: 'push',
  destination: 'venue_account',
  accountKinds: ['uid'],
  assets: ['USDT.ETH'],
  recovery: 'none',
  absence: { emptyLookups: 4, afterMs: 900_000 },
  honoured: { forMs: 120_000, source: 'a test' },
  maxResends: 0,
  cancellable: false,
  submitEndpoint: 'POST /pay',
};
const SENT = new Date('2026-11-23T08:00:00Z');
const after = (ms: number): Date => new Date(SENT.getTime() + ms);
const worth = Amount.of('10', 'EUR.-');

function refused(change: Partial<Refused> = {}): Refused {
  return {
    withdrawalId: 'w',
    attempt: 1,
    clientReference: 'r',
    network: null,
    destination: '7',
    amount: Amount.of('5', 'USDT.ETH'),
    gross: Amount.of('5', 'USDT.ETH'),
    since: SENT,
    until: after(300),
    isByValidation: true,
    lookups: 0,
    coveringLookups: 0,
    silentMs: 35_000,
    possibleRecords: [],
    ...change,
  };
}

/** A look-up that covers everything up to so long after the request left. */
function found(
  change: Partial<Refused>,
  coveredMs: number,
  ...kinds: string[]
): FoundRecords<Refused> {
  const records = kinds.map(
    (kind, n) => ({ venueReference: `v${n}`, status: { kind }, txHash: null }) as ListedWithdrawal,
  );
  const covered = { from: after(-600_000), to: after(coveredMs) };
  return { wanted: refused(change), listed: records, records, unclear: [], covered };
}

describe('the first look-up after a refusal', () => {
  it('decides alone after a validation, where the exposure permits', () => {
    const silent = found({}, 35_000);

    expect(isFirstSilence(silent)).toBe(true);
    expect(stepOf(FORM, silent, worth)).toMatchObject({
      kind: 'nothing_found',
      released_eur: worth,
    });
  });

  it('decides nothing where the exposure does not permit, or the basis is not known', () => {
    expect(isFirstSilence(found({ isByValidation: false }, 35_000))).toBe(false);
    expect(stepOf(FORM, found({}, 35_000), undefined)).toMatchObject({
      kind: 'look_again',
      covered: false,
      released_eur: null,
    });
  });

  it('finds a payment that was made nevertheless; one that failed agrees with the refusal', () => {
    expect(isFirstSilence(found({}, 35_000, 'pending'))).toBe(false);
    expect(stepOf(FORM, found({}, 35_000, 'pending'), undefined)).toMatchObject({
      kind: 'found',
      venue_reference: 'v0',
    });
    expect(isFirstSilence(found({}, 35_000, 'failed'))).toBe(true);
    expect(stepOf(FORM, found({}, 35_000, 'pending', 'settled'), undefined).kind).toBe(
      'person_needed',
    );
  });

  it.each([['pending'], ['settled']])(
    'never fails over while the owner of a %s record cannot be told: the order waits, then a person decides',
    (kind) => {
      const unclear = found({}, 0, kind).records;
      const at = (silentMs: number) => ({ ...found({ silentMs }, silentMs), unclear });

      expect(isFirstSilence(at(35_000))).toBe(false);
      expect(stepOf(FORM, at(35_000), undefined)).toMatchObject({
        kind: 'look_again',
        covered: false,
      });
      expect(stepOf(FORM, at(900_000), undefined).kind).toBe('person_needed');
    },
  );

  it('never fails over after such a record is listed no longer, until a look-up shows whose it is', () => {
    const seen = stepOf(
      FORM,
      { ...found({}, 35_000), unclear: found({}, 0, 'pending').records },
      undefined,
    );
    expect(seen.possible_records).toEqual(['v0']);
    const at = (silentMs: number, ...listed: string[]) => {
      const change = { lookups: 4, coveringLookups: 3, silentMs, possibleRecords: ['v0'] };
      const empty = found(change, silentMs);
      return stepOf(FORM, { ...empty, listed: found({}, 0, ...listed).records }, undefined);
    };

    expect(at(899_999)).toMatchObject({ kind: 'look_again', covered: false });
    expect(at(900_000)).toMatchObject({ kind: 'person_needed', possible_records: ['v0'] });
    expect(at(900_000, 'pending')).toMatchObject({ kind: 'nothing_found', possible_records: null });
  });

  it('decides nothing while a row without any readable field is listed', () => {
    const silent = { ...found({}, 35_000), covered: null };

    expect(isFirstSilence(silent)).toBe(false);
    expect(stepOf(FORM, silent, undefined)).toMatchObject({ kind: 'look_again', covered: false });
  });

  it('takes a failed record with a transaction for a payment', () => {
    const [record] = found({}, 0, 'failed').records;
    const records = record ? [{ ...record, txHash: '0xpaid' }] : [];

    expect(isFirstSilence({ ...found({}, 35_000), records })).toBe(false);
    expect(stepOf(FORM, { ...found({}, 35_000), records }, undefined).kind).toBe('found');
  });
});

describe('a refusal that one look-up may not decide', () => {
  const later = (lookups: number, silentMs: number, coveredMs = silentMs) =>
    stepOf(
      FORM,
      found({ lookups: lookups + 1, coveringLookups: lookups, silentMs }, coveredMs),
      undefined,
    );

  it('needs four look-ups, the last of them after the absence bound', () => {
    expect(later(3, 900_000).kind).toBe('nothing_found');
    expect(later(2, 900_000)).toMatchObject({ kind: 'look_again', covered: true });
    expect(later(3, 899_999)).toMatchObject({ kind: 'look_again', covered: true });
    expect(later(3, 900_000).released_eur).toBeNull();
  });

  it('counts no look-up that ends before the venue could no longer honour the request', () => {
    expect(later(3, 900_000, 119_999)).toMatchObject({ kind: 'look_again', covered: false });
    expect(later(0, 120_000)).toMatchObject({ kind: 'look_again', covered: true });
  });

  it('waits between look-ups', () => {
    expect(later(0, 120_000).pause_ms).toBeGreaterThanOrEqual(500);
  });
});
