import { Catch, UseFilters, type ExceptionFilter } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import type { Topic } from '@sluice/messages';
import { throwError, type Observable } from 'rxjs';

/** Nest's own filter would replace the error by a text; whether to retry, split or dead-letter is decided by what it was. */
@Catch()
class KeepTheError implements ExceptionFilter<unknown> {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}

/** What a handler is registered with, for BatchServer. */
export interface HandlerExtras {
  readonly topics: readonly Topic[];
  readonly lanes: number;
}

/**
 * Marks a controller method as the handler of one topic: `onBatch(batch: readonly Message<typeof topic>[]): Promise<void>`.
 * It is called with one batch at a time, merged from all partitions this process has; messages of one key keep their order.
 * Of several topics it is the handler of each: those do not wait for one another.
 * With `lanes` it may be called so many times at once, never for the same partition: one batch is decided while another is being stored.
 */
export function BatchHandler(
  topic: Topic | readonly Topic[],
  { lanes = 1 }: { lanes?: number } = {},
) {
  const topics = [topic].flat();
  return (target: object, name: string | symbol, descriptor: PropertyDescriptor): void => {
    EventPattern(
      topics.map((of) => of.name),
      { topics, lanes } satisfies HandlerExtras,
    )(target, name, descriptor);
    UseFilters(new KeepTheError())(target, name, descriptor);
  };
}
