import { Inject, Injectable } from '@nestjs/common';
import {
  FIRST_STATE,
  formFor,
  formNamed,
  isKeyless,
  laneOf,
  type FormCapabilities,
  type VenueCapabilities,
} from '@sluice/connector-rules';
import {
  Amount,
  type Asset,
  type Columns,
  currencyOf,
  destinationKey,
  destinationOf,
  isAsset,
} from '@sluice/kernel';
import { HANDED_OVER_SUBMISSION, SUBMISSION_COLUMNS, SUBMISSION_ORDER } from '@sluice/http-api';
import { givenRows, isBeforeRetentionCutoff, namesOf, rowsOf, type Tx } from '@sluice/postgres';
import { AssetRefresh } from '../assets/venue-assets.js';
import { LOOKED_UP_AT, isOldCommand, mayBeLost } from '../confirm/confirm-sql.js';
import { RatePlan } from '../rate/rate-plan.js';
import { RecordReader } from '../record/record-reader.js';
import { MAY_BE_UNCLAIMED } from '../rows/unclaimed-sql.js';
import { InjectCapabilities } from '../tokens/tokens.js';
import { EventWriter, publishEnded, TRACE_COLUMNS, type Trace } from '../wire/event-writer.js';
import type { SubmitCommand } from './venue-command.js';

const ANNOUNCE_ABOVE_MS = 1_000;
const PLAN_MATTERS_FROM_MS = 5;

interface Inserted extends Trace {
  readonly form: string;
  readonly asset: Asset;
  readonly state: string;
  readonly forgotten: boolean;
  /** Time of the look-up before the first send; null if immediate. */
  readonly looked_up_at: Date | null;
}

interface WaitingSubmission {
  turnAt: number;
  /** A turn before this is not announced. */
  readonly soon: number;
  readonly intervalMs: number;
}

/** Stores the orders of a batch, in order. An already stored withdrawal is unchanged. */
@Injectable()
export class SubmitHandler {
  constructor(
    @InjectCapabilities() private readonly capabilities: VenueCapabilities,
    private readonly events: EventWriter,
    private readonly ratePlan: RatePlan,
    /** False until the records were read once: before, any order may already be paid. */
    @Inject(RecordReader) private readonly record: Pick<RecordReader, 'isThrough'>,
    @Inject(AssetRefresh) private readonly assets: Pick<AssetRefresh, 'look'>,
  ) {}

  async insert(tx: Tx, commands: readonly SubmitCommand[]): Promise<readonly SubmitCommand[]> {
    if (commands.length === 0) return [];
    // Reloads the assets: an asset added by another instance must not be refused.
    if (commands.some((command) => this.formOf(command) === null)) await this.assets.look();
    const waiting = await this.waitingBefore(tx, commands);
    const inserted = await tx.query<Inserted>(INSERT, [
      rowsOf(
        GIVEN,
        commands.map((command) => this.row(command)),
      ),
    ]);
    requireRemembered(inserted);
    for (const row of inserted) {
      if (row.state === FIRST_STATE.not_payable)
        publishEnded(tx, this.events.refused(row, NOT_SUPPORTED));
    }
    this.publishSchedule(tx, inserted, waiting);
    if (inserted.length === commands.length) return [];
    const stored = new Set(inserted.map((row) => row.withdrawal_id));
    // only the first command of each withdrawal stored the row
    return commands.filter(({ data }) => !stored.delete(data.withdrawalId));
  }

  private row(command: SubmitCommand) {
    const { withdrawalId, accountId, asset, amount, notAfter, orderedAt } = command.data;
    const { keyId, clientReference, digest, fee, order, timedReceipt } = command.data;
    const destination = destinationOf(command.data.destination);
    const form = this.formOf(command);
    return {
      withdrawalId,
      accountId,
      keyId,
      form: form?.form ?? 'none',
      asset,
      amount,
      destination: command.data.destination,
      equalityKey:
        form && isKeyless(form)
          ? equalityKey(Amount.of(amount, asset as Asset), destinationKey(destination))
          : null,
      paymentKey: form
        ? equalityKey(Amount.of(amount, asset as Asset), destinationKey(destination))
        : null,
      clientReference,
      unsentSeal: this.events.sealUnsent(clientReference, 'stored'),
      digest,
      fee,
      orderMac: order,
      timedReceipt,
      signerReceipt: command.data.signerReceipt ?? null,
      orderedAt: orderedAt ?? null,
      commandedAt: command.time,
      unread: !this.record.isThrough,
      state: form ? FIRST_STATE.payable : FIRST_STATE.not_payable,
      reason: form ? null : NOT_SUPPORTED.reason,
      notAfter,
      traceparent: command.traceparent ?? null,
      correlationId: command.correlationId ?? null,
      causationId: command.id,
    };
  }

  formOf({ data: { asset, destination } }: SubmitCommand): FormCapabilities | null {
    return isAsset(asset) ? formFor(this.capabilities, asset, destinationOf(destination)) : null;
  }

