import { PUBLIC_ERRORS, PublicError, type PublicErrorKind } from './public-error.js';

/** The refusals of docs/api.md, "Failures", written out a second time on purpose: clients match on these strings. */
const CONTRACT: readonly (readonly [PublicErrorKind, number, string])[] = [
  ['invalid_address', 400, 'The address format is invalid for this network'],
  ['below_minimum', 400, 'Withdrawal amount is below the minimum allowed'],
  ['insufficient_funds', 400, 'Insufficient available balance for this withdrawal'],
  ['missing_headers', 401, 'Missing authentication headers'],
  ['invalid_signature', 401, 'Invalid signature'],
  ['outside_window', 401, 'Request timestamp is outside the allowed window'],
  ['signature_used', 401, 'Request signature has already been used'],
  ['invalid_key', 401, 'Invalid API key'],
  ['not_enabled', 403, 'Withdrawals for this currency are not enabled for this account'],
  ['permission_missing', 403, 'API key does not have the required permission'],
  ['ip_not_allowed', 403, 'Source IP is not allowed for this API key'],
  ['network_not_found', 404, 'Network not found'],
  ['currency_not_found', 404, 'Currency not found'],
  [
    'hot_wallet_not_allocated',
    404,
    'Hot wallet has not been allocated for this network. Enable at least one currency first.',
  ],
  ['withdrawal_not_found', 404, 'Withdrawal not found'],
  ['reference_reused', 409, 'client_reference was already used with different parameters'],
  ['rate_limited', 429, 'Rate limit exceeded'],
  ['no_hot_wallet', 502, 'No hot wallet configured for this network'],
  ['broadcast_failed', 502, 'Failed to broadcast withdrawal transaction'],
  ['still_in_progress', 504, 'Withdrawal submission is still in progress'],
  ['not_found', 404, 'Not found'],
  ['method_not_allowed', 405, 'Method not allowed'],
  ['body_too_large', 413, 'Request body too large'],
  ['internal', 500, 'Internal server error'],
];
/** Not in the contract. */
const OURS: readonly (readonly [PublicErrorKind, number, string])[] = [
  ['own_address', 400, 'This address is a paying address of the gateway'],
  ['lost_address', 400, 'Nobody could spend what is sent to this address'],
  ['bad_request', 400, 'Bad request'],
  ['not_json', 415, 'Content-Type must be application/json'],
  ['other_charset', 415, 'Content-Type must have the charset utf-8, or none'],
  ['encoded_body', 415, 'Content-Encoding must be identity, or absent'],
  ['unavailable', 503, 'Service temporarily unavailable'],
  [
    'order_not_signed',
    403,
    'Withdrawals of this account have to be signed with one of its own keys',
  ],
  ['policy_denied', 403, 'The spending policy does not allow this withdrawal'],
  ['limit_exceeded', 403, 'Withdrawal exceeds a limit of the spending policy'],
  ['key_halted', 403, 'Withdrawals with this API key are halted'],
  ['halted', 503, 'Withdrawals are halted'],
  ['overloaded', 503, 'Too many requests at this moment'],
  ['too_late_to_cancel', 409, 'Withdrawal can no longer be cancelled'],
  ['webhook_not_found', 404, 'Webhook not found'],
  ['too_many_webhooks', 409, 'An account may have 50 webhooks'],
  ['webhook_paused', 409, 'This webhook is paused'],
  ['secret_being_replaced', 409, 'The secret of this webhook is being replaced already'],
  ['idempotency_key_used', 409, 'Idempotency-Key was already used'],
  ['delivery_not_found', 404, 'Delivery not found'],
  ['delivery_under_way', 409, 'This delivery is being sent'],
  ['address_not_found', 404, 'Address not found'],
  ['address_book_full', 409, 'An address book may have 10,000 entries'],
  ['address_by_another_key', 409, 'Another API key has to confirm this address'],
  ['address_by_a_person', 409, 'An operator has to confirm this address'],
  ['address_not_waiting', 409, 'This address does not wait for a confirmation'],
];

describe('PublicError', () => {
  it('has the contract’s refusals, each with its status and message, and ours', () => {
    const all = Object.entries(PUBLIC_ERRORS).map(([kind, [status, message]]) => [
      kind,
      status,
      message,
    ]);
    expect(all.sort()).toEqual([...CONTRACT, ...OURS].map((row) => [...row]).sort());
  });

  it('carries status, message and headers', () => {
    expect(PublicError.of('rate_limited', { 'retry-after': '7' })).toMatchObject({
      status: 429,
      message: 'Rate limit exceeded',
      headers: { 'retry-after': '7' },
    });
    expect(PublicError.of('rate_limited').headers).toEqual({});
  });

  it('has the rule of the spending policy that refused, and the rest of a limit', () => {
    const limit = {
      rule: 'per-day',
      remaining: '120.5',
      unit: 'EUR',
      freesAt: '2026-11-20T23:59:59.001Z',
    };
    expect(PublicError.byPolicy('limit_exceeded', limit)).toMatchObject({
      status: 403,
      message: 'Withdrawal exceeds a limit of the spending policy',
      data: {
        rule: 'per-day',
        remaining: '120.5',
        unit: 'EUR',
        frees_at: '2026-11-21T00:00:00+00:00',
      },
    });
    expect(PublicError.byPolicy('limit_exceeded', { ...limit, freesAt: null }).data).toMatchObject({
      frees_at: null,
    });
    const venues = { rule: 'venues', remaining: null, unit: null, freesAt: null };
    expect(PublicError.byPolicy('policy_denied', venues).data).toEqual({ rule: 'venues' });
    expect(PublicError.byPolicy('policy_denied', null).data).toBeUndefined();
  });

  it('joins the faults of a schema', () => {
    expect(
      PublicError.invalid(['amount: Field required', 'network: Field required']),
    ).toMatchObject({
      status: 422,
      message: 'amount: Field required; network: Field required',
    });
  });
});
