import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { HostReply, Thrown } from './client-host.js';
import type { ClientSetup } from './client-libraries.js';

const HOST = join(import.meta.dirname, '..', '..', 'dist', 'testing', 'client-host.js');

/** A real client library in a process of its own. For specs only. */
export class ClientProcess {
  private readonly waiting = new Map<number, (reply: HostReply) => void>();
  private lastId = 0;

  private constructor(private readonly child: ChildProcess) {
    if (!child.stdout) throw new Error('no output to read answers from');
    createInterface({ input: child.stdout }).on('line', (line) => {
      const reply = JSON.parse(line) as HostReply;
      this.waiting.get(reply.id)?.(reply);
      this.waiting.delete(reply.id);
    });
    child.once('exit', () => this.waiting.forEach((resolve, id) => resolve({ id, thrown: gone })));
  }

  static start(setup: ClientSetup): ClientProcess {
    if (!existsSync(HOST)) throw new Error('build first: nx run venue-simulator:build');
    return new ClientProcess(spawn(process.execPath, [HOST, JSON.stringify(setup)], { stdio: ['pipe', 'pipe', 'inherit'] }));
  }

  /** What the library returned. Throws when the library threw. */
  async call<T = unknown>(name: string, ...args: readonly unknown[]): Promise<T> {
    const reply = await this.send(name, args);
    if ('thrown' in reply) throw new Error(`${name} threw ${JSON.stringify(reply.thrown)}`);
    return reply.value as T;
  }

  /** What the library threw. Throws when it did not. */
  async failure(name: string, ...args: readonly unknown[]): Promise<Thrown> {
    const reply = await this.send(name, args);
    if (!('thrown' in reply)) throw new Error(`${name} did not throw but returned ${JSON.stringify(reply.value)}`);
    return reply.thrown;
  }

  stop(): void {
    this.child.kill('SIGKILL');
  }

  private send(name: string, args: readonly unknown[]): Promise<HostReply> {
    const id = ++this.lastId;
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      this.child.stdin?.write(`${JSON.stringify({ id, name, args })}\n`);
    });
  }
}

const gone: Thrown = {
  type: 'Exit',
  message: 'the process of the client has ended',
  code: null,
  body: null,
  status: null,
  data: null,
  headers: null,
};
