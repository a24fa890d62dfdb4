import { Body, Delete, Get, Param, Post } from '@nestjs/common';
import type { WebhookDto } from '@sluice/admin-api';
import { Answers, AnswersList } from '@sluice/http-api';
import { Caller, RequiresPermission } from '../api-keys/authenticated-request.js';
import type { ApiKey } from '../api-keys/key-store.js';
import { PublicController } from '../http/public-controller.js';
import { restTime } from '../http/rest-time.js';
import {
  NewWebhookDto,
  RegisteredWebhookDto,
  RegisterWebhookDto,
  WebhookIdParams,
} from './webhook.dto.js';
import { WebhooksClient } from './webhooks-client.js';

/** The webhooks of the caller's account; the service of webhooks has them. */
@PublicController('v1/webhooks')
export class WebhooksController {
  constructor(private readonly webhooks: WebhooksClient) {}

  @Post()
  @RequiresPermission('manage_webhooks')
  @Answers(NewWebhookDto)
  async register(
    @Body() { url, events, description }: RegisterWebhookDto,
    @Caller() { accountId: account }: ApiKey,
  ): Promise<NewWebhookDto> {
    const described = typeof description === 'string' ? { description } : {};
    const created = await this.webhooks.register({ account, url, events, ...described });
    return { ...shown(created), secret: created.secret };
  }

  @Get()
  @RequiresPermission('manage_webhooks')
  @AnswersList(RegisteredWebhookDto)
  async list(@Caller() { accountId }: ApiKey): Promise<RegisteredWebhookDto[]> {
    return (await this.webhooks.list(accountId)).map(shown);
  }

  @Get(':webhook_id')
  @RequiresPermission('manage_webhooks')
  @Answers(RegisteredWebhookDto)
  async show(
    @Param() { webhook_id }: WebhookIdParams,
    @Caller() { accountId }: ApiKey,
  ): Promise<RegisteredWebhookDto> {
    return shown(await this.webhooks.show(webhook_id, accountId));
  }

  @Delete(':webhook_id')
  @RequiresPermission('manage_webhooks')
  @Answers(RegisteredWebhookDto)
  async delete(
    @Param() { webhook_id }: WebhookIdParams,
    @Caller() { accountId }: ApiKey,
  ): Promise<RegisteredWebhookDto> {
    return shown(await this.webhooks.delete(webhook_id, accountId));
  }
}

function shown({
  id,
  url,
  events,
  description,
  state,
  created_at,
}: WebhookDto): RegisteredWebhookDto {
  return { id, url, events, description, state, created_at: restTime(new Date(created_at)) };
}
