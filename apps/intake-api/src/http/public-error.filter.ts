import { Catch } from '@nestjs/common';
import type { ApiError } from '@sluice/http-api';
import { CommitUnknownError } from '@sluice/postgres';
import { ErrorFilter } from '@sluice/service-shell';
import type { FastifyRequest } from 'fastify';
import { ServiceAwayError } from '../other-services/asked-service.js';
import { DeadlineError } from './deadline.js';
import { PublicError, type PublicErrorKind } from './public-error.js';
import { allowedMethods, pathOf } from './public-routes.js';

const FRAMEWORK: Readonly<Record<number, PublicErrorKind>> = {
  404: 'not_found',
  405: 'method_not_allowed',
  413: 'body_too_large',
  415: 'not_json',
};

interface MaybeAuthenticated extends FastifyRequest {
  readonly apiKey?: { readonly keyId: string };
}

/** Maps deadlines, unavailable services and methods not allowed to the contract's errors. */
@Catch()
export class PublicErrorFilter extends ErrorFilter {
  protected override toApiError(error: unknown, request: FastifyRequest): ApiError {
    const allow = allowedMethods(pathOf(request.url));
    if (allow !== null && !allow.split(', ').includes(request.method))
      return PublicError.of('method_not_allowed', { allow }); // `preview` is no number of a withdrawal either
    if (!(error instanceof DeadlineError)) return super.toApiError(error, request);
    return error.late === 'unavailable'
      ? this.unavailable(error, request)
      : PublicError.of(error.late);
  }

  protected override factsOf(request: MaybeAuthenticated): object {
    return { ...super.factsOf(request), keyId: request.apiKey?.keyId };
  }

  protected override isAway(error: unknown): boolean {
    return (
      error instanceof CommitUnknownError ||
      error instanceof ServiceAwayError ||
      super.isAway(error)
    );
  }

  protected override refusedByFramework(status: number): PublicError {
    return PublicError.of(FRAMEWORK[status] ?? 'bad_request'); // truncated body, missing header
  }
}
