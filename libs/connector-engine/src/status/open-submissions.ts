import { Injectable } from '@nestjs/common';
import type { Logger } from '@sluice/runtime';
import {
  differencesFrom,
  judgeRecord,
  recordedText,
  type FormCapabilities,
  type ListedWithdrawal,
  type RecordVerdict,
  type TrackedSubmission,
  type VenueCapabilities,
} from '@sluice/connector-rules';
import { Amount } from '@sluice/kernel';
import { Database, UnitOfWork, rowsJson, type Tx } from '@sluice/postgres';
import { InjectConfig, InjectLogger } from '@sluice/service-shell';
import { openBreaks, type BreakToOpen } from '../breaks/open-breaks.js';
import { paidAfterAll } from '../breaks/paid-after-all.js';
import { openCases, type CaseToOpen } from '../cases/open-cases.js';
import { recipientOf, type RecipientColumns } from '../rows/recipient-columns.js';
import { InjectCapabilities } from '../tokens/tokens.js';
import { EventWriter, publishEnded, type BlockColumns, type Trace } from '../wire/event-writer.js';
import { publishReturned, type ReturnedRow } from './publish-returned.js';
import { APPLY_RETURNS } from './return-sql.js';
import {
  APPLY_VERDICTS,
  BY_REFERENCES,
  DUE_OPEN,
  LISTED,
  NOT_LISTED,
  RESCHEDULE,
  RESCHEDULED_AFTER_MS,
} from './status-sql.js';

/**
 * A submission accepted by the venue, now or earlier; `venueReference` links the submission to the
 * venue's records.
 */
export interface OpenSubmission extends TrackedSubmission {
  readonly venueReference: string;
  readonly clientReference: string;
  /** The venue's time before the first byte of the first attempt left, and before the last request left. */
  readonly firstSentAt: Date;
  readonly lastSentAt: Date;
  /** Milliseconds since acceptance, by the database's clock. */
  readonly acceptedForMs: number;
  /** True if the venue's records have listed this reference. */
  readonly wasListed: boolean;
  /**
   * True if a person may already decide, because the venue's records never listed the submission.
   */
  readonly isUnlisted: boolean;
  /** True if two people decided an accepted submission was never paid; the hold was released. */
  readonly isTakenBack: boolean;
}

interface JudgedRecord {
  readonly submission: OpenSubmission;
  readonly verdict: RecordVerdict;
  readonly cases: readonly CaseToOpen[];
  /** Breaks; the resulting halt lasts until a person has examined the case. */
  readonly breaks?: readonly BreakToOpen[];
}

interface OpenSubmissionRow extends RecipientColumns {
  withdrawal_id: string;
  state: OpenSubmission['state'];
  amount: string;
  gross: string;
  venue_reference: string;
  client_reference: string;
  tx_hash: string | null;
  cancel_state: string | null;
  venue_time: Date;
  last_venue_time: Date;
  accepted_for_ms: number;
  ended_for_ms: number | null;
  was_listed: boolean;
  is_unlisted: boolean;
  is_taken_back: boolean;
}

interface DueOpenRow extends OpenSubmissionRow {
  readonly form: string;
}

interface Applied extends Trace, BlockColumns {
  verdict: 'broadcast' | 'settled' | 'failed' | 'disputed';
  venue_reference: string;
  cancel_pending: boolean;
}

/** A return, or the first record of a return, which a second reading must confirm. */
interface SeenReturn extends ReturnedRow {
  readonly kind: 'first' | 'again';
}

interface ReturnSettings {
  readonly returnIntervalMs: number;
  /** A record read again after this time is no passing fault of the venue's records. */
  readonly refusalLookupAfterMs: number;
}

