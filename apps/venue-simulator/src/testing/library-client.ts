import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { SimulatorControl } from '@sluice/test-kit';
import {
  type ClientSetup,
  type HostCall,
  type HostReply,
  OPEN,
  type Thrown,
} from './client-libraries.js';

interface GivenLibrary {
  readonly simulator: SimulatorProcess;
  readonly client: LibraryClient;
}

/** A simulator for a file, reset before each test, and a client of the library. */
export function givenLibrary(
  venue: string,
  library: ClientSetup['library'],
  change: Partial<ClientSetup> = {},
): GivenLibrary {
  let given: GivenLibrary | null = null;
  beforeAll(async () => {
    const simulator = await SimulatorProcess.start(venue);
    given = { simulator, client: await simulator.client(library, change) };
  });
  beforeEach(() => started().simulator.control.reset());
  afterAll(() => given?.simulator.stop());

  return {
    get simulator() {
      return started().simulator;
    },
    get client() {
      return started().client;
    },
  };

  function started(): GivenLibrary {
    if (given === null) throw new Error('the simulator starts before the first test');
    return given;
  }
}

const HOST = join(import.meta.dirname, '..', '..', 'dist', 'testing', 'client-host.js');

/** A process of client libraries, which do not support Jest's module loader. */
class ClientProcess {
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

class LibraryClient {
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

  /** Sends `count` equal calls at once and returns each result or error. */
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

type Key = Readonly<Record<string, string>>;

const MAIN = join(import.meta.dirname, '..', '..', 'dist', 'main.js');

/** Simulator process as of `npm run simulator`, and its clients. */
export class SimulatorProcess {
  readonly control: SimulatorControl;
  private clients: ClientProcess | null = null;

  private constructor(
    url: string,
    private readonly child: ChildProcess,
    private readonly data: string,
  ) {
    this.control = new SimulatorControl(url);
  }

  static async start(venue: string): Promise<SimulatorProcess> {
    if (!existsSync(MAIN)) throw new Error('build first: nx run venue-simulator:build');
    const data = mkdtempSync(join(tmpdir(), `sluice-clients-${venue}-`));
    const child = spawn(process.execPath, [MAIN, venue, '--port', '0', '--data', data], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const url = /on (http:\S+)/.exec(line.toString())?.[1];
    if (!url) throw new Error(`unexpected first line: ${line.toString()}`);
    return new SimulatorProcess(url, child, data);
  }

  async client(
    library: ClientSetup['library'],
    change: Partial<ClientSetup> & { readonly keyName?: string } = {},
  ): Promise<LibraryClient> {
    const { keyName = 'main', ...own } = change;
    const credentials = await this.control.credentials();
    const keys = [credentials as Key, ...(credentials['other_keys'] as readonly Key[])];
    const {
      api_key: key = '',
      api_secret: secret = '',
      memo = '',
    } = keys.find(({ name }) => name === keyName) ?? {};
    if (key === '') throw new Error(`the simulator has no key ${keyName}`);
    this.clients ??= new ClientProcess();
    return this.clients.open({
      library,
      baseUrl: String(credentials['base_url']),
      key,
      secret,
      memo,
      options: {},
      clockOffMs: 0,
      ...own,
    });
  }

  async stop(): Promise<void> {
    this.clients?.stop();
    const exited = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exited;
    rmSync(this.data, { recursive: true, force: true });
  }
}
