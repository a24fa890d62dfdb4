import type { SimulatedAnswer } from '../sim/serve.js';
import { CANCELLABLE } from './bybit-status-scripts.js';
import { errorAnswer, paramsErr, success } from './bybit-errors.js';
import { readFields, requiredText } from './bybit-order.js';
import type { BybitState, BybitCall } from './bybit-state.js';

/**
 * POST /v5/asset/withdraw/cancel: a successful answer may contain status 0 for a refused cancel.
 */
export function cancel({ book, record }: BybitState, call: BybitCall): SimulatedAnswer {
  const fields = readFields(call);
  if (!fields.ok) return errorAnswer(fields.refusal);
  const id = requiredText(fields.value, 'id');
  if (!id.ok) return errorAnswer(id.refusal);
  const entry = book.find(id.value);
  if (!entry) return errorAnswer(paramsErr('the withdrawal does not exist'));
  if (!CANCELLABLE.includes(book.statusOf(entry, call.now)))
    return { ...success({ status: 0 }), refused: true };

  record({ t: 'turned', id: entry.payment.id, script: 'cancelled', at: call.now });
  return success({ status: 1 });
}
