import { Injectable } from '@nestjs/common';
import {
  ApiError,
  type DeliveryAttemptDto,
  type DeliveryDto,
  type DeliveryHistoryDto,
  type DeliveryListQuery,
  type DatedRow,
  PageOf,
  SHOWN_DELIVERY,
  asWritten,
} from '@sluice/http-api';
import { Database, selectedByName } from '@sluice/postgres';
import { isOf, type DeliveryOwner, type OwnedRow } from './delivery-owner.js';
import { plainHeaders } from '../sending/delivery-headers.js';

const DEFAULT_LIMIT = 50;

@Injectable()
export class ShowDeliveries {
  constructor(private readonly database: Database) {}

  /** Lists the deliveries of a webhook, newest first. */
  async list(
    webhookId: string,
    { status, limit = DEFAULT_LIMIT, cursor }: DeliveryListQuery,
  ): Promise<PageOf<DeliveryDto>> {
    const rows = await this.database.query<DeliveryRow>(status === 'failed' ? LIST_FAILED : LIST, [
      webhookId,
      cursor ?? null,
      limit + 1,
      ...(status === 'failed' ? [] : [status ?? null]),
    ]);
    const page = rows.slice(0, limit);
    const next = rows.length > limit ? (page.at(-1)?.id ?? null) : null;
    return new PageOf(page.map(deliveryDto), next);
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

/** Shown columns; the number is text. */
type DeliveryRow = DatedRow<Omit<DeliveryDto, 'id'>> & { readonly id: string };

/** Attempt columns; all null if the delivery has no attempt. */
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
const LIST = `
  SELECT ${COLUMNS} FROM delivery
   WHERE webhook_id = $1 AND ($2::bigint IS NULL OR id < $2) AND ($4::text IS NULL OR status = $4) ORDER BY delivery.id DESC LIMIT $3`;
/** Few among many: they have an index of their own. */
const LIST_FAILED = `
  SELECT ${COLUMNS} FROM delivery
   WHERE webhook_id = $1 AND ($2::bigint IS NULL OR id < $2) AND status = 'failed' ORDER BY delivery.id DESC LIMIT $3`;
/** A single statement reads a delivery and the attempts in the same snapshot. */
const SHOW = `
  SELECT d.*, w.account_id, a.* FROM (SELECT ${COLUMNS}, body FROM delivery WHERE id = $1) AS d JOIN webhook w ON w.id = d.webhook_id
    LEFT JOIN LATERAL (SELECT id AS attempt_id, started_at, duration_ms, status AS answer_status, error, answer
                         FROM delivery_attempt WHERE delivery_id = $1
                        UNION ALL
                       SELECT answered_attempt, answered_begun_at, answered_duration_ms, answered_status, NULL, answered_body
                         FROM delivery WHERE id = $1 AND answered_attempt IS NOT NULL) AS a ON true
   ORDER BY attempt_id`;
