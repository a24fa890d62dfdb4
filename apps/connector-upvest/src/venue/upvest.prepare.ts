import type { Preparation, WithdrawalOrder } from '@sluice/connector-rules';
import { currencyOf } from '@sluice/kernel';
import { idempotencyKeyOf } from './upvest.idempotency-key.js';
import { remittanceOf } from './upvest.remittance.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const AMOUNT = /^(0|[1-9][0-9]{0,8})\.[0-9]{2}$/;

/** The request of an order, always the same for the same order: a later attempt has to be the same to the byte. */
export function prepareWithdrawal(order: WithdrawalOrder): Preparation {
  const { destination, clientReference } = order;
  if (destination.type !== 'reference_account')
    return refused('not_supported', 'Upvest pays to reference accounts only');
  const { userId, accountGroupId, referenceAccountId, purposeCode } = destination;
  if (![userId, accountGroupId, referenceAccountId].every((id) => UUID.test(id)))
    return refused('invalid_destination', 'the ids of a reference account are UUIDs in lower case');
  if (purposeCode !== undefined && !/^[A-Z0-9]{4}$/.test(purposeCode))
    return refused(
      'invalid_destination',
      'a purpose code is four capital letters or digits (ISO 20022)',
    );
  const remittance = remittanceOf(destination.remittanceInformation, clientReference);
  if (remittance === null)
    return refused(
      'invalid_destination',
      'remittance_information is too long beside our reference, or holds control characters',
    );
  const { amount } = order;
  if (amount.decimals() > 2 || !amount.isPositive() || !AMOUNT.test(amount.toFixed(2)))
    return refused('invalid_amount', 'Upvest pays whole cents, up to 999999999.99');

  const body = JSON.stringify({
    user_id: userId,
    account_group_id: accountGroupId,
    reference_account_id: referenceAccountId,
    amount: amount.toFixed(2),
    currency: currencyOf(order.asset),
    remittance_information: remittance,
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

function refused(reason: string, message: string): Preparation {
  return { kind: 'refused', reason, message };
}
