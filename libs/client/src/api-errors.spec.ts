import { readFileSync } from 'node:fs';
import {
  ApiError,
  apiErrorOf,
  LimitExceededError,
  NoHotWalletError,
  NotCancellableError,
  NotFoundError,
  PermissionError,
  PolicyDeniedError,
  ValidationError,
  WithdrawalFailedError,
} from './api-errors.js';
import { SluiceError } from './errors.js';

const API = readFileSync(new URL('../../../docs/api.md', import.meta.url), 'utf8');
/** The table of failures in docs/api.md. */
const FAILURES = [...API.matchAll(/^\| (\d{3}) \| `([^`]+)` \|/gm)].map(
  ([, status, message = '']) => ({ status: Number(status), message }),
);
/** Those that say no more than their status, or are told by it. */
const BY_STATUS_ALONE = [400, 404, 405, 408, 413, 415, 422, 431];

const errorOf = (status: number, message: string, data?: unknown) =>
  apiErrorOf({ status, message, data });

describe('the error of a message', () => {
  it('has a class of its own for each failure of docs/api.md that a program may act on', () => {
    const plain = FAILURES.filter(
      ({ status, message }) => errorOf(status, message).constructor === ApiError,
    );

    expect(FAILURES.length).toBeGreaterThan(35);
    expect(plain.filter(({ status }) => !BY_STATUS_ALONE.includes(status))).toEqual([]);
  });

  it('keeps status, message and data, and has its own name', () => {
    const error = errorOf(404, 'Withdrawal not found', { a: 1 });

    expect(error).toMatchObject({
      name: 'WithdrawalNotFoundError',
      status: 404,
      message: 'Withdrawal not found',
      data: { a: 1 },
    });
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error).toBeInstanceOf(SluiceError);
  });

  it('of an unknown message has the class of its status, or the base class', () => {
    expect(errorOf(403, 'A sentence of tomorrow').constructor).toBe(PermissionError);
    expect(errorOf(400, 'A sentence of tomorrow').constructor).toBe(ApiError);
    expect(errorOf(400, 'constructor').constructor).toBe(ApiError);
  });

  it('knows a refused cancel by the beginning of its sentence', () => {
    const error = errorOf(409, 'Withdrawal can no longer be cancelled: the venue has paid it');

    expect(error).toBeInstanceOf(NotCancellableError);
  });

  it('distinguishes every fault of a form', () => {
    const error = errorOf(422, 'amount: Input should be greater than 0; network: Field required');

    expect(error).toBeInstanceOf(ValidationError);
    expect((error as ValidationError).faults).toEqual([
      { field: 'amount', reason: 'Input should be greater than 0' },
      { field: 'network', reason: 'Field required' },
    ]);
  });

  it('of the spending policy names the rule, and the rest of a limit', () => {
    const data = {
      rule: 'per-day',
      remaining: '120',
      unit: 'EUR',
      frees_at: '2026-11-21T00:00:00+00:00',
    };
    const over = errorOf(403, 'Withdrawal exceeds a limit of the spending policy', data);
    const never = errorOf(403, 'Withdrawal exceeds a limit of the spending policy', {
      ...data,
      frees_at: null,
    });
    const denied = errorOf(403, 'The spending policy does not allow this withdrawal', {
      rule: 'venues',
    });

    expect(over).toBeInstanceOf(LimitExceededError);
    expect(over).toMatchObject({
      rule: 'per-day',
      remaining: '120',
      unit: 'EUR',
      freesAt: new Date('2026-11-21T00:00:00Z'),
    });
    expect(never).toMatchObject({ freesAt: null });
    expect(denied).toBeInstanceOf(PolicyDeniedError);
    expect(denied).not.toBeInstanceOf(LimitExceededError);
    expect(denied).toMatchObject({ rule: 'venues' });
  });

  it('of a missing wallet names no withdrawal: no withdrawal is on record, and the reference is free', () => {
    const error = errorOf(502, 'No hot wallet configured for this network');

    expect(error).toBeInstanceOf(NoHotWalletError);
    expect(error).not.toBeInstanceOf(WithdrawalFailedError);
  });

  it('of a failed withdrawal names the withdrawal and the reason', () => {
    const message = 'Failed to broadcast withdrawal transaction';
    const failed = errorOf(502, message, { withdrawal_id: 17, error_code: 'venue_rejected' });

    expect(failed).toBeInstanceOf(WithdrawalFailedError);
    expect(failed).toMatchObject({ withdrawalId: 17, errorCode: 'venue_rejected' });
    expect(errorOf(502, message)).toMatchObject({ withdrawalId: null, errorCode: null });
  });
});
