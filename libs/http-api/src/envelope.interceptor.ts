import {
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { map, type Observable } from 'rxjs';
import { list, page, PageOf, success } from './envelope.js';

/** Puts what a controller answers into the envelope: an array as a whole list, a `PageOf` with its cursor. */
@Injectable()
export class EnvelopeInterceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(map(enveloped));
  }
}

function enveloped(data: unknown): object {
  if (data instanceof PageOf) return page(data);
  return Array.isArray(data) ? list(data) : success(data);
}
