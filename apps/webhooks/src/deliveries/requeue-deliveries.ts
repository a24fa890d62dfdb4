import { Injectable } from '@nestjs/common';
import { ApiError } from '@sluice/http-api';
import { UnitOfWork } from '@sluice/postgres';
import { Sender } from '../sending/sender.js';
import { allowSend } from '../webhooks/allow-send.js';
import { isOf, type DeliveryOwner, type OwnedRow } from './delivery-owner.js';

/** Sends again what is over: the same bytes under the same number, with all attempts anew. */
@Injectable()
export class RequeueDeliveries {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly sender: Sender,
  ) {}

  /**
   * One delivery, whatever its status. Throws 404 where there is none, or none of this owner, 409 while it is being sent or where its webhook is
   * deleted, and 429 where the account has asked too often.
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

  /** Those of one webhook that have failed and were scheduled in `[from, to)`. Answers how many. Throws 404 where there is no such webhook. */
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
/** An attempt whose lease has ended without an outcome stays, for whoever claims the delivery to write it down. */
const REQUEUE = `
  UPDATE delivery SET status = 'pending', attempt_count = 0, next_attempt_at = clock_timestamp(), ended_at = NULL WHERE id = ANY ($1::bigint[])`;
const REQUEUE_FAILED = `
  WITH requeued AS (
    UPDATE delivery SET status = 'pending', attempt_count = 0, next_attempt_at = clock_timestamp(), ended_at = NULL
     WHERE webhook_id = $1 AND status = 'failed' AND created_at >= $2 AND created_at < $3 RETURNING 1)
  SELECT count(*)::integer AS requeued FROM requeued`;
