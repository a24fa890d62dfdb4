import { Client, type ClientConfig } from 'pg';

/**
 * A connection whose loss fails the statements that use it and nothing else. An `error` event without a listener ends the process, and
 * pg-pool leaves a fresh connection without a listener between its own and that of whoever gets it: this one has a listener from its constructor on.
 */
export class ErrorSafeClient extends Client {
  constructor(config?: string | ClientConfig) {
    super(config);
    this.on('error', () => undefined); // every statement under way or to come fails with it
  }
}
