import { fundingsOf } from '../load/load.js';
import type { ShownBalance } from '../load/client.js';
import type { AdminClients } from '../system/admin-clients.js';
import type { SystemUnderTest } from '../system/system-under-test.js';
import { balanceFaults } from './balances.js';
import { booksOf, lookUpsOf, namedBy, namingsOf, recordsOf, violationsOf } from './gather.js';
import { isAbout, isUntold, untruth, type Notified } from './notified.js';
import {
  type Asked,
  type Booked,
  BROKEN,
  count,
  type Counts,
  judge,
  type Judged,
  type PaidAt,
  paymentsOf,
} from '@sluice/stack';

/** A withdrawal with all findings about the withdrawal. */
export interface Case extends Judged {
  readonly asked: Asked;
  readonly paid: readonly PaidAt[];
  readonly booked: Booked | undefined;
  readonly named: readonly string[];
}

/** An account to judge. The load holds the account's orders; webhooks and balances may be known. */
interface JudgedClient {
  readonly accountId: string;
  /** Received webhooks; undefined if no receiver runs. */
  readonly notified?: readonly Notified[];
  balances?(): Promise<readonly ShownBalance[] | undefined>;
}

/** All requested withdrawals and the requesting accounts. */
interface AskedFor {
  readonly clients: readonly JudgedClient[];
  all(): readonly Asked[];
}

export interface Judgement {
  readonly counts: Counts;
  readonly cases: readonly Case[];
  /**
   * Faults outside single withdrawals: balances, invariants, the ledger's proof, payments without
   * an order.
   */
  readonly faults: readonly string[];
  /** Number of ended withdrawals without a webhook about the end. */
  readonly untold: number;
}

/**
 * Judges from outside: by the books of venues and chains, the responses, webhooks and balances seen
 * by clients, the gateway's record, and the ledger's proof.
 */
export async function judgeAll(
  system: SystemUnderTest,
  admin: AdminClients,
  load: AskedFor,
): Promise<Judgement> {
  // Read order while withdrawals still move: the client's view, the gateway's record, the payments.
  // Later reads may know more, never less.
  const notified = load.clients.map((client) => notifiedOf(client.notified ?? []));
  const all = load.all().map((asked): Asked => ({ ...asked }));
  const records = await recordsOf(admin, load.clients);
  const payments = await paymentsOf(booksOf(system));
  const namings = await namingsOf(admin);
  const wordsAbout = ({ asked, booked }: Pick<Case, 'asked' | 'booked'>): readonly Notified[] => {
    const number = asked.number ?? booked?.number; // a client whose requests timed out knows no number
    const known = { ...asked, ...(number !== undefined && { number }) };
    return (notified[asked.order.client]?.get(keyOf(known)) ?? []).filter((one) =>
      isAbout(known, one),
    );
  };
  const judgedAll = all.map((asked): Case => {
    const { reference, recipient, unnamed } = asked.order;
    const booked = records.get(unnamed ? `to ${recipient}` : reference);
    const paid = payments.get(recipient) ?? [];
    const named = namedBy(namings, booked, paid);
    const judged = judge({ asked, paid, booked, named });
    const words = wordsAbout({ asked, booked });
    const wrong = judged.kind === 'twice' ? undefined : untruth({ asked, paid }, words);
    return {
      asked,
      paid,
      booked,
      named,
      ...(wrong === undefined ? judged : { kind: 'wrong', why: wrong }),
    };
  });
  const cases = await Promise.all(judgedAll.map((one) => namedByItsCases(one, admin)));
  const asked = new Set(load.all().map(({ order }) => order.recipient));
  const strangers = [...payments]
    .filter(([recipient]) => !asked.has(recipient))
    .flatMap(([, paid]) => paid);
  return {
    counts: count(cases),
    cases,
    untold: cases.filter(
      (one) => load.clients[one.asked.order.client]?.notified && isUntold(one, wordsAbout(one)),
    ).length,
    faults: [
      ...(await wrongBalances(load, cases, system.scope.venues.includes('wallet'))),
      ...strangers.map(
        ({ venue, payment }) =>
          `${venue} paid ${payment.net_amount} to ${payment.destination}, without a request`,
      ),
      ...(await violations(admin)),
      ...(await proof(admin)),
    ],
  };
}

