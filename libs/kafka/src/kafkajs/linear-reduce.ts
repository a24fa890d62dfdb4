import type { Message } from 'kafkajs';

type ByPartition = Record<string, Message[]>;

/**
 * kafkajs groups the messages of a send by partition with `messages.reduce(sort, {})`, where `sort` copies the groups so far for each
 * message, in quadratic time. The `reduce` of this array calls `sort` with one message at a time and gathers the results without copies.
 */
export function withLinearReduce(messages: Message[]): Message[] {
  const reduce = (sort: (sorted: ByPartition, message: Message) => ByPartition): ByPartition => {
    const sorted: ByPartition = {};
    for (const message of messages) {
      for (const partition in sort({}, message)) (sorted[partition] ??= []).push(message);
    }
    return sorted;
  };
  return Object.defineProperty(messages, 'reduce', { value: reduce });
}
