import { Client, type ClientConfig } from 'pg';

/**
 * A connection whose loss is told to those who use it and ends nothing else. An `error` event that nobody hears ends the process, and
 * pg-pool leaves a fresh connection without a listener between its own and that of whoever gets it: this one hears from the beginning.
 */
export class SteadyClient extends Client {
  constructor(config?: string | ClientConfig) {
    super(config);
    this.on('error', () => undefined); // every statement under way or to come fails with it
  }
}
