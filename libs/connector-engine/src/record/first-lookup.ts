import { Injectable } from '@nestjs/common';
import {
  type FormCapabilities,
  isKeyless,
  type ListedWithdrawal,
  movedNothing,
  type WantedRecord,
} from '@sluice/connector-rules';
import { Amount } from '@sluice/kernel';
import { rowsJson, type Tx, UnitOfWork } from '@sluice/postgres';
import { type BackgroundLoop, causeOf, FaultLog, type Logger } from '@sluice/runtime';
import { InjectLogger } from '@sluice/service-shell';
import { openCases } from '../cases/open-cases.js';
import { type FoundRecords, type NotSearched, RecordLookups } from '../listing/record-search.js';
import {
  from,
  POSTPONED,
  type RecipientColumns,
  recipientOf,
  shownCause,
  stateBy,
} from '../rows/state-sql.js';
import { MAY_BE_OF_ORDER, RECIPIENT_NOT_KNOWN_YET } from '../rows/unclaimed-sql.js';
import { EventWriter, type Trace, TRACE_COLUMNS } from '../wire/event-writer.js';
import { SubmissionWorkers } from '../worker/submission-workers.js';

const AT_ONCE = 500;
/** An order's time is the database's, a record's the venue's. Nothing is sent while the two clocks may differ by more than this. */
const CLOCKS_APART_MS = 10_000;
/** Maximum time before now for a search by the time in the id: venues list at least this time. */
const LONGEST_SEARCH_MS = 24 * 3_600_000;

const UNREADABLE: NotSearched = {
  kind: 'unavailable',
  retryAfterMs: 5_000,
  cause: 'a row of the record cannot be read, and may be the payment of the order',
};

interface DueLookupRow extends RecipientColumns {
  withdrawal_id: string;
  client_reference: string;
  amount: string;
  ordered_at: Date;
  oldest_unclaimed: Date | null;
  unclaimed: string | null;
}

interface Unsent extends WantedRecord {
  readonly withdrawalId: string;
  readonly orderedAt: Date;
  /** Time in the id, signed by intake-api: the time of the order in the row may be changed. */
  readonly identifiedAt: Date;
  /** True if an unclaimed record may belong to this order. */
  readonly suspected: boolean;
  /** References of the suspected records, for the deciding person. */
  readonly unclaimed: string | null;
}

interface LookupStep {
  readonly withdrawal_id: string;
  readonly clientReference: string;
  readonly kind: 'found' | 'nothing_found' | 'person_needed';
  readonly records: readonly ListedWithdrawal[];
  readonly named: string;
}

interface Applied extends Trace {
  client_reference: string;
  venue_reference: string | null;
  found_kind: LookupStep['kind'];
  published_before: boolean;
}

/** Searches the records before the first send of an order that may be paid, and tracks a payment. */
@Injectable()
export class FirstLookup {
  readonly loop: BackgroundLoop;
  private readonly faults: FaultLog;
  /** Generation of the database before the orders were read. */
  private generation = 0;

  constructor(
    lookups: RecordLookups,
    private readonly unitOfWork: UnitOfWork,
    private readonly events: EventWriter,
    @InjectLogger() private readonly logger: Logger,
    private readonly workers: SubmissionWorkers,
  ) {
    this.faults = new FaultLog(logger);
    const work = 'first look-ups';
    const job = { name: 'look-up before the first send', lease: work, work } as const;
    this.loop = lookups.loop<Unsent>(job, {
      due: (form) => this.due(form),
      postpone: (form, due, cause) => this.postpone(form, due, cause),
      apply: (form, found) => this.apply(form, found),
    });
  }

  private async due({ form }: FormCapabilities): Promise<Unsent[]> {
    const { database } = this.unitOfWork;
    this.generation = database.continuity.generation;
    const rows = await database.query<DueLookupRow>(DUE_FIRST_LOOKUPS, [form, AT_ONCE]);
    const now = database.clock.now();
    return rows.map((row) => unsent(row, now));
  }

  private async postpone(
    { form }: FormCapabilities,
    due: readonly Unsent[],
    { cause, retryAfterMs }: NotSearched,
  ): Promise<void> {
    this.faults.warn(
      `${form} ${causeOf(cause)}`,
      { form, waiting: due.length, cause },
      'orders wait for a look-up in the venue’s records before they are sent',
    );
    await this.unitOfWork.database.query(POSTPONE_FIRST_LOOKUPS, [
      due.map(({ withdrawalId }) => withdrawalId),
      retryAfterMs,
      shownCause(cause),
    ]);
  }

