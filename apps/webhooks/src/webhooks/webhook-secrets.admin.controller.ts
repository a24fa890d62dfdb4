import { Body, HttpCode, Param, Post, Query, UseInterceptors } from '@nestjs/common';
import {
  AdminController,
  Answers,
  CreatedWebhookDto,
  Refuses,
  Requires,
  RewrappedKeysDto,
  RotateSecretDto,
  WebhookOwnerQuery,
  WebhookParams,
} from '@sluice/http-api';
import { CustomerScopeInterceptor } from '../customers/customer-scope.interceptor.js';
import { RewrapSecrets } from '../secrets/rewrap-secrets.js';
import { RotateSecret } from './rotate-secret.js';
import { webhookDto } from './webhook-view.js';

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
  rewrap(): Promise<RewrappedKeysDto> {
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
  async rotate(
    @Param() { id }: WebhookParams,
    @Query() { account }: WebhookOwnerQuery,
    @Body() { overlap_seconds: overlapSeconds, idempotency_key: key }: RotateSecretDto,
  ): Promise<CreatedWebhookDto> {
    const rotation = { account, overlapSeconds, idempotencyKey: key ?? null };
    const { webhook, ...answered } = await this.rotating.rotate(id, rotation);
    return { ...webhookDto(webhook), ...answered };
  }
}
