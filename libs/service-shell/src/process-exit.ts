import type { Logger } from 'pino';
import { isTransientFault } from './start-faults.js';

const DRAIN_LIMIT_MS = 20_000;

/**
 * The ways in which this process ends: SIGTERM and SIGINT drain it, a part that failed for good ends it at once with exit code 1, and an
 * uncaught error that only says that something is away (the network, disk space) does not end it.
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

  /** From now on a signal calls this before the process ends. */
  drainWith(drain: () => Promise<void>): void {
    this.drain = drain;
  }

  /** Ends the process now: a part of it cannot work any more. */
  fail(error: unknown): never {
    this.logger.fatal({ err: error }, 'stopping: a part of this service failed for good');
    process.exit(1);
  }

  /** Ends the process for a wrong setting. Logs one sentence without a stack, which would hide it. */
  failWithSentence(sentence: string): never {
    this.logger.fatal({}, sentence);
    process.exit(1);
  }

  private onUncaught(error: unknown): void {
    if (!isTransientFault(error)) this.fail(error);
    this.logger.error(
      { err: error },
      'uncaught fault of the network, the database or the machine; the service goes on',
    );
  }

  private stop(signal: NodeJS.Signals): void {
    if (this.stopping) return;
    this.stopping = true;
    this.logger.info({ signal }, 'draining');
    setTimeout(() => {
      this.logger.error({}, 'drain took too long; what is unfinished will be redelivered');
      process.exit(1);
    }, DRAIN_LIMIT_MS).unref();
    this.drain().then(
      () => process.exit(0),
      (error: unknown) => this.fail(error),
    );
  }
}
