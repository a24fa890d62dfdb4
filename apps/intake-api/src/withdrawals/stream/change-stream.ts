import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { monotonicMs } from '@sluice/runtime';

/** At most one event in this time. */
const EVENT_EVERY_MS = 1_000;
const COMMENT_EVERY_MS = 15_000;
/** Changes are kept for a reader that comes back within this time. */
const KEPT_AFTER_LAST_MS = 60_000;
const MOST_EVENTS = 600;
/** More changes in an event are a reset. */
const MOST_IDS = 2_000;
/** A reader that takes nothing is ended before this much waits for it. */
const MOST_UNREAD_BYTES = 1_000_000;
const RETRY_MS = 2_000;

interface ChangeEvent {
  readonly sequence: number;
  readonly text: string;
}

interface ChangeStreamOptions {
  /** Called when the first reader comes and when the changes are no longer kept. */
  readonly onActive: (isActive: boolean) => void;
  readonly now: () => Date;
}

/**
 * Changed withdrawals as server-sent events for all readers of this process. Without a reader it
 * collects nothing and has no timer.
 */
export class ChangeStream {
  private readonly process = randomUUID().slice(0, 8);
  private readonly readers = new Set<Readable>();
  private readonly changed = new Set<string>();
  private events: ChangeEvent[] = [];
  /** Number of the newest event, and of the oldest event behind which all others are kept. */
  private newest = 0;
  private oldest = 0;
  private isActive = false;
  private lastEventMs = -Infinity;
  private timers: {
    event?: NodeJS.Timeout | undefined;
    comment?: NodeJS.Timeout | undefined;
    end?: NodeJS.Timeout | undefined;
  } = {};

  constructor(private readonly options: ChangeStreamOptions) {}

  get count(): number {
    return this.readers.size;
  }

  /** A stream of events behind this id; a reset for an id that is not known. */
  open(lastEventId: string | undefined): Readable {
    clearTimeout(this.timers.end);
    if (!this.isActive) this.begin();
    const reader = new Readable({ read: () => undefined });
    reader.push(`retry: ${RETRY_MS}\n${this.textBehind(lastEventId)}`);
    this.readers.add(reader);
    reader.once('close', () => this.leave(reader));
    this.timers.comment ??= setInterval(() => this.send(':\n\n'), COMMENT_EVERY_MS).unref();
    return reader;
  }

  /** Adds changed withdrawals; null: unknown ones. */
  add(ids: readonly string[] | null): void {
    if (!this.isActive) return;
    if (ids === null) return this.reset();
    for (const id of ids) this.changed.add(id);
    if (this.changed.size > MOST_IDS) return this.reset();
    if (this.changed.size === 0) return;
    const waitMs = Math.max(this.lastEventMs + EVENT_EVERY_MS - monotonicMs(), 0);
    this.timers.event ??= setTimeout(() => this.flush(), waitMs).unref();
  }

  /** Ends every stream. */
  close(): void {
    for (const reader of this.readers) reader.push(null);
    this.end();
  }

  private textBehind(lastEventId: string | undefined): string {
    const behind = this.sequenceOf(lastEventId);
    if (lastEventId !== undefined && behind === null) return this.resetText(this.newest);
    const missed = behind === null ? [] : this.events.filter(({ sequence }) => sequence > behind);
    // an id without data: the reader knows where to go on
    return `id: ${this.process}-${this.newest}\n\n${missed.map(({ text }) => text).join('')}`;
  }

  /** Null for an id of another process, or one behind which events are gone. */
  private sequenceOf(lastEventId = ''): number | null {
    const [, process, digits] = /^([0-9a-f]{8})-(\d{1,15})$/.exec(lastEventId) ?? [];
    const sequence = Number(digits);
    const isKept = sequence >= this.oldest && sequence <= this.newest;
    return process === this.process && isKept ? sequence : null;
  }

  private flush(): void {
    this.timers.event = undefined;
    const ids = [...this.changed];
    this.changed.clear();
    this.publish((sequence) => this.eventText('changed', sequence, { ids }));
  }

  private reset(): void {
    clearTimeout(this.timers.event);
    this.timers.event = undefined;
    this.changed.clear();
    this.events = [];
    this.publish((sequence) => this.resetText(sequence));
    // a client that has not seen this reset gets its own
    this.oldest = this.newest;
  }

  private publish(write: (sequence: number) => string): void {
    this.lastEventMs = monotonicMs();
    const event = { sequence: ++this.newest, text: write(this.newest) };
    this.events.push(event);
    const gone = this.events.length > MOST_EVENTS ? this.events.shift() : undefined;
    if (gone) this.oldest = gone.sequence;
    this.send(event.text);
  }

  private resetText(sequence: number): string {
    return this.eventText('reset', sequence, {});
  }

  private eventText(event: string, sequence: number, data: object): string {
    const at = this.options.now().toISOString();
    return `id: ${this.process}-${sequence}\nevent: ${event}\ndata: ${JSON.stringify({ ...data, at })}\n\n`;
  }

  private send(text: string): void {
    for (const reader of this.readers)
      if (reader.readableLength > MOST_UNREAD_BYTES) reader.destroy();
      else reader.push(text);
  }

  private leave(reader: Readable): void {
    this.readers.delete(reader);
    if (this.readers.size > 0) return;
    clearInterval(this.timers.comment);
    this.timers.comment = undefined;
    if (this.isActive) this.timers.end = setTimeout(() => this.end(), KEPT_AFTER_LAST_MS).unref();
  }

  private begin(): void {
    this.isActive = true;
    // what changed since the last reader is not known
    this.oldest = ++this.newest;
    this.options.onActive(true);
  }

  private end(): void {
    for (const timer of Object.values(this.timers)) clearTimeout(timer);
    this.timers = {};
    this.changed.clear();
    this.events = [];
    if (this.isActive) this.options.onActive(false);
    this.isActive = false;
  }
}
