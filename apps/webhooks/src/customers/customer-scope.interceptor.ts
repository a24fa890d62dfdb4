import {
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { rawBodyOf, type AdminRequest } from '@sluice/http-api';
import { forAccount, NO_ACCOUNT } from '@sluice/postgres';
import { Observable } from 'rxjs';

/**
 * Runs a request that intake-api sends on behalf of a customer in the scope of the named account.
 * A request without an account reaches no rows and fails. People see all accounts.
 */
@Injectable()
export class CustomerScopeInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<AdminRequest>();
    if (request.caller?.kind !== 'service') return next.handle();
    const account = accountIn(request.query) ?? accountIn(bodyOf(request)) ?? NO_ACCOUNT;
    return new Observable((subscriber) =>
      forAccount(account, () => next.handle().subscribe(subscriber)),
    );
  }
}

/** The request is not yet validated. */
function accountIn(part: unknown): string | undefined {
  const account =
    typeof part === 'object' && part !== null && 'account' in part ? part.account : undefined;
  return typeof account === 'string' ? account : undefined;
}

/** Returns undefined for a body that the route's pipe will refuse. */
function bodyOf(request: AdminRequest): unknown {
  try {
    return JSON.parse(rawBodyOf(request).toString('utf8'));
  } catch {
    return undefined;
  }
}
