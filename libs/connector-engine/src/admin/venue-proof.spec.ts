import { Amount } from '@sluice/kernel';
import type { ListedWithdrawal, VenueSpan } from '@sluice/connector-rules';
import { FORM } from '../testkit/given-queue.js';
import { VenueProof } from './venue-proof.js';

const HOUR_MS = 3_600_000;
const WENT_BACK_AT = new Date('2026-01-01T00:00:00Z');

describe('the absence of a payment after a restore of the database', () => {
  const proofFor = (forgottenForMs?: number): VenueProof =>
    new VenueProof(
      {
        capabilities: {
          venue: 'v',
          forms: [{ ...FORM, ...(forgottenForMs !== undefined && { forgottenForMs }) }],
        },
        list: () => Promise.reject(new Error('not listed')),
      },
      { earliest: () => null, latest: () => null, unknownBecause: () => null, jumps: 0 },
    );
  const after = (ms: number | null) => ({
    form: FORM.form,
    went_back_at: ms === null ? null : WENT_BACK_AT,
    went_back_ms: ms,
  });

  it('is refused as long as the venue may execute a lost request', () => {
    expect(proofFor(3 * HOUR_MS).remembered(after(2 * HOUR_MS))).toEqual({
      ok: false,
      refusal: { kind: 'too_early', from: new Date('2026-01-01T03:00:00Z') },
    });
  });

  it.each([
    ['after that time', 3 * HOUR_MS, 3 * HOUR_MS],
    ['without a restore', 3 * HOUR_MS, null],
    ['at a venue that executes no lost request', undefined, 0],
  ])('may be decided %s', (_when, forgottenForMs, ms) => {
    expect(proofFor(forgottenForMs).remembered(after(ms)).ok).toBe(true);
  });
});

describe('the absence of a disputed payment', () => {
  const SENT_AT = new Date('2026-01-01T00:00:00Z');
  const NOW = new Date('2026-01-01T01:00:00Z');
  const amount = Amount.of('1', 'USDT.ETH');
  const SUBMISSION = {
    withdrawalId: 'w1',
    form: FORM.form,
    state: 'disputed',
    network: null,
    destination: 'venue_account:uid::7',
    amount,
    gross: amount,
    txHash: null,
    cancelRequested: false,
    endedForMs: null,
    cancelSeenForMs: null,
    clientReference: 'ours',
    firstSentAt: SENT_AT,
    lastSentAt: SENT_AT,
    silentMs: HOUR_MS,
  } as const;
  const RECORD: ListedWithdrawal = {
    form: FORM.form,
    venueReference: 'r1',
    clientReference: null,
    currency: 'USDT',
    network: null,
    destination: 'venue_account:uid::7',
    gross: amount,
    net: amount,
    venueFee: null,
    createdAt: SENT_AT,
    txHash: null,
    status: { kind: 'settled' },
    venueStatus: 'DONE',
  };
  const unlisted = async (
    records: readonly ListedWithdrawal[],
    { covered, equal = [] }: { covered?: VenueSpan; equal?: readonly string[] } = {},
  ) => {
    const proof = new VenueProof(
      {
        capabilities: { venue: 'v', forms: [FORM] },
        list: ({ from, to }) =>
          Promise.resolve({ kind: 'page', records, last: true, covered: covered ?? { from, to } }),
      },
      { earliest: () => NOW, latest: () => NOW, unknownBecause: () => null, jumps: 0 },
    );
    const proven = await proof.unlisted(SUBMISSION, () => Promise.resolve(new Set(equal)));
    return proven.ok ? 'absent' : proven.refusal;
  };
  const failed = { kind: 'failed', reason: 'r', message: 'm', cancelled: false } as const;

  it('is refused for a payment with the terms of the order', async () => {
    expect(await unlisted([RECORD])).toEqual({ kind: 'listed', venueReference: 'r1' });
  });

  it.each([
    ['no payment is listed', []],
    ['the listed payment failed', [{ ...RECORD, status: failed }]],
    [
      'the listed payment has another recipient',
      [{ ...RECORD, destination: 'venue_account:uid::8' }],
    ],
    ['the listed payment has another reference of ours', [{ ...RECORD, clientReference: 'x' }]],
  ])('may be decided if %s', async (_what, records) => {
    expect(await unlisted(records)).toBe('absent');
  });

  it('may be decided if the payment belongs to another order with equal terms', async () => {
    expect(await unlisted([RECORD], { equal: ['r1'] })).toBe('absent');
  });

  it.each([
    ['begins after the order was sent', { from: SENT_AT, to: NOW }],
    ['ends before the order was sent', { from: new Date(0), to: new Date(SENT_AT.getTime() - 1) }],
  ])('is refused for a list that %s', async (_what, covered) => {
    expect(await unlisted([], { covered })).toMatchObject({ kind: 'venue_not_asked' });
  });
});