/** Accepted submissions, and the comparison with the venue's records. */
@Injectable()
export class OpenSubmissions {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly events: EventWriter,
    @InjectLogger() private readonly logger: Pick<Logger, 'error'>,
    @InjectCapabilities()
    private readonly capabilities: Pick<VenueCapabilities, 'forms'> = NO_FORMS,
    @InjectConfig() private readonly options: ReturnSettings = NO_RETURNS,
  ) {}

  /** Returns the due submissions by form, at most `limit` of each form, oldest first. */
  async due(
    forms: readonly string[],
    limit: number,
  ): Promise<ReadonlyMap<string, readonly OpenSubmission[]>> {
    const rows = await this.database.query<DueOpenRow>(DUE_OPEN, [forms, limit]);
    const due = new Map<string, OpenSubmission[]>();
    for (const row of rows) {
      const known = due.get(row.form);
      const submission = openSubmission(row, this.form(row.form));
      if (known) known.push(submission);
      else due.set(row.form, [submission]);
    }
    return due;
  }

  /** Returns submissions of any state matching a page of records by either reference. */
  private async ofRecords(
    form: string,
    records: readonly ListedWithdrawal[],
  ): Promise<OpenSubmission[]> {
    const ours = records.flatMap((record) =>
      record.clientReference === null ? [] : [record.clientReference],
    );
    return (
      await this.database.query<OpenSubmissionRow>(BY_REFERENCES, [
        form,
        records.map((record) => record.venueReference),
        ours,
      ])
    ).map((row) => openSubmission(row, this.form(form)));
  }

  private form(name: string): FormCapabilities | undefined {
    return this.capabilities.forms.find(({ form }) => form === name);
  }

  /** Compares records with the submissions that they belong to by either reference, and stores the verdicts. */
  async compare(form: string, records: readonly ListedWithdrawal[]): Promise<void> {
    await this.apply(await this.judgeRecords(form, records));
  }

  /**
   * Judges records, also of submissions not due: a record must not contradict an ended submission,
   * and must not carry our reference a second time.
   */
  async judgeRecords(form: string, records: readonly ListedWithdrawal[]): Promise<JudgedRecord[]> {
    if (records.length === 0) return [];
    const submissions = await this.ofRecords(form, records);
    const byVenue = new Map(
      submissions.map((submission) => [submission.venueReference, submission]),
    );
    const byClient = new Map(
      submissions.map((submission) => [submission.clientReference, submission]),
    );
    return records.flatMap((record) => {
      const submission =
        byVenue.get(record.venueReference) ??
        (record.clientReference === null ? undefined : byClient.get(record.clientReference));
      return submission ? [judge(submission, record)] : [];
    });
  }

  /** Stores verdicts, events and cases in a single transaction. */
  async apply(judged: readonly JudgedRecord[]): Promise<void> {
    const findings = judged.filter(
      ({ verdict, cases }) => verdict.kind !== 'nothing' || cases.length > 0,
    );
    if (findings.length === 0) return;
    const opened = await this.unitOfWork.run(async (tx) => {
      const verdicts = new Map(
        findings.map(({ submission, verdict }) => [submission.withdrawalId, verdict]),
      );
      const rows = findings
        .filter(({ verdict: { kind } }) => kind !== 'nothing' && kind !== 'returned')
        .map((judged) => verdictRow(judged, this.options));
      await this.applyReturns(tx, findings);
      const applied =
        rows.length === 0 ? [] : await tx.query<Applied>(APPLY_VERDICTS, [rowsJson(rows)]);
      for (const row of applied) this.publish(tx, row, verdicts.get(row.withdrawal_id));
      await openBreaks(
        tx,
        this.logger,
        findings.flatMap(({ breaks }) => breaks ?? []),
      );
      return openCases(
        tx,
        findings.flatMap(({ cases }) => cases),
      );
    });
    this.report(opened);
  }

  private async applyReturns(tx: Tx, findings: readonly JudgedRecord[]): Promise<void> {
    const returned = findings.flatMap(({ submission: { withdrawalId }, verdict }) =>
      verdict.kind === 'returned' ? [{ withdrawalId, ...verdict }] : [],
    );
    if (returned.length === 0) return;
    const rows = await tx.query<SeenReturn>(APPLY_RETURNS, [
      rowsJson(
        returned.map(({ withdrawalId, reason }) => ({ withdrawal_id: withdrawalId, reason })),
      ),
      this.options.refusalLookupAfterMs,
    ]);
    for (const row of rows) {
      const because = returned.find(({ withdrawalId }) => withdrawalId === row.withdrawal_id);
      if (row.kind === 'again' && because) publishReturned(tx, this.events, row, because);
    }
  }

  /** Schedules the next look-up: each round for young submissions, more rarely as they age. */
  async reschedule(polled: readonly OpenSubmission[]): Promise<void> {
    const ids = polled
      .filter(({ acceptedForMs }) => acceptedForMs > RESCHEDULED_AFTER_MS)
      .map(({ withdrawalId }) => withdrawalId);
    if (ids.length > 0) await this.database.query(RESCHEDULE, [ids]);
  }

  /** Marks submissions as listed by the venue under our stored reference. */
  async listed(withdrawalIds: readonly string[]): Promise<void> {
    if (withdrawalIds.length > 0) await this.database.query(LISTED, [withdrawalIds]);
  }

  /** The venue's records do not show these, although they should by now: a person decides, unless they appear later. */
  async notListed(missing: readonly OpenSubmission[]): Promise<void> {
    if (missing.length === 0) return;
    const opened = await this.unitOfWork.run(async (tx) => {
      await tx.query(NOT_LISTED, [missing.map((submission) => submission.withdrawalId)]);
      const text = 'and does not list it: an operator must find out its outcome';
      return openCases(
        tx,
        missing.map(({ withdrawalId, venueReference }) => ({
          withdrawalId,
          kind: 'not_listed',
          text: `the venue accepted it as ${venueReference} ${text}`,
        })),
      );
    });
    this.report(opened);
  }

  private report(opened: readonly CaseToOpen[]): void {
    for (const one of opened)
      this.logger.error({ ...one }, 'a case was opened: an operator must check it');
  }

  private publish(tx: Tx, row: Applied, verdict: RecordVerdict | undefined): void {
    const venueReference = row.venue_reference;
    switch (verdict?.kind) {
      case 'broadcast':
        return tx.publish(this.events.broadcast(row, { venueReference, txHash: verdict.txHash }));
      case 'settled':
        if (row.cancel_pending) tx.publish(this.events.cancelRefused(row, 'the venue has paid it'));
        return tx.publish(
          this.events.settled(
            row,
            {
              venueReference,
              txHash: verdict.txHash,
              venueFee: verdict.venueFee?.toString() ?? null,
            },
            row,
          ),
        );
      case 'failed':
        return publishEnded(
          tx,
          this.events.failed(row, {
            venueReference,
            reason: verdict.reason,
            message: verdict.message,
            cancelled: verdict.cancelled,
          }),
        );
      default:
        return undefined;
    }
  }
}

