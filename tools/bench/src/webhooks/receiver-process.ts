import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, 'receiver-main.js');

/** The endpoints, in a process of their own: what they cost is not the service's. Ends with this process. */
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

  /** How many events have arrived at least once. */
  count(): Promise<number> {
    return this.ask<number>('count');
  }

  /** When each has arrived, by its withdrawal's number; forgets them. */
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
