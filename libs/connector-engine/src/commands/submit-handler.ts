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
  currencyOf,
  destinationKey,
  destinationOf,
  isAsset,
} from '@sluice/kernel';
import { rowsOf, type Tx } from '@sluice/postgres';
import { AssetRefresh } from '../assets/venue-assets.js';
import type { NewOrder } from '../queue/due-order.js';
import type { BegunRow, VerifyBegun } from '../queue/claim-commits.js';
import type { FirstIntents } from '../queue/submission-queue.js';
import { AT_ONCE_MS, RatePlan } from '../rate/rate-plan.js';
import { RecordReader } from '../record/record-reader.js';
import { InjectCapabilities } from '../tokens/tokens.js';
import { EventWriter, publishEnded, type Trace } from '../wire/event-writer.js';
import { GIVEN, GIVEN_WITH_REQUEST, INSERT, INSERT_WITH_INTENTS } from './insert-sql.js';
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

/** A stored order, as the claim of its first attempt where the order is sent. */
type InsertedWithIntent = Inserted & (BegunRow | { readonly lease_token: null });

interface InsertedOrders {
  /** Commands whose withdrawals were stored before. */
  readonly known: readonly SubmitCommand[];
  /** First attempts that begin with the commit. */
  readonly begun: readonly BegunRow[];
}

const NO_INTENTS: FirstIntents = { endpoint: null, requests: new Map(), parameters: [] };
/** Without intents no attempt begins. */
const NOTHING_BEGINS: VerifyBegun = () => Promise.resolve([]);

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

  /** `first`: prepared requests of the orders. Those with a turn now that may be sent are stored as sending. */
  async insert(
    tx: Tx,
    commands: readonly SubmitCommand[],
    first: FirstIntents = NO_INTENTS,
    verify: VerifyBegun = NOTHING_BEGINS,
  ): Promise<InsertedOrders> {
    if (commands.length === 0) return { known: [], begun: [] };
    // Reloads the assets: an asset added by another instance must not be refused.
    if (commands.some((command) => this.formOf(command) === null)) await this.assets.look();
    const turns = await this.turns(tx, first);
    const waiting = await this.waitingBefore(
      tx,
      commands.filter(({ data }) => !turns.has(data.withdrawalId)),
    );
    const rows = commands.map((command) => this.row(command));
    const inserted = await insertRows(tx, rows, turns, first);
    requireRemembered(inserted);
    for (const row of inserted) {
      if (row.state === FIRST_STATE.not_payable)
        publishEnded(tx, this.events.refused(row, NOT_SUPPORTED));
    }
    this.publishSchedule(tx, inserted, waiting);
    const begun = await verify(inserted.filter(isBegun));
    const stored = new Set(inserted.map((row) => row.withdrawal_id));
    // only the first command of each withdrawal stored the row
    const known = commands.filter(({ data }) => !stored.delete(data.withdrawalId));
    return { known, begun };
  }

  /** Reserves turns that begin now, none later, and returns their orders, oldest first. */
  private async turns(tx: Tx, { endpoint, requests }: FirstIntents): Promise<ReadonlySet<string>> {
    if (endpoint === null) return new Set();
    const { count } = await this.ratePlan.reserve(endpoint, requests.size, tx, AT_ONCE_MS);
    return new Set([...requests.keys()].slice(0, count));
  }

  row(command: SubmitCommand) {
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

  /** Returns the orders payable by this venue, oldest first. */
  newOrders(commands: readonly SubmitCommand[]): readonly NewOrder[] {
    return commands
      .toSorted((a, b) => orderTime(a).localeCompare(orderTime(b)))
      .flatMap((command) => {
        const form = this.formOf(command)?.form;
        if (form === undefined) return [];
        const { withdrawalId, accountId, clientReference, digest, signerReceipt } = command.data;
        const asset = command.data.asset as Asset;
        return [
          {
            withdrawalId,
            form,
            asset,
            accountId,
            clientReference,
            digest,
            amount: Amount.of(command.data.amount, asset),
            fee: Amount.of(command.data.fee, asset),
            destination: destinationOf(command.data.destination),
            signerReceipt: signerReceipt ?? null,
            attempt: 1,
          },
        ];
      });
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

type OrderRow = ReturnType<SubmitHandler['row']>;

function insertRows(
  tx: Tx,
  rows: readonly OrderRow[],
  turns: ReadonlySet<string>,
  { requests, parameters }: FirstIntents,
): Promise<readonly InsertedWithIntent[]> {
  if (turns.size === 0) return tx.query<InsertedWithIntent>(INSERT, [rowsOf(GIVEN, rows)]);
  const withRequests = rows.map((row) => {
    const request = turns.has(row.withdrawalId) ? requests.get(row.withdrawalId) : undefined;
    return { ...NO_REQUEST, ...row, ...request };
  });
  return tx.query<InsertedWithIntent>(INSERT_WITH_INTENTS, [
    rowsOf(GIVEN_WITH_REQUEST, withRequests),
    ...parameters,
  ]);
}

const NO_REQUEST = { request: null, requestSeal: null, gross: null, evidence: null };

function isBegun(row: InsertedWithIntent): row is Inserted & BegunRow {
  return (row.lease_token ?? null) !== null;
}

/** Throws for an order older than the retention: it may have been paid and is not new. */
function requireRemembered(inserted: readonly Inserted[]): void {
  const old = inserted.find(({ forgotten }) => forgotten);
  if (old)
    throw new Error(
      `withdrawal ${old.withdrawal_id} is older than what is kept here (RETENTION_DAYS) and may have been paid: nothing is sent`,
    );
}

function orderTime({ time, data }: SubmitCommand): string {
  return data.orderedAt ?? time;
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
