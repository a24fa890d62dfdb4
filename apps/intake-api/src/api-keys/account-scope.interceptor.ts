import {
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { forAccount } from '@sluice/postgres';
import { Observable } from 'rxjs';
import type { AuthenticatedRequest } from './authenticated-request.js';

/**
 * Runs the handler of a public route in the scope of the caller's account. The database then
 * returns and changes no rows of other accounts, even if a statement does not name the account.
 */
@Injectable()
export class AccountScopeInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { apiKey } = context.switchToHttp().getRequest<AuthenticatedRequest>();
    return new Observable((subscriber) =>
      forAccount(apiKey.accountId, () => next.handle().subscribe(subscriber)),
    );
  }
}
