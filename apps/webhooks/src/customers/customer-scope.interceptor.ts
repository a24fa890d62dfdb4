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
 * Requests of intake-api run in the scope of the named account, or reach no rows. People see all.
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
