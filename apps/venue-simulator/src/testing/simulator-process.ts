import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SimulatorControl } from '@sluice/test-kit';
import type { ClientSetup } from './client-libraries.js';
import { ClientProcess, type LibraryClient } from './client-process.js';

type Key = Readonly<Record<string, string>>;

const MAIN = join(import.meta.dirname, '..', '..', 'dist', 'main.js');

/**
 * Simulator process with default settings, started the same way as `npm run simulator`, and the
 * connected clients. For specs only.
 */
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

  /** Creates a client with the main key, or with another key of the credentials by name. */
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
