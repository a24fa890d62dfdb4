import { murmur2 } from '@sluice/kafka';

/**
 * Number of chains. If the partition count divides this number, each chain stays on a single
 * partition, hence with a single instance.
 */
export const CHAIN_SHARDS = 24;

/**
 * Returns the chain of an account, from Kafka's own hash of the message key. Accounts of different
 * partitions are on different chains, hence instances with different partitions never wait for each
 * other.
 */
export function chainShardOf(accountId: string): number {
  return (murmur2(Buffer.from(accountId)) & 0x7fffffff) % CHAIN_SHARDS;
}
