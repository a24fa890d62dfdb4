import { rmSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { runCommand } from '@sluice/stack';
import { newDataFolder, SetupError } from '@sluice/test-servers';
import type { BenchOptions } from './system/bench-system.js';
import { benchBacklog } from './backlog/backlog.js';
import { benchBudget } from './budget/budget.js';
import { benchConsole } from './console/console.js';
import { benchE2e } from './e2e/e2e.js';
import { benchLedger } from './ledger/ledger.js';
import { benchScale } from './scale/scale.js';
import { benchSoak } from './soak/soak.js';
import { benchWebhooks } from './webhooks/webhooks.js';
import { benchLists } from './lists/lists.js';
import { benchWallet } from './wallet/wallet.js';

const USAGE = `usage: npm run bench -- [e2e] [--json FILE] [--keep] [--rates N,N,…] [--rate N] [--seconds N] [--policy FILE]
       npm run bench -- budget [--json FILE] [--keep] [--rates N,N,…] [--seconds N] [--write]
       npm run bench -- scale [--json FILE] [--keep] [--rates N,N,…] [--seconds N]
       npm run bench -- soak [--json FILE] [--keep] [--minutes N] [--rate N]
       npm run bench -- backlog [--json FILE] [--keep] [--count N] [--rate N]
       npm run bench -- ledger [--json FILE] [--keep] [--minutes N] [--rows N] [--profile FOLDER]
       npm run bench -- webhooks [--json FILE] [--keep] [--profile FOLDER]
       npm run bench -- lists [--json FILE] [--rows N]
       npm run bench -- wallet [--json FILE] [--keep]
       npm run bench -- console [idle] [first] [cost] [live] [list] [--json FILE] [--keep] [--minutes N] [--rate N] [--seconds N] [--rows N]

e2e       the whole system (default): withdrawals per second compared with the ceiling of the same run, latency and CPU by rate, memory per process
budget    the whole system: transactions, rows, index entries, WAL and records per withdrawal, counted from outside at each rate
scale     1, 2 and 4 instances of each service at the same rate per instance: CPU per withdrawal, which must stay flat
soak      the whole system for minutes at 70 % of the sustained rate: growth of memory, latency and tables
backlog   a backlog of accepted withdrawals while a connector is stopped: drain rate after the connector's restart
ledger    the ledger alone: holds per second compared with the ceiling of the same run, one hot account, a long history
webhooks  webhooks alone: deliveries per second to 100 endpoints (a dead and a slow endpoint included), and delay of the first attempt
lists     GET /v1/withdrawals and /v1/transactions deep in a million rows of one account, with each filter
wallet    our own wallet on a chain with a block each second: confirmations per second with 1 and 8 addresses, time from POST to hash, and the ceiling of the node alone
console   the operators' page in Chromium, all parts or the named ones: CPU without work, time to the first content, cost of an open page, memory under live updates, the list at a million rows

--json FILE        writes the report to FILE as well
--keep             keeps the temporary folder with data and logs
--minutes N        ledger: measures memory under load for N minutes; soak: duration (default 10); console: live updates (default 30)
--rate N           e2e: start of the search for the sustained rate (default 300); soak: withdrawals per second (default 70 % of the measured rate); backlog: the sustained rate (default: measured); console: cost (default 50) and live (default 20)
--count N          backlog: size of the backlog (default 100,000)
--rows N           ledger: captured holds in the history (default 10 million); lists and console: withdrawals (default 1 million)
--profile FOLDER   ledger and webhooks: writes a CPU profile of each start
--rates N,N,…      e2e, budget and scale: offered withdrawals per second, one rate after another (default 0,5,20,50,100,300,500; budget: 5,20,50,100; scale: 25 per instance)
--policy FILE      e2e: publishes the rule set of this file first, for example tools/bench/policies/twenty-rules.json
--write            budget: writes the committed budget of the test (tools/bench/budget.json)
--seconds N        e2e, budget, scale, soak, backlog and console: duration of each rate (default: fits the rate)`;

/**
 * Benchmarks by name. Each returns a flat object, printed as text and written as JSON with `--json
 * FILE`.
 */
const BENCHMARKS: Readonly<Record<string, (options: BenchOptions) => Promise<object>>> = {
  e2e: benchE2e,
  budget: benchBudget,
  scale: benchScale,
  soak: benchSoak,
  backlog: benchBacklog,
  ledger: benchLedger,
  webhooks: benchWebhooks,
  lists: benchLists,
  wallet: benchWallet,
  console: benchConsole,
};

await runCommand(USAGE, async () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      json: { type: 'string' },
      policy: { type: 'string' },
      keep: { type: 'boolean', default: false },
      profile: { type: 'string' },
      minutes: { type: 'string' },
      rows: { type: 'string' },
      rates: { type: 'string' },
      seconds: { type: 'string' },
      rate: { type: 'string' },
      count: { type: 'string' },
      write: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const [name = 'e2e', ...parts] = positionals;
  const benchmark = BENCHMARKS[name];
  if (!benchmark)
    throw new SetupError(`unknown benchmark ${name}; known: ${Object.keys(BENCHMARKS).join(', ')}`);
  const home = newDataFolder('sluice-bench-');
  try {
    const report = await benchmark({
      home,
      say: (line) => console.log(line),
      profileDir: values.profile,
      minutes: amount('minutes', values.minutes),
      rows: amount('rows', values.rows),
      rates: values.rates?.split(',').map((rate) => amount('rates', rate) ?? 0),
      seconds: amount('seconds', values.seconds),
      rate: amount('rate', values.rate),
      count: amount('count', values.count),
      write: values.write,
      policy: values.policy,
      parts,
    });
    console.log();
    for (const [key, value] of Object.entries(report))
      console.log(`${key.padEnd(26)} ${typeof value === 'object' ? JSON.stringify(value) : value}`);
    if (values.json !== undefined)
      writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
  } finally {
    if (!values.keep) rmSync(home, { recursive: true, force: true });
  }
  return 0;
});

function amount(option: string, text: string | undefined): number | undefined {
  if (text === undefined || /^\d+(\.\d+)?$/.test(text))
    return text === undefined ? undefined : Number(text);
  throw new SetupError(`--${option} must be a number, not ${text}`);
}
