import {
  originOf,
  type Preparation,
  refusedOrder,
  ruleFault,
  type WithdrawalOrder,
} from '@sluice/connector-rules';
import { currencyOf, type Destination, ok, remittanceWords, type Result } from '@sluice/kernel';
import { sha256Hex } from '@sluice/signing';

/** The request of an order, always the same for the same order: a later attempt has to be the same to the byte. */
export function prepareWithdrawal(order: WithdrawalOrder): Preparation {
  const { destination, clientReference } = order;
  if (destination.type !== 'reference_account')
    return refusedOrder('not_supported', 'Upvest pays to reference accounts only');
  const fault = ruleFault('upvest', order);
  if (fault !== null) return fault;
  const remittance = remittanceOf(destination, clientReference);
  if (!remittance.ok) return refusedOrder('invalid_destination', remittance.refusal);
  const { userId, accountGroupId, referenceAccountId, purposeCode } = destination;
  const { amount } = order;

  const body = JSON.stringify({
    user_id: userId,
    account_group_id: accountGroupId,
    reference_account_id: referenceAccountId,
    amount: amount.toFixed(2),
    currency: currencyOf(order.asset),
    remittance_information: remittance.value,
    ...(purposeCode !== undefined && { purpose_code: purposeCode }),
  });
  return {
    kind: 'ready',
    request: {
      form: order.form,
      body,
      gross: amount,
      evidence: { idempotency_key: idempotencyKeyOf(clientReference) },
    },
  };
}

/**
 * Text for the statement: our reference first, because a bank may cut the text; then the
 * customer's.
 */
export function remittanceOf(
  account: Extract<Destination, { type: 'reference_account' }>,
  clientReference: string,
): Result<string, string> {
  const words = remittanceWords(account);
  return words.ok ? ok(`${clientReference} ${words.value}`.trim()) : words;
}

/** Our reference in a remittance text, the first one; null for a text not written by us. */
export function referenceIn(remittance: string): string | null {
  return remittance.split(/\s+/).find((word) => originOf(word) !== null) ?? null;
}

/**
 * Idempotency key, derived from our reference: the same for every attempt. UUID version 4, because
 * Upvest refuses version 7.
 */
export function idempotencyKeyOf(clientReference: string): string {
  const hex = sha256Hex(`upvest withdrawal ${clientReference}`);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
