import { Injectable } from '@nestjs/common';
import {
  type FormCapabilities,
  type ListedWithdrawal,
  recordedText,
  vanishedText,
  type VenueCapabilities,
} from '@sluice/connector-rules';
import { Amount, unreachable } from '@sluice/kernel';
import { rowsJson, type Tx, UnitOfWork } from '@sluice/postgres';
import { type BackgroundLoop, causeOf, FaultLog, type Logger } from '@sluice/runtime';
import { InjectConfig, InjectLogger } from '@sluice/service-shell';
import { openCases } from '../cases/open-cases.js';
import { eurWorth } from '../ceilings/ceilings.js';
import { type FoundRecords, type NotSearched, RecordLookups } from '../listing/record-search.js';
import {
  type RecipientColumns,
  recipientOf,
  shownCause,
  type StoredRefusal,
} from '../rows/state-sql.js';
import { InjectCapabilities } from '../tokens/tokens.js';
import { EventWriter, publishEnded, type Trace } from '../wire/event-writer.js';
import {
  APPLY_REFUSALS,
  COUNTED_EXPOSURE,
  DUE_REFUSALS,
  isFirstSilence,
  LOCK_EXPOSURE,
  POSTPONE_REFUSALS,
  type RefusalStep,
  type Refused,
  stepOf,
} from './refusal-step.js';

type Payable = Pick<VenueCapabilities, 'forms' | 'added'>;

interface WantedFailover {
  readonly withdrawalId: string;
  readonly gross: Amount;
}

/** Limits the amount released by single look-ups after refusals, for all instances together. */
@Injectable()
export class FastFailover {
  constructor(
    @InjectCapabilities() private readonly venue: Payable,
    @InjectConfig() private readonly options: { readonly fastFailoverExposureEur: number },
  ) {}

  /**
   * Returns the releases permitted within the exposure, in EUR. The exposure lock is held to the
   * end of the transaction.
   */
  async permitted(tx: Tx, wanted: readonly WantedFailover[]): Promise<ReadonlyMap<string, Amount>> {
    const { fastFailoverExposureEur: limit } = this.options;
    if (limit === 0 || wanted.length === 0) return new Map();
    await tx.query(LOCK_EXPOSURE, []);
    const [row] = await tx.query<{ eur: string }>(COUNTED_EXPOSURE, [this.boundMs()]);
    if (!row) throw new Error('the exposure of fast fail-over could not be counted');
    const releases = wanted.map(({ withdrawalId, gross }) => ({
      withdrawalId,
      worthEur: eurWorth(this.venue, gross),
    }));
    return withinExposure(eur(String(limit)), eur(row.eur), releases);
  }

  /** Longest wait of a lost answer for the absence proof, over all forms, in milliseconds. */
  private boundMs(): number {
    return Math.max(0, ...this.venue.forms.map(absenceMs));
  }
}

function absenceMs({ absence, honoured }: FormCapabilities): number {
  return Math.max(absence.afterMs, honoured?.forMs ?? 0);
}

function eur(value: string): Amount {
  return Amount.of(value, 'EUR.-');
}

const AT_ONCE = 1_000;

interface DueRefusalRow extends RecipientColumns {
  withdrawal_id: string;
  attempt: number;
  client_reference: string;
  amount: string;
  gross: string;
  since: Date;
  refusal: StoredRefusal;
  empty_lookups: number;
  covering_lookups: number;
  possible_records: readonly string[] | null;
  silent_ms: number;
  answered_after_ms: number;
}

interface Applied extends Trace {
  client_reference: string;
  venue_reference: string | null;
  refusal: StoredRefusal;
  found_kind: RefusalStep['kind'];
  empty_lookups: number;
}

/**
 * Searches the records for each refused submission. A payment is tracked. Otherwise one look-up
 * decides within the exposure, and the full absence proof beyond.
 */
@Injectable()
export class RefusalCheck {
  readonly loop: BackgroundLoop;
  private readonly faults: FaultLog;

  constructor(
    lookups: RecordLookups,
    private readonly unitOfWork: UnitOfWork,
    private readonly events: EventWriter,
    private readonly fast: FastFailover,
    @InjectLogger() private readonly logger: Logger,
  ) {
    this.faults = new FaultLog(logger);
    this.loop = lookups.loop<Refused>(
      { name: 'look-up of refusals', lease: 'refusals', work: 'refusals' },
      {
        due: (form) => this.due(form),
        postpone: (form, due, cause) => this.postpone(form, due, cause),
        apply: (form, found) => this.apply(form, found),
      },
    );
  }

  private async due({ form }: FormCapabilities): Promise<Refused[]> {
    const { database } = this.unitOfWork;
    return (await database.query<DueRefusalRow>(DUE_REFUSALS, [form, AT_ONCE])).map(refused);
  }

