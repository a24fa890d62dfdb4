import { Catch, UseFilters, type ExceptionFilter } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import type { Topic } from '@sluice/messages';
import { throwError, type Observable } from 'rxjs';

/**
 * Passes the original error on, because the error decides between retry, split and dead letter.
 * Nest's default filter would replace the error by a text.
 */
@Catch()
class KeepTheError implements ExceptionFilter<unknown> {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}

/** Registration data of a handler, read by `BatchServer`. */
export interface HandlerExtras {
  readonly topics: readonly Topic[];
  readonly lanes: number;
}

/**
 * Marks a controller method as the handler of a topic: `onBatch(batch: readonly Message<typeof
 * topic>[]): Promise<void>`.
 *
 * Each call receives a batch merged from all partitions of this process. Messages with the same key
 * keep their order. A handler of several topics is called for each topic independently.
 *
 * `lanes` is the maximum number of concurrent calls (default 1), never for the same partition: a
 * batch is decided while another batch is being stored.
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
