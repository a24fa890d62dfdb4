/**
 * Public failure reasons of a withdrawal: a stable code with one sentence for the customer. The
 * words of a venue or an operator stay in the history. `broadcast_rejected` is defined by the
 * contract; the other codes are ours.
 */
export const REASON_SENTENCES = {
  insufficient_funds: 'Insufficient available balance for this withdrawal',
  account_not_enabled: 'Withdrawals for this currency are not enabled for this account',
  order_not_signed: 'Withdrawals of this account have to be signed with one of its own keys',
  policy_denied: 'The spending policy of this account does not allow this withdrawal',
  limit_exceeded: 'This withdrawal exceeds a limit of the spending policy',
  approval_refused: 'The payment was not approved',
  approval_expired: 'The payment was not approved in time',
  held_before: 'It goes on as the withdrawal that this reference made before',
  broadcast_rejected: 'The payment was refused before it was broadcast',
  recipient_rejected: 'The venue does not pay this recipient',
  venue_rejected: 'The venue did not make this payment',
  expired: 'No venue began it in time',
  declared_absent: 'It was not paid',
  cancelled: 'It was cancelled',
} as const;

export type ReasonCode = keyof typeof REASON_SENTENCES;

/**
 * Public code per reason reported by a service. Default: `broadcast_rejected` if the venue did not
 * accept the payment, `venue_rejected` if the venue accepted the payment and did not make it. A
 * freeze has no code of its own: a customer must not learn of an investigation.
 */
const CODE_OF: ReadonlyMap<string, ReasonCode> = new Map([
  ['account_frozen', 'account_not_enabled'],
  ['invalid_address', 'recipient_rejected'],
  ['invalid_destination', 'recipient_rejected'],
  ['address_not_in_book', 'recipient_rejected'],
  ['address_not_usable_yet', 'recipient_rejected'],
  ['travel_rule', 'recipient_rejected'],
  ['refused_by_recipient', 'recipient_rejected'],
  ['proven_absent', 'declared_absent'],
  ['decided_absent', 'declared_absent'],
  ['absent', 'declared_absent'],
]);

/** Returns the public code of a refusal: the venue did not accept the payment. */
export function refusalCodeOf(reason: string): ReasonCode {
  return CODE_OF.get(reason) ?? codeNamed(reason) ?? 'broadcast_rejected';
}

/** Returns the public code of any other reason, or of a stored code. */
export function reasonCodeOf(reason: string): ReasonCode {
  return CODE_OF.get(reason) ?? codeNamed(reason) ?? 'venue_rejected';
}

function codeNamed(reason: string): ReasonCode | undefined {
  return (Object.keys(REASON_SENTENCES) as readonly ReasonCode[]).find((code) => code === reason);
}
