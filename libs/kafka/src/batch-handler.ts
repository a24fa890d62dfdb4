import { Catch, UseFilters, type ExceptionFilter } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import type { Topic } from '@sluice/messages';
import { throwError, type Observable } from 'rxjs';

/** Nest's own filter would replace the error by a text; whether to retry, split or park is decided by what it was. */
@Catch()
class KeepTheError implements ExceptionFilter<unknown> {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}

/**
 * Marks a controller method as the handler of one topic: `onBatch(batch: readonly Message<typeof topic>[]): Promise<void>`.
 * It is called with one batch at a time, merged from all partitions this process has; messages of one key keep their order.
 */
export function BatchHandler(topic: Topic) {
  return (target: object, name: string | symbol, descriptor: PropertyDescriptor): void => {
    EventPattern(topic.name, { topic })(target, name, descriptor);
    UseFilters(new KeepTheError())(target, name, descriptor);
  };
}
