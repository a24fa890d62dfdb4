import { listOf, mapOf, textLike, type ValueCheck } from './check.js';
import type { BookedPayment, Entry, FactKeeper, SimulatedFact } from './facts.js';

/** Statuses of a payment, in order. */
export interface StatusScript {
  readonly statuses: readonly string[];
  /** The last status gives the money back. */
  readonly returnsFunds?: boolean;
}

/** Duration of each status in milliseconds. The last status of a script never ends. */
type StatusTimes = Readonly<Record<string, number>>;

export interface Selection {
  readonly kind: BookedPayment['kind'];
  /** Creation time in Unix milliseconds, both ends included. */
  readonly from: number;
  readonly to: number;
  readonly clientId?: string;
  readonly matches: (payment: BookedPayment) => boolean;
  readonly offset: number;
  readonly limit: number;
}

const LONG_IDS = 2 ** 31;

/** Accepted payments, indexed for listings. Statuses follow from the elapsed time. */
export class PaymentBook implements FactKeeper {
  private entries: Entry[] = [];
  private byKind: Record<BookedPayment['kind'], Entry[]> = { chain: [], account: [] };
  private byId = new Map<string, Entry>();
  private byClientId = new Map<string, Entry[]>();
  private returning = new Set<Entry>();
  private lastId: number;
  private lastShortId: number;
  private readonly scripted = new Map<string, StatusScript>();
  /** Final statuses with a refund. */
  private readonly givingBack: ReadonlySet<string | undefined>;

  /** `startId` must grow with each start of the folder, because ids never repeat. */
  constructor(
    private readonly statusScripts: Readonly<Record<string, StatusScript>>,
    private readonly statusTimes: () => StatusTimes,
    startId: number,
  ) {
    this.lastId = startId;
    this.lastShortId = Math.floor(startId / 1000);
    this.givingBack = new Set(
      Object.values(statusScripts).flatMap((script) =>
        script.returnsFunds ? [script.statuses.at(-1)] : [],
      ),
    );
  }

  apply(fact: SimulatedFact): void {
    if (fact.t === 'payment') this.add(fact.payment);
    else if (fact.t === 'turned') this.turn(fact.id, fact.script, fact.at);
    else if (fact.t === 'settings')
      this.advanceAll(fact.at); // new durations count from the current status: no status goes back
    else if (fact.t === 'short_ids_used') this.note(fact.last);
    else if (fact.t === 'reset') this.clear();
  }

  nextId(): number {
    return this.lastId + 1;
  }

  /** Next id for clients with 32-bit numbers: it starts at the start time in seconds. */
  nextShortId(): number {
    return this.lastShortId + 1;
  }

  /** Facts to keep in a reset, because used ids must not repeat. */
  facts(): readonly SimulatedFact[] {
    return [{ t: 'short_ids_used', last: this.lastShortId }];
  }

  find(id: string): Entry | undefined {
    return this.byId.get(id);
  }

  ofClientId(clientId: string): readonly Entry[] {
    return this.byClientId.get(clientId) ?? [];
  }

  all(): readonly Entry[] {
    return this.entries;
  }

  /** Newest first. */
  select({ kind, from, to, clientId, matches, offset, limit }: Selection): Entry[] {
    const rows = clientId === undefined ? this.byKind[kind] : this.ofClientId(clientId);
    const found: Entry[] = [];
    let skip = offset;
    for (let at = lastUpTo(rows, to); at >= 0 && found.length < limit; at--) {
      const entry = rows[at];
      if (!entry || entry.payment.created_at < from) break;
      if (entry.payment.kind !== kind || !matches(entry.payment)) continue;
      if (skip-- <= 0) found.push(entry);
    }
    return found;
  }

  statusOf(entry: Entry, now: number): string {
    const { statuses } = this.scriptOf(entry);
    const times = this.statusTimes();
    for (; entry.stage < statuses.length - 1; entry.stage++) {
      const end =
        entry.since + (times[statuses[entry.stage] ?? ''] ?? times[ANY_OTHER_STATUS] ?? 0);
      if (now < end) break;
      entry.since = end;
    }
    return statuses[entry.stage] ?? '';
  }

