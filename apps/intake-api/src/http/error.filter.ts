import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Logger } from '@sluice/service-shell';
import type { FastifyReply } from 'fastify';
import { ApiError, type ApiErrorKind } from './api-error.js';

const TRANSPORT: Readonly<Record<number, ApiErrorKind>> = { 404: 'not_found', 405: 'method_not_allowed', 413: 'body_too_large', 415: 'not_json' };

/** Every failure leaves in the error envelope; only what nobody expected is logged, and the client is told no more than that. */
@Catch()
export class ErrorFilter implements ExceptionFilter<unknown> {
  constructor(private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const told = this.toldAs(error);
    void reply.code(told.status).headers(told.headers).send({ success: false, message: told.message });
  }

  private toldAs(error: unknown): ApiError {
    if (error instanceof ApiError) return error;
    const kind = TRANSPORT[statusOf(error)];
    if (kind) return ApiError.of(kind);
    this.logger.error({ err: error }, 'request failed');
    return ApiError.of('internal');
  }
}

function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' ? status : 500;
}
