import { ifThere } from '@sluice/admin-client';
import type { HaltDto, ViolationDto } from '@sluice/http-api';
import {
  type Booked,
  type Books,
  type PaidAt,
  type ServiceName,
  UNDER_WAY,
  type VenueName,
} from '@sluice/stack';
import type { AdminClients } from '../system/admin-clients.js';
import type { SystemUnderTest } from '../system/system-under-test.js';

export function booksOf({ books, chains }: SystemUnderTest): Books {
  return [...books, ...[...chains.values()].map(({ book }) => ['wallet', book] as const)];
}

/**
 * Withdrawals on the gateway's record by client reference. A withdrawal without a reference is
 * keyed by `#number` and by recipient.
 */
export async function recordsOf(
  admin: AdminClients,
  clients: readonly { readonly accountId: string }[],
): Promise<ReadonlyMap<string, Booked>> {
  const booked = new Map<string, Booked>();
  for (const client of clients) {
    const all = { account_id: client.accountId, limit: 9_999 };
    const { data: rows } = await admin.intake.withdrawals(all);
    for (const { id, number, state, venue, fee, client_reference: reference } of rows) {
      const one: Booked = { id, number, state, venue, fee };
      booked.set(reference ?? `#${number}`, one);
      if (reference === null) booked.set(await recipientOnRecord(admin, one), one);
    }
  }
  return booked;
}

/** Recipient key of a withdrawal without a reference. */
async function recipientOnRecord(admin: AdminClients, { number }: Booked): Promise<string> {
  const { destination } = await admin.intake.withdrawal(number);
  return `to ${recipientIn(destination)}`;
}

/** Recipient in the format of `recipientOf`. */
export function recipientIn(destination: Readonly<Record<string, string | undefined>>): string {
  const {
    remittance_information: text,
    remittanceInformation: alike,
    value,
    address,
  } = destination;
  return (text ?? alike ?? value ?? address ?? '').toLowerCase();
}

/**
 * An entry showing operators a waiting withdrawal, such as a case, a halt or a violated invariant,
 * with the subject of the entry.
 */
interface Naming {
  readonly what: string;
  /** All fields as text: ids, numbers, references. */
  readonly text: string;
  /** A halt covers all waiting withdrawals of the venue; a halt of intake-api covers all venues. */
  readonly venue?: VenueName | 'any';
}

export async function namingsOf(admin: AdminClients): Promise<readonly Naming[]> {
  const violations = (await violationsOf(admin)).map(({ violation }) =>
    naming(`invariant ${violation.invariant}`, violation),
  );
  const lookUps = new Map(
    [...(await lookUpsOf(admin))]
      .filter(([, untilMs]) => Date.now() < untilMs)
      .map(([id, ms]) => [id, `looked up until ${new Date(ms).toISOString()} at the latest`]),
  );
  const deadLetters = await admin.intake.deadLetters();
  const halts = (await admin.intake.halts()).filter(isOpenHalt).map((halt) => ({
    ...naming(`halt at intake-api: ${halt.reason}`, halt),
    venue: 'any' as const,
  }));
  const atVenues = await Promise.all(admin.scope.venues.map((venue) => namingsAt(venue, admin)));
  return [
    ...violations,
    ...[...lookUps].map(([id, what]) => naming(what, { id })),
    ...(await behindLookUps(admin, lookUps)),
    ...halts,
    ...deadLetters.map((deadLetter) => naming('a dead letter', deadLetter)),
    ...atVenues.flat(),
  ];
}

/** Unsent orders that wait for the look-ups of a payment that the records do not distinguish. */
async function behindLookUps(
  admin: AdminClients,
  lookUps: ReadonlyMap<string, string>,
): Promise<readonly Naming[]> {
  const atVenues = admin.scope.venues.map(async (venue) => {
    const unsent = await admin.connector(venue).submissions({ state: 'prepared' });
    return Promise.all(
      unsent.map(async ({ withdrawal_id: id }) => {
        const { awaited } = await admin.connector(venue).submission(id);
        const [, other = ''] = /that withdrawal (\S+), an equal payment/.exec(awaited) ?? [];
        const what = lookUps.get(other);
        return what === undefined ? [] : [naming(`waits for ${other}, which is ${what}`, { id })];
      }),
    );
  });
  return (await Promise.all(atVenues)).flat(2);
}

async function namingsAt(venue: VenueName, admin: AdminClients): Promise<readonly Naming[]> {
  const cases = await admin.connector(venue).cases();
  const records = await ifThere(admin.connector(venue).unclaimedRecords());
  const halts = await admin.connector(venue).halts();
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

/** Latest time of automatic look-ups, by withdrawal id; Unix milliseconds. */
export async function lookUpsOf(admin: AdminClients): Promise<ReadonlyMap<string, number>> {
  const lists = await Promise.all(
    admin.scope.venues.flatMap((venue) =>
      (['unknown', 'refusing'] as const).map((state) =>
        admin.connector(venue).submissions({ state }),
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

/** Violated invariants of all services. */
export async function violationsOf(
  admin: AdminClients,
): Promise<readonly { readonly service: ServiceName; readonly violation: ViolationDto }[]> {
  const reports = await Promise.all(
    admin.scope.services.map(async (service) => {
      const { violations } = await admin.service(service).invariants();
      return violations.map((violation) => ({ service, violation }));
    }),
  );
  return reports.flat();
}

export function isOpenHalt({ lifted_at }: HaltDto): boolean {
  return lifted_at === null;
}

/**
 * Entries about the withdrawal. The state `undecided` counts as an entry, because operators see a
 * gauge of the state.
 */
export function namedBy(
  namings: readonly Naming[],
  booked: Booked | undefined,
  paid: readonly PaidAt[],
): string[] {
  const keys = [
    booked?.id,
    ...paid.flatMap(({ payment }) => [payment.id, payment.client_id ?? undefined]),
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
      ...(booked?.state === 'undecided' ? ['undecided: an operator decides'] : []),
    ]),
  ];
}
