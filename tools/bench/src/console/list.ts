import { createHash, randomInt, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { recipientDigest } from '@sluice/messages';
import {
  createKey,
  FIRST_VENUE,
  percentiles,
  specOf,
  startSystem,
  superuserUrlOf,
  twoPeople,
  urlOfAllAccounts,
  type System,
} from '@sluice/stack';
import { fill, MOSTLY, RARELY } from '../lists/fill.js';
import { openClient } from '../machine/open-client.js';
import type { Verdict } from '../soak/verdicts.js';
import { stopAllBut, type BenchOptions } from '../system/bench-system.js';
import { LoggedIn } from './logged-in.js';

const ROWS = 1_000_000;
const [WARM_UP, TIMES] = [5, 60];
const MOST_MS = 300;
/** Address of every third withdrawal. */
const BUSY_ADDRESS = '0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed';

/** A page of the list, through the console's gateway: milliseconds from the request to the last byte. */
interface ListRow {
  readonly question: string;
  readonly rows: number;
  readonly p50_ms: number;
  readonly p95_ms: number;
}

interface ListAnswer {
  readonly data: readonly unknown[];
  readonly message: string;
}

interface ListReport {
  readonly rows: number;
  readonly questions: readonly ListRow[];
  readonly verdicts: readonly Verdict[];
}

/** First page of the operators' list in a long history, with each filter, over HTTP through the console. */
export async function measureList({
  home,
  rows = ROWS,
  say,
}: Pick<BenchOptions, 'home' | 'rows' | 'say'>): Promise<ListReport> {
  const system = await startSystem({
    home: join(home, 'list'),
    venues: [FIRST_VENUE],
    pace: 'fast',
    logLevel: 'warn',
    console: true,
  });
  try {
    const people = twoPeople(() => system.run);
    const { account_id: accountId } = await people.intake.createAccount({ name: 'bench' });
    const { key_id: keyId } = await createKey(people, accountId, {
      label: 'bench',
      permissions: ['read_withdrawal_status'],
    });
    await stopAllBut(system, ['postgres', 'kafka', 'intake-api', 'console']);
    say(`list: filling ${rows} rows`);
    const questions = await questionsOn(system, { accountId, keyId, rows });
    const browser = await LoggedIn.open(system);
    const measured: ListRow[] = [];
    for (const [question, queryOf] of questions) {
      const row = { question, ...(await timed(browser, queryOf)) };
      measured.push(row);
      say(`list: ${row.p95_ms} ms p95 · ${row.p50_ms} ms p50 · ${row.rows} rows · ${question}`);
    }
    await browser.close();
    return { rows, questions: measured, verdicts: measured.map(verdictOn) };
  } finally {
    await system.stop();
  }
}

type Question = readonly [question: string, queryOf: () => string];

/** Fills the history, and returns each filter alone, with changing values where it has many. */
async function questionsOn(
  system: System,
  history: { readonly accountId: string; readonly keyId: string; readonly rows: number },
): Promise<readonly Question[]> {
  const databaseUrl = urlOfAllAccounts(superuserUrlOf(system, specOf('intake-api').database));
  const filled = await fill(databaseUrl, history);
  const known = Array.from({ length: TIMES }, () => 1 + randomInt(history.rows));
  await setRecipients(databaseUrl, known);
  const any = (): number => known[randomInt(known.length)] ?? 1;
  return [
    ['no filter', () => ''],
    ...['completed', 'failed', 'cancelled', 'rejected', 'submitted', 'requested'].map(
      (state): Question => [`state ${state}`, () => `state=${state}`],
    ),
    ['account', () => `account_id=${history.accountId}`],
    ['account and a rare state', () => `account_id=${history.accountId}&state=failed`],
    ['account without withdrawals', () => `account_id=${randomUUID()}`],
    ['busy venue', () => `venue=${MOSTLY}`],
    ['rare venue', () => `venue=${RARELY}`],
    ['currency and network', () => 'currency=USDT&network=ETH'],
    ['time since', () => `requested_since=${filled.moment}`],
    ['time before', () => `requested_before=${filled.moment}`],
    ['client reference', () => `client_reference=order-${any()}`],
    ['search: number', () => `q=${filled.deep}`],
    ['search: client reference', () => `q=order-${any()}`],
    ['search: address', () => `q=${addressOf(any())}`],
    ['search: busy address', () => `q=${BUSY_ADDRESS}`],
    ['search: new hash', () => `q=${hashOf(history.rows - randomInt(1_000))}`],
    ['search: old hash', () => `q=${hashOf(any())}`],
    ['search: nothing', () => `q=none-${any()}`],
  ];
}

/** Gives the withdrawals of the questions, and every third one, the digest of their address. */
async function setRecipients(databaseUrl: string, known: readonly number[]): Promise<void> {
  const client = await openClient(databaseUrl);
  const digestOf = (address: string) => recipientDigest({ type: 'address', address });
  await client.query(
    `UPDATE withdrawal SET recipient = decode($1, 'hex') WHERE withdrawal.number % 3 = 0`,
    [digestOf(BUSY_ADDRESS)],
  );
  await client.query(
    `UPDATE withdrawal SET recipient = decode(digest_of, 'hex') FROM unnest($1::text[], $2::text[]) AS k (reference, digest_of) WHERE client_reference = reference`,
    [known.map((n) => `order-${n}`), known.map((n) => digestOf(addressOf(n)))],
  );
  await client.query('VACUUM (ANALYZE) withdrawal');
  await client.end();
}

/** Address and hash of a withdrawal of the history by its place, as `fill` writes them. */
function addressOf(n: number): string {
  return `0x${md5(String(n))}abcdabcd`;
}

function hashOf(n: number): string {
  return `0x${md5(`tx${n}`)}`;
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

async function timed(
  { url, headers }: LoggedIn,
  queryOf: () => string,
): Promise<Omit<ListRow, 'question'>> {
  const sample: number[] = [];
  let rows = 0;
  for (let n = 0; n < WARM_UP + TIMES; n += 1) {
    const since = performance.now();
    const target = `${url}/api/services/intake-api/withdrawals?${queryOf()}`;
    const answer = await fetch(target, { headers });
    const { data, message } = (await answer.json()) as ListAnswer;
    if (!answer.ok) throw new Error(`${target}: ${answer.status} ${message}`);
    if (n >= WARM_UP) sample.push(performance.now() - since);
    rows = data.length;
  }
  const { p50, p95 } = percentiles(sample);
  return { rows, p50_ms: Number(p50.toFixed(1)), p95_ms: Number(p95.toFixed(1)) };
}

function verdictOn({ question, p95_ms: p95 }: ListRow): Verdict {
  return {
    what: `list, ${question}`,
    ok: p95 < MOST_MS,
    says: `p95 ${p95} ms, below ${MOST_MS}`,
  };
}
