import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import type { Message, Topic } from '@sluice/messages';
import type { DeadLetters, NewDeadLetter } from '@sluice/postgres';
import { isObservable, lastValueFrom } from 'rxjs';
import { BatchConsumer, type Authenticate } from './batch-consumer.js';
import type { HandlerExtras } from './batch-handler.js';
import { GroupMember, NOT_A_MEMBER, type GroupMemberOptions } from './group-member.js';

export interface BatchServerOptions extends GroupMemberOptions {
  readonly deadLetters: DeadLetters;
  /** Everybody who may write to a topic can put anything on it: what is not the producer's word is dead-lettered unread. */
  readonly authenticate: Authenticate;
  /** Called for each batch that its handler has taken. */
  readonly onBatch?: (topic: string, messages: number, tookMs: number) => void;
}

/**
 * Nest transport strategy for batches. Nest's own Kafka server takes one message at a time, drops what has no handler and
 * commits what failed; here a handler gets batches, the offset moves after its transaction, and nothing is dropped.
 */
export class BatchServer extends Server implements CustomTransportStrategy {
  private members: readonly GroupMember[] = [];
  /** By topic. */
  private consumers: ReadonlyMap<string, BatchConsumer> = new Map();

  constructor(private readonly options: BatchServerOptions) {
    super();
  }

  /** Does not wait for Kafka: a service that starts while Kafka is away is unready, not dead. */
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

  /** Reasons why what is consumed here cannot be relied on now; empty when it can. */
  faults(): string[] {
    if (this.messageHandlers.size > 0 && this.members.length === 0) return [NOT_A_MEMBER];
    return [...new Set(this.members.flatMap((member) => member.faults()))];
  }

  /** Of the assigned partitions: how many records are not processed yet. */
  lags(): ReturnType<GroupMember['lags']> {
    return this.members.flatMap((member) => member.lags());
  }

  /** By topic that is consumed here: how often a log was found to have lost records. */
  logLosses(): ReadonlyMap<string, number> {
    return this.sumByTopic((member, topic) => member.logLosses(topic));
  }

  /** By topic that is consumed here: how many partitions are stopped at a corrupt batch. */
  corruptBatches(): ReadonlyMap<string, number> {
    return this.sumByTopic((member, topic) => member.corruptBatches(topic));
  }

  /** Processes a dead letter in this process, so that nobody needs the right to write what it consumes. Answers why it cannot be processed, or null. */
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
   * A member fetches nothing while what it has fetched is at work. What a client waits for has a member of its own, so that it overtakes
   * what nobody waits for.
   */
  private membersFor(consumers: ReadonlyMap<string, BatchConsumer>): readonly GroupMember[] {
    const byUrgency = Map.groupBy(consumers.values(), ({ topic }) => topic.awaited.size > 0);
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
    if (!topic) throw new Error(`the handler of ${name} does not say what is on it`);
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
    });
  }
}
