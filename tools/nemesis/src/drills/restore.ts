import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ifThere } from '@sluice/admin-client';
import { testValues } from '@sluice/runtime';
import type { HaltDto, UnclaimedRecordDto } from '@sluice/http-api';
import {
  connectorOf,
  type PaidAt,
  SIMULATED_NAMES,
  SIMULATED_SERVICES,
  type SimulatedName,
} from '@sluice/stack';
import { archiveInto, freePort, restoreTo, takeBaseBackup, withClient } from '@sluice/test-servers';
import { withoutServices } from '../faults/system-wide-faults.js';
import { isOpenHalt, recordsOf } from '../judge/gather.js';
import { settleLedger, both, serviceAt, type Halting } from '../operator/operator-steps.js';
import type { AdminClients } from '../system/admin-clients.js';
import { killAndStay } from '../system/instance.js';
import type { RunContext } from '../run/with-system.js';
import {
  allPayments,
  comesTrue,
  paidSoFar,
  pause,
  underLoad,
  type Drill,
  type DrillOptions,
} from './drill-steps.js';

const PER_SECOND = 4;
/** Number of payments made after the restored moment. */
const FORGOTTEN = 15;
const HALTING: readonly Halting[] = ['intake-api', ...SIMULATED_NAMES];

interface Disaster {
  readonly baseBackup: string;
  readonly archive: string;
  /** Restored moment, by PostgreSQL's clock and by ours. */
  readonly moment: string;
  readonly momentMs: number;
  readonly paid: readonly PaidAt[];
  /** Withdrawal numbers given to clients, with the reference of each number's withdrawal. */
  readonly numbers: ReadonlyMap<string, string>;
}

export const restore: Drill = {
  about:
    'all databases are restored to a moment before later payments of venues; no recipient is paid twice',
  system: (folder) => ({ postgresSettings: archiveInto(join(folder, 'wal-archive')) }),
  run: async (context, options) => {
    const disaster = await payAndLose(context, options);
    await restoreHalted(context, disaster, options);
    await compare(context, disaster);
    await release(context);
    await underLoad(context, PER_SECOND, () => pause(context, 5_000));
    await noNumberTwice(context, disaster);
  },
};

/**
 * Takes a base backup, notes a moment and waits for later payments. Then all databases and services
 * are killed at once.
 */
async function payAndLose(context: RunContext, { kafkaIsLost }: DrillOptions): Promise<Disaster> {
  const { system, folder, note, load } = context;
  context.operator.offDuty = true;
  const [baseBackup, archive] = [join(folder, 'base-backup'), join(folder, 'wal-archive')];
  let moment = '';
  let momentMs = 0;
  await underLoad(context, PER_SECOND, async () => {
    await comesTrue(context, 'withdrawals are paid', async () => (await paidSoFar(context)) >= 10);
    await takeBaseBackup(
      system.postgres.adminUrl('postgres'),
      join(folder, 'postgres'),
      baseBackup,
    );
    note(`base backup of all ${SIMULATED_SERVICES.length} databases taken under load`);
    await pause(context, 3_000);
    momentMs = Date.now();
    moment = await textOfQuery(context, 'SELECT clock_timestamp()::text AS text');
    const before = await paidSoFar(context);
    note(`${before} payments in the venues' books at ${moment}, the moment of the later restore`);
    const more = async () => (await paidSoFar(context)) >= before + FORGOTTEN;
    await comesTrue(context, `${FORGOTTEN} more withdrawals are paid`, more);
  });
  await archiveEverything(context);
  const numbers = new Map(
    load.all().flatMap(({ number, order }) => (number ? [[number, order.reference] as const] : [])),
  );
  system.killed.add('postgres');
  const lost = Promise.all([
    ...[...system.instances.values()].map((instance) => instance.killAndStay()),
    killAndStay(system.postgres.process),
    ...(kafkaIsLost ? [killAndStay(system.kafka.process)] : []),
  ]);
  await lost;
  const all = await allPayments(context);
  note(
    `disaster: every service and PostgreSQL are killed, and the data folder is lost${kafkaIsLost ? ', with the data of Kafka' : '; Kafka keeps its data, ahead of the restored databases'}. ${all.length} payments in the books`,
  );
  return { baseBackup, archive, moment, momentMs, paid: all, numbers };
}

