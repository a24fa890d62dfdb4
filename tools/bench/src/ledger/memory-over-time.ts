import { setTimeout as sleep } from 'node:timers/promises';
import { residentMb } from '../machine/machine.js';
import { eventsIn, produce, type CommandBody, type LedgerWorld } from './backlog.js';

const [SAMPLE_MS, POLL_MS, SAY_MS, STALLED_MS] = [1_000, 50, 15_000, 60_000];
const [SETTLING, FLAT] = [0.1, 1.1];

/**
 * Watches a process under continuous load: new commands are produced while the previous commands
 * are being answered. Memory counts as flat if the last third of the time needs no more than the
 * first. The first tenth is left out.
 */
export async function memoryOverTime(
  world: LedgerWorld,
  round: () => CommandBody[],
  minutes: number,
  say: (line: string) => void,
) {
  const admin = world.kafka.admin();
  await admin.connect();
  const committed = () => eventsIn(admin);
  const samples: number[] = [];
  const sampling = setInterval(() => samples.push(residentMb(world.ledgerPid())), SAMPLE_MS);
  const until = Date.now() + minutes * 60_000;
  const start = await committed();
  try {
    for (let [expected, saidAt] = [start, Date.now()]; Date.now() < until;) {
      const commands = round();
      await produce(world, commands);
      await reaches(expected, committed); // waits for all commands except the batch just produced
      expected += commands.length;
      if (Date.now() - saidAt < SAY_MS) continue;
      saidAt = Date.now();
      say(
        `  ${((until - saidAt) / 60_000).toFixed(1)} minutes left, ${expected - start} holds produced, ${samples.at(-1)} MB`,
      );
    }
  } finally {
    clearInterval(sampling);
    await admin.disconnect();
  }
  const { first, last } = thirds(samples);
  const ratio = last / first;
  say(
    `memory over ${minutes} minutes: first third ${first.toFixed(0)} MB, last third ${last.toFixed(0)} MB: ${ratio <= FLAT ? 'flat' : 'NOT flat'}`,
  );
  return { rss_last_by_first_third: Number(ratio.toFixed(2)) };
}

async function reaches(expected: number, committed: () => Promise<number>): Promise<void> {
  for (const since = Date.now(); (await committed()) < expected; await sleep(POLL_MS)) {
    if (Date.now() - since > STALLED_MS) throw new Error('the ledger stopped answering');
  }
}

/** Means of the first and the last third, without the start. */
export function thirds(samples: readonly number[]): { first: number; last: number } {
  const settled = samples.slice(Math.ceil(samples.length * SETTLING));
  const third = Math.ceil(settled.length / 3);
  return { first: mean(settled.slice(0, third)), last: mean(settled.slice(-third)) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
