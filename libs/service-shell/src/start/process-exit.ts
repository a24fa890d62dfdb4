import type { Logger } from 'pino';
import { isTransientFault } from '../platform/start-faults.js';

const DRAIN_LIMIT_MS = 20_000;

/**
 * Ends this process: SIGTERM and SIGINT drain it, a permanently failed part exits with 1. Errors of
 * unavailable resources do not.
 */
export class ProcessExit {
  private drain: () => Promise<void> = () => Promise.resolve();
  private stopping = false;

  constructor(private readonly logger: Logger) {
    process.on('unhandledRejection', (error) => this.onUncaught(error));
    process.on('uncaughtException', (error) => this.onUncaught(error));
    process.on('SIGTERM', (signal) => this.stop(signal));
    process.on('SIGINT', (signal) => this.stop(signal));
  }

  drainWith(drain: () => Promise<void>): void {
    this.drain = drain;
  }

  /** Ends the process immediately: a part of the process is permanently broken. */
  fail(error: unknown): never {
    this.logger.fatal({ err: error }, 'the service stops because a part of it failed permanently');
    process.exit(1);
  }

  /** A wrong setting: a sentence, which a stack would hide. */
  failWithSentence(sentence: string): never {
    this.logger.fatal({}, sentence);
    process.exit(1);
  }

  private onUncaught(error: unknown): void {
    if (!isTransientFault(error)) this.fail(error);
    this.logger.error(
      { err: error },
      'an uncaught fault of the network, the database or the machine occurred; the service continues',
    );
  }

  private stop(signal: NodeJS.Signals): void {
    if (this.stopping) return;
    this.stopping = true;
    this.logger.info({ signal }, 'draining');
    setTimeout(() => {
      this.logger.error(
        {},
        'the drain exceeded its timeout; unfinished messages will be redelivered',
      );
      process.exit(1);
    }, DRAIN_LIMIT_MS).unref();
    this.drain().then(
      () => process.exit(0),
      (error: unknown) => this.fail(error),
    );
  }
}
