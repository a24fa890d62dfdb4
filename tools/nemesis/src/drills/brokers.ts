import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_TOPICS } from '@sluice/messages';
import { KAFKA_NODES, kafkaName, withKafkaAdmin, type KafkaServer } from '@sluice/test-servers';
import type { RunContext } from '../run/with-system.js';
import {
  comesTrue,
  goesOn,
  killed,
  paidSoFar,
  pause,
  underLoad,
  type Drill,
} from './drill-steps.js';

const PER_SECOND = 4;
const BUSY = 'ledger.commands';

export const brokers: Drill = {
  about:
    'three brokers: the partition leader, the controller, and then two brokers at once are killed',
  system: () => ({ brokers: 3 }),
  run: async (context) => {
    const { note } = context;
    await underLoad(context, PER_SECOND, async () => {
      await comesTrue(context, 'withdrawals are paid', async () => (await paidSoFar(context)) >= 8);
      note(
        `each of ${ALL_TOPICS.length} topics has three replicas, and a write needs two in-sync replicas`,
      );
      const leader = await leaderOf(context, BUSY);
      await withoutBrokers(context, [leader], `the leader of partition 0 of ${BUSY}`);
      const controller = controllerOf(context);
      await withoutBrokers(context, [controller], 'the active controller');
      const [first = 1, second = 2] = KAFKA_NODES.filter((node) => node !== controllerOf(context));
      await withoutTwo(context, [first, second]);
    });
  },
};

/**
 * Kills the brokers without a graceful shutdown. Payments continue, and the restarted brokers catch
 * up.
 */
async function withoutBrokers(
  context: RunContext,
  nodes: readonly number[],
  why: string,
): Promise<void> {
  const { note } = context;
  await Promise.all(nodes.map((node) => killed(nodeOf(context, node).process)));
  note(`broker ${nodes.join(' and ')} is killed: ${why}`);
  const more = await goesOn(context);
  note(
    `${more} more withdrawals are paid meanwhile; the controller is now broker ${controllerOf(context)}`,
  );
  await broughtBack(context, nodes);
}

/** Kills two brokers. No write is acknowledged meanwhile, and no message may be lost. */
async function withoutTwo(context: RunContext, nodes: readonly number[]): Promise<void> {
  const { note, admin } = context;
  await Promise.all(nodes.map((node) => killed(nodeOf(context, node).process)));
  note(`brokers ${nodes.join(' and ')} are killed at once: one broker of three is left`);
  await pause(context, 15_000);
  const faults = new Set(await admin.faultsOf('intake-api'));
  for (const fault of faults) note(`intake-api is unready: ${fault}`);
  await broughtBack(context, nodes);
  note(`${await goesOn(context)} more withdrawals are paid`);
}

async function broughtBack(context: RunContext, nodes: readonly number[]): Promise<void> {
  await Promise.all(nodes.map((node) => nodeOf(context, node).process.restart()));
  await comesTrue(context, 'every partition has three in-sync replicas again', () =>
    inSync(context),
  );
  context.note(
    `broker ${nodes.join(' and ')} is restarted, and every partition has three in-sync replicas`,
  );
}

function nodeOf({ system }: RunContext, node: number): KafkaServer {
  const server = system.kafkas[node - 1];
  if (!server) throw new Error(`there is no broker ${node}`);
  return server;
}

async function partitionsOf({ system }: RunContext, topics: string[]) {
  const { topics: found } = await withKafkaAdmin(system.kafkaAccess, (admin) =>
    admin.fetchTopicMetadata({ topics }),
  );
  return found.flatMap(({ partitions }) => partitions);
}

async function leaderOf(context: RunContext, topic: string): Promise<number> {
  const partitions = await partitionsOf(context, [topic]);
  return partitions.find(({ partitionId }) => partitionId === 0)?.leader ?? 1;
}

async function inSync(context: RunContext): Promise<boolean> {
  const partitions = await partitionsOf(
    context,
    ALL_TOPICS.map(({ name }) => name),
  );
  return partitions.every(({ isr }) => isr.length === KAFKA_NODES.length);
}

/**
 * Reads the active controller from the nodes' disks: clients receive any living broker as the
 * controller.
 */
function controllerOf({ system, folder }: RunContext): number {
  const votes = KAFKA_NODES.flatMap((node) => {
    if (system.kafkas[node - 1]?.process.pid() === undefined) return [];
    const file = join(folder, kafkaName(node), 'logs/__cluster_metadata-0/quorum-state');
    const { leaderId, leaderEpoch } = JSON.parse(readFileSync(file, 'utf8')) as Vote;
    return leaderId > 0 ? [{ leaderId, leaderEpoch }] : [];
  });
  const [newest] = votes.sort((a, b) => b.leaderEpoch - a.leaderEpoch);
  if (!newest) throw new Error('no controller is elected');
  return newest.leaderId;
}

interface Vote {
  readonly leaderId: number;
  readonly leaderEpoch: number;
}