  private async apply(
    form: FormCapabilities,
    found: readonly FoundRecords<Unsent>[],
  ): Promise<void> {
    const judged = found.map((one) => ({ one, step: stepOf(form, one) }));
    const unproven = judged.filter(isUnproven).map(({ one }) => one.wanted);
    if (unproven.length > 0) await this.postpone(form, unproven, UNREADABLE);
    const steps = withoutShared(
      judged.filter((answer) => !isUnproven(answer)).map(({ step }) => step),
    );
    await this.unitOfWork.run(async (tx) => {
      // after a discontinuity the orders must be looked up again
      this.unitOfWork.database.continuity.require(this.generation);
      const applied = await tx.query<Applied>(APPLY_FIRST_LOOKUPS, [
        rowsJson(steps.map((step) => ({ ...rowOf(step), unsent_seal: this.sealOf(step) }))),
      ]);
      const byId = new Map(steps.map((step) => [step.withdrawal_id, step]));
      for (const row of applied) await this.publish(tx, row, byId.get(row.withdrawal_id));
    });
    this.workers.wake();
  }

  private sealOf({ kind, clientReference }: LookupStep): string | null {
    return kind === 'nothing_found' ? this.events.sealUnsent(clientReference, 'looked up') : null;
  }

  private async publish(tx: Tx, row: Applied, step: LookupStep | undefined): Promise<void> {
    const withdrawalId = row.withdrawal_id;
    if (row.found_kind === 'found') {
      const text = `the venue already had the order as ${row.venue_reference ?? ''}: it was not sent again`;
      this.logger.warn(
        { withdrawalId, venueReference: row.venue_reference },
        'the venue has already paid this order: its payment is followed',
      );
      await openCases(tx, [{ withdrawalId, kind: 'found_before_sending', text }]);
      const venueReference = row.venue_reference ?? '';
      tx.publish(
        this.events.accepted(row, {
          venueReference,
          clientReference: row.client_reference,
          txHash: step?.records[0]?.txHash ?? null,
        }),
      );
    }
    if (row.found_kind !== 'person_needed' || row.published_before) return;
    const cause = `it was not sent: a payment in the venue's record may belong to it (${step?.named ?? ''}), and a person must decide`;
    this.logger.error(
      { withdrawalId, cause },
      'an operator must decide whether the venue has already paid this order',
    );
    await openCases(tx, [{ withdrawalId, kind: 'needs_decision', text: cause }]);
    tx.publish(this.events.unknown(row, { cause, needsDecision: true }));
  }
}

/**
 * A single record with our reference belongs to the order. Without references, a single match not
 * older than the order is the payment; an older or unclear one needs a person.
 */
function stepOf(
  form: FormCapabilities,
  { wanted, records, unclear }: FoundRecords<Unsent>,
): LookupStep {
  const { withdrawalId, clientReference, orderedAt, identifiedAt, suspected, unclaimed } = wanted;
  const order = { withdrawal_id: withdrawalId, clientReference };
  const fitting = isKeyless(form) ? records.filter((record) => !movedNothing(record)) : records;
  const own = isKeyless(form)
    ? fitting.filter(
        ({ createdAt }) => createdAt.getTime() + CLOCKS_APART_MS >= orderedAt.getTime(),
      )
    : fitting;
  if (own.length === 1 && fitting.length === 1)
    return { ...order, kind: 'found', records: own, named: '' };
  const possible = [...fitting, ...unclear.filter((record) => !movedNothing(record))];
  const mayBePaid = suspected || possible.some(({ createdAt }) => createdAt >= identifiedAt);
  if (own.length === 0 && !mayBePaid)
    return { ...order, kind: 'nothing_found', records: [], named: '' };
  const listed = possible.map(({ venueReference }) => venueReference).join(', ');
  const named = listed || (unclaimed ?? 'a record listed before');
  return { ...order, kind: 'person_needed', records: possible, named };
}

/** Silence proves nothing while a row without any readable field is listed. */
function isUnproven({ one, step }: { one: FoundRecords<Unsent>; step: LookupStep }): boolean {
  return step.kind === 'nothing_found' && one.covered === null;
}

/** Assigns a shared record to the first of equal orders; the others are looked up again. */
function withoutShared(steps: readonly LookupStep[]): LookupStep[] {
  const used = new Set<string>();
  return steps.filter(({ kind, records: [record] }) => {
    if (kind !== 'found' || record === undefined) return true;
    const isFirst = !used.has(record.venueReference);
    used.add(record.venueReference);
    return isFirst;
  });
}

function rowOf({ withdrawal_id, kind, records }: LookupStep) {
  const record = kind === 'found' ? records[0] : undefined;
  return {
    withdrawal_id,
    kind,
    venue_reference: record?.venueReference ?? null,
    gross: record?.gross ?? null,
    made_at: record?.createdAt.toISOString() ?? null,
  };
}

