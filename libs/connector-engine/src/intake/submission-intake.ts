import {
  clientReference,
  destinationKey,
  formFor,
  formNamed,
  isKeyless,
  laneOf,
  type FormCapabilities,
  type VenueCapabilities,
} from '@sluice/connector-rules';
import { Amount, currencyOf, isAsset, type Asset } from '@sluice/money';
import { isBeforeRetentionCutoff, type Tx } from '@sluice/postgres';
import type { RatePlan } from '../rate/rate-plan.js';
import { isOldWord } from '../confirm/confirm-sql.js';
import { MAY_BE_UNCLAIMED } from '../record/record-sql.js';
import { OWNER_COLUMNS, type EventWriter, type Owner } from '../wire.js';
import type { SubmitCommand } from './command-intake.js';

const KEY_NUMBER = 1; // rises only for a venue that burns a key with a refused try
const TELL_ABOVE_MS = 1_000;
const PLAN_MATTERS_FROM_MS = 5;

interface Inserted extends Owner {
  readonly form: string;
  readonly asset: Asset;
  readonly state: string;
  readonly forgotten: boolean;
}

/** In milliseconds of the database's time. */
interface Waiting {
  turnAt: number;
  /** Whose turn comes before this needs no telling. */
  readonly soon: number;
  readonly intervalMs: number;
}

/** Stores the orders of a batch as submissions, in their order. A withdrawal that is known already keeps its first answer. */
export class SubmissionIntake {
  constructor(
    private readonly capabilities: VenueCapabilities,
    private readonly events: EventWriter,
    private readonly ratePlan: RatePlan,
    /** Until the venue's record was read through once, whatever comes may have been paid already. */
    private readonly isReadThrough: () => boolean = () => true,
  ) {}

  /** Answers the commands of withdrawals that were known already. */
  async insert(tx: Tx, commands: readonly SubmitCommand[]): Promise<readonly SubmitCommand[]> {
    if (commands.length === 0) return [];
    const waiting = await this.waitingBefore(tx, commands);
    const inserted = await tx.query<Inserted>(INSERT, [
      JSON.stringify(commands.map((command) => this.row(command))),
    ]);
    requireRemembered(inserted);
    for (const row of inserted) {
      if (row.state === 'refused') tx.publish(this.events.refused(row, NOT_SUPPORTED));
    }
    this.tellSchedule(tx, inserted, waiting);
    if (inserted.length === commands.length) return [];
    const stored = new Set(inserted.map((row) => row.withdrawal_id));
    return commands.filter(({ data }) => !stored.delete(data.withdrawalId)); // the first of each; whatever came after it was known
  }

  private row(command: SubmitCommand) {
    const { withdrawalId, accountId, asset, amount, destination, notAfter, digest, orderedAt } =
      command.data;
    const form = isAsset(asset) ? formFor(this.capabilities, asset, destination) : null;
    return {
      withdrawal_id: withdrawalId,
      account_id: accountId,
      form: form?.form ?? 'none',
      asset,
      amount,
      destination,
      twin_key:
        form && isKeyless(form)
          ? twinKey(asset as Asset, amount, destinationKey(destination))
          : null,
      // Withdrawals that intake took before it derived references itself come without one.
      client_reference: command.data.clientReference ?? clientReference(withdrawalId, KEY_NUMBER),
      digest: digest ?? null,
      ordered_at: orderedAt ?? null,
      commanded_at: command.time,
      unread: !this.isReadThrough(),
      state: form ? 'prepared' : 'refused',
      reason: form ? null : NOT_SUPPORTED.reason,
      not_after: notAfter,
      traceparent: command.traceparent ?? null,
      correlation_id: command.correlationId ?? null,
      causation_id: command.id,
    };
  }

