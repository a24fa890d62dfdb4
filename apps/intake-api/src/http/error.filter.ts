import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { CommitUnknownError, isInfrastructureFault } from '@sluice/postgres';
import type { Logger } from '@sluice/service-shell';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError, type ApiErrorKind } from './api-error.js';
import { DeadlineError } from '../deadline.js';
import { errorEnvelope } from './envelope.js';
import { LedgerAwayError } from '../accounts/ledger-client.js';
import { allowedMethods, pathOf } from './public-routes.js';

const RETRY_AFTER_SECONDS = '5';
const TRANSPORT: Readonly<Record<number, ApiErrorKind>> = {
  404: 'not_found',
  405: 'method_not_allowed',
  413: 'body_too_large',
  415: 'not_json',
};

/** Every failure leaves in the error envelope; only what nobody expected is logged, and the client learns no more than that. */
@Catch()
export class ErrorFilter implements ExceptionFilter<unknown> {
  constructor(private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const answer = this.toApiError(error, http.getRequest<FastifyRequest>());
    void http
      .getResponse<FastifyReply>()
      .code(answer.status)
      .headers(answer.headers)
      .send(errorEnvelope(answer.message));
  }

  private toApiError(error: unknown, { method, url }: FastifyRequest): ApiError {
    if (error instanceof ApiError) return error;
    if (error instanceof DeadlineError)
      return error.late === 'unavailable' ? unavailable() : ApiError.of(error.late);
    const path = pathOf(url);
    if (
      error instanceof CommitUnknownError ||
      error instanceof LedgerAwayError ||
      isInfrastructureFault(error)
    ) {
      this.logger.warn({ err: error, method, path }, 'request not served: what it needs is away');
      return unavailable();
    }
    const status = statusOf(error);
    if (status < 400 || status > 499) {
      this.logger.error({ err: error, method, path }, 'request failed');
      return ApiError.of('internal');
    }
    const allow = allowedMethods(path);
    if (allow !== null && !allow.split(', ').includes(method))
      return ApiError.of('method_not_allowed', { allow });
    return ApiError.of(TRANSPORT[status] ?? 'bad_request'); // the framework's own: a body cut short, a header that is missing
  }
}

function unavailable(): ApiError {
  return ApiError.of('unavailable', { 'retry-after': RETRY_AFTER_SECONDS });
}

function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const status =
    typeof error === 'object' && error !== null && 'statusCode' in error
      ? error.statusCode
      : undefined;
  return typeof status === 'number' ? status : 500;
}
