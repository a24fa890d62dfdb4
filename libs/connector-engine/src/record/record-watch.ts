import { Injectable } from '@nestjs/common';
import type { Logger } from '@sluice/runtime';
import {
  isUnknownName,
  movedNothing,
  originOf,
  recordedText,
  type ListedWithdrawal,
  type VenueCapabilities,
  watchForMs,
} from '@sluice/connector-rules';
import { UnitOfWork, rowsJson, type Tx } from '@sluice/postgres';
import { InjectLogger } from '@sluice/service-shell';
import { HaltWidth } from '../breaks/halt-width.js';
import { openBreaks, paidAfterAll, type PaidAfterAll } from '../breaks/open-breaks.js';
import { openCases } from '../cases/open-cases.js';
import { InjectCapabilities } from '../tokens/tokens.js';
import {
  CLOSE_CLAIMED,
  CLOSE_BEFORE_BASELINE,
  KEEP_UNKNOWN,
  LOOK_UP_FIRST,
  LOOK_UP_FITTING,
  MARK_REPORTED,
  UNREPORTED,
  WITHOUT_VENUE_REFERENCE,
} from './record-sql.js';

interface WithoutReference {
  withdrawal_id: string;
  client_reference: string;
  state: string;
  reason: string | null;
}

/** `unreadable`: field and raw value of a row that is no record. */
type ExaminedRecord = ListedWithdrawal & { readonly unreadable?: string };

interface KeptRecord {
  readonly venue_reference: string;
  readonly unreadable: string | null;
  readonly is_new: boolean;
}

interface UnreportedRecord {
  venue_reference: string;
  form: string;
  client_reference: string | null;
  gross: string;
  amount_key: string;
  venue_status: string;
  created_at: Date;
  before_baseline: boolean;
  may_be_sent: boolean;
  may_be_ordered: boolean;
  is_new: boolean;
  refused_as: string | null;
  refused_because: string | null;
}

/** Finds payments of refused or absent submissions, and payments not sent by this connector. */
@Injectable()
export class RecordWatch {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly width: HaltWidth,
    @InjectLogger() private readonly logger: Logger,
    @InjectCapabilities() private readonly capabilities: VenueCapabilities,
  ) {}

  /** Examines records without a submission known to the caller, one transaction per page. */
  async examine(records: readonly ExaminedRecord[]): Promise<void> {
    if (records.length === 0) return;
    const marked = records.flatMap((record) =>
      record.clientReference === null
        ? []
        : [{ ...record, clientReference: record.clientReference }],
    );
    await this.unitOfWork.run(async (tx) => {
      if (marked.length > 0) await this.judgeByReference(tx, marked);
      const kept = await tx.query<KeptRecord>(KEEP_UNKNOWN, [rowsJson(records.map(rowOf))]);
      for (const { is_new: isNew, ...row } of kept)
        if (isNew && row.unreadable !== null)
          this.logger.error(
            { ...row },
            'a row of the venue’s record cannot be read: an operator must check it',
          );
      await tx.query(LOOK_UP_FITTING);
    });
  }

  /**
   * Reports an unclaimed record once no submission in flight can be its origin. Must follow a
   * complete reading.
   */
  async report(): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      await tx.query(CLOSE_CLAIMED);
      await tx.query(LOOK_UP_FITTING);
      const unreported = await tx.query<UnreportedRecord>(UNREPORTED, [
        watchForMs(this.capabilities),
      ]);
      if (unreported.length === 0) return;
      const older = unreported.filter(isBeforeBaseline);
      if (older.length > 0)
        await tx.query(CLOSE_BEFORE_BASELINE, [older.map((record) => record.venue_reference)]);
      const due = unreported.filter(
        (record) =>
          !isBeforeBaseline(record) &&
          !record.may_be_sent &&
          !record.may_be_ordered &&
          !mayBeRepeated(record),
      );
      if (due.length === 0) return;
      await tx.query(MARK_REPORTED, [due.map((record) => record.venue_reference)]);
      await this.open(tx, merged(due.map(paidAfterRefusal)));
      await this.open(tx, orphans(due.filter((record) => record.refused_as === null)));
    });
  }

  /**
   * Judges records with our reference: an unsent order is looked up, an ended one was paid after
   * all.
   */
  private async judgeByReference(
    tx: Tx,
    records: readonly (ListedWithdrawal & { clientReference: string })[],
  ): Promise<void> {
    const rows = await tx.query<WithoutReference>(WITHOUT_VENUE_REFERENCE, [
      records.map((record) => record.clientReference),
    ]);
    if (rows.length === 0) return;
    const prepared = rows.filter((row) => row.state === 'prepared').map((row) => row.withdrawal_id);
    if (prepared.length > 0) await tx.query(LOOK_UP_FIRST, [prepared]);
    const byReference = new Map(rows.map((row) => [row.client_reference, row]));
    const found = records.flatMap((record) => {
      const row = byReference.get(record.clientReference);
      return row?.state === 'refused' && !movedNothing(record)
        ? [
            paidAfterAll(row.withdrawal_id, row.reason, {
              ...record,
              gross: recordedText(record.gross),
            }),
          ]
        : [];
    });
    await this.open(tx, merged(found));
  }

  private async open(tx: Tx, { cases, breaks }: PaidAfterAll): Promise<void> {
    for (const opened of await openCases(tx, cases))
      this.logger.error({ ...opened }, 'a case was opened: an operator must check it');
    await openBreaks(tx, this.logger, await this.width.of(tx, breaks));
  }
}

