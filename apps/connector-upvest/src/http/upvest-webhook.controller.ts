import type { KeyObject } from 'node:crypto';
import {
  Body,
  type CanActivate,
  Controller,
  type ExecutionContext,
  HttpCode,
  Injectable,
  Post,
  UseGuards,
  UsePipes,
} from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { VenueHints } from '@sluice/connector-engine';
import { ApiError, ExactPipe, Field, rawBodyOf } from '@sluice/http-api';
import { InjectConfig } from '@sluice/service-shell';
import { readUpvestPublicKey, type UpvestMessage, verifyUpvest } from '@sluice/signing';

/** Package of webhook events. `withdrawalsIn` validates each: a malformed one blocks no other. */
class UpvestWebhookDto {
  @Field({
    check: (value) => (Array.isArray(value) ? null : 'Input should be a list'),
    schema: { type: 'array', items: { type: 'object' } },
  })
  payload!: readonly unknown[];
}

interface UpvestWebhookKey {
  /** PEM of the public key for webhook signatures; null: webhooks are not served. */
  readonly webhookPublicKey: string | null;
}

/** Accepts only requests with an Upvest signature of scheme v6, verified over the raw bytes. */
@Injectable()
class UpvestSignatureGuard implements CanActivate {
  private readonly key: KeyObject | null;

  constructor(@InjectConfig() { webhookPublicKey: pem }: UpvestWebhookKey) {
    this.key = pem === null ? null : readUpvestPublicKey(pem);
  }

  canActivate(context: ExecutionContext): boolean {
    if (this.key === null) throw ApiError.notFound('Webhooks are not set up');
    const message = messageOf(context.switchToHttp().getRequest<FastifyRequest>());
    if (message.body.length > 0 && verifyUpvest('v6', this.key, message)) return true;
    throw new ApiError(401, 'The signature does not fit');
  }
}

function messageOf(request: FastifyRequest): UpvestMessage {
  const [path = '', query = ''] = request.url.split('?');
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : value,
    ]),
  );
  return { method: request.method, path, query, headers, body: rawBodyOf(request) };
}

/** `POST /webhooks/upvest`: answered with exactly 200, or Upvest holds back every later event. */
@Controller('webhooks/upvest')
@UseGuards(UpvestSignatureGuard)
@UsePipes(ExactPipe)
@ApiExcludeController()
export class UpvestWebhookController {
  constructor(private readonly hints: VenueHints) {}

  @Post()
  @HttpCode(200)
  async receive(@Body() { payload }: UpvestWebhookDto): Promise<object> {
    await this.hints.lookUpNow(withdrawalsIn(payload));
    return {};
  }
}

interface WithdrawalEvent {
  readonly type: string;
  readonly object: { readonly id: string };
}

/** Ids of withdrawals to look up. Reported statuses are ignored: deliveries repeat, in any order. */
export function withdrawalsIn(events: readonly unknown[]): readonly string[] {
  return [...new Set(events.filter(isOfWithdrawal).map(({ object }) => object.id.toLowerCase()))];
}

function isOfWithdrawal(event: unknown): event is WithdrawalEvent {
  const { type, object } = fieldsOf(event);
  return (
    typeof type === 'string' &&
    type.startsWith('WITHDRAWAL.') &&
    typeof fieldsOf(object)['id'] === 'string'
  );
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
