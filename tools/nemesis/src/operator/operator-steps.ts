import { connectorOf, type ServiceName, type VenueName } from '@sluice/stack';
import type { PaymentApprovalDto } from '@sluice/http-api';
import { AdminError } from '@sluice/admin-client';
import type { AdminClients } from '../system/admin-clients.js';
import { isOpenHalt } from '../judge/gather.js';
import type { InstanceName } from '../system/names.js';

/**
 * Both people decide about the payments that wait for people. The second person refuses a few of
 * the payments. Returns the number of payments with a decision of this round. A vote that the ledger refuses
 * (the customer has cancelled, or the vote is on record) is skipped.
 */
export async function decidePayments(
  people: readonly [AdminClients, AdminClients],
): Promise<number> {
  const waiting = await people[0].ledger.paymentApprovals();
  for (const payment of waiting)
    for (const [at, person] of people.entries())
      await vote(person, payment, at === 1 && isRefused(payment) ? 'refuse' : 'approve');
  return waiting.length;
}

async function vote(
  person: AdminClients,
  { withdrawal_id: id, digest }: PaymentApprovalDto,
  decision: 'approve' | 'refuse',
): Promise<void> {
  try {
    await person.ledger.voteOnPayment(id, { decision, digest });
  } catch (error) {
    if (!(error instanceof AdminError) || error.status === null) throw error;
  }
}

/** One in sixteen, by the id. */
function isRefused({ withdrawal_id: id }: PaymentApprovalDto): boolean {
  return id.endsWith('f');
}

const EVIDENCE = 'the database of the ledger was restored: events about payments are sent again';

/**
 * Steps of two people after a restore of the ledger's database: the ledger recovers the lost data,
 * the ledger's halt is lifted, and the halts of intake-api are lifted. A capture that waited in Kafka
 * for a lost hold halts the ledger once more. Returns true if the ledger continues.
 */
export async function settleLedger(admin: AdminClients, colleague: AdminClients): Promise<boolean> {
  const halts = await admin.ledger.bookHalts();
  const isBookHalted =
    halts.some(({ reason }) => isPutBack(reason)) &&
    halts.some(
      (one) => one.lifted_at === null && (isPutBack(one.reason) || isOfCapture(one.reason)),
    );
  const intakes = (await admin.intake.halts()).filter(
    (one) => isOpenHalt(one) && isOfLedger(one.reason),
  );
  const { open, is_sweeping: isSweeping } = await admin.intake.ledgerDifferences();
  if (isSweeping || (!isBookHalted && intakes.length === 0 && open === 0)) return false;
  if (open > 0)
    await both(admin, colleague, (one) => one.intake.recoverLedger({ evidence: EVIDENCE }));
  if (isBookHalted)
    await both(admin, colleague, (one) => one.ledger.liftBookHalt({ evidence: EVIDENCE }));
  for (const { id } of intakes)
    await both(admin, colleague, (one) => one.intake.liftHalt(id, { evidence: EVIDENCE }));
  return true;
}

/** These halts end with the recovery of the ledger, not by themselves. */
export function isOfLedger(reason: string): boolean {
  return reason.startsWith('ledger_');
}

function isPutBack(reason: string): boolean {
  return reason.includes('database was put back');
}

function isOfCapture(reason: string): boolean {
  return reason.startsWith('a paid withdrawal has no hold to capture');
}

/**
 * Sends the request as both people: the first requests, the second approves. A 409 is ignored: an
 * earlier round has already requested or settled the matter.
 */
export async function both(
  admin: AdminClients,
  colleague: AdminClients,
  say: (one: AdminClients) => Promise<unknown>,
): Promise<void> {
  for (const one of [admin, colleague])
    await say(one).catch((error: unknown) => {
      if (!(error instanceof AdminError) || error.status !== 409) throw error;
    });
}

/**
 * Restarts each instance of the signer that does not trust its database. A database that is restored
 * under a running signer looks altered; after an intended restore the manual demands a restart
 * (docs/operations/wallet.md). Returns the restarted instances.
 */
export async function settleSigner(
  admin: AdminClients,
  restart: (name: InstanceName) => boolean,
): Promise<readonly InstanceName[]> {
  if (!admin.scope.services.includes('signer')) return [];
  const found = await admin.findingsOf('signer');
  return [...found]
    .filter(([, codes]) => codes.includes('records-altered'))
    .map(([number]): InstanceName => `signer.${number}`)
    .filter((name) => restart(name));
}

/** Place of a halt: a venue's connector, or intake-api. */
export type Halting = VenueName | 'intake-api';

export function serviceAt(place: Halting): ServiceName {
  return place === 'intake-api' ? place : connectorOf(place);
}
