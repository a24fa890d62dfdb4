import {
  HttpException,
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { catchError, type Observable } from 'rxjs';
import type { AuthenticatedRequest } from './authenticated-request.js';

/** Ends the use of a request's signature before a failure is answered: a client repeats at once. */
@Injectable()
export class SignatureUseInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { signatureUse } = context.switchToHttp().getRequest<AuthenticatedRequest>();
    return next.handle().pipe(
      catchError(async (error: unknown) => {
        if (isFault(error)) await signatureUse.endWithFault();
        throw error;
      }),
    );
  }
}

/** True for an error that is answered with `5xx`. */
function isFault(error: unknown): boolean {
  return !(error instanceof HttpException) || error.getStatus() >= 500;
}
