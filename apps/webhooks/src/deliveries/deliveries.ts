import { Injectable } from '@nestjs/common';
import {
  ApiError,
  asWritten,
  type DatedRow,
  type DeliveryAttemptDto,
  type DeliveryDto,
  type DeliveryHistoryDto,
  type DeliveryListQuery,
  PageOf,
  SHOWN_DELIVERY,
  type WithdrawalDeliveriesQuery,
  type WithdrawalDeliveryDto,
} from '@sluice/http-api';
import { Database, selectedByName, UnitOfWork } from '@sluice/postgres';
import { CREATED_EVENT, TEST_EVENT } from '../events/event-body.js';
import { firstPositionSql } from '../events/schedule-deliveries.js';
import { allowSend } from '../sending/claim-deliveries.js';
import { plainHeaders } from '../sending/endpoints.js';
import { Sender } from '../sending/sender.js';

const DEFAULT_LIMIT = 50;

@Injectable()
export class ShowDeliveries {
  constructor(private readonly database: Database) {}

  async list(
    webhookId: string,
    { status, limit = DEFAULT_LIMIT, cursor }: DeliveryListQuery,
  ): Promise<PageOf<DeliveryDto>> {
    const rows = await this.database.query<ListedRow>(status === 'failed' ? LIST_FAILED : LIST, [
      webhookId,
      cursor ?? null,
      limit + 1,
      ...(status === 'failed' ? [] : [status ?? null]),
    ]);
    return pageOf(rows, limit, deliveryDto);
  }

  /** A withdrawal without a notified webhook has no delivery. */
  async ofWithdrawal({
    withdrawal_id: number,
    limit = DEFAULT_LIMIT,
    cursor,
  }: WithdrawalDeliveriesQuery): Promise<PageOf<WithdrawalDeliveryDto>> {
    const rows = await this.database.query<OfWithdrawalRow>(LIST_OF_WITHDRAWAL, [
      number,
      cursor ?? null,
      limit + 1,
    ]);
    return pageOf(rows, limit, (row) => ({
      ...asWritten<Omit<WithdrawalDeliveryDto, 'id'>>(row),
      id: Number(row.id),
    }));
  }

  /** Shows a delivery. Throws 404 if the delivery is missing or has another owner. */
  async show(id: string, owner: DeliveryOwner = {}): Promise<DeliveryHistoryDto> {
    const rows = await this.database.query<
      DeliveryRow & AttemptRow & OwnedRow & { readonly body: string }
    >(SHOW, [id]);
    const [row] = rows;
    if (!row || !isOf(owner, row)) throw ApiError.notFound('Delivery not found');
    const delivery = deliveryDto(row);
    return {
      ...delivery,
      body: row.body,
      attempts: rows.flatMap((one) => (isAttempt(one) ? [attemptDto(delivery, one)] : [])),
    };
  }
}

type DeliveryRow = DatedRow<Omit<DeliveryDto, 'id'>> & { readonly id: string };

interface Positioned {
  readonly position: string;
}

type ListedRow = DeliveryRow & Positioned;
type OfWithdrawalRow = DatedRow<Omit<WithdrawalDeliveryDto, 'id'>> & {
  readonly id: string;
} & Positioned;

/** Page of rows that were read one more than `limit`. */
function pageOf<Row extends Positioned, Dto>(
  rows: readonly Row[],
  limit: number,
  dtoOf: (row: Omit<Row, 'position'>) => Dto,
): PageOf<Dto> {
  const page = rows.slice(0, limit);
  const next = rows.length > limit ? (page.at(-1)?.position ?? null) : null;
  return new PageOf(
    page.map(({ position: _position, ...row }) => dtoOf(row)),
    next,
  );
}

interface AttemptRow {
  readonly started_at: Date | null;
  readonly duration_ms: number | null;
  readonly answer_status: number | null;
  readonly error: string | null;
  readonly answer: string | null;
}

function deliveryDto(row: DeliveryRow): DeliveryDto {
  return { ...asWritten<Omit<DeliveryDto, 'id'>>(row), id: Number(row.id) };
}

function isAttempt<T extends AttemptRow>(row: T): row is T & { readonly started_at: Date } {
  return row.started_at !== null;
}

function attemptDto(
  { id, event }: DeliveryDto,
  attempt: AttemptRow & { readonly started_at: Date },
): DeliveryAttemptDto {
  return {
    started_at: attempt.started_at.toISOString(),
    duration_ms: attempt.duration_ms,
    status: attempt.answer_status,
    error: attempt.error,
    request_headers: plainHeaders({ id: String(id), event, at: attempt.started_at }),
    answer: attempt.answer,
  };
}

const COLUMNS = selectedByName(SHOWN_DELIVERY);
/** A webhook has rows of its events only, and none from before its creation. */
const LIST = `
  WITH of_webhook AS MATERIALIZED (
         SELECT account_id, ${firstPositionSql(`created_at - interval '1 hour'`)} AS first, events || formerly || '{${TEST_EVENT},${CREATED_EVENT}}'::text[] AS events
           FROM webhook WHERE id = $1)
  SELECT page.* FROM of_webhook w CROSS JOIN LATERAL (SELECT DISTINCT name FROM unnest(w.events) AS n (name)) AS n CROSS JOIN LATERAL (
         SELECT ${COLUMNS}, position FROM delivery
          WHERE account_id = w.account_id AND event = n.name AND position BETWEEN w.first AND coalesce($2::bigint - 1, 9223372036854775807)
            AND webhook_id = $1 AND ($4::text IS NULL OR status = $4) ORDER BY delivery.position DESC LIMIT $3) AS page
   ORDER BY page.position DESC LIMIT $3`;
