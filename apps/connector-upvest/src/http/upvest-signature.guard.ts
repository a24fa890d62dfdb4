import type { KeyObject } from 'node:crypto';
import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { ApiError, rawBodyOf } from '@sluice/http-api';
import { InjectConfig } from '@sluice/service-shell';
import { readUpvestPublicKey, verifyUpvest, type UpvestMessage } from '@sluice/signing';
import type { FastifyRequest } from 'fastify';

interface UpvestWebhookKey {
  /** PEM of the public key for webhook signatures; null: webhooks are not served. */
  readonly webhookPublicKey: string | null;
}

/** Accepts only requests with an Upvest signature of scheme v6, verified over the raw bytes. */
@Injectable()
export class UpvestSignatureGuard implements CanActivate {
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
