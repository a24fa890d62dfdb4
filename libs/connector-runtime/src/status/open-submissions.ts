import {
  destinationKey,
  judgeRecord,
  type Destination,
  type ListedWithdrawal,
  type RecordVerdict,
  type TrackedSubmission,
} from '@sluice/connector-core';
import { currencyOf, networkOf, type Asset } from '@sluice/money';
import type { Database, Tx, UnitOfWork } from '@sluice/postgres';
import { openCases, type CaseToOpen } from '../cases/open-cases.js';
import type { EventWriter, Owner } from '../wire.js';
import { APPLY_VERDICTS, BY_REFERENCES, DUE_OPEN, RESCHEDULE } from './status-sql.js';

/** A submission the venue has taken on, or had; `venueReference` ties it to the venue's records. */
export interface OpenSubmission extends TrackedSubmission {
  readonly venueReference: string;
  readonly clientReference: string;
  readonly submittedAt: Date;
  readonly acceptedAt: Date;
}

export interface JudgedRecord {
  readonly submission: OpenSubmission;
  readonly verdict: RecordVerdict;
  readonly cases: readonly CaseToOpen[];
}

interface Row {
  withdrawal_id: string;
  state: OpenSubmission['state'];
  asset: Asset;
  amount: string;
  gross: string;
  destination: Destination;
  venue_reference: string;
  client_reference: string;
  tx_hash: string | null;
  cancel_state: string | null;
  submitted_at: Date;
  accepted_at: Date;
}

interface Applied extends Owner {
  verdict: 'broadcast' | 'settled' | 'failed' | 'disputed';
  venue_reference: string;
  cancel_pending: boolean;
}

/** Accepted submissions and the venue's further words on them. */
export class OpenSubmissions {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly events: EventWriter,
  ) {}

  async due(form: string, limit: number): Promise<OpenSubmission[]> {
    return (await this.database.query<Row>(DUE_OPEN, [form, limit])).map(openSubmission);
  }

  /** Submissions of any state that a page of records may belong to, by either reference. */
  async ofRecords(form: string, records: readonly ListedWithdrawal[]): Promise<OpenSubmission[]> {
    const ours = records.flatMap((record) => (record.clientReference === null ? [] : [record.clientReference]));
    return (await this.database.query<Row>(BY_REFERENCES, [form, records.map((record) => record.venueReference), ours])).map(openSubmission);
  }

  /** Stores verdicts, their events and their cases in one transaction. Answers the new cases. */
  async apply(judged: readonly JudgedRecord[]): Promise<CaseToOpen[]> {
    const telling = judged.filter(({ verdict, cases }) => verdict.kind !== 'nothing' || cases.length > 0);
    if (telling.length === 0) return [];
    return this.unitOfWork.run(async (tx) => {
      const verdicts = new Map(telling.map(({ submission, verdict }) => [submission.withdrawalId, verdict]));
      const rows = telling.filter(({ verdict }) => verdict.kind !== 'nothing').map(verdictRow);
      const applied = rows.length === 0 ? [] : await tx.query<Applied>(APPLY_VERDICTS, [JSON.stringify(rows)]);
      for (const row of applied) this.tell(tx, row, verdicts.get(row.withdrawal_id));
      return openCases(
        tx,
        telling.flatMap(({ cases }) => cases),
      );
    });
  }

  /** The next look at those that have not ended: soon while they are young, ever more rarely as they age. */
  async reschedule(withdrawalIds: readonly string[]): Promise<void> {
    if (withdrawalIds.length > 0) await this.database.query(RESCHEDULE, [withdrawalIds]);
  }

  private tell(tx: Tx, row: Applied, verdict: RecordVerdict | undefined): void {
    const venueReference = row.venue_reference;
    switch (verdict?.kind) {
      case 'broadcast':
        return tx.publish(this.events.broadcast(row, { venueReference, txHash: verdict.txHash }));
      case 'settled':
        if (row.cancel_pending) tx.publish(this.events.cancelRefused(row, 'the venue has paid it'));
        return tx.publish(this.events.settled(row, { venueReference, txHash: verdict.txHash, venueFee: verdict.venueFee }));
      case 'failed':
        return tx.publish(
          this.events.failed(row, { venueReference, reason: verdict.reason, message: verdict.message, cancelled: verdict.cancelled }),
        );
      default:
        return undefined;
    }
  }
}

/** Compares a record with its submission. One that carries our reference beside another record of the same submission was paid twice. */
export function judge(submission: OpenSubmission, record: ListedWithdrawal): JudgedRecord {
  const { withdrawalId, venueReference } = submission;
  if (record.venueReference !== venueReference) {
    const text = `the venue has ${record.venueReference} (${record.venueStatus}, ${record.gross} ${record.currency}) under the reference of ${venueReference}`;
    return { submission, verdict: { kind: 'nothing' }, cases: [{ withdrawalId, kind: 'paid_twice', text }] };
  }
  const { verdict, cases } = judgeRecord(submission, record);
  return { submission, verdict, cases: cases.map((found) => ({ withdrawalId, ...found })) };
}

function openSubmission(row: Row): OpenSubmission {
  return {
    withdrawalId: row.withdrawal_id,
    state: row.state,
    currency: currencyOf(row.asset),
    network: row.destination.type === 'address' ? networkOf(row.asset) : null,
    destination: destinationKey(row.destination),
    amount: row.amount,
    gross: row.gross,
    venueReference: row.venue_reference,
    clientReference: row.client_reference,
    txHash: row.tx_hash,
    cancelRequested: row.cancel_state === 'wished' || row.cancel_state === 'asked',
    submittedAt: row.submitted_at,
    acceptedAt: row.accepted_at,
  };
}

function verdictRow({ submission, verdict }: JudgedRecord) {
  return {
    withdrawal_id: submission.withdrawalId,
    verdict: verdict.kind,
    tx_hash: 'txHash' in verdict ? verdict.txHash : null,
    venue_fee: verdict.kind === 'settled' ? verdict.venueFee : null,
    reason: verdict.kind === 'failed' ? verdict.reason : null,
  };
}
