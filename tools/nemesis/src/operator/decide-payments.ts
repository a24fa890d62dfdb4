import type { PaymentApprovalDto } from '@sluice/http-api';
import { AdminError } from '@sluice/admin-client';
import type { AdminClients } from '../system/admin-clients.js';

/**
 * Both people decide about the payments that wait for people. The second person refuses a few of
 * the payments. Returns the number of payments with a decision of this round. A vote that the ledger refuses
 * (the customer has cancelled, or the vote is on record) is skipped.
 */
export async function decidePayments(
  people: readonly [AdminClients, AdminClients],
): Promise<number> {
  const waiting = await waitingPayments(people[0]);
  for (const payment of waiting)
    for (const [at, person] of people.entries())
      await vote(person, payment, at === 1 && isRefused(payment) ? 'refuse' : 'approve');
  return waiting.length;
}

/** Code of before the spending policy has no payments that wait. */
async function waitingPayments(admin: AdminClients): Promise<readonly PaymentApprovalDto[]> {
  try {
    return await admin.ledger((ledger) => ledger.paymentApprovals());
  } catch (error) {
    if (error instanceof AdminError && error.status === 404) return [];
    throw error;
  }
}

async function vote(
  person: AdminClients,
  { withdrawal_id: id, digest }: PaymentApprovalDto,
  decision: 'approve' | 'refuse',
): Promise<void> {
  try {
    await person.ledger((ledger) => ledger.voteOnPayment(id, { decision, digest }));
  } catch (error) {
    if (!(error instanceof AdminError) || error.status === null) throw error;
  }
}

/** One in sixteen, by the id. */
function isRefused({ withdrawal_id: id }: PaymentApprovalDto): boolean {
  return id.endsWith('f');
}
