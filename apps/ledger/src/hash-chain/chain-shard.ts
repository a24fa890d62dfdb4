import { murmur2 } from '@sluice/kafka';

/** How many chains there are. Any number of partitions that divides it keeps each chain on one partition, and so with one instance. */
export const CHAIN_SHARDS = 24;

/**
 * The chain of an account: Kafka's own hash of the key, so that accounts of different partitions are on different chains and instances
 * that own different partitions never wait for each other's.
 */
export function chainShardOf(accountId: string): number {
  return (murmur2(Buffer.from(accountId)) & 0x7fffffff) % CHAIN_SHARDS;
}
