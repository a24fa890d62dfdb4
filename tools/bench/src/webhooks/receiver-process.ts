import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, 'receiver-main.js');

/**
 * The endpoints in a separate process: the endpoints' cost is not the service's cost. Ends with
 * this process.
 */
export class ReceiverProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
  ) {}

  static async start(): Promise<ReceiverProcess> {
    const child = fork(MAIN);
    const [{ port }] = (await once(child, 'message')) as [{ port: number }];
    return new ReceiverProcess(child, port);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Number of distinct arrived events. */
  count(): Promise<number> {
    return this.ask<number>('count');
  }

  /** Returns the arrival times by withdrawal number, and forgets the arrivals. */
  async take(): Promise<ReadonlyMap<number, number>> {
    return new Map(await this.ask<readonly (readonly [number, number])[]>('take'));
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.disconnect();
    await ended;
  }

  private async ask<T>(question: string): Promise<T> {
    this.child.send(question);
    const [answer] = (await once(this.child, 'message')) as [T];
    return answer;
  }
}
