import type { Logger } from 'pino';
import { isPassing } from './start-faults.js';

const DRAIN_LIMIT_MS = 20_000;

/** How this process ends: in order when it is told to, at once when something is broken, and not at all when something was only away. */
export class Ending {
  private drain: () => Promise<void> = () => Promise.resolve();
  private stopping = false;

  constructor(private readonly logger: Logger) {
    process.on('unhandledRejection', (error) => this.mishap(error));
    process.on('uncaughtException', (error) => this.mishap(error));
    process.on('SIGTERM', (signal) => this.stop(signal));
    process.on('SIGINT', (signal) => this.stop(signal));
  }

  /** From now on there is something to be finished before the end. */
  inOrder(drain: () => Promise<void>): void {
    this.drain = drain;
  }

  die(error: unknown): never {
    this.logger.fatal({ err: error }, 'stopping: a part of this service failed for good');
    process.exit(1);
  }

  /** A wrong setting: somebody has to read the sentence, and a stack would be in the way. */
  refuse(sentence: string): never {
    this.logger.fatal({}, sentence);
    process.exit(1);
  }

  private mishap(error: unknown): void {
    if (!isPassing(error)) this.die(error);
    this.logger.error(
      { err: error },
      'a fault of the surroundings reached nobody who could do something about it; the service goes on',
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
      (error: unknown) => this.die(error),
    );
  }
}
