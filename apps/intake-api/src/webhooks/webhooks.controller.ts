import { Body, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiHeader, ApiOperation } from '@nestjs/swagger';
import { Answers, AnswersList } from '@sluice/http-api';
import { Caller, RequiresPermission } from '../api-keys/authenticated-request.js';
import type { ApiKey } from '../api-keys/key-store.js';
import { MayRefuse, Ours } from '../http/public-error.js';
import { PublicController } from '../api-keys/public-controller.js';
import {
  checkedKey,
  IdempotencyKey,
  idempotencyKeyHeader,
  MarksReplay,
  MayReplay,
  ReplayMark,
} from '../http/idempotency-key.js';
import {
  DEFAULT_OVERLAP_SECONDS,
  EditWebhookDto,
  NewWebhookDto,
  RegisteredWebhookDto,
  RegisterWebhookDto,
  RotateSecretDto,
  WebhookIdParams,
  webhookShape,
} from './webhook.dto.js';
import { WebhooksClient } from './webhooks-client.js';

/** Webhooks of the caller's account, stored by the webhooks service. */
@PublicController('v1/webhooks')
export class WebhooksController {
  constructor(private readonly webhooks: WebhooksClient) {}

  @Post()
  @RequiresPermission('manage_webhooks')
  @Ours()
  @ApiOperation({
    operationId: 'registerWebhook',
    summary: 'Register a webhook',
    description:
      'Only this response, and that to a repeat with the same idempotency key, contains the signing secret.',
  })
  @ApiHeader(idempotencyKeyHeader('idempotency_key'))
  @MayReplay()
  @Answers(NewWebhookDto)
  @MayRefuse('not_found', 'too_many_webhooks', 'idempotency_key_used')
  async register(
    @Body() { url, events, description, idempotency_key: field }: RegisterWebhookDto,
    @IdempotencyKey('idempotency_key') header: string | undefined,
    @Caller() { accountId: account }: ApiKey,
    @MarksReplay() replay: ReplayMark,
  ): Promise<NewWebhookDto> {
    const key = checkedKey('idempotency_key', field, header);
    const created = await this.webhooks.register({
      account,
      url,
      events,
      ...(typeof description === 'string' && { description }),
      ...(key !== null && { idempotency_key: key }),
    });
    if (created.replayed) replay.set();
    return { ...webhookShape(created), secret: created.secret };
  }

  @Get()
  @RequiresPermission('manage_webhooks')
  @Ours()
  @ApiOperation({ operationId: 'listWebhooks', summary: 'List the webhooks of the account' })
  @AnswersList(RegisteredWebhookDto)
  @MayRefuse('not_found')
  async list(@Caller() { accountId }: ApiKey): Promise<RegisteredWebhookDto[]> {
    return (await this.webhooks.list(accountId)).map(webhookShape);
  }

  @Get(':webhook_id')
  @RequiresPermission('manage_webhooks')
  @Ours()
  @ApiOperation({ operationId: 'getWebhook', summary: 'Get a webhook' })
  @Answers(RegisteredWebhookDto)
  @MayRefuse('webhook_not_found')
  async show(
    @Param() { webhook_id }: WebhookIdParams,
    @Caller() { accountId }: ApiKey,
  ): Promise<RegisteredWebhookDto> {
    return webhookShape(await this.webhooks.show(webhook_id, accountId));
  }

  @Patch(':webhook_id')
  @RequiresPermission('manage_webhooks')
  @Ours()
  @ApiOperation({
    operationId: 'editWebhook',
    summary: 'Edit a webhook',
    description: 'Id and secret stay unchanged. Pending deliveries go to the new URL.',
  })
  @Answers(RegisteredWebhookDto)
  @MayRefuse('webhook_not_found')
  async edit(
    @Param() { webhook_id }: WebhookIdParams,
    @Body() { url, events, description }: EditWebhookDto,
    @Caller() { accountId }: ApiKey,
  ): Promise<RegisteredWebhookDto> {
    const edited = await this.webhooks.edit(webhook_id, accountId, {
      ...(typeof url === 'string' && { url }),
      ...(events && { events }),
      ...(description !== undefined && { description }),
    });
    return webhookShape(edited);
  }

  @Delete(':webhook_id')
  @RequiresPermission('manage_webhooks')
  @Ours()
  @ApiOperation({ operationId: 'deleteWebhook', summary: 'Delete a webhook' })
  @Answers(RegisteredWebhookDto)
  @MayRefuse('webhook_not_found')
  async delete(
    @Param() { webhook_id }: WebhookIdParams,
    @Caller() { accountId }: ApiKey,
  ): Promise<RegisteredWebhookDto> {
    return webhookShape(await this.webhooks.delete(webhook_id, accountId));
  }

  @Post(':webhook_id/rotate-secret')
  @HttpCode(200)
  @RequiresPermission('manage_webhooks')
  @Ours()
  @ApiOperation({
    operationId: 'rotateWebhookSecret',
    summary: 'Rotate the secret of a webhook',
    description:
      'The response contains the new secret. Until the overlap ends, both secrets sign: `X-CPG-Signature` is made with the previous secret, `X-CPG-Signature-Next` with the new one, and `webhook-signature` contains both.',
  })
  @ApiHeader(idempotencyKeyHeader('idempotency_key'))
  @MayReplay()
  @Answers(NewWebhookDto)
  @MayRefuse('webhook_not_found', 'secret_being_replaced', 'idempotency_key_used')
  async rotate(
    @Param() { webhook_id }: WebhookIdParams,
    @Body() { overlap_seconds: overlap, idempotency_key: field }: RotateSecretDto,
    @IdempotencyKey('idempotency_key') header: string | undefined,
    @Caller() { accountId }: ApiKey,
    @MarksReplay() replay: ReplayMark,
  ): Promise<NewWebhookDto> {
    const key = checkedKey('idempotency_key', field, header);
    const rotated = await this.webhooks.rotate(webhook_id, accountId, {
      overlap_seconds: overlap ?? DEFAULT_OVERLAP_SECONDS,
      ...(key !== null && { idempotency_key: key }),
    });
    if (rotated.replayed) replay.set();
    return { ...webhookShape(rotated), secret: rotated.secret };
  }

  @Post(':webhook_id/resume')
  @HttpCode(200)
  @RequiresPermission('manage_webhooks')
  @Ours()
  @ApiOperation({
    operationId: 'resumeWebhook',
    summary: 'Resume a paused webhook',
    description: 'Pending deliveries are sent now. An active webhook stays unchanged.',
  })
  @Answers(RegisteredWebhookDto)
  @MayRefuse('webhook_not_found')
  async resume(
    @Param() { webhook_id }: WebhookIdParams,
    @Caller() { accountId }: ApiKey,
  ): Promise<RegisteredWebhookDto> {
    return webhookShape(await this.webhooks.resume(webhook_id, accountId));
  }
}
