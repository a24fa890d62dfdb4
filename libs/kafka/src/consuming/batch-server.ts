import { Catch, type ExceptionFilter, UseFilters } from '@nestjs/common';
import {
  type CustomTransportStrategy,
  EventPattern,
  type MessageHandler,
  Server,
} from '@nestjs/microservices';
import { isObservable, lastValueFrom, type Observable, throwError } from 'rxjs';
import type { Message, Topic } from '@sluice/messages';
import type { DeadLetters, NewDeadLetter } from '@sluice/postgres';
import { type Authenticate, BatchConsumer, type IsAddressed } from './batch-consumer.js';
import { GroupMember, type GroupMemberOptions, NOT_A_MEMBER } from './group-member.js';
import type { PartitionLag } from './progress.js';

interface BatchServerOptions extends GroupMemberOptions {
  readonly deadLetters: DeadLetters;
  /**
   * Verifies each producer: every client can write to a topic. Unproven messages are dead-lettered
   * undecoded.
   */
  readonly authenticate: Authenticate;
  /** Default: every message is addressed to this service. */
  readonly isAddressed?: IsAddressed;
  /** True if clients wait for messages of the topic. Default: true if the topic has awaited messages. */
  readonly isAwaited?: (topic: Topic) => boolean;
  /** Called for each batch after the handler has processed the batch. */
  readonly onBatch?: (topic: string, messages: number, tookMs: number) => void;
}

/**
 * Nest transport for batches, whose offset moves after the handler's transaction. Nest's own server
 * drops messages without a handler and commits failed ones.
 */
export class BatchServer extends Server implements CustomTransportStrategy {
  private members: readonly GroupMember[] = [];
  private consumers: ReadonlyMap<string, BatchConsumer> = new Map();

  constructor(private readonly options: BatchServerOptions) {
    super();
  }

  /** Does not wait for Kafka: a service started during a Kafka outage is unready, not dead. */
  listen(callback: (error?: Error) => void): void {
    this.consumers = new Map(
      [...this.messageHandlers].map(([name, handler]) => [name, this.consumerOf(name, handler)]),
    );
    this.members = this.membersFor(this.consumers);
    for (const member of this.members) member.start();
    callback();
  }

  async close(): Promise<void> {
    await Promise.all(this.members.map((member) => member.stop()));
  }

  /** Reasons why consumption is currently unreliable; empty if healthy. */
  faults(): string[] {
    if (this.messageHandlers.size > 0 && this.members.length === 0) return [NOT_A_MEMBER];
    return [...new Set(this.members.flatMap((member) => member.faults()))];
  }

  /** Number of unprocessed records for each assigned partition. */
  lags(): readonly PartitionLag[] {
    return this.members.flatMap((member) => member.lags());
  }

  logLosses(): ReadonlyMap<string, number> {
    return this.sumByTopic((member, topic) => member.logLosses(topic));
  }

  /** Number of partitions stopped at a corrupt batch, for each consumed topic. */
  corruptBatches(): ReadonlyMap<string, number> {
    return this.sumByTopic((member, topic) => member.corruptBatches(topic));
  }

  /**
   * Processes a dead letter in this process: no service needs write access to a consumed topic.
   * Returns the reason for a failure, or null.
   */
  replay(letter: NewDeadLetter): Promise<string | null> {
    const consumer = this.consumers.get(letter.topic);
    return consumer?.replay(letter) ?? Promise.resolve(`${letter.topic} is not read here`);
  }

  /** Stops fetching; batches under way are finished. */
  pause(): void {
    for (const member of this.members) member.pause();
  }

  resume(): void {
    for (const member of this.members) member.resume();
  }

  override on(): never {
    throw new Error('BatchServer has no events');
  }

  override unwrap<T>(): T {
    return this.members as T;
  }

  /**
   * Topics with waiting clients get a member of their own, because a member does not fetch while it
   * processes.
   */
  private membersFor(consumers: ReadonlyMap<string, BatchConsumer>): readonly GroupMember[] {
    const { isAwaited: isUrgent = hasAwaited } = this.options;
    const byUrgency = Map.groupBy(consumers.values(), ({ topic }) => isUrgent(topic));
    return [...byUrgency].map(([isAwaited, of]) => {
      const takes = of.map(({ topic }) => topic.name);
      return new GroupMember(this.options, { consumers, takes, isAwaited });
    });
  }

  private sumByTopic(
    countOf: (member: GroupMember, topic: string) => number,
  ): ReadonlyMap<string, number> {
    return new Map(
      [...this.messageHandlers.keys()].map((topic) => [
        topic,
        this.members.reduce((sum, member) => sum + countOf(member, topic), 0),
      ]),
    );
  }

  private consumerOf(name: string, handler: MessageHandler): BatchConsumer {
    const { topics, lanes } = handler.extras as HandlerExtras;
    const topic = topics.find((known) => known.name === name);
    if (!topic) throw new Error(`the handler of ${name} does not declare the topic's messages`);
    const handle = async (batch: readonly Message<Topic>[]): Promise<void> => {
      const answer: unknown = await handler(batch);
      if (isObservable(answer)) await lastValueFrom(answer, { defaultValue: undefined });
    };
    return new BatchConsumer({
      topic,
      lanes,
      handler: handle,
      onBatch: (messages, tookMs) => this.options.onBatch?.(topic.name, messages, tookMs),
      deadLetters: this.options.deadLetters,
      logger: this.options.logger,
      authenticate: this.options.authenticate,
      isAddressed: this.options.isAddressed,
    });
  }
}

function hasAwaited({ awaited }: Topic): boolean {
  return awaited.size > 0;
}

/** Passes the original error on, which decides between retry, split and dead letter. */
@Catch()
class KeepTheError implements ExceptionFilter<unknown> {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}

interface HandlerExtras {
  readonly topics: readonly Topic[];
  readonly lanes: number;
}

/**
 * Handler of a topic: `onBatch(batch: readonly Message<typeof topic>[]): Promise<void>`. A batch is
 * merged from all partitions of this process, in order per key. `lanes`: most concurrent calls
 * (default 1), never for the same partition.
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
