import type { SimulatedAnswer } from '../sim/serve.js';
import { CANCELLABLE } from './gateio-status-scripts.js';
import { errorAnswer, jsonAnswer } from './gateio-errors.js';
import { cancelRecord } from './gateio-records.js';
import type { GateioCall, GateioState } from './gateio-state.js';

/**
 * DELETE /withdrawals/{id}: possible until processing starts. 202 means the cancel has started; the
 * record shows the result.
 */
export function cancel({ book, record }: GateioState, call: GateioCall): SimulatedAnswer {
  const entry = book.find(call.id);
  if (!entry || entry.payment.kind !== 'chain')
    return errorAnswer({ label: 'INVALID_WITHDRAW_ID', message: 'Invalid withdraw id' });
  if (!CANCELLABLE.includes(book.statusOf(entry, call.now))) {
    return errorAnswer({
      label: 'INVALID_WITHDRAW_CANCEL_STATUS',
      message: 'The withdrawal cannot be cancelled in its present status',
    });
  }

  record({ t: 'turned', id: entry.payment.id, script: 'withdrawal_cancelled', at: call.now });
  return jsonAnswer(cancelRecord(entry, book.statusOf(entry, call.now)), 202);
}
