import { Injectable } from '@nestjs/common';
import { ApiError } from '@sluice/http-api';
import { UnitOfWork } from '@sluice/postgres';
import { SecretBox } from '@sluice/signing';
import { lockedWebhook } from './lock-webhook.js';
import { newWebhookSecret } from '../secrets/new-webhook-secret.js';
import { presentSecret, type AnsweredSecret } from './present-secret.js';
import { meaningOf, previousMeaningOf } from '../secrets/sealed-webhook.js';
import { earlierRequest, rememberRequest } from '../secrets/secret-requests.js';

interface Rotation {
  /** Required owner of the webhook; undefined if an operator sends the request. */
  readonly account: string | undefined;
  /** Overlap in seconds with signatures of both secrets; 0: the previous secret ends at once. */
  readonly overlapSeconds: number;
  readonly idempotencyKey: string | null;
}

/** Gives a webhook another secret. */
@Injectable()
export class RotateSecret {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly box: SecretBox,
  ) {}

  /**
   * Rotates the secret. Throws 409 during an earlier rotation, except for a rotation without
   * overlap: a receiver knows at most two secrets.
   */
  rotate(
    id: string,
    { account, overlapSeconds, idempotencyKey }: Rotation,
  ): Promise<AnsweredSecret> {
    return this.unitOfWork.run(async (tx) => {
      const { accountId } = await lockedWebhook(tx, id, account);
      const request = { accountId, idempotencyKey, asked: ['rotate', id, overlapSeconds] };
      if (await earlierRequest(tx, request))
        return { ...(await presentSecret(tx, this.box, id)), replayed: true };
      const at = await tx.now();
      const { webhook, secret: previous } = await presentSecret(tx, this.box, id);
      const { previousUntil } = webhook;
      if (overlapSeconds > 0 && previousUntil !== null && previousUntil > at)
        throw ApiError.conflict('The secret of this webhook is being replaced already');
      const until = overlapSeconds > 0 ? new Date(at.getTime() + overlapSeconds * 1_000) : null;
      const secret = newWebhookSecret();
      const sealedPrevious =
        until && this.box.seal(previous, id, previousMeaningOf(webhook, until));
      await tx.query(ROTATE, [
        id,
        JSON.stringify(this.box.seal(secret, id, meaningOf(webhook))),
        at.toISOString(),
        sealedPrevious && JSON.stringify(sealedPrevious),
        until?.toISOString() ?? null,
      ]);
      await rememberRequest(tx, request, { webhookId: id, madeAt: at });
      const rotated = { ...webhook, secretSince: at, previousUntil: until };
      return { webhook: rotated, secret, replayed: false };
    });
  }
}

const ROTATE = `
  UPDATE webhook SET sealed = $2::jsonb, secret_since = $3, previous_sealed = $4::jsonb, previous_until = $5, revision = revision + 1
   WHERE id = $1`;
