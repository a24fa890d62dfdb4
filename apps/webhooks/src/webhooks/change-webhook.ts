import { Injectable } from '@nestjs/common';
import { ApiError } from '@sluice/http-api';
import { UnitOfWork, type Tx } from '@sluice/postgres';
import { Sender } from '../sending/sender.js';
import { WebhookEntity } from './webhook.entity.js';

type Webhook = Omit<WebhookEntity, 'sealed'>;

/** Pauses, resumes and deletes. Each may be asked for twice. Throws 404 for a webhook that is not there, or is deleted. */
@Injectable()
export class ChangeWebhook {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly sender: Sender,
  ) {}

  /** Nothing is sent until it is resumed; what happens meanwhile waits. */
  pause(id: string): Promise<Webhook> {
    return this.change(id, PAUSE);
  }

  /** What has waited is sent now, and its failures are forgotten. */
  async resume(id: string): Promise<Webhook> {
    const webhook = await this.change(id, RESUME);
    this.sender.wake([id]);
    return webhook;
  }

  /** For good: its secret is forgotten, and what has waited has failed. */
  async delete(id: string, account?: string): Promise<Webhook> {
    return this.change(id, DELETE, account);
  }

  private change(id: string, statementSql: string, account?: string): Promise<Webhook> {
    return this.unitOfWork.run(async (tx) => {
      const webhook = await locked(tx, id, account);
      await tx.query(statementSql, [id]);
      if (statementSql === DELETE) await tx.query(GIVE_UP, [id]);
      return (await tx.repository(WebhookEntity).findOne({ where: { id } })) ?? webhook;
    });
  }
}

async function locked(tx: Tx, id: string, account: string | undefined): Promise<WebhookEntity> {
  const webhook = await tx.repository(WebhookEntity).findOne({
    where: { id, ...(account !== undefined && { accountId: account }) },
    lock: { mode: 'pessimistic_write' },
  });
  if (webhook === null || webhook.state === 'deleted') throw ApiError.notFound('Webhook not found');
  return webhook;
}

const PAUSE = `
  UPDATE webhook SET state = 'paused', paused_at = clock_timestamp(), paused_because = 'wish' WHERE id = $1 AND state = 'enabled'`;
const RESUME = `
  UPDATE webhook SET state = 'enabled', paused_at = NULL, paused_because = NULL, failing_since = NULL, failed_at = NULL WHERE id = $1`;
const DELETE = `
  UPDATE webhook SET state = 'deleted', sealed = NULL, deleted_at = clock_timestamp(), paused_at = NULL, paused_because = NULL,
         failing_since = NULL, failed_at = NULL
   WHERE id = $1`;
const GIVE_UP = `
  UPDATE delivery SET status = 'failed', next_attempt_at = NULL, attempt_id = NULL, begun_at = NULL, ended_at = clock_timestamp()
   WHERE webhook_id = $1 AND status = 'pending'`;
