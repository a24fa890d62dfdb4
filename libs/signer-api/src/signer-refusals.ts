/**
 * All refusals of the signer, with status and message. Status 422: invalid request; 403: never
 * allowed; 409: refused in the current state.
 */
export const SIGNER_REFUSALS = {
  network_unknown: [422, 'network: It is not configured here'],
  asset_unknown: [422, 'asset: It is not paid on that network'],
  amount_too_fine: [422, 'amount: It has more decimals than the asset'],
  destination_malformed: [
    422,
    'destination.address: Input should be an address of the chain with its checksum',
  ],
  memo_unknown: [422, 'destination.memo: The chain knows none'],
  tip_above_fee: [422, 'max_priority_fee_per_gas: It is above max_fee_per_gas'],
  sender_unknown: [403, 'from: It is no wallet of ours that may send this'],
  account_foreign: [403, 'from: It pays for another account'],
  destination_ours: [
    403,
    'destination: The recipient is a wallet of ours, a token contract or the zero address',
  ],
  top_up_elsewhere: [403, 'to: It is no hot wallet of that network'],
  digest_wrong: [403, 'digest: The terms make another one'],
  receipt_wrong: [403, 'receipt: The receipt of the ledger for this order is missing or wrong'],
  receipt_expired: [403, 'receipt: It has ended before anything was signed for this order'],
  withdrawal_closed: [403, 'withdrawal_id: It is closed, and no payment of it is signed any more'],
  fee_too_high: [403, 'max_fee_per_gas: It is above what this chain is configured for'],
  gas_too_high: [403, 'gas_limit: It is above what a plain transfer is ever given'],
  cost_too_high: [403, 'gas_limit: With max_fee_per_gas it may cost more than one transaction may'],
  uncapped: [403, 'asset: No release defines a cap for this asset'],
  amount_too_high: [403, 'amount: It is above what may be signed at once'],
  nonce_taken: [409, 'nonce: It was signed for something else'],
  nonce_too_high: [409, 'nonce: It is too far above the highest of its address'],
  nonce_final: [
    409,
    'nonce: It is so far below the highest of its address that it counts as final',
  ],
  withdrawal_elsewhere: [409, 'withdrawal_id: It was signed under another nonce'],
  hour_is_full: [409, 'amount: As much as an hour may sign is signed'],
  gas_hour_is_full: [409, 'gas_limit: As much gas as an hour may cost is signed'],
  not_permitted: [
    409,
    'permit: The auditor does not permit this payment now: the permit is missing, ended, withdrawn or not authentic',
  ],
  records_altered: [
    409,
    'The records of signed nonces were altered: nothing is signed until an operator has restored them',
  ],
} as const satisfies Readonly<Record<string, readonly [status: number, message: string]>>;

export type SignerRefusal = keyof typeof SIGNER_REFUSALS;

const NAMES = new Map<string, SignerRefusal>(
  Object.entries(SIGNER_REFUSALS).map(([name, [, message]]) => [message, name as SignerRefusal]),
);
/** Temporary refusals: a later retry may succeed. */
const PASSING: ReadonlySet<SignerRefusal> = new Set([
  'hour_is_full',
  'gas_hour_is_full',
  'nonce_too_high',
  'records_altered',
  'not_permitted',
]);

/**
 * Returns the refusal with this message; null for a malformed request, and for an unknown refusal
 * of another release.
 */
export function refusalNamed(message: string): SignerRefusal | null {
  return NAMES.get(message) ?? null;
}

/** True if the same request may be signed later. */
export function passesByItself(refusal: SignerRefusal): boolean {
  return PASSING.has(refusal);
}
