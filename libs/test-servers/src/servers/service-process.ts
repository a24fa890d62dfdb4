import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { testMessageKeysText } from '@sluice/test-kit';
import { freePort } from './free-port.js';
import { LocalIssuer } from '../issuer/local-issuer.js';

/** Request options: internal port, person or token, and method (default GET). */
export interface Asking {
  readonly internally?: boolean;
  readonly as?: string;
  readonly token?: string;
  readonly method?: string;
}

/**
 * A built service in a separate process, on free ports, with a token issuer for the people calling
 * the service.
 */
export class ServiceProcess {
  readonly ended: Promise<number | null>;
  private written = '';

  private constructor(
    readonly port: number,
    readonly internalPort: number,
    readonly issuer: LocalIssuer,
    private readonly child: ReturnType<typeof launch>,
  ) {
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk) => (this.written += String(chunk)));
    this.ended = new Promise((resolve) => child.once('close', resolve));
  }

  /**
   * Starts a service. `log`: file for standard output; `output()` does not contain the redirected
   * output.
   */
  static async start(
    main: string,
    env: Readonly<Record<string, string>>,
    log?: string,
  ): Promise<ServiceProcess> {
    const [port, internalPort] = [await freePort(), await freePort()];
    const issuer = await LocalIssuer.start();
    const own = {
      PORT: `${port}`,
      INTERNAL_PORT: `${internalPort}`,
      OIDC_ISSUER: issuer.url,
    };
    const common = {
      MESSAGE_KEYS: testMessageKeysText('a service under test'),
      LOG_LEVEL: 'debug',
    };
    const process = launch(main, { ...common, ...env, ...own }, log);
    return new ServiceProcess(port, internalPort, issuer, process);
  }

  /** Returns all output until now. */
  output(): string {
    return this.written;
  }

  /** Sends a request. Throws an error with the service's output if no response arrives. */
  async get(
    path: string,
    { internally = false, as, token, method = 'GET' }: Asking = {},
  ): Promise<Response> {
    const credential = as === undefined ? token : this.issuer.tokenOf(as);
    const headers = {
      connection: 'close',
      ...(credential !== undefined && { authorization: `Bearer ${credential}` }),
    };
    try {
      return await fetch(`http://127.0.0.1:${internally ? this.internalPort : this.port}${path}`, {
        method,
        headers,
      });
    } catch (cause) {
      throw new Error(`no answer to ${path}: ${this.written}`, { cause });
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  async stop(): Promise<void> {
    this.signal('SIGKILL');
    await this.ended;
    await this.issuer.stop();
  }
}

function launch(main: string, env: Readonly<Record<string, string>>, log?: string) {
  const written = log === undefined ? 'pipe' : openSync(log, 'w');
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', written, 'pipe'] });
  if (typeof written === 'number') closeSync(written);
  return child;
}