  /** Returns the status before the current status, shown by a venue with a record going back. */
  statusBefore(entry: Entry, now: number): string {
    const present = this.statusOf(entry, now);
    return this.scriptOf(entry).statuses[entry.stage - 1] ?? present;
  }

  statusesOf(entry: Entry): readonly string[] {
    return this.scriptOf(entry).statuses;
  }

  isFinal(entry: Entry): boolean {
    return entry.stage === this.scriptOf(entry).statuses.length - 1;
  }

  takeReturned(now: number): BookedPayment[] {
    const returned: BookedPayment[] = [];
    for (const entry of this.returning) {
      this.statusOf(entry, now);
      if (!this.isFinal(entry)) continue;
      this.returning.delete(entry);
      returned.push(entry.payment);
    }
    return returned;
  }

  private add(payment: BookedPayment): void {
    const entry: Entry = { payment, script: payment.script, stage: 0, since: payment.created_at };
    this.entries.push(entry);
    this.byKind[payment.kind].push(entry);
    this.byId.set(payment.id, entry);
    this.note(Number(payment.id.replace(/^\D+/, '')));
    if (payment.client_id !== null) {
      const same = this.byClientId.get(payment.client_id);
      if (same) same.push(entry);
      else this.byClientId.set(payment.client_id, [entry]);
    }
    if (this.scriptOf(entry).returnsFunds) this.returning.add(entry);
  }

  private note(number: number): void {
    this.lastId = Math.max(this.lastId, number);
    if (number < LONG_IDS) this.lastShortId = Math.max(this.lastShortId, number);
  }

  private turn(id: string, script: string, at: number): void {
    const entry = this.byId.get(id);
    if (!entry) throw new Error(`the log changes an unknown payment: ${id}`);
    Object.assign(entry, { script, stage: 0, since: at });
    if (this.scriptOf(entry).returnsFunds) this.returning.add(entry);
  }

  private advanceAll(now: number): void {
    for (const entry of this.entries) this.statusOf(entry, now);
  }

  private clear(): void {
    this.entries = [];
    this.byKind = { chain: [], account: [] };
    this.byId.clear();
    this.byClientId.clear();
    this.returning.clear();
  }

  private scriptOf(entry: Entry): StatusScript {
    const script =
      this.statusScripts[entry.script] ??
      this.scripted.get(entry.script) ??
      this.readScript(entry.script);
    if (!script) throw new Error(`unknown status script: ${entry.script}`);
    return script;
  }

  private readScript(name: string): StatusScript | null {
    const statuses = statusesOf(name);
    if (statuses === null) return null;
    const script: StatusScript = { statuses, returnsFunds: this.givingBack.has(statuses.at(-1)) };
    this.scripted.set(name, script);
    return script;
  }
}

/** Index of the last row created at or before `to`; rows are in order of creation. */
function lastUpTo(rows: readonly Entry[], to: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.payment.created_at ?? Infinity) <= to) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Statuses that a test wrote for payments to a destination, in the venue's own words, documented or not. They replace the venue's usual script. */
export type Scripts = Readonly<Record<string, readonly string[]>>;

/** Entry in `status_ms` with the default duration, for statuses without an entry. */
export const ANY_OTHER_STATUS = 'other';

const PREFIX = 'scripted ';

export const scriptsLike = (status: RegExp): ValueCheck =>
  mapOf(/^.{1,256}$/, listOf(textLike(status)));

/** Name of the script written for payments to this destination; null where there is none. Letters of any case are the same. */
export function customScript(scripts: Scripts, destination: string): string | null {
  const [, statuses = []] =
    Object.entries(scripts).find(([one]) => one.toLowerCase() === destination.toLowerCase()) ?? [];
  return statuses.length === 0 ? null : PREFIX + statuses.join(' ');
}

/** Returns the statuses in the name of a custom script; null for a script of the venue. */
function statusesOf(script: string): readonly string[] | null {
  return script.startsWith(PREFIX) ? script.slice(PREFIX.length).split(' ') : null;
}
