import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { ApiError, failure } from '@sluice/http-api';
import { isInfrastructureFault } from '@sluice/postgres';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { InjectLogger } from '../settings/tokens.js';

const RETRY_AFTER_SECONDS = '5';

/**
 * Every failure in the common envelope; unexpected ones are logged, without details for the client.
 */
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

  /** True if a resource needed by the request is currently unavailable. */
  protected isAway(error: unknown): boolean {
    return isInfrastructureFault(error);
  }

  /** Response to a request rejected by the framework, e.g. a truncated body or an unknown path. */
  protected refusedByFramework(status: number, _request: FastifyRequest): ApiError {
    return new ApiError(status, FRAMEWORK[status] ?? 'Bad request');
  }

  protected factsOf({ id, method, url }: FastifyRequest): object {
    return { requestId: id, method, path: pathOf(url) };
  }

  protected unavailable(error: unknown, request: FastifyRequest): ApiError {
    this.logger.warn(
      { err: error, ...this.factsOf(request) },
      'a request was not served because a required service is unavailable',
    );
    return new ApiError(503, 'Service temporarily unavailable', {
      'retry-after': RETRY_AFTER_SECONDS,
    });
  }

  private unexpected(error: unknown, request: FastifyRequest): ApiError {
    this.logger.error({ err: error, ...this.factsOf(request) }, 'a request failed');
    return new ApiError(500, 'Internal server error');
  }
}

const FRAMEWORK: Readonly<Record<number, string>> = {
  404: 'Not found',
  405: 'Method not allowed',
  413: 'Request body too large',
  415: 'Content-Type must be application/json',
};

/** Returns the path without the query, because the query may contain any data. */
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
