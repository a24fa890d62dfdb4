import { parseArgs } from 'node:util';
import { until, SetupError } from '@sluice/test-servers';
import { brokersOption } from './cli/brokers-option.js';
import { runCommand, listenForStop } from './cli/command.js';
import { describeUnready, printNotice, printParts } from './cli/print-parts.js';
import { describeStatus, resetData, stackStatus } from './cli/status.js';
import { stackConfig } from './system/config.js';
import { layoutOf } from './layout/layout.js';
import { startSystem } from './system/start-system.js';

const USAGE = `usage: npm run stack -- COMMAND [--data DIR]
  up [--servers] [--fast] [--tls] [--brokers 3]   start everything, or only PostgreSQL, Kafka and the simulator, and supervise it until Ctrl-C
  down                      stop the running stack
  status [--json]           list processes and addresses
  reset [--force]           delete the data; with --force, stop a running stack first`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      data: { type: 'string' },
      servers: { type: 'boolean' },
      fast: { type: 'boolean' },
      tls: { type: 'boolean' },
      brokers: { type: 'string' },
      json: { type: 'boolean' },
      force: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const home = values.data ?? stackConfig().home;
  switch (positionals[0]) {
    case 'up':
      return up(home, values);
    case 'down':
      return down(home);
    case 'status':
      return status(home, values.json === true);
    case 'reset':
      return reset(home, values.force === true);
    default:
      console.error(USAGE);
      return 2;
  }
}

interface UpOptions {
  readonly servers?: boolean;
  readonly fast?: boolean;
  readonly tls?: boolean;
  readonly brokers?: string;
}

async function up(
  home: string,
  { servers = false, fast = false, tls, brokers }: UpOptions,
): Promise<number> {
  const stop = listenForStop();
  const { unready, ...printed } = printParts(layoutOf(home).logOf);
  const system = await startSystem({
    home,
    serversOnly: servers,
    console: true,
    ...(tls !== undefined && { tls }),
    ...brokersOption(brokers),
    pace: fast ? 'fast' : 'real',
    onNotice: printNotice,
    keepsUnready: true,
    ...printed,
  });
  stop.orderly();
  if (unready.size > 0) console.log(`\n${describeUnready(unready, [...system.processes.keys()])}`);
  console.log(
    `\n${describeStatus(stackStatus(home))}\n\nlogs in ${layoutOf(home).logs}, addresses in ${layoutOf(home).run}; Ctrl-C stops everything`,
  );
  console.log(`stopping (${await stop.asked}) …`);
  await system.stop();
  return 0;
}

async function down(home: string): Promise<number> {
  const { supervisor } = stackStatus(home);
  if (supervisor === undefined) {
    console.log('not running');
    return 0;
  }
  process.kill(supervisor, 'SIGTERM');
  const gone = async (): Promise<void> => {
    if (stackStatus(home).supervisor === supervisor) throw new Error('the stack still runs');
  };
  await until('the stack did not stop', gone, 60_000, 200);
  console.log('stopped');
  return 0;
}

function status(home: string, json: boolean): number {
  const now = stackStatus(home);
  console.log(json ? JSON.stringify(now, null, 2) : describeStatus(now));
  return now.running ? 0 : 1;
}

async function reset(home: string, force: boolean): Promise<number> {
  const { supervisor } = stackStatus(home);
  if (supervisor !== undefined && !force)
    throw new SetupError(
      `the stack is running (pid ${supervisor}): stop the stack first, or use --force`,
    );
  if (supervisor !== undefined) await down(home);
  await resetData(home);
  console.log(`wiped ${home}`);
  return 0;
}

await runCommand(USAGE, main);
