import { VENUE_NAMES, connectorOf, type VenueName, SERVICE_NAMES } from '@sluice/stack';
import type { Client } from '../load/client.js';
import type { AdminClient } from '../system/admin-client.js';
import { fieldsOf, rowsOf, textOf, type Fields } from '../system/json.js';
import type { SimulatorBook } from '../system/simulators.js';
import { VENUE_FACTS } from '../system/venue-facts.js';
import type { Booked, PaidAt } from './verdict.js';

const UNDER_WAY = [
  'requested',
  'submitting',
  'uncertain',
  'undecided',
  'submitted',
  'broadcast',
  'capturing',
  'releasing',
  'cancelling',
];

/** Every payment that went out, by who was paid. */
export async function paymentsOf(
  books: ReadonlyMap<VenueName, SimulatorBook>,
): Promise<ReadonlyMap<string, readonly PaidAt[]>> {
  const all: PaidAt[] = [];
  for (const [venue, book] of books) {
    for (const payment of await book.payments())
      if (!VENUE_FACTS[venue].sentBack.includes(payment.status)) all.push({ venue, payment });
  }
  return Map.groupBy(all, recipientOf);
}

/** Upvest pays few accounts: there they are distinguished by the last word of the transfer text, which the gateway wrote. */
export function recipientOf({ venue, payment }: PaidAt): string {
  return (
    venue === 'upvest' ? ((payment.memo ?? '').split(' ')[0] ?? '') : payment.destination
  ).toLowerCase();
}

/** What the gateway has on record, by client and the client's reference; those without one by their number. */
export async function recordsOf(
  admin: AdminClient,
  clients: readonly Client[],
): Promise<ReadonlyMap<string, Booked>> {
  const booked = new Map<string, Booked>();
  for (const client of clients) {
    for (const row of await admin.list(
      'intake-api',
      `/internal/withdrawals?account_id=${client.accountId}&limit=9999`,
    )) {
      const one: Booked = {
        id: textOf(row['id']),
        number: textOf(row['number']),
        state: textOf(row['state']),
        venue: textOf(row['venue']),
      };
      const reference = textOf(row['client_reference']);
      booked.set(reference === '' ? `#${one.number}` : reference, one);
      if (reference === '') booked.set(await recipientOnRecord(admin, one), one);
    }
  }
  return booked;
}

/** A withdrawal without a reference is recognised by its recipient. */
async function recipientOnRecord(admin: AdminClient, { number }: Booked): Promise<string> {
  const { body } = await admin.ask('intake-api', 'GET', `/internal/withdrawals/${number}`);
  return `to ${recipientIn(fieldsOf(body)['destination'])}`;
}

/** The recipient in the form that `recipientOf` gives for a payment. */
export function recipientIn(destination: unknown): string {
  const {
    remittance_information: text,
    remittanceInformation: alike,
    value,
    address,
  } = fieldsOf(destination);
  return textOf(text ?? alike ?? value ?? address).toLowerCase();
}

/** Texts that show operators what waits: cases, halts, violated invariants, and what each says it is about. */
export interface Naming {
  readonly what: string;
  /** All its fields, as text: ids, numbers, references. */
  readonly text: string;
  /** A halt names all that waits at its venue. */
  readonly venue?: VenueName;
}

export async function namingsOf(admin: AdminClient): Promise<readonly Naming[]> {
  const namings: Naming[] = [];
  for (const service of SERVICE_NAMES) {
    const report = fieldsOf(
      (await admin.ask(service, 'GET', '/internal/invariants', undefined, 60_000)).body,
    );
    for (const violation of rowsOf(report['violations']))
      namings.push({
        what: `invariant ${textOf(violation['invariant'])}`,
        text: JSON.stringify(violation),
      });
  }
  for (const deadLetters of await admin.list('intake-api', '/internal/dead-letters'))
    namings.push({ what: 'a dead letter', text: JSON.stringify(deadLetters) });
  for (const venue of VENUE_NAMES) {
    for (const one of await admin.list(connectorOf(venue), '/internal/cases'))
      namings.push({ what: `case ${textOf(one['kind'])}`, text: JSON.stringify(one) });
    for (const record of (await admin.list(connectorOf(venue), '/internal/halts/records')).filter(
      (one) => (one['told_at'] ?? null) !== null,
    ))
      namings.push({ what: `unclaimed record at ${venue}`, text: JSON.stringify(record) });
    for (const halt of (await admin.list(connectorOf(venue), '/internal/halts')).filter(isOpenHalt))
      namings.push({
        what: `halt at ${venue}: ${textOf(halt['reason'])}`,
        text: JSON.stringify(halt),
        venue,
      });
  }
  return namings;
}

export function isOpenHalt(halt: Fields): boolean {
  return (halt['lifted_at'] ?? null) === null;
}

/** What names this one. A state that waits for a person is a gauge of its own. */
export function namedBy(
  namings: readonly Naming[],
  booked: Booked | undefined,
  paid: readonly PaidAt[],
): string[] {
  const keys = [
    booked?.id,
    ...paid.flatMap(({ payment }) => [payment.id, payment.clientId ?? undefined]),
  ].filter((key) => key !== undefined && key.length > 5);
  const matching = namings
    .filter(
      ({ text, venue }) =>
        keys.some((key) => key !== undefined && text.includes(key)) ||
        (venue !== undefined && booked?.venue === venue && UNDER_WAY.includes(booked.state)),
    )
    .map(({ what }) => what);
  return [
    ...new Set([
      ...matching,
      ...(booked?.state === 'undecided' ? ['undecided: a person decides'] : []),
    ]),
  ];
}
