import { readFileSync } from 'node:fs';
import type { VenueAnswer } from '@sluice/connector-engine';
import * as fc from 'fast-check';
import { cancelOutcome, LABELS, submitOutcome } from './gateio.answers.js';

function answer(status: number, json: unknown, headers: Record<string, string> = {}): VenueAnswer {
  return { kind: 'answer', status, headers, text: JSON.stringify(json), json };
}

const label = (name: string, status = 400): VenueAnswer =>
  answer(status, { label: name, message: 'm' });

// Every label of MAPPING.md, "Errors of a submit": no money moved · again later · ambiguous · halt, nothing of ours can succeed.
const DOCUMENTED: Readonly<Record<string, readonly string[]>> = {
  refused:
    `INVALID_PARAM_VALUE INVALID_PROTOCOL INVALID_ARGUMENT INVALID_REQUEST_BODY MISSING_REQUIRED_PARAM BAD_REQUEST INVALID_CONTENT_TYPE NOT_ACCEPTABLE
    NOT_FOUND METHOD_NOT_ALLOWED MISSING_REQUIRED_HEADER ADDRESS_NOT_USED BALANCE_NOT_ENOUGH QUANTITY_NOT_ENOUGH AMOUNT_TOO_LITTLE AMOUNT_TOO_MUCH
    INVALID_PRECISION INVALID_CURRENCY WITHDRAWAL_OVER_LIMIT INVALID_CLIENT_ORDER_ID API_WITHDRAW_DISABLED INVALID_WITHDRAW_ID
    INVALID_WITHDRAW_CANCEL_STATUS`.split(/\s+/),
  halt: `INVALID_CREDENTIALS INVALID_KEY INVALID_SIGNATURE IP_FORBIDDEN READ_ONLY FORBIDDEN ACCOUNT_LOCKED SUB_ACCOUNT_NOT_FOUND
    SUB_ACCOUNT_LOCKED ACCOUNT_EXCEPTION`.split(/\s+/),
  again: ['REQUEST_EXPIRED', 'TOO_FAST', 'TOO_MANY_REQUESTS'],
  unknown: ['DUPLICATE_REQUEST', 'ORDER_EXISTS', 'INTERNAL', 'SERVER_ERROR', 'TOO_BUSY'],
};

