import { ledgerEvents } from '@sluice/messages';
import type { Consumer, Kafka, KafkaMessage } from 'kafkajs';

/** Event seen by a consumer; for a repeated event, the first publication. */
interface ReceivedEvent {
  readonly id: string;
  readonly accountId: string;
  /** Id of the answered command. */
  readonly causationId: string;
  readonly answer: string;
}

/**
 * Answers to admin requests for opening and funding accounts; all other events answer sent
 * commands.
 */
const SET_UP = ['account-opened', 'account-funded'];

/**
 * Receives all answers to commands from the beginning of the topic, and recognises repetitions by
 * `ce_id` like any consumer.
 */
export class LedgerListener {
  readonly events: ReceivedEvent[] = [];
  /** Events published again under their id. */
  repeated = 0;
  /** Events published again under their id with other content. Time and MACs of a repeat may differ. */
  readonly contradictions: string[] = [];
  private readonly contents = new Map<string, string>();
  private readonly consumer: Consumer;

  constructor(kafka: Kafka) {
    this.consumer = kafka.consumer({ groupId: 'ledger-listener' });
  }

  async start(): Promise<void> {
    await this.consumer.connect();
    await this.consumer.subscribe({ topic: ledgerEvents.name, fromBeginning: true });
    await this.consumer.run({ eachMessage: async ({ message }) => this.receive(message) });
  }

  stop(): Promise<void> {
    return this.consumer.disconnect();
  }

  /** Ids of the commands that have an answer. */
  answered(): ReadonlySet<string> {
    return new Set(this.events.map(({ causationId }) => causationId));
  }

  /** In the order of their topic. */
  byAccount(): ReadonlyMap<string, readonly ReceivedEvent[]> {
    return Map.groupBy(this.events, ({ accountId }) => accountId);
  }

  private receive({ key, value, headers = {} }: KafkaMessage): void {
    const header = (name: string): string => String(headers[name]);
    const stable = Object.entries(headers).filter(
      ([name]) => name !== 'ce_time' && !name.startsWith('sluice-mac'),
    );
    const [id, content] = [
      header('ce_id'),
      JSON.stringify([String(key), String(value), stable.map(String)]),
    ];
    const first = this.contents.get(id);
    if (first !== undefined) {
      this.repeated += 1;
      if (first !== content) this.contradictions.push(`${first} and ${content}`);
      return;
    }
    this.contents.set(id, content);
    const { reason, available } = JSON.parse(String(value)) as {
      reason?: string;
      available?: string;
    };
    const word = header('ce_type').replace(/^ledger\.(.+)\.v1$/, '$1');
    if (SET_UP.includes(word)) return;
    const answer = [word, ...(word === 'hold-refused' ? [available ?? reason] : [])].join(' ');
    this.events.push({ id, accountId: String(key), causationId: header('ce_causationid'), answer });
  }
}
