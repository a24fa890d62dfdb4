import type { Result } from '@sluice/kernel';
import type { FastifyInstance } from 'fastify';
import type { FaultBook } from './faults.js';
import type { BroughtKeys } from './key-book.js';
import type { PaymentBook } from './payment-book.js';
import type { SimulatedClock } from './venue-clock.js';

/** Simulated venue, for the server and the control API. */
export interface VenueSimulation {
  /** Path of the venue's API, e.g. `/api/v4`. */
  readonly basePath: string;
  /**
   * Part of the base path in the base URL for clients. Default: the whole base path. Shorter if the
   * venue's clients add the path.
   */
  readonly basePathOfClients?: string;
  readonly book: PaymentBook;
  readonly faults: FaultBook;
  readonly clock: SimulatedClock;
  readonly keys: BroughtKeys;
  /** Adds the venue's routes; the instance has the base path as its prefix and hands bodies over as raw bytes. */
  mount(api: FastifyInstance): void;
  /** Client credentials, in addition to the address. */
  credentials(): Readonly<Record<string, unknown>>;
  /** Number of requests over a rate limit, by limit and client; a missing key means zero. */
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
