import { Body, HttpCode, Injectable, Param, Post, Query, UseInterceptors } from '@nestjs/common';
import {
  AdminController,
  Answers,
  ApiError,
  CreatedWebhookDto,
  Refuses,
  Requires,
  RewrappedKeysDto,
  RotateSecretDto,
  WebhookOwnerQuery,
  WebhookParams,
} from '@sluice/http-api';
import { UnitOfWork } from '@sluice/postgres';
import { SecretBox } from '@sluice/signing';
import { CustomerScopeInterceptor } from '../customers/customer-scope.interceptor.js';
import {
  earlierRequest,
  meaningOf,
  newWebhookSecret,
  previousMeaningOf,
  rememberRequest,
} from '../secrets/webhook-secret.js';
import { RewrapSecrets } from '../secrets/rewrap-secrets.js';
import { lockedWebhook } from './edit-webhook.js';
import { type AnsweredSecret, presentSecret, webhookDto } from './webhook-view.js';

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

/** Signing secrets of webhooks. */
@AdminController('webhooks')
@UseInterceptors(CustomerScopeInterceptor)
export class WebhookSecretsController {
  constructor(
    private readonly rotating: RotateSecret,
    private readonly rewrapping: RewrapSecrets,
  ) {}

  /**
   * Seals every secret of another SECRETS_KEK again with the current key; afterwards the other key
   * is no longer needed.
   */
  @Post('rewrap')
  @HttpCode(200)
  @Requires('administer')
  @Answers(RewrappedKeysDto)
  @Refuses()
  rewrapSecrets(): Promise<RewrappedKeysDto> {
    return this.rewrapping.rewrap();
  }

  /**
   * Reserved for the customer. The answer contains the new secret; the previous secret signs in
   * parallel for a limited time.
   */
  @Post(':id/rotate')
  @HttpCode(200)
  @Requires('service:intake-api')
  @Answers(CreatedWebhookDto)
  @Refuses({
    404: 'no such webhook, or it is another account’s, or deleted',
    409: 'the last rotation goes on, or the idempotency key belongs to another request',
  })
  async rotateWebhook(
    @Param() { id }: WebhookParams,
    @Query() { account }: WebhookOwnerQuery,
    @Body() { overlap_seconds: overlapSeconds, idempotency_key: key }: RotateSecretDto,
  ): Promise<CreatedWebhookDto> {
    const rotation = { account, overlapSeconds, idempotencyKey: key ?? null };
    const { webhook, ...answered } = await this.rotating.rotate(id, rotation);
    return { ...webhookDto(webhook), ...answered };
  }
}
