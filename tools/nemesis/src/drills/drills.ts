import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_TOPICS } from '@sluice/messages';
import {
  KAFKA_NODES,
  freePort,
  kafkaName,
  standbyOf,
  takeBaseBackup,
  withClient,
  withKafkaAdmin,
  type KafkaServer,
  type PostgresServer,
} from '@sluice/test-servers';
import { SIMULATED_SERVICES } from '@sluice/stack';
import { killAndStay } from '../system/instance.js';
import type { RunContext } from '../run/with-system.js';
import {
  comesTrue,
  confirmed,
  goesOn,
  paidSoFar,
  pause,
  underLoad,
  type Drill,
} from './drill-steps.js';
import { Disks } from '../system/machine.js';
import { restore } from './restore.js';

const PER_SECOND = 4;
const BUSY = 'ledger.commands';

const brokers: Drill = {
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
  await Promise.all(nodes.map((node) => killAndStay(nodeOf(context, node).process)));
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
  await Promise.all(nodes.map((node) => killAndStay(nodeOf(context, node).process)));
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

const FULL_MS = 20_000;

const disk: Drill = {
  about:
    'the disk of PostgreSQL is full, then the disk of Kafka; payments continue after space is freed',
  disks: true,
  refusal: () => Disks.refusal(),
  run: async (context) => {
    await underLoad(context, PER_SECOND, async () => {
      await comesTrue(context, 'withdrawals are paid', async () => (await paidSoFar(context)) >= 8);
      for (const server of ['postgres', 'kafka'] as const) await whileFull(context, server);
    });
  },
};

async function whileFull(context: RunContext, server: 'postgres' | 'kafka'): Promise<void> {
  const { system, note } = context;
  const title = server === 'kafka' ? 'Kafka' : 'PostgreSQL';
  const process = server === 'kafka' ? system.kafka.process : system.postgres.process;
  system.killed.add(server);
  system.disks?.fill(server);
  note(`the disk of ${title} is full`);
  await pause(context, FULL_MS);
  const logged = lastErrorOf(system.site.layout.logOf(server));
  note(`the log of ${title}: ${logged ?? 'no error about the disk yet'}`);
  for (const sentence of await unready(context)) note(sentence);
  system.disks?.empty(server);
  note('disk space is freed');
  await process.untilReady();
  await comesTrue(
    context,
    'every service is ready',
    async () => (await unready(context)).length === 0,
  );
  note(
    `${await goesOn(context)} more withdrawals are paid, and every service is ready without a manual restart`,
  );
}

/** Reasons for unreadiness reported by the services; equal reasons are merged. */
async function unready({ admin }: RunContext): Promise<readonly string[]> {
  const byFault = new Map<string, string[]>();
  for (const service of SIMULATED_SERVICES)
    for (const fault of await admin.faultsOf(service))
      byFault.set(fault, [...(byFault.get(fault) ?? []), service]);
  return [...byFault].map(([fault, services]) => `unready: ${services.join(', ')}: ${fault}`);
}

function lastErrorOf(file: string): string | undefined {
  return readFileSync(file, 'utf8')
    .split('\n')
    .findLast((line) => line.includes('No space left'))
    ?.slice(0, 200);
}

const NAME = 'standby';

const standby: Drill = {
  about:
    'PostgreSQL with a synchronous standby: the primary is killed, and the standby replaces the primary',
  system: () => ({ postgresSettings: { wal_keep_size: '1GB' } }),
  run: async (context) => {
    const { system, note } = context;
    await underLoad(context, PER_SECOND, async () => {
      await comesTrue(context, 'withdrawals are paid', async () => (await paidSoFar(context)) >= 5);
      const follower = await withStandby(context);
      await goesOn(context);
      const known = confirmed(context);
      await killAndStay(system.postgres.process);
      note(`the primary is killed; ${known} withdrawals are confirmed to clients`);
      await comesTrue(context, 'the standby is promoted', () =>
        withClient(follower.adminUrl('postgres'), async (client) => {
          const { rows } = await client.query<{ done: boolean }>('SELECT pg_promote() AS done');
          return rows[0]?.done === true;
        }),
      );
      system.usePostgres(follower);
      note('the standby is promoted, and the address of the primary points to the standby');
      note(`${await goesOn(context)} more withdrawals are paid; no service was restarted`);
    });
  },
};

/**
 * Starts a standby with synchronous replication: a commit counts only after the standby has the
 * data on disk.
 */
async function withStandby(context: RunContext): Promise<PostgresServer> {
  const { system, folder, note } = context;
  const [primary, dataDir] = [system.postgres, join(folder, 'postgres-standby')];
  await takeBaseBackup(primary.adminUrl('postgres'), join(folder, 'postgres'), dataDir);
  const follower = await system.startPostgres({
    dataDir,
    port: await freePort(),
    name: 'postgres-standby',
    settings: standbyOf(
      { port: primary.port, password: system.site.secrets.postgres },
      dataDir,
      NAME,
    ),
  });
  await comesTrue(context, 'the standby is synchronous', () =>
    withClient(primary.adminUrl('postgres'), async (client) => {
      await client.query(`ALTER SYSTEM SET synchronous_standby_names = '${NAME}'`);
      await client.query('SELECT pg_reload_conf()');
      const { rows } = await client.query<{ sync_state: string }>(
        'SELECT sync_state FROM pg_stat_replication WHERE application_name = $1',
        [NAME],
      );
      return rows[0]?.sync_state === 'sync';
    }),
  );
  note('a standby follows the primary, and every commit waits for the disk of the standby');
  return follower;
}

export const DRILL_NAMES = ['restore', 'brokers', 'standby', 'disk'] as const;
type DrillName = (typeof DRILL_NAMES)[number];

export const DRILLS: Readonly<Record<DrillName, Drill>> = { restore, brokers, standby, disk };
