import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { RecordCodec } from '@sluice/kafka';
import type { BenchOptions } from './system/bench-options.js';
import { benchBacklog } from './backlog/backlog.js';
import { benchE2e } from './e2e/e2e.js';
import { benchCodec } from './ledger/codec.js';
import { benchLedger } from './ledger/ledger.js';
import { benchSoak } from './soak/soak.js';
import { benchWebhooks } from './webhooks/webhooks.js';
import { benchLists } from './lists/lists.js';
import { benchWallet } from './wallet/wallet.js';

const USAGE = `usage: npm run bench -- [e2e] [--json FILE] [--keep] [--rates N,N,…] [--rate N] [--seconds N]
       npm run bench -- soak [--json FILE] [--keep] [--minutes N] [--rate N]
       npm run bench -- backlog [--json FILE] [--keep] [--count N] [--rate N]
       npm run bench -- ledger [--json FILE] [--keep] [--minutes N] [--rows N] [--profile FOLDER] [--codec ours|kafkajs]
       npm run bench -- codec [--json FILE] [--rows N] [--pairs N]
       npm run bench -- webhooks [--json FILE] [--keep] [--profile FOLDER]
       npm run bench -- lists [--json FILE] [--rows N]
       npm run bench -- wallet [--json FILE] [--keep]

e2e       the whole system: withdrawals per second beside the ceiling of the same run, latency and CPU by rate, memory per process (unless told otherwise)
soak      the whole system for minutes at 70 % of the rate that it sustains: memory, latency and tables, and what stays as it was
backlog   accepted withdrawals gather while the connector of their venue is stopped: how fast they drain once it runs again
ledger    the ledger alone: holds per second beside the ceiling of the same run, one hot account, a long history
codec     the ledger with our coder of records and with that of kafkajs, in turn: the ratio of their holds per second
webhooks  webhooks alone: deliveries per second to 100 endpoints, one of them dead and one slow, and how soon the first attempt is made
lists     GET /v1/withdrawals and /v1/transactions deep in a million rows of one account, with each filter
wallet    our own wallet at a chain with a block each second: confirmed per second by 1 and by 8 addresses, how soon a POST has its hash, and what the node takes by itself

--json FILE        writes the report there, too
--keep             leaves the temporary folder with its data and logs
--minutes N        of the ledger: watches its memory under load for so long; of soak: ten unless told
--rate N           of e2e: where the search for the sustained rate begins, instead of 300; of soak: withdrawals per second, instead of 70 % of what is measured first; of backlog: the sustained rate, instead of measuring it
--count N          of backlog: how many gather; 100,000 unless told
--rows N           of the ledger: captured holds of its history; ten million unless told (of codec: 200,000; of lists: a million withdrawals)
--profile FOLDER   of the ledger or webhooks: CPU profiles, one for each start
--codec NAME       of the ledger: who codes its records, as KAFKA_RECORD_CODEC; ours unless told
--rates N,N,…      of e2e: withdrawals offered per second, one rate after the other; 0,5,20,50,100,300,500 unless told
--seconds N        of e2e, soak and backlog: how long each rate is offered; what fits it unless told
--pairs N          of codec: how often both are measured; three times unless told`;

/**
 * Benchmarks by name. Each returns a flat object, printed as text and written as JSON with `--json
 * FILE`.
 */
const BENCHMARKS: Readonly<Record<string, (options: BenchOptions) => Promise<object>>> = {
  e2e: benchE2e,
  soak: benchSoak,
  backlog: benchBacklog,
  ledger: benchLedger,
  codec: benchCodec,
  webhooks: benchWebhooks,
  lists: benchLists,
  wallet: benchWallet,
};

const { positionals, values } = argumentsOf(process.argv.slice(2));
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
const name = positionals[0] ?? 'e2e';
const benchmark = BENCHMARKS[name];
if (!benchmark) {
  console.error(`no benchmark is called ${name}; there are: ${Object.keys(BENCHMARKS).join(', ')}`);
  process.exit(2);
}

const home = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
// PostgreSQL started by root runs as another user and must reach the data folder.
chmodSync(home, 0o711);
try {
  const report = await benchmark({
    home,
    say: (line) => console.log(line),
    profileDir: values.profile,
    minutes: amount('minutes', values.minutes),
    rows: amount('rows', values.rows),
    codec: codecOf(values.codec),
    pairs: amount('pairs', values.pairs),
    rates: values.rates?.split(',').map((rate) => amount('rates', rate) ?? 0),
    seconds: amount('seconds', values.seconds),
    rate: amount('rate', values.rate),
    count: amount('count', values.count),
  });
  console.log();
  for (const [key, value] of Object.entries(report))
    console.log(`${key.padEnd(26)} ${typeof value === 'object' ? JSON.stringify(value) : value}`);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
} finally {
  if (!values.keep) rmSync(home, { recursive: true, force: true });
}
process.exit(0);

function amount(option: string, text: string | undefined): number | undefined {
  if (text === undefined || /^\d+(\.\d+)?$/.test(text))
    return text === undefined ? undefined : Number(text);
  console.error(`--${option} takes a number, not ${text}`);
  process.exit(2);
}

function codecOf(text: string | undefined): RecordCodec | undefined {
  if (text === undefined || text === 'ours' || text === 'kafkajs') return text;
  console.error(`--codec takes ours or kafkajs, not ${text}`);
  process.exit(2);
}

/**
 * Parses arguments. Unknown arguments end with exit code 2 and a single line, like every command of
 * this project.
 */
function argumentsOf(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        json: { type: 'string' },
        keep: { type: 'boolean', default: false },
        profile: { type: 'string' },
        minutes: { type: 'string' },
        rows: { type: 'string' },
        codec: { type: 'string' },
        pairs: { type: 'string' },
        rates: { type: 'string' },
        seconds: { type: 'string' },
        rate: { type: 'string' },
        count: { type: 'string' },
      },
    });
  } catch (error) {
    console.error(`${(error as Error).message.split('. ')[0]}; npm run bench -- --help tells more`);
    process.exit(2);
  }
}
