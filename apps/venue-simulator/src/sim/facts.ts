import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/** All changes of the simulator, each stored as a line of the log. Times are Unix milliseconds. */
export type SimulatedFact =
  | { readonly t: 'payment'; readonly payment: BookedPayment }
  | { readonly t: 'turned'; readonly id: string; readonly script: string; readonly at: number }
  | { readonly t: 'settings'; readonly patch: SettingsPatch; readonly at: number }
  | { readonly t: 'fault_armed'; readonly fault: ArmedFault }
  | { readonly t: 'fault_met'; readonly id: number; readonly fired: boolean }
  | { readonly t: 'faults_cleared' }
  /** Facts kept by a reset: added keys, and the last short id. */
  | { readonly t: 'key_brought'; readonly key: KeyFields }
  | { readonly t: 'key_dropped'; readonly name: string }
  | { readonly t: 'short_ids_used'; readonly last: number }
  | { readonly t: 'clock'; readonly clock: ClockSetting }
  | { readonly t: 'reset' };

/** Fields of an added key, checked and unchanged. */
export type KeyFields = Readonly<Record<string, unknown>>;

/** Clock setting of a test. */
export interface ClockSetting {
  /** Offset to the machine's clock in milliseconds; positive: ahead. */
  readonly ahead_ms: number;
  /** Unix milliseconds of a stopped clock; null while the clock runs. */
  readonly stands_at: number | null;
  /** Clock for signed requests: some clients only have the machine's. */
  readonly requests: 'venue' | 'machine';
}

/** A checked partial update of a venue's settings. */
export type SettingsPatch = Readonly<Record<string, unknown>>;

/** State built only from facts: replaying the log rebuilds the state. */
export interface FactKeeper {
  apply(fact: SimulatedFact): void;
}

/** Writes a fact to the log and passes the fact to every keeper. */
export type RecordFact = (fact: SimulatedFact) => void;

/** Payment accepted by the venue, with the decisions at acceptance. */
export interface BookedPayment {
  readonly id: string;
  readonly kind: 'chain' | 'account';
  /** Client's own id, if the venue supports client ids. */
  readonly client_id: string | null;
  readonly currency: string;
  readonly chain: string | null;
  readonly destination: string;
  readonly memo: string | null;
  /** Amount deducted from the venue account, fee included. Decimal text. */
  readonly amount: string;
  readonly fee: string;
  readonly net_amount: string;
  readonly created_at: number;
  /** Name of the initial status script. */
  readonly script: string;
}

/** Payment and current progress. Only the book changes the progress. */
export interface Entry {
  readonly payment: BookedPayment;
  script: string;
  stage: number;
  /** Start of the current status, Unix milliseconds. */
  since: number;
}

export const REFUSALS = [
  'hang_then_refuse',
  'refuse_with_5xx',
  'html_body',
  'too_many_requests',
  'refuse_with',
] as const;
export const ACCEPTANCES = [
  'accept_then_hang',
  'accept_then_cut',
  'accept_then_5xx',
  'accept_then_answer',
] as const;

export type FaultName =
  | (typeof REFUSALS)[number]
  | (typeof ACCEPTANCES)[number]
  | 'in_other_form'
  | 'status_goes_back'
  | 'slow_listing';

export const ENCODINGS = ['gzip', 'deflate', 'br'] as const;

export interface ArmedFault {
  readonly id: number;
  readonly endpoint: string;
  readonly fault: FaultName;
  /** Number of affected requests. */
  readonly times: number;
  /** Number of requests to pass before the first affected request. */
  readonly after: number;
  /** HTTP status of the page for `html_body`, or HTTP status of a written answer. */
  readonly http_status: number;
  /** Body for `refuse_with` and `accept_then_answer`, sent in place of the venue's own answer. */
  readonly body: string;
  /** Content type of a written answer, and of the venue's own answer for `in_other_form`. */
  readonly content_type: string;
  /** Compression of the body, whatever the client accepts; empty for none. */
  readonly encoding: '' | (typeof ENCODINGS)[number];
  /** Header `Retry-After`; empty for none. */
  readonly retry_after: string;
}

const NEWLINE = 0x0a;

/**
 * The book on disk: a JSON line per fact, written before it takes effect. No fsync: `kill -9` loses
 * nothing, a power loss may.
 */
export class FactLog {
  private readonly file: string;
  private readonly descriptor: number;

  /** Keepers apply each fact in the order given. */
  constructor(
    folder: string,
    private readonly keepers: readonly FactKeeper[],
  ) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.file = join(folder, 'facts.jsonl');
    this.descriptor = openSync(this.file, 'a', 0o600);
  }

  record(fact: SimulatedFact): void {
    writeSync(this.descriptor, `${JSON.stringify(fact)}\n`);
    this.apply(fact);
  }

  /** Rebuilds the keepers. A cut last line is dropped; an earlier corrupt line throws `CannotStart`. */
  replay(): void {
    const bytes = readFileSync(this.file);
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
      this.apply(this.parse(bytes.toString('utf8', start, end)));
      start = end + 1;
    }
    if (start < bytes.length) ftruncateSync(this.descriptor, start);
  }

  reset(kept: readonly SimulatedFact[]): void {
    ftruncateSync(this.descriptor, 0);
    writeSync(this.descriptor, kept.map((fact) => `${JSON.stringify(fact)}\n`).join(''));
    this.apply({ t: 'reset' });
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private parse(line: string): SimulatedFact {
    try {
      return JSON.parse(line) as SimulatedFact;
    } catch {
      throw new CannotStart(`the book ${this.file} has an invalid line: ${line.slice(0, 80)}`);
    }
  }

  private apply(fact: SimulatedFact): void {
    for (const keeper of this.keepers) keeper.apply(fact);
  }
}

interface Holder {
  readonly pid: number;
  /** Command line of the process, because process ids are reused. */
  readonly program: string;
}

/** Locks a folder against a second simulator. Throws `CannotStart` if held. Returns the release. */
export function lockFolder(folder: string): () => void {
  const file = join(folder, 'lock.json');
  const holder = holderOf(file);
  if (holder !== null)
    throw new CannotStart(
      `the book in ${folder} is in use by process ${holder}: stop the process, or choose another folder with --data DIR`,
    );
  write(folder, file, { pid: process.pid, program: programOf(process.pid) });
  return () => rmSync(file, { force: true });
}

function write(folder: string, file: string, holder: Holder): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(file, JSON.stringify(holder));
  } catch (error) {
    throw new CannotStart(
      `${folder} cannot be used as the folder of a book: ${(error as Error).message}`,
    );
  }
}

/** Process id of the holder; null for a lock left behind. In a container the id repeats. */
function holderOf(file: string): number | null {
  if (!existsSync(file)) return null;
  const { pid, program } = read(file);
  return pid !== process.pid && isAlive(pid) && programOf(pid) === program ? pid : null;
}

/** Reads the lock. A truncated lock file is treated as unlocked. */
function read(file: string): Holder {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder;
  } catch (error) {
    if (error instanceof SyntaxError) return { pid: process.pid, program: '' };
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Command line of a process; empty if missing, a zombie, or without /proc. */
function programOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** Start failure, with a message for the user. */
export class CannotStart extends Error {}