/** Few among many: they have an index of their own. */
const LIST_FAILED = `
  SELECT ${COLUMNS}, position FROM delivery
   WHERE webhook_id = $1 AND ($2::bigint IS NULL OR position < $2) AND status = 'failed' ORDER BY delivery.position DESC LIMIT $3`;
/** A withdrawal has few rows, found by its number; a row without a webhook shows its event in the log alone. */
export const LIST_OF_WITHDRAWAL = `
  WITH page AS MATERIALIZED (
         SELECT ${COLUMNS}, position, answered_attempt, answered_begun_at, answered_status
           FROM (SELECT * FROM delivery WHERE withdrawal = $1::bigint OFFSET 0) AS d
          WHERE webhook_id IS NOT NULL AND ($2::bigint IS NULL OR position < $2) ORDER BY d.position DESC LIMIT $3)
  SELECT p.id, webhook_id, event, p.created_at, status, attempt_count, next_retry_at, ended_at, position::text, w.url, w.state AS webhook_state, a.last_attempt_at, a.last_http_status, a.last_error
    FROM page p JOIN webhook w ON w.id = p.webhook_id LEFT JOIN LATERAL (
         SELECT started_at AS last_attempt_at, status AS last_http_status, error AS last_error
           FROM ((SELECT id, started_at, status, error FROM delivery_attempt WHERE delivery_id = p.id::bigint ORDER BY id DESC LIMIT 1)
                 UNION ALL
                 SELECT p.answered_attempt, p.answered_begun_at, p.answered_status, NULL WHERE p.answered_attempt IS NOT NULL) AS attempt
          ORDER BY id DESC LIMIT 1) AS a ON true
   ORDER BY p.position DESC`;
/** A single statement reads a delivery and the attempts in the same snapshot. */
const SHOW = `
  SELECT d.*, w.account_id, a.* FROM (SELECT ${COLUMNS}, body FROM delivery WHERE id = $1) AS d JOIN webhook w ON w.id = d.webhook_id
    LEFT JOIN LATERAL (SELECT id AS attempt_id, started_at, duration_ms, status AS answer_status, error, answer
                         FROM delivery_attempt WHERE delivery_id = $1
                        UNION ALL
                       SELECT answered_attempt, answered_begun_at, answered_duration_ms, answered_status, NULL, answered_body
                         FROM delivery WHERE id = $1 AND answered_attempt IS NOT NULL) AS a ON true
   ORDER BY attempt_id`;

/** Sends finished deliveries again: same bytes and number, all attempts anew. */
@Injectable()
export class RequeueDeliveries {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly sender: Sender,
  ) {}

  /**
   * Requeues a delivery. Throws 404 if missing or another owner's, 409 during an attempt or for a
   * deleted webhook, 429 above the account's limit.
   */
  async requeue(id: string, owner: DeliveryOwner = {}): Promise<void> {
    const webhookId = await this.unitOfWork.run(async (tx) => {
      const [found] = await tx.query<Found>(LOCK, [id]);
      if (!found || !isOf(owner, found)) throw ApiError.notFound('Delivery not found');
      if (found.is_deleted) throw ApiError.conflict('The webhook of this delivery is deleted');
      if (found.is_under_way) throw ApiError.conflict('This delivery is being sent');
      if (owner.account !== undefined) await allowSend(tx, owner.account);
      await tx.query(REQUEUE, [[id]]);
      return found.webhook_id;
    });
    this.sender.wake([webhookId]);
  }

  /**
   * Requeues the webhook's failed deliveries scheduled in `[from, to)`; returns their number.
   * Throws 404.
   */
  async requeueFailed(webhookId: string, from: Date, to: Date): Promise<number> {
    const requeued = await this.unitOfWork.run(async (tx) => {
      const [webhook] = await tx.query(
        `SELECT 1 FROM webhook WHERE id = $1 AND state <> 'deleted' FOR SHARE`,
        [webhookId],
      );
      if (!webhook) throw ApiError.notFound('Webhook not found');
      const [row] = await tx.query<{ requeued: number }>(REQUEUE_FAILED, [webhookId, from, to]);
      return row?.requeued ?? 0;
    });
    if (requeued > 0) this.sender.wake([webhookId]);
    return requeued;
  }
}

interface Found extends OwnedRow {
  readonly is_deleted: boolean;
  readonly is_under_way: boolean;
}

const LOCK = `
  SELECT d.webhook_id, w.account_id, w.state = 'deleted' AS is_deleted, d.attempt_id IS NOT NULL AND d.next_attempt_at > clock_timestamp() AS is_under_way
    FROM delivery d JOIN webhook w ON w.id = d.webhook_id WHERE d.id = $1 FOR UPDATE OF d`;
/** Keeps an attempt without outcome: the next claim records it. */
const REQUEUE = `
  UPDATE delivery SET status = 'pending', attempt_count = 0, next_attempt_at = clock_timestamp(), ended_at = NULL WHERE id = ANY ($1::bigint[])`;
const REQUEUE_FAILED = `
  WITH requeued AS (
    UPDATE delivery SET status = 'pending', attempt_count = 0, next_attempt_at = clock_timestamp(), ended_at = NULL
     WHERE webhook_id = $1 AND status = 'failed' AND created_at >= $2 AND created_at < $3 RETURNING 1)
  SELECT count(*)::integer AS requeued FROM requeued`;

/** Owner demanded by a customer's request; an operator may see every delivery. */
interface DeliveryOwner {
  readonly account?: string | undefined;
  readonly webhook?: string | undefined;
}

interface OwnedRow {
  readonly webhook_id: string;
  readonly account_id: string;
}

function isOf({ account, webhook }: DeliveryOwner, row: OwnedRow): boolean {
  return (
    (account === undefined || row.account_id === account) &&
    (webhook === undefined || row.webhook_id === webhook)
  );
}
