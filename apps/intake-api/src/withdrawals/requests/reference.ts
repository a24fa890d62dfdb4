import type { PublicErrorKind } from '../../http/public-error.js';

/** Texts of the withdrawal routes in the published reference. */
export const REQUEST = {
  operationId: 'requestWithdrawal',
  summary: 'Request a withdrawal',
  description:
    'The response is sent when the funds are reserved or the request is refused. If our own wallet pays, the response is sent when the transaction is broadcast. A repeat with the same `client_reference` creates nothing and returns the current state in the shape of `GET`.',
};
export const CANCEL = {
  operationId: 'cancelWithdrawal',
  summary: 'Cancel a withdrawal',
  description:
    'Requests a cancel. The response and later `cancel.status` show the result. A withdrawal is cancelled only with proof that nothing was paid. A withdrawal already accepted by a venue is paid unless the venue can stop it.',
};

export const EXAMPLES_OF_REQUEST = {
  payment: {
    value: {
      currency: 'USDT',
      network: 'TRX',
      to_address: 'TGZQXjpvvfjZFLYdL6cnNTaxNRbGmthPLL',
      amount: '25',
      client_reference: 'payout-2026-0001',
    },
  },
};

export const MAY_REFUSE_A_REQUEST = [
  'network_not_found',
  'currency_not_found',
  'not_enabled',
  'order_not_signed',
  'invalid_address',
  'lost_address',
  'own_address',
  'below_minimum',
  'policy_denied',
  'limit_exceeded',
  'insufficient_funds',
  'reference_reused',
  'key_halted',
  'halted',
  'overloaded',
  'no_hot_wallet',
  'broadcast_failed',
  'still_in_progress',
] as const satisfies readonly PublicErrorKind[];