async function restoreHalted(
  context: RunContext,
  { baseBackup, archive, moment, momentMs, paid: all }: Disaster,
  { kafkaIsLost }: DrillOptions,
): Promise<void> {
  const { system, folder, note, load } = context;
  if (kafkaIsLost) {
    rmSync(join(folder, 'kafka'), { recursive: true, force: true });
    await system.startKafka(join(folder, 'kafka'));
    note('an empty Kafka has all topics, logins and rights again');
  }
  rmSync(join(folder, 'postgres'), { recursive: true, force: true });
  const server = await system.startPostgres({
    dataDir: baseBackup,
    port: await freePort(),
    name: 'postgres-restored',
    settings: restoreTo(moment, baseBackup, archive),
  });
  await comesTrue(context, 'PostgreSQL has reached the moment and accepts writes', () =>
    withClient(server.adminUrl('postgres'), async (client) => {
      const { rows } = await client.query<{ done: boolean }>(
        'SELECT NOT pg_is_in_recovery() AS done',
      );
      return rows[0]?.done === true;
    }),
  );
  system.usePostgres(server);
  const known = await knownPayments(context);
  const unknown = all.filter(({ payment }) => !known.has(payment.id));
  note(
    `restored to ${moment}. Of ${all.length} payments the restored databases contain ${all.length - unknown.length} with the venue's number and miss ${unknown.length}`,
  );
  const START_HALTED = randomUUID();
  const environment = { START_HALTED, ...testValues({ recordIntervalMs: 5_000 }) };
  for (const [name, instance] of system.instances)
    if (HALTING.some((place) => name.startsWith(`${serviceAt(place)}.`)))
      instance.setEnvironment(environment);
  load.doubt(momentMs - 60_000); // a request may wait long before being recorded
  await withoutServices(system, SIMULATED_SERVICES, () => Promise.resolve());
  for (const place of HALTING) {
    const open = await haltsOf(context.admin, place);
    if (!open.some(({ scope, subject }) => scope === 'all' && subject === START_HALTED))
      throw new Error(`${serviceAt(place)} has started without the required halt`);
  }
  note(
    `all services run again with START_HALTED=${START_HALTED}: intake-api accepts no request, and no connector sends a payment`,
  );
}

/**
 * Checks that every venue payment belongs to an order or is a break. The halt of intake-api is
 * lifted first, to let clients repeat their requests.
 */
async function compare(context: RunContext, { paid: before }: Disaster): Promise<void> {
  const { note } = context;
  let missing: readonly PaidAt[] = [];
  const explained = async (): Promise<boolean> => {
    missing = await unexplained(context, before);
    return missing.length === 0;
  };
  await comesTrue(context, 'each payment belongs to an order or is a break', explained).catch(
    (error: unknown) => {
      for (const { venue, payment } of missing) note(`✗ ${venue}: ${JSON.stringify(payment)}`);
      throw error;
    },
  );
  const adopted = await knownPayments(context);
  const breaks = await openBreaks(context);
  await sameBooks(context, before);
  note(
    `the connectors have read the venues' records: ${before.filter(({ payment }) => adopted.has(payment.id)).length} payments belong to known orders, ${breaks.length} are breaks; no payment was sent meanwhile`,
  );
  if (await settleLedger(context.admin, context.colleague))
    note(
      'the ledger halted automatically, because its chains are older than the published chains: two people lift the halt',
    );
  await lift(context, 'intake-api', 'the records of all venues are compared');
  note('two people lift the halt of intake-api; the connectors stay halted');
  await pause(context, 15_000);
  let awaited: readonly Unclaimed[] = [];
  const askedAgain = async (): Promise<boolean> => {
    awaited = (await unclaimed(context)).filter((record) => isRepeatable(record.client_reference));
    return awaited.length === 0;
  };
  await comesTrue(context, 'clients have repeated all forgotten requests', askedAgain).catch(
    (error: unknown) => {
      for (const record of awaited) note(`✗ ${JSON.stringify(record)}`);
      throw error;
    },
  );
  await sameBooks(context, before);
  const left = await unclaimed(context);
  note(
    `clients repeated requests with their own references: ${breaks.length - left.length} of the ${breaks.length} were matched with payments and not sent again; ${left.length} records have no link to an order, so operators decide:`,
  );
  for (const { venue, ...record } of left)
    note(
      `  ${venue} ${record.venue_reference}: ${record.gross} to ${record.destination ?? 'an unnamed recipient'}, ${record.client_reference ?? 'without our reference'}`,
    );
}

