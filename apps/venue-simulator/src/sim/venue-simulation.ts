import type { Result } from '@sluice/result';
import type { FastifyInstance } from 'fastify';
import type { FaultBook } from './faults.js';
import type { BroughtKeys } from './key-book.js';
import type { PaymentBook } from './payment-book.js';
import type { VenueClock } from './venue-clock.js';

/** One venue, as the server and the control API see it. */
export interface VenueSimulation {
  /** Path under which the venue's API is served, e.g. `/api/v4`. */
  readonly basePath: string;
  /** What of it belongs to the base URL that clients are given; all of it, unless the venue's clients write it themselves. */
  readonly basePathOfClients?: string;
  readonly book: PaymentBook;
  readonly faults: FaultBook;
  readonly clock: VenueClock;
  readonly keys: BroughtKeys;
  /** Adds the venue's routes; the instance has the base path as its prefix and hands bodies over as raw bytes. */
  mount(api: FastifyInstance): void;
  /** What a client needs beside the address. */
  credentials(): Readonly<Record<string, unknown>>;
  /** How many requests were over a rate limit, by the name of the limit and who asked; none named has none. */
  rateLimited(): Readonly<Record<string, number>>;
  settings(): object;
  changeSettings(patch: unknown): Result<void, string>;
  /** Empties the book, disarms the faults, restores the settings, sets the clock right. */
  reset(): void;
  close(): void;
}

export interface SimulationOptions {
  /** Folder of the book. */
  readonly data: string;
  /** The machine's time, Unix milliseconds. */
  readonly machineTime: () => number;
}
