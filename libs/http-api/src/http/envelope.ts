import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { map, type Observable } from 'rxjs';

/**
 * Result of a controller for a request accepted but not yet processed; answered with status 202.
 */
export class Accepted<T> {
  constructor(readonly data: T) {}
}

/** Envelope of every successful response. */
interface Success<T> {
  readonly success: true;
  readonly message: 'OK';
  readonly data: T;
}

/** A whole set. */
interface List<T> extends Success<readonly T[]> {
  readonly data_count: number;
}

/** Page of a list; `next_cursor` is null on the last page. */
export interface Page<T> extends List<T> {
  readonly next_cursor: string | null;
}

/**
 * Page of a list ordered by number. `next_cursor` is the number of the page's last row, and null on
 * the last page.
 */
interface NumberedPage<T> extends List<T> {
  readonly next_cursor: number | null;
  readonly has_more: boolean;
}

/** Error response: a message, and data about the existing subject of the error, if any. */
export interface Failure {
  readonly success: false;
  readonly message: string;
  readonly data?: object;
}

/** Controller result: a page of a list continued by a text cursor. */
export class PageOf<T> {
  constructor(
    readonly items: readonly T[],
    readonly nextCursor: string | null,
  ) {}
}

/** Controller result: a page of a list continued below a number. */
export class NumberedPageOf<T> {
  constructor(
    readonly items: readonly T[],
    readonly nextCursor: number | null,
  ) {}
}

function success<T>(data: T): Success<T> {
  return { success: true, message: 'OK', data };
}

function list<T>(data: readonly T[]): List<T> {
  return { ...success(data), data_count: data.length };
}

function page<T>({ items, nextCursor }: PageOf<T>): Page<T> {
  return { ...list(items), next_cursor: nextCursor };
}

export function failure(message: string, data?: object): Failure {
  return { success: false, message, ...(data && { data }) };
}

export function numberedPage<T>({ items, nextCursor }: NumberedPageOf<T>): NumberedPage<T> {
  return { ...list(items), next_cursor: nextCursor, has_more: nextCursor !== null };
}

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
