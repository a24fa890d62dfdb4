import type { Message } from 'kafkajs';

type ByPartition = Record<string, Message[]>;

/**
 * kafkajs sorts the messages of a send into partitions by `messages.reduce(sort, {})`, where `sort` copies what it has so far for each
 * further message. Here it is asked about one message at a time, and the result is gathered without copies.
 */
export function sortable(messages: Message[]): Message[] {
  const reduce = (sort: (sorted: ByPartition, message: Message) => ByPartition): ByPartition => {
    const sorted: ByPartition = {};
    for (const message of messages) {
      for (const partition in sort({}, message)) (sorted[partition] ??= []).push(message);
    }
    return sorted;
  };
  return Object.defineProperty(messages, 'reduce', { value: reduce });
}
