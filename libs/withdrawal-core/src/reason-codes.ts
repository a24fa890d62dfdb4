/** Why a withdrawal did not come about, as its customer reads it: a stable code with one sentence. What a venue or an operator says of it stays in the history. */
export const REASON_SENTENCES = {
  insufficient_funds: 'Insufficient available balance for this withdrawal',
  account_not_enabled: 'Withdrawals for this currency are not enabled for this account',
  order_not_signed: 'Withdrawals of this account have to be signed with one of its own keys',
  recipient_rejected: 'The venue does not pay this recipient',
  venue_rejected: 'The venue did not make this payment',
  expired: 'No venue began it in time',
  declared_absent: 'It was not paid',
  cancelled: 'It was cancelled',
} as const;

export type ReasonCode = keyof typeof REASON_SENTENCES;

const CODES = Object.keys(REASON_SENTENCES) as readonly ReasonCode[];

/** Reasons of the ledger and of connectors that are not the venue's refusal. A freeze has no code of its own: nobody is tipped off. */
const CODE_OF: ReadonlyMap<string, ReasonCode> = new Map([
  ['account_frozen', 'account_not_enabled'],
  ['invalid_destination', 'recipient_rejected'],
  ['refused_by_recipient', 'recipient_rejected'],
  ['proven_absent', 'declared_absent'],
  ['decided_absent', 'declared_absent'],
  ['absent', 'declared_absent'],
]);

/** The code for what a service has reported; whatever is not known is the venue's refusal. */
export function reasonCodeOf(reason: string): ReasonCode {
  return CODE_OF.get(reason) ?? CODES.find((code) => code === reason) ?? 'venue_rejected';
}