/** Older than the very first reading, and of no submission. */
function isBeforeBaseline(record: UnreportedRecord): boolean {
  return record.before_baseline && record.refused_as === null;
}

function paidAfterRefusal({
  refused_as: withdrawalId,
  refused_because: reason,
  ...record
}: UnreportedRecord): PaidAfterAll {
  if (withdrawalId === null) return { cases: [], breaks: [] };
  return paidAfterAll(withdrawalId, reason, {
    venueReference: record.venue_reference,
    venueStatus: record.venue_status,
    gross: record.gross,
  });
}

/**
 * Returns a break for each foreign payment, with one halt per reading: people examine them
 * together.
 */
function orphans(records: readonly UnreportedRecord[]): PaidAfterAll {
  const breaks = records.map((one) => ({
    kind: 'orphan' as const,
    subject: one.venue_reference,
    haltSubject: records[0]?.venue_reference ?? '',
    details: `a payment in the record of the venue that this connector has not sent: ${one.venue_reference} (${one.form}, ${one.gross} of ${one.amount_key}, ${one.venue_status})`,
  }));
  return { cases: [], breaks };
}

/**
 * A client's own reference needs no immediate break: after a restore the next order finds the
 * payment.
 */
function mayBeRepeated({ client_reference: reference, is_new: isNew }: UnreportedRecord): boolean {
  return isNew && reference !== null && originOf(reference) === 'client_reference';
}

function merged(findings: readonly PaidAfterAll[]): PaidAfterAll {
  return {
    cases: findings.flatMap(({ cases }) => cases),
    breaks: findings.flatMap(({ breaks }) => breaks),
  };
}

/** A field that is not readable is `?` in the key: the record may be of every order with the other fields. */
function rowOf(record: ExaminedRecord) {
  const {
    form,
    venueReference,
    clientReference,
    currency,
    destination,
    gross,
    net,
    venueStatus,
    createdAt,
    unreadable = null,
  } = record;
  const amount = net ?? gross;
  const amountKey = `${currency} ${recordedText(amount)}`;
  const key = [isUnknownName(currency) ? '?' : currency, amount ?? '?', destination ?? `?${form}`];
  return {
    venue_reference: venueReference,
    form,
    client_reference: clientReference,
    equality_key: key.join(' '),
    amount_key: amountKey,
    destination,
    gross: recordedText(gross),
    venue_status: venueStatus || '(none)',
    created_at: createdAt.toISOString(),
    unreadable,
  };
}