function unsent(row: DueLookupRow, now: Date): Unsent {
  const identifiedAt = Math.max(timeOfId(row.withdrawal_id), now.getTime() - LONGEST_SEARCH_MS);
  const unclaimedAt = row.oldest_unclaimed?.getTime() ?? Infinity;
  const since = Math.min(row.ordered_at.getTime(), unclaimedAt, identifiedAt);
  return {
    withdrawalId: row.withdrawal_id,
    clientReference: row.client_reference,
    ...recipientOf(row),
    amount: Amount.of(row.amount, row.asset),
    gross: null,
    since: new Date(since - CLOCKS_APART_MS),
    orderedAt: row.ordered_at,
    identifiedAt: new Date(identifiedAt),
    suspected: row.oldest_unclaimed !== null,
    unclaimed: row.unclaimed,
  };
}

function timeOfId(id: string): number {
  return parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

const BEFORE_SENDING = from('found', ['prepared']);

// While an equal payment has no outcome a record may be of either; neither is sent meanwhile.

const DUE_FIRST_LOOKUPS = `
  SELECT s.withdrawal_id, s.client_reference, s.asset, s.destination, s.amount::text, coalesce(s.ordered_at, s.created_at) AS ordered_at,
         (SELECT min(u.created_at) FROM unclaimed_record u
           WHERE ${MAY_BE_OF_ORDER}) AS oldest_unclaimed,
         (SELECT string_agg(u.venue_reference, ', ') FROM (SELECT u.venue_reference FROM unclaimed_record u WHERE ${MAY_BE_OF_ORDER} ORDER BY u.created_at LIMIT 5) u) AS unclaimed
    FROM submission s
   WHERE s.state ${BEFORE_SENDING} AND s.lookup_first AND s.form = $1 AND s.next_action_at <= clock_timestamp()
     AND (s.equality_key IS NULL OR NOT EXISTS (
       SELECT FROM submission t WHERE t.form = s.form AND t.equality_key = s.equality_key AND t.state IN ('sending','refusing','unknown','undecided')))
     AND NOT ${RECIPIENT_NOT_KNOWN_YET}
   ORDER BY s.seq LIMIT $2`;

const POSTPONE_FIRST_LOOKUPS = `
  UPDATE submission SET ${POSTPONED}
   WHERE withdrawal_id = ANY ($1::uuid[]) AND state ${BEFORE_SENDING} AND lookup_first`;

// A found payment has no attempt. A row with a changed state is left unchanged.
export const APPLY_FIRST_LOOKUPS = `
  WITH r AS (SELECT * FROM json_to_recordset($1::json) AS r(withdrawal_id uuid, kind text, venue_reference text, gross numeric, made_at timestamptz, unsent_seal text)),
  before AS (
    SELECT s.withdrawal_id, s.unknown_published FROM submission s JOIN r USING (withdrawal_id)
     WHERE s.state ${BEFORE_SENDING} AND s.lookup_first ORDER BY s.withdrawal_id FOR UPDATE OF s),
  s AS (
    UPDATE submission s
       SET state = ${stateBy('r.kind', { found: 'found' }, 's.state')},
           lookup_first = r.kind = 'person_needed', postponed_for = NULL, unsent_seal = coalesce(r.unsent_seal, s.unsent_seal),
           unknown_published = s.unknown_published OR r.kind = 'person_needed',
           venue_reference = r.venue_reference, gross = coalesce(r.gross, s.gross),
           submitted_at = CASE r.kind WHEN 'found' THEN coalesce(s.submitted_at, clock_timestamp()) ELSE s.submitted_at END,
           venue_time = CASE r.kind WHEN 'found' THEN least(s.venue_time, r.made_at) ELSE s.venue_time END,
           last_venue_time = CASE r.kind WHEN 'found' THEN greatest(s.last_venue_time, r.made_at) ELSE s.last_venue_time END,
           listed_at = CASE r.kind WHEN 'found' THEN clock_timestamp() END,
           accepted_at = CASE r.kind WHEN 'found' THEN clock_timestamp() END,
           next_action_at = clock_timestamp() + CASE r.kind WHEN 'person_needed' THEN interval '1 minute' ELSE interval '0' END
      FROM r JOIN before b USING (withdrawal_id) WHERE s.withdrawal_id = r.withdrawal_id
    RETURNING s.*, r.kind AS found_kind, b.unknown_published AS published_before)
  SELECT ${TRACE_COLUMNS}, s.client_reference, s.venue_reference, s.found_kind, s.published_before FROM s`;