/** People close each break, and afterwards allow sending to the venues again. */
async function release(context: RunContext): Promise<void> {
  const { admin, note, operator } = context;
  let closed = 0;
  for (const { venue, id } of await openBreaks(context)) {
    await admin
      .connector(venue)
      .closeBreak(id, { evidence: 'paid before the restore: in the book of the venue' });
    closed += 1;
  }
  for (const venue of SIMULATED_NAMES)
    await lift(context, venue, 'every payment belongs to an order again, or its break is closed');
  operator.offDuty = false;
  note(`operators have closed ${closed} breaks and lifted every halt: sending continues`);
}

async function noNumberTwice(
  { admin, load, note }: RunContext,
  { numbers }: Disaster,
): Promise<void> {
  const now = await recordsOf(admin, load.clients);
  const again = [...now]
    .filter(([reference, { number }]) => {
      const before = numbers.get(number);
      return (
        before !== undefined &&
        !reference.startsWith('to ') &&
        !reference.startsWith('#') &&
        before !== reference
      );
    })
    .map(([, { number }]) => number);
  if (again.length > 0) throw new Error(`numbers were assigned twice: ${again.join(', ')}`);
  note(`none of the ${numbers.size} numbers known to clients was assigned to another withdrawal`);
}

/** Lifts all halts in force, as two people. */
async function lift(context: RunContext, place: Halting, evidence: string): Promise<void> {
  for (const { id } of await haltsOf(context.admin, place))
    await both(context.admin, context.colleague, (person) =>
      person.halting(serviceAt(place)).liftHalt(id, { evidence }),
    );
}

async function haltsOf(admin: AdminClients, place: Halting): Promise<readonly HaltDto[]> {
  return (await admin.halting(serviceAt(place)).halts()).filter(isOpenHalt);
}

async function openBreaks({ admin }: RunContext) {
  const all = SIMULATED_NAMES.map(async (venue) => {
    const breaks = await admin.connector(venue).breaks();
    return breaks.filter((one) => one.closed_at === null).map((one) => ({ venue, ...one }));
  });
  return (await Promise.all(all)).flat();
}

type Unclaimed = UnclaimedRecordDto & { readonly venue: SimulatedName };

async function unclaimed({ admin }: RunContext): Promise<readonly Unclaimed[]> {
  const all = SIMULATED_NAMES.map(async (venue) => {
    const records = await ifThere(admin.connector(venue).unclaimedRecords());
    return (records ?? []).map((record) => ({ venue, ...record }));
  });
  return (await Promise.all(all)).flat();
}

/** Payments without an order of ours and without a break reported to a person. */
async function unexplained(
  context: RunContext,
  payments: readonly PaidAt[],
): Promise<readonly PaidAt[]> {
  const known = await knownPayments(context);
  const subjects = (await openBreaks(context)).map(({ subject }) => subject);
  const reported = new Set(subjects.flatMap((subject) => subject.split(' ')));
  return payments.filter(({ payment }) => !known.has(payment.id) && !reported.has(payment.id));
}

/** Venue references of all payments known to the connectors. */
async function knownPayments({ system }: RunContext): Promise<ReadonlySet<string>> {
  const all = SIMULATED_NAMES.map(async (venue) =>
    system.databases.rows<{ id: string }>(
      connectorOf(venue),
      'SELECT venue_reference AS id FROM submission WHERE venue_reference IS NOT NULL',
    ),
  );
  return new Set((await Promise.all(all)).flat().map(({ id }) => id));
}

async function sameBooks(context: RunContext, before: readonly PaidAt[]): Promise<void> {
  const now = await allPayments(context);
  if (now.length !== before.length)
    throw new Error(
      `${now.length - before.length} payments were sent while every service was halted`,
    );
}

/**
 * Waits until the current WAL segment is archived: the archive lags by at most a segment. The
 * restore needs no content after the restored moment, but some later segment must exist.
 */
async function archiveEverything(context: RunContext): Promise<void> {
  const segment = await textOfQuery(context, 'SELECT pg_walfile_name(pg_switch_wal()) AS text');
  await comesTrue(context, `${segment} is archived`, async () => {
    const last = 'SELECT coalesce(last_archived_wal, $$$$) AS text FROM pg_stat_archiver';
    return (await textOfQuery(context, last)) >= segment;
  });
}

function textOfQuery({ system }: RunContext, sql: string): Promise<string> {
  return withClient(system.postgres.adminUrl('postgres'), async (client) => {
    const { rows } = await client.query<{ text: string }>(sql);
    return rows[0]?.text ?? '';
  });
}

/**
 * Returns true if the reference derives from the client's own reference: a repeated request leads
 * to the payment again.
 */
function isRepeatable(reference: string | null): boolean {
  return reference?.startsWith('c') ?? false;
}
