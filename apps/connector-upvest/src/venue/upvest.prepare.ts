import { ruleFault, type Preparation, type WithdrawalOrder } from '@sluice/connector-rules';
import { currencyOf } from '@sluice/kernel';
import { idempotencyKeyOf } from './upvest.idempotency-key.js';
import { remittanceOf } from './upvest.remittance.js';

/** The request of an order, always the same for the same order: a later attempt has to be the same to the byte. */
export function prepareWithdrawal(order: WithdrawalOrder): Preparation {
  const { destination, clientReference } = order;
  if (destination.type !== 'reference_account')
    return refused('not_supported', 'Upvest pays to reference accounts only');
  const fault = ruleFault('upvest', order);
  if (fault !== null) return fault;
  const remittance = remittanceOf(destination, clientReference);
  if (!remittance.ok) return refused('invalid_destination', remittance.refusal);
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

function refused(reason: string, message: string): Preparation {
  return { kind: 'refused', reason, message };
}
