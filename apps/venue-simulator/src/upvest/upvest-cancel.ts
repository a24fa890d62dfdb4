import type { SimulatedAnswer } from '../sim/serve.js';
import { jsonAnswer, problem, problemAnswer } from './upvest-problems.js';
import { withdrawalRecord } from './upvest-records.js';
import type { UpvestCall, UpvestState } from './upvest-state.js';

/** DELETE /payments/withdrawals/{id}: possible while NEW only. */
export function cancel({ book, record, settings }: UpvestState, call: UpvestCall): SimulatedAnswer {
  const entry = book.find(call.id);
  if (!entry)
    return problemAnswer(problem('not_found', 'The withdrawal does not exist'), call.requestId);
  const status = book.statusOf(entry, call.now);
  if (status !== 'NEW')
    return problemAnswer(
      problem('conflict', `The withdrawal is ${status} and cannot be cancelled`),
      call.requestId,
    );

  record({ t: 'turned', id: entry.payment.id, script: 'cancelled_by_client', at: call.now });
  return settings().cancel_status === 204
    ? { status: 204, body: '' }
    : jsonAnswer(withdrawalRecord(entry, book.statusOf(entry, call.now)));
}
