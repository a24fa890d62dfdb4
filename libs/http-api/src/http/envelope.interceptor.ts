import {
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { map, type Observable } from 'rxjs';
import { Accepted } from './accepted.js';
import { list, numberedPage, NumberedPageOf, page, PageOf, success } from './envelope.js';

/**
 * Wraps a controller's result in the envelope. An array becomes a whole list, and a `PageOf` or
 * `NumberedPageOf` becomes a page with a cursor. An `Accepted` is answered with 202.
 */
@Injectable()
export class EnvelopeInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(
      map((data: unknown) => {
        if (!(data instanceof Accepted)) return enveloped(data);
        void context.switchToHttp().getResponse<FastifyReply>().code(202);
        return enveloped(data.data);
      }),
    );
  }
}

function enveloped(data: unknown): object {
  if (data instanceof PageOf) return page(data);
  if (data instanceof NumberedPageOf) return numberedPage(data);
  return Array.isArray(data) ? list(data) : success(data);
}
