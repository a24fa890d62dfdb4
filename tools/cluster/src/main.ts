import { listenForStop, runCommand } from '@sluice/stack';
import { readOptions, USAGE } from './options.js';
import { CannotRunHere, run } from './run.js';
import { Teller } from './output/say.js';

/** Exit code: this machine cannot start a cluster, and no existing cluster is configured. */
const CANNOT_HERE = 3;
const LONGEST_MS = 45 * 60_000;

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  const stop = listenForStop();
  stop.orderly();
  const stopped = new Promise<never>((_, reject) => {
    void stop.asked.then((why) => reject(new Error(`stopped (${why})`)));
    const minutes = LONGEST_MS / 60_000;
    const tooLong = (): void => reject(new Error(`the time limit has passed: ${minutes} minutes`));
    setTimeout(tooLong, LONGEST_MS).unref();
  });
  stopped.catch(() => undefined);
  const faults = await run(options, new Teller(), stopped);
  for (const fault of faults) console.error(`✗ ${fault}`);
  console.log(faults.length === 0 ? 'ok: every withdrawal is paid exactly once' : 'failed');
  return faults.length === 0 ? 0 : 1;
}

await runCommand(USAGE, async () => {
  try {
    return await main();
  } catch (error) {
    if (!(error instanceof CannotRunHere)) throw error;
    console.error(`this machine cannot run the cluster:\n${error.message}`);
    return CANNOT_HERE;
  }
});
