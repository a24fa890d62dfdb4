import { Client, type ClientConfig } from 'pg';

/**
 * Client whose connection loss fails only the statements on the connection. An `error` event
 * without a listener ends the process. In pg-pool a fresh connection has no listener for a moment,
 * between the pool's listener and the user's listener. This client has a listener from construction
 * on.
 */
export class ErrorSafeClient extends Client {
  constructor(config?: string | ClientConfig) {
    super(config);
    this.on('error', () => undefined); // every running or later statement fails with the error
  }
}
