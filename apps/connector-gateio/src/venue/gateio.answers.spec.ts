import { readFileSync } from 'node:fs';
import type { VenueAnswer } from '@sluice/connector-engine';
import * as fc from 'fast-check';
import { cancelOutcome, submitOutcome } from './gateio.answers.js';
import { LABELS } from './gateio.errors.js';

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
    INVALID_PRECISION INVALID_CURRENCY WITHDRAWAL_OVER_LIMIT INVALID_CLIENT_ORDER_ID`.split(/\s+/),
  halt: `INVALID_CREDENTIALS INVALID_KEY INVALID_SIGNATURE IP_FORBIDDEN READ_ONLY FORBIDDEN ACCOUNT_LOCKED API_WITHDRAW_DISABLED SUB_ACCOUNT_NOT_FOUND
    SUB_ACCOUNT_LOCKED ACCOUNT_EXCEPTION`.split(/\s+/),
  again: ['REQUEST_EXPIRED', 'TOO_FAST', 'TOO_MANY_REQUESTS'],
  unknown: [
    'DUPLICATE_REQUEST',
    'ORDER_EXISTS',
    'INVALID_WITHDRAW_ID',
    'INVALID_WITHDRAW_CANCEL_STATUS',
    'INTERNAL',
    'SERVER_ERROR',
    'TOO_BUSY',
  ],
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

    expect(ambiguous).toEqual(['METHOD_NOT_ALLOWED', 'QUANTITY_NOT_ENOUGH']);
    expect(basisOf('BALANCE_NOT_ENOUGH')).toBe('validation');
  });

  it('an undocumented label is unknown, whatever the status', () =>
    fc.assert(
      fc.property(
        fc.string().filter((name) => !Object.hasOwn(LABELS, name)),
        fc.integer({ min: 300, max: 599 }).filter((status) => status !== 429),
        (name, status) => expect(submitOutcome(label(name, status)).kind).toBe('unknown'),
      ),
    ));

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

    expect(
      submitOutcome({ kind: 'broken', cause: 'html', status: 429, text: '<html>' }),
    ).toMatchObject({ kind: 'not_sent', throttle: 'slow_down' });
    const paused = submitOutcome(
      answer(429, {}, { date, 'x-gate-ratelimit-reset-timestamp': reset }),
    );
    expect(paused).toMatchObject({ kind: 'not_sent', retryAfterMs: 20_000 });
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

  it('no connection is not sent; a connection that broke is unknown', () => {
    expect(submitOutcome({ kind: 'not_sent', cause: 'ECONNREFUSED' })).toMatchObject({
      kind: 'not_sent',
      throttle: 'pause',
    });
    expect(
      submitOutcome({ kind: 'broken', cause: 'ECONNRESET', status: null, text: '' }).kind,
    ).toBe('unknown');
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
