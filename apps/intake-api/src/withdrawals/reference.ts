import type { PublicErrorKind } from '../http/public-error.js';

/** Texts of the withdrawal routes in the published reference. */
export const REQUEST = {
  operationId: 'requestWithdrawal',
  summary: 'Request a withdrawal',
  description:
    'The answer comes when the money is reserved, or refused; where our own wallet pays, when the transaction is broadcast. A repeat with the same `client_reference` creates nothing and is answered with the present state, in the shape of `GET`.',
};
export const CANCEL = {
  operationId: 'cancelWithdrawal',
  summary: 'Say that a withdrawal is not wanted any more',
  description:
    'A wish: the answer says what has become of it, and `cancel.status` goes on saying so. Only the proof that nothing was paid ends a withdrawal; what a venue has already is paid unless the venue can stop it.',
};

export const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  required: false,
  description:
    'Does what `client_reference` does, in printable ASCII. No signature covers it: prefer the field. Where both are there they must be the same',
  schema: { type: 'string', minLength: 1, maxLength: 128, pattern: '^[ -~]+$' },
};

/** Refusals of a withdrawal request. */
export const MAY_REFUSE_A_REQUEST = [
  'network_not_found',
  'currency_not_found',
  'not_enabled',
  'order_not_signed',
  'invalid_address',
  'lost_address',
  'below_minimum',
  'insufficient_funds',
  'reference_reused',
  'key_halted',
  'halted',
  'overloaded',
  'no_hot_wallet',
  'broadcast_failed',
  'still_in_progress',
] as const satisfies readonly PublicErrorKind[];