  /** Returns a forecast for each queue with a rate plan slow enough to delay a withdrawal. */
  private async waitingBefore(
    tx: Tx,
    commands: readonly SubmitCommand[],
  ): Promise<Map<string, WaitingSubmission>> {
    const used = new Map<string, { form: FormCapabilities; asset: Asset }>();
    for (const command of commands) {
      const { data } = command;
      const form = this.formOf(command);
      if (form) used.set(queueOf(form, data.asset as Asset), { form, asset: data.asset as Asset });
    }
    const waiting = new Map<string, WaitingSubmission>();
    for (const [queue, { form, asset }] of used) {
      const forecast = await this.forecast(tx, form, asset);
      if (forecast) waiting.set(queue, forecast);
    }
    return waiting;
  }

  private async forecast(
    tx: Tx,
    form: FormCapabilities,
    asset: Asset,
  ): Promise<WaitingSubmission | null> {
    const { now, freeAt, intervalMs } = await this.ratePlan.forecast(tx, laneOf(form, asset));
    if (intervalMs < PLAN_MATTERS_FROM_MS && freeAt.getTime() - now.getTime() < ANNOUNCE_ABOVE_MS)
      return null;
    const [queue] = await tx.query<{ length: number }>(QUEUE_LENGTH, [
      form.form,
      form.lanes ?? null,
      asset,
    ]);
    return {
      turnAt: freeAt.getTime() + (queue?.length ?? 0) * intervalMs,
      soon: now.getTime() + ANNOUNCE_ABOVE_MS,
      intervalMs,
    };
  }

  private publishSchedule(
    tx: Tx,
    inserted: readonly Inserted[],
    waiting: Map<string, WaitingSubmission>,
  ): void {
    for (const row of inserted) {
      if (row.state !== FIRST_STATE.payable) continue;
      const queue = waiting.get(queueOf(formNamed(this.capabilities, row.form), row.asset));
      const turnAt = queue && queue.turnAt > queue.soon ? queue.turnAt : 0;
      const expectedAt = Math.max(turnAt, row.looked_up_at?.getTime() ?? 0);
      if (expectedAt > 0) tx.publish(this.events.scheduled(row, new Date(expectedAt)));
      if (queue) queue.turnAt += queue.intervalMs;
    }
  }
}

/** Throws for an order older than the retention: it may have been paid and is not new. */
function requireRemembered(inserted: readonly Inserted[]): void {
  const old = inserted.find(({ forgotten }) => forgotten);
  if (old)
    throw new Error(
      `withdrawal ${old.withdrawal_id} is older than what is kept here (RETENTION_DAYS) and may have been paid: nothing is sent`,
    );
}

/** Key of a queue: orders of one form and lane wait for each other. */
function queueOf(form: FormCapabilities, asset: Asset): string {
  return `${form.form} ${laneOf(form, asset)}`;
}

/** The same text for equal payments, which a venue's records without our reference cannot distinguish. By currency: transfers inside a venue have no chain. */
function equalityKey(amount: Amount, destination: string): string {
  return `${currencyOf(amount.asset)} ${amount.toString()} ${destination}`;
}

const NOT_SUPPORTED = {
  reason: 'not_supported',
  venueCode: null,
  message: 'this venue does not pay this asset to this kind of destination',
};

const QUEUE_LENGTH = `
  SELECT count(*)::int AS length FROM submission
   WHERE form = $1 AND state = 'prepared'
     AND CASE $2::text WHEN 'asset' THEN asset = $3::text WHEN 'currency' THEN split_part(asset, '.', 1) = split_part($3::text, '.', 1) ELSE true END`;

const LOST = mayBeLost('coalesce(ordered_at, commanded_at)');

const ORDER = {
  ...SUBMISSION_ORDER,
  ...HANDED_OVER_SUBMISSION,
  state: SUBMISSION_COLUMNS.state,
  reason: SUBMISSION_COLUMNS.reason,
  unsentSeal: SUBMISSION_COLUMNS.unsentSeal,
};
/** Order with the time of its command; `unread`: the venue's records were never read. */
const GIVEN = {
  ...ORDER,
  commandedAt: { column: 'commanded_at', type: 'timestamptz' },
  unread: { column: 'unread', type: 'boolean' },
} as const satisfies Columns;

const INSERT = `
  WITH given AS (SELECT * FROM ${givenRows('r', GIVEN)}),
  s AS (
    INSERT INTO submission (${namesOf(ORDER)}, lookup_first, unconfirmed, next_action_at, finished_at)
    SELECT ${namesOf(ORDER)},
           state = 'prepared' AND (unread OR coalesce(ordered_at, commanded_at) < clock_timestamp() - interval '1 minute' OR ${LOST} OR ${MAY_BE_UNCLAIMED}),
           state = 'prepared' AND (${isOldCommand('commanded_at')} OR ${LOST}),
           CASE state WHEN 'prepared' THEN CASE WHEN ${LOST} THEN greatest(now(), h.look_up_from) ELSE now() END END, CASE state WHEN 'refused' THEN now() END
      FROM given s LEFT JOIN heartbeat h ON true
    ON CONFLICT DO NOTHING
    RETURNING *)
  SELECT ${TRACE_COLUMNS}, s.form, s.asset, s.state, ${isBeforeRetentionCutoff('s.withdrawal_id')} AS forgotten, ${LOOKED_UP_AT} AS looked_up_at FROM s ORDER BY s.seq`;