describe('the answer to a submit', () => {
  it('every documented label has its meaning, and no other label has one', () => {
    expect(Object.keys(LABELS).sort()).toEqual(Object.values(DOCUMENTED).flat().sort());
    for (const name of DOCUMENTED['refused'] ?? [])
      expect(submitOutcome(label(name))).toMatchObject({ kind: 'refused', venueCode: name });
    for (const name of DOCUMENTED['halt'] ?? [])
      expect(submitOutcome(label(name))).toMatchObject({ kind: 'not_sent', throttle: 'halt' });
    for (const name of DOCUMENTED['again'] ?? [])
      expect(submitOutcome(label(name)).kind).toBe('not_sent');
    for (const name of DOCUMENTED['unknown'] ?? [])
      expect(submitOutcome(label(name)).kind).toBe('unknown');
  });

  it('a refusal is ambiguous where the manual describes its label for another call; all others are faults of the request', () => {
    const basisOf = (name: string) => {
      const outcome = submitOutcome(label(name));
      return outcome.kind === 'refused' ? outcome.basis : null;
    };
    const ambiguous = Object.keys(LABELS).filter((name) => basisOf(name) === 'ambiguous');

    expect(ambiguous).toEqual([
      'METHOD_NOT_ALLOWED',
      'QUANTITY_NOT_ENOUGH',
      'INVALID_WITHDRAW_ID',
      'INVALID_WITHDRAW_CANCEL_STATUS',
    ]);
    expect(basisOf('BALANCE_NOT_ENOUGH')).toBe('validation');
  });

  it('an undocumented label of a refusal is an ambiguous refusal; a server fault or an id make it unknown', () =>
    fc.assert(
      fc.property(
        fc.string().filter((name) => !Object.hasOwn(LABELS, name)),
        fc.constantFrom(200, 400, 403, 409),
        (name, status) => {
          expect(submitOutcome(label(name, status))).toMatchObject({
            kind: 'refused',
            basis: 'ambiguous',
            reason: 'unlisted_code',
          });
          for (const given of [
            label(name, 500),
            label(name, 302),
            answer(status, { label: name, message: 'm', id: 'w1' }),
          ])
            expect(submitOutcome(given).kind).toBe('unknown');
        },
      ),
    ));

  it('a known label with the status of a success is ambiguous, or unknown', () => {
    expect(submitOutcome(label('BALANCE_NOT_ENOUGH', 200))).toMatchObject({
      basis: 'ambiguous',
      reason: 'insufficient_venue_funds',
    });
    expect(submitOutcome(label('INVALID_KEY', 200)).kind).toBe('unknown');
  });

  it('another venue may pay an address never used at Gate, and a chain that Gate has closed', () => {
    const text = 'Error: only used addresses or verified addresses are allowed for api withdrawal';
    const byText = answer(400, { label: 'INVALID_PARAM_VALUE', message: text });
    for (const given of [label('ADDRESS_NOT_USED'), byText])
      expect(submitOutcome(given)).toMatchObject({ reason: 'address_not_in_book' });
    expect(submitOutcome(label('API_WITHDRAW_DISABLED'))).toMatchObject({
      basis: 'validation',
      reason: 'withdrawals_closed',
      closes: 'asset',
    });
  });

  it('a server fault is unknown even with a definite label', () =>
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(LABELS)),
        fc.integer({ min: 500, max: 599 }),
        (name, status) => expect(submitOutcome(label(name, status)).kind).toBe('unknown'),
      ),
    ));

  it('429 with any body means not sent, and pauses until the time given by the venue, within bounds', () => {
    const date = 'Fri, 20 Nov 2026 12:00:00 GMT';
    const reset = String(Date.parse(date) / 1000 + 20);

    const paused = submitOutcome(
      answer(429, {}, { date, 'x-gate-ratelimit-reset-timestamp': reset }),
    );
    expect(paused).toMatchObject({ kind: 'not_sent', retryAfterMs: 20_000 });
    expect(submitOutcome(answer(429, {}, { 'retry-after': '120' }))).toMatchObject({
      kind: 'not_sent',
      retryAfterMs: 120_000,
    });
  });

  it('every recorded success is accepted by its id; a success without one is unknown', () => {
    const recorded = JSON.parse(
      readFileSync(new URL('./fixtures/withdrawal-create.json', import.meta.url), 'utf8'),
    ) as { id: string }[];

    for (const row of recorded)
      expect(submitOutcome(answer(200, row))).toMatchObject({
        kind: 'accepted',
        venueReference: row.id,
      });
    expect(submitOutcome(answer(200, { id: 111 }))).toMatchObject({
      kind: 'accepted',
      venueReference: '111',
    });
    for (const body of [{}, [], null, { id: '' }, { id: null }, 'ok'])
      expect(submitOutcome(answer(200, body)).kind).toBe('unknown');
  });
});

describe('the answer to a cancel', () => {
  it('was accepted, was refused, or is asked again', () => {
    expect(cancelOutcome(answer(202, {}))).toEqual({ kind: 'requested' });
    expect(cancelOutcome(label('INVALID_WITHDRAW_CANCEL_STATUS')).kind).toBe('refused');
    expect(cancelOutcome(label('INVALID_WITHDRAW_ID')).kind).toBe('refused');
    for (const other of [
      label('FORBIDDEN'),
      label('SERVER_ERROR', 500),
      { kind: 'broken', cause: 'x', status: null, text: '' } as const,
    ])
      expect(cancelOutcome(other).kind).toBe('unknown');
  });
});
