import { Injectable } from '@nestjs/common';
import { ApiError } from '@sluice/http-api';
import { UnitOfWork } from '@sluice/postgres';
import { Sender } from '../sending/sender.js';
import { allowSend } from '../sending/allow-send.js';
import { isOf, type DeliveryOwner, type OwnedRow } from './delivery-owner.js';

/**
 * Sends finished deliveries again: the same bytes under the same number, with all attempts again.
 */
@Injectable()
export class RequeueDeliveries {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly sender: Sender,
  ) {}

  /**
   * Requeues a delivery in any status. Throws 404 if the delivery is missing or has another owner.
   * Throws 409 during an attempt or if the webhook is deleted, and 429 if the account has requested
   * too many sends.
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
   * Requeues the failed deliveries of a webhook scheduled in `[from, to)`. Returns the number of
   * deliveries. Throws 404 if the webhook is missing.
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
/**
 * Keeps an attempt with an expired lease and no outcome: the next claim of the delivery records the
 * attempt.
 */
const REQUEUE = `
  UPDATE delivery SET status = 'pending', attempt_count = 0, next_attempt_at = clock_timestamp(), ended_at = NULL WHERE id = ANY ($1::bigint[])`;
const REQUEUE_FAILED = `
  WITH requeued AS (
    UPDATE delivery SET status = 'pending', attempt_count = 0, next_attempt_at = clock_timestamp(), ended_at = NULL
     WHERE webhook_id = $1 AND status = 'failed' AND created_at >= $2 AND created_at < $3 RETURNING 1)
  SELECT count(*)::integer AS requeued FROM requeued`;
