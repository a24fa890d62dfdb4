import type { Asked } from '../load/client.js';
import { LONG_PATIENCE_MS, type AdminClients } from '../system/admin-clients.js';
import type { SystemUnderTest } from '../system/system-under-test.js';
import { namedBy, namingsOf, paymentsOf, recordsOf, violationsOf } from './gather.js';
import {
  BROKEN,
  count,
  judge,
  type Booked,
  type Counts,
  type Judged,
  type PaidAt,
} from './verdict.js';

/** One withdrawal with all that was found about it. */
export interface Case extends Judged {
  readonly asked: Asked;
  readonly paid: readonly PaidAt[];
  readonly booked: Booked | undefined;
  readonly named: readonly string[];
}

/** What was asked for, and by which accounts. */
export interface AskedFor {
  readonly clients: readonly { readonly accountId: string }[];
  all(): readonly Asked[];
}

export interface Judgement {
  readonly counts: Counts;
  readonly cases: readonly Case[];
  /** What does not hold beside single withdrawals: invariants, the ledger's proof, payments that nobody asked for. */
  readonly faults: readonly string[];
}

/** Judges from outside: the venues' books, the clients' answers, the gateway's record, the ledger's proof. */
export async function judgeAll(
  system: SystemUnderTest,
  admin: AdminClients,
  load: AskedFor,
): Promise<Judgement> {
  // Where something still moves, what is read later may know more, never less: a client's word, then the record behind it, then the payment behind that.
  const all = load.all().map((asked): Asked => ({ ...asked }));
  const records = await recordsOf(admin, load.clients);
  const payments = await paymentsOf(system.books);
  const namings = await namingsOf(admin);
  const cases = all.map((asked): Case => {
    const { reference, recipient, unnamed } = asked.order;
    const booked = records.get(unnamed ? `to ${recipient}` : reference);
    const paid = payments.get(recipient) ?? [];
    const named = namedBy(namings, booked, paid);
    return { asked, paid, booked, named, ...judge({ asked, paid, booked, named }) };
  });
  const asked = new Set(load.all().map(({ order }) => order.recipient));
  const strangers = [...payments]
    .filter(([recipient]) => !asked.has(recipient))
    .flatMap(([, paid]) => paid);
  return {
    counts: count(cases),
    cases,
    faults: [
      ...strangers.map(
        ({ venue, payment }) =>
          `${venue} paid ${payment.netAmount} to ${payment.destination}, which nobody asked for`,
      ),
      ...(await violations(admin)),
      ...(await proof(admin)),
    ],
  };
}

export function brokenOnes({ cases }: Judgement): readonly Case[] {
  return cases.filter(({ kind }) => BROKEN.has(kind));
}

export function isBroken(judgement: Judgement): boolean {
  return brokenOnes(judgement).length > 0 || judgement.faults.length > 0;
}

/** Those that show an operator single withdrawals are no faults by themselves: what waits (nothing-waits-too-long, nothing-overdue), and what an earlier life has sent before a restore (sent-only-what-was-asked). */
const NAMING = /^(nothing-waits-too-long|nothing-overdue|sent-only-what-was-asked):/;

async function violations(admin: AdminClients): Promise<string[]> {
  return (await violationsOf(admin))
    .filter(({ violation }) => !NAMING.test(violation.invariant))
    .map(
      ({ service, violation }) =>
        `${service}: ${violation.invariant} is violated: ${JSON.stringify(violation).slice(0, 400)}`,
    );
}

async function proof(admin: AdminClients): Promise<string[]> {
  const proven = await admin.ledger((ledger) => ledger.prove(), LONG_PATIENCE_MS);
  return proven.proven
    ? []
    : [`the ledger's book is not proven: ${JSON.stringify(proven).slice(0, 400)}`];
}