const NO_FORMS = { forms: [] };
const NO_RETURNS: ReturnSettings = { returnIntervalMs: 3_600_000, refusalLookupAfterMs: 35_000 };

/**
 * Compares a record with the submission. A second record with our reference, beside a record
 * already listed for the submission, means a double payment. If our stored reference was never
 * listed, the reference is more likely wrong, and a person must decide.
 */
export function judge(submission: OpenSubmission, record: ListedWithdrawal): JudgedRecord {
  const { withdrawalId, venueReference } = submission;
  const subject = `${withdrawalId} ${record.venueReference}`;
  if (submission.isTakenBack && record.status.kind !== 'failed')
    return {
      submission,
      verdict: { kind: 'nothing' },
      ...paidAfterAll(withdrawalId, 'decided_absent', {
        ...record,
        gross: recordedText(record.gross),
      }),
    };
  if (record.venueReference !== venueReference) {
    const said = `the venue has ${record.venueReference} (${record.venueStatus}, ${recordedText(record.gross)} ${record.currency}) under the reference of ${venueReference}`;
    if (!submission.wasListed) {
      const text = `${said}, which the venue has not listed: an operator must decide which record is the payment`;
      const cases = [{ withdrawalId, kind: 'other_reference', text }];
      return { submission, verdict: { kind: 'nothing' }, cases };
    }
    const kind = 'paid_twice' as const;
    const cases = [{ withdrawalId, kind, text: said }];
    return {
      submission,
      verdict: { kind: 'nothing' },
      cases,
      breaks: [{ kind, subject, withdrawalId, details: said }],
    };
  }
  const { verdict, cases } = judgeRecord(submission, record);
  // The hold of a failed submission was released: a later payment is a loss.
  const breaking = cases.flatMap(({ kind, text: details }): BreakToOpen[] => {
    if (kind === 'contrary_after_end' && submission.state === 'failed')
      return [{ kind, subject, withdrawalId, details }];
    if (kind !== 'not_as_asked') return [];
    const isAmount = differencesFrom(submission, record).every((text) => text.includes('amount'));
    return [
      {
        kind: isAmount ? 'other_amount' : 'other_recipient',
        subject,
        withdrawalId,
        details,
        ...(isFaultOfAsset(record) && { asset: submission.amount.asset }),
      },
    ];
  });
  return {
    submission,
    verdict,
    cases: cases.map((found) => ({ withdrawalId, ...found })),
    breaks: breaking,
  };
}

function isFaultOfAsset({ status }: ListedWithdrawal): boolean {
  return status.kind === 'settled' && status.faultOf === 'asset';
}

function openSubmission(
  row: OpenSubmissionRow,
  form: FormCapabilities | undefined,
): OpenSubmission {
  return {
    withdrawalId: row.withdrawal_id,
    state: row.state,
    ...recipientOf(row),
    amount: Amount.of(row.amount, row.asset),
    gross: Amount.of(row.gross, row.asset),
    venueReference: row.venue_reference,
    clientReference: row.client_reference,
    txHash: row.tx_hash,
    cancelRequested: row.cancel_state === 'wished' || row.cancel_state === 'asked',
    firstSentAt: row.venue_time,
    lastSentAt: row.last_venue_time,
    acceptedForMs: row.accepted_for_ms,
    endedForMs: row.ended_for_ms,
    isReturnable: form?.returnable !== undefined,
    wasListed: row.was_listed,
    isUnlisted: row.is_unlisted,
    isTakenBack: row.is_taken_back,
  };
}

function verdictRow({ submission, verdict }: JudgedRecord, { returnIntervalMs }: ReturnSettings) {
  return {
    read_again_ms: submission.isReturnable ? returnIntervalMs : null,
    withdrawal_id: submission.withdrawalId,
    verdict: verdict.kind,
    tx_hash: 'txHash' in verdict ? verdict.txHash : null,
    venue_fee: verdict.kind === 'settled' ? verdict.venueFee : null,
    block_number: (verdict.kind === 'settled' ? verdict.blockNumber : undefined) ?? null,
    confirmations: (verdict.kind === 'settled' ? verdict.confirmations : undefined) ?? null,
    reason: verdict.kind === 'failed' ? verdict.reason : null,
  };
}
