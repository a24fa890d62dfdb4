import { readFileSync } from 'node:fs';
import { SIMULATED_SERVICES } from '@sluice/stack';
import { Disks } from '../system/machine.js';
import type { RunContext } from '../run/with-system.js';
import { comesTrue, goesOn, paidSoFar, pause, underLoad, type Drill } from './drill-steps.js';

const PER_SECOND = 4;
const FULL_MS = 20_000;

export const disk: Drill = {
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
