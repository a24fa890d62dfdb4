import type { HaltDto, ViolationDto } from '@sluice/admin-api';
import { isSimulated, type ServiceName, type VenueName } from '@sluice/stack';
import { ifThere, LONG_PATIENCE_MS, type AdminClients } from '../system/admin-clients.js';
import type { Payment } from '../system/simulators.js';
import type { SystemUnderTest } from '../system/system-under-test.js';
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

/** What somebody else than the gateway has written down of what was paid: a simulated venue, or a chain. */
export interface Book {
  payments(): Promise<readonly Payment[]>;
}

/** By venue; the wallet has a book for each of its chains. */
export type Books = readonly (readonly [VenueName, Book])[];

export function booksOf({ books, chains }: SystemUnderTest): Books {
  return [...books, ...[...chains.values()].map(({ book }) => ['wallet', book] as const)];
}

/** Every payment that went out, by who was paid. */
export async function paymentsOf(books: Books): Promise<ReadonlyMap<string, readonly PaidAt[]>> {
  const all: PaidAt[] = [];
  for (const [venue, book] of books) {
    const sentBack = isSimulated(venue) ? VENUE_FACTS[venue].sentBack : [];
    for (const payment of await book.payments())
      if (!sentBack.includes(payment.status)) all.push({ venue, payment });
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
  admin: AdminClients,
  clients: readonly { readonly accountId: string }[],
): Promise<ReadonlyMap<string, Booked>> {
  const booked = new Map<string, Booked>();
  for (const client of clients) {
    const rows = await admin.intake((intake) =>
      intake.withdrawals({ account_id: client.accountId, limit: 9_999 }),
    );
    for (const { id, number, state, venue, fee, client_reference: reference } of rows) {
      const one: Booked = { id, number, state, venue, fee };
      booked.set(reference ?? `#${number}`, one);
      if (reference === null) booked.set(await recipientOnRecord(admin, one), one);
    }
  }
  return booked;
}

/** A withdrawal without a reference is recognised by its recipient. */
async function recipientOnRecord(admin: AdminClients, { number }: Booked): Promise<string> {
  const { destination } = await admin.intake((intake) => intake.withdrawal(number));
  return `to ${recipientIn(destination)}`;
}

/** The recipient in the form that `recipientOf` gives for a payment. */
export function recipientIn(destination: Readonly<Record<string, string | undefined>>): string {
  const {
    remittance_information: text,
    remittanceInformation: alike,
    value,
    address,
  } = destination;
  return (text ?? alike ?? value ?? address ?? '').toLowerCase();
}

/** Texts that show operators what waits: cases, halts, violated invariants, and what each says it is about. */
export interface Naming {
  readonly what: string;
  /** All its fields, as text: ids, numbers, references. */
  readonly text: string;
  /** A halt names all that waits at its venue; one of intake-api all that waits. */
  readonly venue?: VenueName | 'any';
}

export async function namingsOf(admin: AdminClients): Promise<readonly Naming[]> {
  const violations = (await violationsOf(admin)).map(({ violation }) =>
    naming(`invariant ${violation.invariant}`, violation),
  );
  const lookUps = [...(await lookUpsOf(admin))]
    .filter(([, untilMs]) => Date.now() < untilMs)
    .map(([id, untilMs]) =>
      naming(`looked up until ${new Date(untilMs).toISOString()} at the latest`, { id }),
    );
  const deadLetters = await admin.intake((intake) => intake.deadLetters());
  const halts = (await admin.intake((intake) => intake.halts())).filter(isOpenHalt).map((halt) => ({
    ...naming(`halt at intake-api: ${halt.reason}`, halt),
    venue: 'any' as const,
  }));
  const atVenues = await Promise.all(admin.scope.venues.map((venue) => namingsAt(venue, admin)));
  return [
    ...violations,
    ...lookUps,
    ...halts,
    ...deadLetters.map((deadLetter) => naming('a dead letter', deadLetter)),
    ...atVenues.flat(),
  ];
}

async function namingsAt(venue: VenueName, admin: AdminClients): Promise<readonly Naming[]> {
  const cases = await admin.connector(venue, (connector) => connector.cases());
  const records = await ifThere(
    admin.connector(venue, (connector) => connector.unclaimedRecords()),
  );
  const halts = await admin.connector(venue, (connector) => connector.halts());
  return [
    ...cases.map((one) => naming(`case ${one.kind}`, one)),
    ...(records ?? [])
      .filter(({ reported_at }) => reported_at !== null)
      .map((record) => naming(`unclaimed record at ${venue}`, record)),
    ...halts
      .filter(isOpenHalt)
      .map((halt) => ({ ...naming(`halt at ${venue}: ${halt.reason}`, halt), venue })),
  ];
}

/** Longer than an absence takes to be proven by production's defaults: a quarter of an hour of empty look-ups, and the last of them. */
const PROVEN_WITHIN_MS = 900_000 + 150_000;

/** Until when the machine may still be looking up what became of these, by the id of the withdrawal. */
export async function lookUpsOf(admin: AdminClients): Promise<ReadonlyMap<string, number>> {
  const lists = await Promise.all(
    admin.scope.venues.flatMap((venue) =>
      (['unknown', 'refusing'] as const).map((state) =>
        admin.connector(venue, (connector) => connector.submissions({ state })),
      ),
    ),
  );
  return new Map(
    lists
      .flat()
      .filter(({ next_action_at }) => next_action_at !== null)
      .map(({ withdrawal_id: id, last_venue_time, submitted_at, created_at }) => [
        id,
        Date.parse(last_venue_time ?? submitted_at ?? created_at) + PROVEN_WITHIN_MS,
      ]),
  );
}

function naming(what: string, about: object): Naming {
  return { what, text: JSON.stringify(about) };
}

/** Of every service's invariants. */
export async function violationsOf(
  admin: AdminClients,
): Promise<readonly { readonly service: ServiceName; readonly violation: ViolationDto }[]> {
  const reports = await Promise.all(
    admin.scope.services.map(async (service) => {
      const { violations } = await admin.service(
        service,
        (one) => one.invariants(),
        LONG_PATIENCE_MS,
      );
      return violations.map((violation) => ({ service, violation }));
    }),
  );
  return reports.flat();
}

export function isOpenHalt({ lifted_at }: HaltDto): boolean {
  return lifted_at === null;
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
        (venue !== undefined &&
          booked !== undefined &&
          (venue === 'any' || booked.venue === venue) &&
          UNDER_WAY.includes(booked.state)),
    )
    .map(({ what }) => what);
  return [
    ...new Set([
      ...matching,
      ...(booked?.state === 'undecided' ? ['undecided: a person decides'] : []),
    ]),
  ];
}
