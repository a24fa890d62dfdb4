import type { KeyObject } from 'node:crypto';
import {
  BadRequestException,
  Controller,
  HttpCode,
  Inject,
  NotFoundException,
  Post,
  Req,
  UnauthorizedException,
} from '@nestjs/common';
import { ConnectorEngine } from '@sluice/connector-engine';
import type { FastifyRequest } from 'fastify';
import { judgeWebhook } from './upvest-webhook.js';

export const WEBHOOK_KEY = Symbol('key that signs webhooks, or null');

/** `POST /webhooks/upvest`: answered with exactly 200, or Upvest holds back every later event. */
@Controller('webhooks/upvest')
export class UpvestWebhookController {
  constructor(
    @Inject(WEBHOOK_KEY) private readonly key: KeyObject | null,
    @Inject(ConnectorEngine) private readonly engine: ConnectorEngine,
  ) {}

  @Post()
  @HttpCode(200)
  async receive(@Req() request: FastifyRequest): Promise<object> {
    if (this.key === null)
      throw new NotFoundException({ success: false, message: 'Webhooks are not set up' });
    const [path = '', query = ''] = request.url.split('?');
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(', ') : value,
      ]),
    );
    const body = request.body instanceof Uint8Array ? request.body : '';
    const verdict = judgeWebhook(this.key, { method: request.method, path, query, headers, body });
    if (verdict.kind === 'not_signed')
      throw new UnauthorizedException({ success: false, message: 'The signature does not fit' });
    if (verdict.kind === 'unreadable')
      throw new BadRequestException({
        success: false,
        message: 'The body is no package of events',
      });
    await this.engine.hint(verdict.venueReferences);
    return {};
  }
}