  /** Per queue with a rate plan that can make a withdrawal wait: when it will be through. */
  private async waitingBefore(
    tx: Tx,
    commands: readonly SubmitCommand[],
  ): Promise<Map<string, Waiting>> {
    const used = new Map<string, { form: FormCapabilities; asset: Asset }>();
    for (const { data } of commands) {
      const form = isAsset(data.asset)
        ? formFor(this.capabilities, data.asset, data.destination)
        : null;
      if (form) used.set(queueOf(form, data.asset as Asset), { form, asset: data.asset as Asset });
    }
    const waiting = new Map<string, Waiting>();
    for (const [queue, { form, asset }] of used) {
      const forecast = await this.forecast(tx, form, asset);
      if (forecast) waiting.set(queue, forecast);
    }
    return waiting;
  }

  private async forecast(tx: Tx, form: FormCapabilities, asset: Asset): Promise<Waiting | null> {
    const { now, freeAt, intervalMs } = await this.ratePlan.forecast(tx, laneOf(form, asset));
    if (intervalMs < PLAN_MATTERS_FROM_MS && freeAt.getTime() - now.getTime() < TELL_ABOVE_MS)
      return null;
    const [queue] = await tx.query<{ length: number }>(QUEUE_LENGTH, [
      form.form,
      form.lanes ?? null,
      asset,
    ]);
    return {
      turnAt: freeAt.getTime() + (queue?.length ?? 0) * intervalMs,
      soon: now.getTime() + TELL_ABOVE_MS,
      intervalMs,
    };
  }

  private tellSchedule(tx: Tx, inserted: readonly Inserted[], waiting: Map<string, Waiting>): void {
    for (const row of inserted) {
      if (row.state !== 'prepared') continue;
      const queue = waiting.get(queueOf(formNamed(this.capabilities, row.form), row.asset));
      if (!queue) continue;
      if (queue.turnAt > queue.soon) tx.publish(this.events.scheduled(row, new Date(queue.turnAt)));
      queue.turnAt += queue.intervalMs;
    }
  }
}

/** Of a time of which ended submissions are gone: it may have been paid, so it must not look like a new one. */
function requireRemembered(inserted: readonly Inserted[]): void {
  const old = inserted.find(({ forgotten }) => forgotten);
  if (old)
    throw new Error(
      `withdrawal ${old.withdrawal_id} is older than what is kept here (RETENTION_DAYS) and may have been paid: nothing is sent`,
    );
}

/** Orders of one form that wait for each other; forms that share an endpoint have queues of their own. */
function queueOf(form: FormCapabilities, asset: Asset): string {
  return `${form.form} ${laneOf(form, asset)}`;
}

/** Equal for payments that a venue's records cannot tell apart. By currency: transfers inside a venue know no chain. */
export function twinKey(asset: Asset, amount: string, destination: string): string {
  return `${currencyOf(asset)} ${Amount.of(amount, asset).toString()} ${destination}`;
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

const INSERT = `
  WITH given AS (
    SELECT * FROM json_to_recordset($1::json) AS r(
      withdrawal_id uuid, account_id uuid, form text, asset text, amount numeric, destination jsonb, twin_key text, client_reference text, digest text, ordered_at timestamptz, commanded_at timestamptz, unread boolean,
      state text, reason text, not_after timestamptz, traceparent text, correlation_id text, causation_id text)),
  s AS (
    INSERT INTO submission (withdrawal_id, account_id, form, asset, amount, destination, twin_key, client_reference, digest, ordered_at, lookup_first, unconfirmed, state, reason, not_after,
                            next_action_at, finished_at, traceparent, correlation_id, causation_id)
    SELECT withdrawal_id, account_id, form, asset, amount, destination, twin_key, client_reference, digest, ordered_at,
           state = 'prepared' AND (unread OR coalesce(ordered_at, commanded_at) < clock_timestamp() - interval '1 minute' OR ${MAY_BE_UNCLAIMED}),
           state = 'prepared' AND ${isOldWord('commanded_at')},
           state, reason, not_after,
           CASE state WHEN 'prepared' THEN now() END, CASE state WHEN 'refused' THEN now() END, traceparent, correlation_id, causation_id
      FROM given s
    ON CONFLICT DO NOTHING
    RETURNING *)
  SELECT ${OWNER_COLUMNS}, s.form, s.asset, s.state, ${isBeforeRetentionCutoff('s.withdrawal_id')} AS forgotten FROM s ORDER BY s.seq`;