  private async postpone(
    { form }: FormCapabilities,
    due: readonly Refused[],
    { cause, retryAfterMs }: NotSearched,
  ): Promise<void> {
    this.faults.warn(
      `${form} ${causeOf(cause)}`,
      { form, waiting: due.length, cause },
      'a refused order waits for a look-up in the venue’s records',
    );
    await this.unitOfWork.database.query(POSTPONE_REFUSALS, [
      due.map(({ withdrawalId }) => withdrawalId),
      retryAfterMs,
      shownCause(cause),
    ]);
  }

  private async apply(
    form: FormCapabilities,
    found: readonly FoundRecords<Refused>[],
  ): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      const steps = await this.judged(tx, form, found);
      const applied = await tx.query<Applied>(APPLY_REFUSALS, [
        rowsJson(steps.map(({ records: _records, ...row }) => row)),
      ]);
      const stepFor = new Map(steps.map((step) => [step.withdrawal_id, step]));
      for (const row of applied) {
        const step = stepFor.get(row.withdrawal_id);
        if (step) await this.publish(tx, row, step);
      }
    });
  }

  private async judged(
    tx: Tx,
    form: FormCapabilities,
    found: readonly FoundRecords<Refused>[],
  ): Promise<RefusalStep[]> {
    const silent = found.filter(isFirstSilence).map(({ wanted }) => wanted);
    const permitted = await this.fast.permitted(tx, silent);
    return found.map((one) => stepOf(form, one, permitted.get(one.wanted.withdrawalId)));
  }

  private async publish(
    tx: Tx,
    row: Applied,
    { records, possible_records: possible }: RefusalStep,
  ): Promise<void> {
    const { refusal, found_kind: kind, withdrawal_id: withdrawalId } = row;
    const said = `the venue refused (${refusal.venueCode ?? refusal.reason}: ${refusal.message})`;
    switch (kind) {
      case 'nothing_found':
        return publishEnded(tx, this.events.refused(row, refusal));
      case 'found': {
        const text = `${said} and nevertheless has a payment for the order: ${records.map(described).join(', ')}`;
        this.logger.error(
          { withdrawalId, kind: 'paid_though_refused', text },
          'a case was opened: an operator must check it',
        );
        await openCases(tx, [{ withdrawalId, kind: 'paid_though_refused', text }]);
        const [record] = records;
        const venueReference = row.venue_reference ?? '';
        return tx.publish(
          this.events.accepted(row, {
            venueReference,
            clientReference: row.client_reference,
            txHash: record?.txHash ?? null,
          }),
        );
      }
      case 'person_needed': {
        const cause =
          records.length > 0
            ? `${said}, and ${records.length} of its records may belong to the order: ${records.map(described).join(', ')}`
            : `${said}, and ${vanishedText(possible ?? [])}`;
        tx.publish(this.events.unknown(row, { cause, needsDecision: true }));
        await openCases(tx, [{ withdrawalId, kind: 'needs_decision', text: cause }]);
        return;
      }
      case 'look_again':
        if (row.empty_lookups === 1)
          this.logger.warn(
            { withdrawalId, refusal: said },
            'one look-up cannot decide about this refusal: the rule for lost answers applies',
          );
        return;
      default:
        return unreachable(kind);
    }
  }
}

function described({ venueReference, venueStatus, gross, currency }: ListedWithdrawal): string {
  return `${venueReference} (${venueStatus}, ${recordedText(gross)} ${currency})`;
}

function refused(row: DueRefusalRow): Refused {
  return {
    withdrawalId: row.withdrawal_id,
    clientReference: row.client_reference,
    ...recipientOf(row),
    attempt: row.attempt,
    amount: Amount.of(row.amount, row.asset),
    gross: Amount.of(row.gross, row.asset),
    since: row.since,
    until: new Date(row.since.getTime() + row.answered_after_ms),
    isByValidation: row.refusal.basis === 'validation',
    lookups: row.empty_lookups,
    coveringLookups: row.covering_lookups,
    silentMs: row.silent_ms,
    possibleRecords: row.possible_records ?? [],
  };
}

export interface FastRelease {
  readonly withdrawalId: string;
  /** Null for an asset without a price: a single look-up never releases the asset. */
  readonly worthEur: Amount | null;
}

/**
 * Returns the releases permitted after one look-up, in input order, while the sum stays within the
 * limit.
 */
export function withinExposure(
  limitEur: Amount,
  countedEur: Amount,
  wanted: readonly FastRelease[],
): ReadonlyMap<string, Amount> {
  const released = new Map<string, Amount>();
  let sum = countedEur;
  for (const { withdrawalId, worthEur } of wanted) {
    if (limitEur.isZero() || worthEur === null) continue;
    const next = sum.plus(worthEur);
    if (limitEur.lessThan(next)) continue;
    sum = next;
    released.set(withdrawalId, worthEur);
  }
  return released;
}
