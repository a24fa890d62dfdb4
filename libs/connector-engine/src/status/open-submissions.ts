import { Injectable } from '@nestjs/common';
import type { Logger } from '@sluice/runtime';
import type { ListedWithdrawal, RecordVerdict } from '@sluice/connector-rules';
import { Amount } from '@sluice/kernel';
import { UnitOfWork, rowsJson, type Database, type Tx } from '@sluice/postgres';
import { InjectLogger } from '@sluice/service-shell';
import { Counter } from 'prom-client';
import { HaltWidth } from '../breaks/halt-width.js';
import { openBreaks } from '../breaks/open-breaks.js';
import { openCases, type CaseToOpen } from '../cases/open-cases.js';
import { recipientOf, type RecipientColumns } from '../rows/state-sql.js';
import { EventWriter, publishEnded, type BlockColumns, type Trace } from '../wire/event-writer.js';
import { applyReturns } from './apply-returns.js';
import { RecordJudge, type JudgedRecord, type OpenSubmission } from './judgement.js';
import {
  APPLY_VERDICTS,
  BY_REFERENCES,
  DUE_OPEN,
  LISTED,
  NOT_LISTED,
  RESCHEDULE,
  RESCHEDULED_AFTER_MS,
} from './status-sql.js';

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
  cancel_seen_for_ms: number | null;
  ended_for_ms: number | null;
  was_listed: boolean;
  is_unlisted: boolean;
  is_taken_back: boolean;
}

interface DueOpenRow extends OpenSubmissionRow {
  readonly form: string;
}

interface Applied extends Trace, BlockColumns {
  verdict: Exclude<RecordVerdict['kind'], 'nothing' | 'returned'>;
  venue_reference: string;
  cancel_pending: boolean;
}

const FEE_CHANGES = new Counter({
  name: 'sluice_venue_fee_changes_total',
  help: 'Payments of which the recipient got another amount through a change of the fee of the venue',
  labelNames: ['asset'],
});

@Injectable()
export class OpenSubmissions {
  private readonly database: Database;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly events: EventWriter,
    @InjectLogger() private readonly logger: Pick<Logger, 'error' | 'warn'>,
    private readonly judgement: RecordJudge,
    private readonly width: HaltWidth,
  ) {
    this.database = unitOfWork.database;
  }

  judge(submission: OpenSubmission, record: ListedWithdrawal): JudgedRecord {
    return this.judgement.of(submission, record);
  }

  async due(
    forms: readonly string[],
    limit: number,
  ): Promise<ReadonlyMap<string, readonly OpenSubmission[]>> {
    const rows = await this.database.query<DueOpenRow>(DUE_OPEN, [forms, limit]);
    const due = new Map<string, OpenSubmission[]>();
    for (const row of rows) {
      const known = due.get(row.form);
      if (known) known.push(openSubmission(row));
      else due.set(row.form, [openSubmission(row)]);
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
    ).map(openSubmission);
  }

  /** Compares records with the submissions that they belong to by either reference, and stores the verdicts. */
  async compare(form: string, records: readonly ListedWithdrawal[]): Promise<void> {
    await this.apply(await this.judgeRecords(form, records));
  }

  /** Judges records, also of ended submissions: a record must not contradict an end. */
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
      return submission ? [this.judge(submission, record)] : [];
    });
  }

  async apply(judged: readonly JudgedRecord[]): Promise<void> {
    const findings = judged.filter(
      ({ verdict, cases }) => verdict.kind !== 'nothing' || cases.length > 0,
    );
    if (findings.length === 0) return;
    const opened = await this.unitOfWork.run(async (tx) => {
      const verdicts = new Map(
        findings.map(({ submission, verdict }) => [submission.withdrawalId, verdict]),
      );
      const rows = findings.filter(isVerdict).map(verdictRow);
      await applyReturns(tx, this.events, findings, this.judgement.listedWithinMs);
      const applied =
        rows.length === 0 ? [] : await tx.query<Applied>(APPLY_VERDICTS, [rowsJson(rows)]);
      for (const row of applied) this.publish(tx, row, verdicts.get(row.withdrawal_id));
      const breaks = findings.flatMap(({ breaks: found }) => found ?? []);
      await openBreaks(tx, this.logger, await this.width.of(tx, breaks));
      return openCases(
        tx,
        findings.flatMap(({ cases }) => cases),
      );
    });
    this.report(opened);
  }

  /** Schedules the next look-up: each round for young submissions, more rarely as they age. */
  async reschedule(polled: readonly OpenSubmission[]): Promise<void> {
    const ids = polled
      .filter(({ acceptedForMs }) => acceptedForMs > RESCHEDULED_AFTER_MS)
      .map(({ withdrawalId }) => withdrawalId);
    if (ids.length > 0) await this.database.query(RESCHEDULE, [ids]);
  }

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

  private reportFeeChange(
    { withdrawal_id: withdrawalId }: Applied,
    { received, venueFee }: Extract<RecordVerdict, { kind: 'settled' }>,
  ): void {
    if (received === undefined) return;
    FEE_CHANGES.inc({ asset: received.asset });
    this.logger.warn(
      { withdrawalId, received: received.toString(), venueFee: venueFee?.toString() },
      'the venue has changed its fee: the recipient got another amount than ordered',
    );
  }

  private publish(tx: Tx, row: Applied, verdict: RecordVerdict | undefined): void {
    const venueReference = row.venue_reference;
    switch (verdict?.kind) {
      case 'broadcast':
        return tx.publish(this.events.broadcast(row, { venueReference, txHash: verdict.txHash }));
      case 'settled':
        this.reportFeeChange(row, verdict);
        if (row.cancel_pending) tx.publish(this.events.cancelRefused(row, 'the venue has paid it'));
        return tx.publish(
          this.events.settled(
            row,
            {
              venueReference,
              txHash: verdict.txHash,
              venueFee: verdict.venueFee?.toString() ?? null,
              received: verdict.received?.toString() ?? null,
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

function openSubmission(row: OpenSubmissionRow): OpenSubmission {
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
    cancelSeenForMs: row.cancel_seen_for_ms,
    endedForMs: row.ended_for_ms,
    wasListed: row.was_listed,
    isUnlisted: row.is_unlisted,
    isTakenBack: row.is_taken_back,
  };
}

function isVerdict({ verdict: { kind } }: JudgedRecord): boolean {
  return kind !== 'nothing' && kind !== 'returned';
}

function verdictRow({ submission, verdict, readAgainMs }: JudgedRecord) {
  return {
    read_again_ms: readAgainMs ?? null,
    withdrawal_id: submission.withdrawalId,
    verdict: verdict.kind,
    tx_hash: 'txHash' in verdict ? verdict.txHash : null,
    venue_fee: verdict.kind === 'settled' ? verdict.venueFee : null,
    received: (verdict.kind === 'settled' ? verdict.received : undefined) ?? null,
    block_number: (verdict.kind === 'settled' ? verdict.blockNumber : undefined) ?? null,
    confirmations: (verdict.kind === 'settled' ? verdict.confirmations : undefined) ?? null,
    reason: verdict.kind === 'failed' ? verdict.reason : null,
  };
}
