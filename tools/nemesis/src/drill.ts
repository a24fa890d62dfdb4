import { randomOf, runCommand, stopSignal } from '@sluice/stack';
import { parseArgs } from 'node:util';
import { SetupError, workspaceRoot } from '@sluice/test-servers';
import { DRILL_NAMES, DRILLS } from './drills/drills.js';
import { verdictOf } from './drills/drill-steps.js';
import { withSystem } from './run/with-system.js';

/** Two to four minutes on two quiet cores. */
const LONGEST_MS = 15 * 60_000;

const USAGE = `usage: npm run drill -- NAME [--kafka lost] [--keep]
${DRILL_NAMES.map((name) => `  ${name.padEnd(14)}${DRILLS[name].about}`).join('\n')}
  --kafka lost  restore only: Kafka's data is lost as well (default: Kafka's data is kept, ahead of the databases)
  --keep        keeps the data folder with the logs, and prints its path`;

const began = Date.now();

function say(line: string): void {
  const seconds = Math.round((Date.now() - began) / 1_000);
  console.log(
    `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}  ${line.trimEnd()}`,
  );
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      kafka: { type: 'string' },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const name = DRILL_NAMES.find((one) => one === positionals[0]);
  if (name === undefined || positionals.length !== 1)
    throw new SetupError(`a drill is one of ${DRILL_NAMES.join(', ')}\n${USAGE}`);
  if (values.kafka !== undefined && (values.kafka !== 'lost' || name !== 'restore'))
    throw new SetupError('--kafka accepts only "lost", and only for restore');
  const drill = DRILLS[name];
  const refusal = drill.refusal?.();
  if (refusal !== undefined) {
    console.log(`not possible on this machine: ${refusal}`);
    return 3;
  }
  const stop = stopSignal(say);
  const limit = AbortSignal.timeout(LONGEST_MS);
  say(`${name}: ${drill.about}`);
  say('starting one instance of each service, the servers and the simulated venues …');
  return withSystem(
    {
      random: randomOf(began),
      code: workspaceRoot(),
      keep: values.keep,
      say,
      disks: drill.disks ?? false,
      ended: AbortSignal.any([limit, stop.ended]),
      onUp: stop.onUp,
      system: (folder) => ({ instances: 1, ...drill.system?.(folder) }),
    },
    async (context) => {
      await drill.run(context, { kafkaIsLost: values.kafka === 'lost' });
      context.ended.throwIfAborted();
      return verdictOf(context);
    },
  );
}

await runCommand(USAGE, async () => {
  try {
    return await main();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'TimeoutError') throw error;
    say(`✗ stopped after ${LONGEST_MS / 60_000} minutes`);
    return 1;
  }
});
