import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { ApiError, failure } from '@sluice/http-api';
import { isInfrastructureFault } from '@sluice/postgres';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { InjectLogger } from './tokens.js';

const RETRY_AFTER_SECONDS = '5';

/** Every failure leaves in the one envelope; only what nobody expected is logged, and the client learns no more than that. */
@Catch()
export class ErrorFilter implements ExceptionFilter<unknown> {
  constructor(@InjectLogger() protected readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const answer = this.toApiError(error, http.getRequest<FastifyRequest>());
    void http
      .getResponse<FastifyReply>()
      .code(answer.getStatus())
      .headers(answer.headers)
      .send(failure(answer.message, answer.data));
  }

  protected toApiError(error: unknown, request: FastifyRequest): ApiError {
    if (error instanceof ApiError) return error;
    if (this.isAway(error)) return this.unavailable(error, request);
    const status = statusOf(error);
    return status >= 400 && status <= 499
      ? this.refusedByFramework(status, request)
      : this.unexpected(error, request);
  }

  /** What the request needs cannot be asked now. */
  protected isAway(error: unknown): boolean {
    return isInfrastructureFault(error);
  }

  /** A body that was cut short, a path that nobody has. */
  protected refusedByFramework(status: number, _request: FastifyRequest): ApiError {
    return new ApiError(status, FRAMEWORK[status] ?? 'Bad request');
  }

  /** By which a log line is found again. */
  protected factsOf({ id, method, url }: FastifyRequest): object {
    return { requestId: id, method, path: pathOf(url) };
  }

  protected unavailable(error: unknown, request: FastifyRequest): ApiError {
    this.logger.warn(
      { err: error, ...this.factsOf(request) },
      'request not served: what it needs is away',
    );
    return new ApiError(503, 'Service temporarily unavailable', {
      'retry-after': RETRY_AFTER_SECONDS,
    });
  }

  private unexpected(error: unknown, request: FastifyRequest): ApiError {
    this.logger.error({ err: error, ...this.factsOf(request) }, 'request failed');
    return new ApiError(500, 'Internal server error');
  }
}

const FRAMEWORK: Readonly<Record<number, string>> = {
  404: 'Not found',
  405: 'Method not allowed',
  413: 'Request body too large',
  415: 'Content-Type must be application/json',
};

/** Without the query, which may hold anything. */
function pathOf(target: string): string {
  return target.split('?', 1)[0] ?? '';
}

function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const status =
    typeof error === 'object' && error !== null && 'statusCode' in error
      ? error.statusCode
      : undefined;
  return typeof status === 'number' ? status : 500;
}
