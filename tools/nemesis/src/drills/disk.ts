import { readFileSync } from 'node:fs';
import { SIMULATED_SERVICES } from '@sluice/stack';
import { Disks } from '../system/disks.js';
import type { RunContext } from '../run/with-system.js';
import { comesTrue, goesOn, paidSoFar, pause, underLoad, type Drill } from './drill-steps.js';

const PER_SECOND = 4;
const FULL_MS = 20_000;

export const disk: Drill = {
  about: 'no room is left, first for PostgreSQL, then for Kafka; it goes on when there is some',
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
  note(`no byte more fits on the disk of ${title}`);
  await pause(context, FULL_MS);
  const said = lastWords(system.logOf(server));
  note(`${title} says: ${said ?? 'nothing of it yet'}`);
  for (const sentence of await unready(context)) note(sentence);
  system.disks?.empty(server);
  note(`there is room again`);
  await process.untilReady();
  await comesTrue(
    context,
    'every service is ready',
    async () => (await unready(context)).length === 0,
  );
  note(
    `${await goesOn(context)} more are paid, and every service is ready; none was restarted by us`,
  );
}

/** Reasons for unreadiness reported by the services; equal reasons are merged. */
async function unready({ admin }: RunContext): Promise<readonly string[]> {
  const said = new Map<string, string[]>();
  for (const service of SIMULATED_SERVICES)
    for (const fault of await admin.faultsOf(service))
      said.set(fault, [...(said.get(fault) ?? []), service]);
  return [...said].map(([fault, services]) => `unready: ${services.join(', ')}: ${fault}`);
}

function lastWords(file: string): string | undefined {
  return readFileSync(file, 'utf8')
    .split('\n')
    .findLast((line) => line.includes('No space left'))
    ?.slice(0, 200);
}
