import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { OPEN, type HostCall, type HostReply, type Thrown } from './client-call.js';
import type { ClientSetup } from './client-libraries.js';

const HOST = join(import.meta.dirname, '..', '..', 'dist', 'testing', 'client-host.js');

/**
 * Process with the real client libraries, separate from Jest because the libraries do not support
 * Jest's module loader. For specs only.
 */
export class ClientProcess {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, (reply: HostReply) => void>();
  private lastId = 0;

  constructor() {
    if (!existsSync(HOST)) throw new Error('build first: nx run venue-simulator:build');
    this.child = spawn(process.execPath, [HOST], { stdio: ['pipe', 'pipe', 'inherit'] });
    if (!this.child.stdout) throw new Error('no output to read answers from');
    createInterface({ input: this.child.stdout }).on('line', (line) => {
      const reply = JSON.parse(line) as HostReply;
      this.waiting.get(reply.id)?.(reply);
      this.waiting.delete(reply.id);
    });
    this.child.once('exit', () =>
      this.waiting.forEach((resolve, id) => resolve({ id, thrown: GONE })),
    );
  }

  async open(setup: ClientSetup): Promise<LibraryClient> {
    const reply = await this.send({ client: 0, name: OPEN, args: [setup] });
    if ('thrown' in reply)
      throw new Error(`${setup.library} cannot be opened: ${JSON.stringify(reply.thrown)}`);
    return new LibraryClient(this, reply.value as number);
  }

  send(call: Omit<HostCall, 'id'>): Promise<HostReply> {
    const id = ++this.lastId;
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      this.child.stdin?.write(`${JSON.stringify({ id, ...call })}\n`);
    });
  }

  stop(): void {
    this.child.kill('SIGKILL');
  }
}

/** Client of a real library. */
export class LibraryClient {
  constructor(
    private readonly process: ClientProcess,
    private readonly client: number,
  ) {}

  /** Returns the result of the library. Throws if the library threw. */
  async call<T = unknown>(name: string, ...args: readonly unknown[]): Promise<T> {
    const reply = await this.send(name, args);
    if ('thrown' in reply) throw new Error(`${name} threw ${JSON.stringify(reply.thrown)}`);
    return reply.value as T;
  }

  /** Returns the error of the library. Throws if the library did not throw. */
  async failure(name: string, ...args: readonly unknown[]): Promise<Thrown> {
    const reply = await this.send(name, args);
    if (!('thrown' in reply))
      throw new Error(`${name} did not throw but returned ${JSON.stringify(reply.value)}`);
    return reply.thrown;
  }

  /**
   * Sends `count` equal calls at once; returns each result or error. For tests of limits: a slow
   * machine could stay within a limit by accident.
   */
  burst(count: number, name: string, ...args: readonly unknown[]): Promise<readonly HostReply[]> {
    return Promise.all(Array.from({ length: count }, () => this.send(name, args)));
  }

  private send(name: string, args: readonly unknown[]): Promise<HostReply> {
    return this.process.send({ client: this.client, name, args });
  }
}

const GONE: Thrown = {
  type: 'Exit',
  message: 'the process of the client has ended',
  code: null,
  body: null,
  status: null,
  data: null,
  headers: null,
};