/** Adds the cases of intake-api: only the record of a withdrawal lists them. */
async function namedByItsCases(one: Case, admin: AdminClients): Promise<Case> {
  const { kind, booked, why } = one;
  if (kind !== 'waiting unreported' || !booked) return one;
  const { cases } = await admin.intake.withdrawal(booked.number);
  const named = cases.map(({ trigger, detail }) => `case ${trigger} ${detail ?? ''}`.trim());
  return named.length === 0
    ? one
    : { ...one, named, kind: 'waiting reported', why: `${why}; ${named.join(', ')}` };
}

/**
 * Groups webhooks by the key of `isAbout`, to compare each withdrawal with the withdrawal's own
 * webhooks only.
 */
function notifiedOf(all: readonly Notified[]): ReadonlyMap<string, readonly Notified[]> {
  return Map.groupBy(all, ({ data }) =>
    typeof data['client_reference'] === 'string'
      ? data['client_reference']
      : `#${String(data['withdrawal_id'])}`,
  );
}

function keyOf({ order, number }: Asked): string {
  return order.unnamed ? `#${number ?? ''}` : order.reference;
}

async function wrongBalances(
  { clients }: AskedFor,
  cases: readonly Case[],
  wallet: boolean,
): Promise<readonly string[]> {
  const faults = await Promise.all(
    clients.map(async (client, index) => {
      const account = `client ${index + 1}`;
      if (!client.balances) return [];
      const shown = await client.balances();
      if (!shown) return [`${account} received no balance from the API`];
      const own = cases.filter(({ asked }) => asked.order.client === index);
      return balanceFaults(account, fundingsOf(wallet), shown, own);
    }),
  );
  return faults.flat();
}

export function brokenOnes({ cases }: Judgement): readonly Case[] {
  return cases.filter(({ kind }) => BROKEN.has(kind));
}

export function isBroken(judgement: Judgement): boolean {
  return brokenOnes(judgement).length > 0 || judgement.faults.length > 0;
}

/**
 * Invariants with violations that are no faults. They show operators waiting withdrawals
 * (`nothing-waits-too-long`, `nothing-overdue`) or payments sent before a restore
 * (`sent-only-what-was-asked`).
 */
const NAMING = /^(nothing-waits-too-long|nothing-overdue|sent-only-what-was-asked):/;

/**
 * After a restore, a connector may have lost the settlement of a payment. During the connector's
 * look-up, intake-api still misses the report.
 */
const REPORT_IS_MISSED = /^booked-as-paid-was-paid:/;

async function violations(admin: AdminClients): Promise<string[]> {
  const found = (await violationsOf(admin)).filter(
    ({ violation }) => !NAMING.test(violation.invariant),
  );
  const lookUps = found.length === 0 ? new Map<string, number>() : await lookUpsOf(admin);
  const isLookedUp = (row: object): boolean =>
    'id' in row && (lookUps.get(String(row.id)) ?? 0) > Date.now();
  return found
    .filter(
      ({ violation: { invariant, rows } }) =>
        !(REPORT_IS_MISSED.test(invariant) && rows.every(isLookedUp)),
    )
    .map(
      ({ service, violation }) =>
        `${service}: ${violation.invariant} is violated: ${JSON.stringify(violation).slice(0, 400)}`,
    );
}

async function proof(admin: AdminClients): Promise<string[]> {
  const proven = await admin.ledger.prove({});
  return proven.proven
    ? []
    : [`the ledger's book is not proven: ${JSON.stringify(proven).slice(0, 400)}`];
}
