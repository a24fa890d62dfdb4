import fc from 'fast-check';
import {
  InsufficientBalanceError,
  ReferenceReusedError,
  ServiceUnavailableError,
  SignatureUsedError,
  UnfinishedError,
  WithdrawalsHaltedError,
} from './api-errors.js';
import type { Exchange } from './exchange.js';
import { backoffMs, retryAfterMs, verdictOf } from './verdict.js';

/** 15 s before the end of a minute. */
const NOW = Date.parse('2026-11-22T10:00:45Z');

function refusal(status: number, message: string, retryAfter: string | null = null): Exchange {
  return {
    kind: 'answered',
    requestId: null,
    status,
    retryAfter,
    envelope: { success: false, message },
  };
}

describe('what an answer proves', () => {
  it('a success is done', () => {
    const envelope = { success: true, message: 'OK', data: 1 };

    expect(
      verdictOf(
        { kind: 'answered', requestId: null, status: 200, retryAfter: null, envelope },
        NOW,
      ),
    ).toEqual({
      kind: 'done',
      envelope,
    });
  });

  it('no answer proves nothing', () => {
    const cause = new Error('cut');

    expect(verdictOf({ kind: 'unanswered', cause }, NOW)).toEqual({
      kind: 'unknown',
      cause,
      waitMs: null,
    });
  });

  it.each([
    [500, 'Internal server error'],
    [504, 'Withdrawal submission is still in progress'],
    [502, 'A sentence of tomorrow'],
    [503, 'Another one'],
  ])('%i %s proves nothing', (status, message) => {
    expect(verdictOf(refusal(status, message), NOW)).toMatchObject({
      kind: 'unknown',
      cause: expect.any(UnfinishedError) as Error,
    });
  });

  it.each([
    [400, 'Insufficient available balance for this withdrawal', InsufficientBalanceError, false],
    [503, 'Withdrawals are halted', WithdrawalsHaltedError, false],
    [
      409,
      'client_reference was already used with different parameters',
      ReferenceReusedError,
      true,
    ],
  ])('%i %s is a refusal', (status, message, kind, final) => {
    expect(verdictOf(refusal(status, message), NOW)).toEqual({
      kind: 'refused',
      error: expect.any(kind) as Error,
      final,
    });
  });

  it('a failure of the withdrawal itself is the last word', () => {
    const message = 'Failed to broadcast withdrawal transaction';
    const envelope = { success: false, message, data: { withdrawal_id: 17 } };
    const failed = { ...refusal(502, message), envelope };

    expect(verdictOf(failed, NOW)).toMatchObject({ kind: 'refused', final: true });
  });

  it('a transfer that was refused before anything was held is not the last word: an earlier attempt may be taken', () => {
    const refused = refusal(502, 'Failed to broadcast withdrawal transaction');

    expect(verdictOf(refused, NOW)).toMatchObject({ kind: 'refused', final: false });
  });

  it('what was not taken may be sent again, after the pause that is asked for', () => {
    expect(verdictOf(refusal(401, 'Request signature has already been used'), NOW)).toEqual({
      kind: 'not_taken',
      error: expect.any(SignatureUsedError) as Error,
      waitMs: null,
    });
    expect(verdictOf(refusal(503, 'Service temporarily unavailable', '2'), NOW)).toEqual({
      kind: 'not_taken',
      error: expect.any(ServiceUnavailableError) as Error,
      waitMs: 2_000,
    });
    expect(verdictOf(refusal(408, 'Request timeout'), NOW).kind).toBe('not_taken');
  });

  it('a limit without Retry-After ends with the minute', () => {
    expect(verdictOf(refusal(429, 'Rate limit exceeded'), NOW)).toMatchObject({ waitMs: 15_000 });
    expect(verdictOf(refusal(429, 'Rate limit exceeded', '3'), NOW)).toMatchObject({
      waitMs: 3_000,
    });
  });
});

describe('Retry-After', () => {
  it.each([
    ['7', 7_000],
    ['Sun, 22 Nov 2026 10:00:50 GMT', 5_000],
    ['Sun, 22 Nov 2026 09:00:00 GMT', 0],
    ['soon', null],
    [null, null],
  ])('%s', (header, ms) => {
    expect(retryAfterMs(header, NOW)).toBe(ms);
  });
});

describe('backoff', () => {
  it('doubles up to 8 s, and is between half and all of it', () => {
    expect([1, 2, 3, 4].map((attempts) => backoffMs(attempts, 1))).toEqual([
      250, 500, 1_000, 2_000,
    ]);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (attempts, random) => {
          const most = Math.min(8_000, 250 * 2 ** (attempts - 1));
          const ms = backoffMs(attempts, random);

          expect(ms).toBeGreaterThanOrEqual(most / 2);
          expect(ms).toBeLessThanOrEqual(most);
        },
      ),
    );
  });
});
