import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestServer, type TestServer } from '@sluice/test-kit';
import { cliConfig } from '../settings/config.js';
import { runCli } from '../run-cli.js';
import { wordsOf } from './words-of.js';

export const TOKEN = 'token-of-demo';
const PASSWORD = 'demos-password';
export const DEMO = {
  account_id: '3f0c9d52-6a3e-4f5e-9a51-0b6d2f1c7e11',
  key_id: 'key_demo',
  secret: 's3cret',
};

export interface Seen {
  readonly method: string;
  readonly target: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface Reply {
  readonly status?: number;
  /** Body without an envelope; text is sent as text. */
  readonly raw?: unknown;
  readonly data?: unknown;
  readonly message?: string;
}

/** Replies by method and path, e.g. `GET /internal/dead-letters`. */
export type Script = Readonly<Record<string, Reply | ((seen: Seen) => Reply)>>;

/** Test double of a service: replies as scripted, and records the requests. */
class StandIn {
  readonly seen: Seen[] = [];
  private admitted: readonly string[] = [TOKEN];

  private constructor(
    private readonly server: TestServer,
    private readonly script: Script,
  ) {}

  static async start(script: Script): Promise<StandIn> {
    const server = await startTestServer((request, response, body) =>
      standIn.serve(request, response, body),
    );
    const standIn = new StandIn(server, script);
    return standIn;
  }

  get url(): string {
    return this.server.url;
  }

  /** Replaces the accepted tokens (default: the demo person's token). */
  admits(...tokens: readonly string[]): void {
    this.admitted = tokens;
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  private serve(request: IncomingMessage, response: ServerResponse, text: string): void {
    const { method = '', url = '', headers } = request;
    const reply = this.replyTo({ method, target: url, headers, body: text });
    const body = reply.raw ?? {
      success: (reply.status ?? 200) < 400,
      message: reply.message ?? 'OK',
      data: reply.data,
    };
    response.writeHead(reply.status ?? 200, { 'content-type': 'application/json' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  }

  private replyTo(seen: Seen): Reply {
    this.seen.push(seen);
    const path = seen.target.split('?', 1)[0] ?? '';
    const token = seen.headers.authorization?.replace('Bearer ', '') ?? '';
    if (path.startsWith('/internal/') && !this.admitted.includes(token))
      return { status: 401, message: 'The token has expired: get a new one' };
    const reply = this.script[`${seen.method} ${path}`] ?? { status: 404, message: 'Not found' };
    return typeof reply === 'function' ? reply(seen) : reply;
  }
}

export interface Scripts {
  readonly intake?: Script;
  readonly ledger?: Script;
  readonly connector?: Script;
  /** Connectors of further venues, by venue (default: none). */
  readonly venues?: Readonly<Record<string, Script>>;
  /** Webhooks service (default: none). */
  readonly webhooks?: Script;
  /** Nor the connector of our own wallet. */
  readonly wallet?: Script;
  /** Signer of our own wallet (default: none). */
  readonly signer?: Script;
  /** Password of all people in the run file (default: the right password). */
  readonly password?: string;
  readonly demo?: false;
}

/** Grants tokens like the local issuer. */
function granted({ body }: Seen): Reply {
  const form = new URLSearchParams(body);
  return form.get('client_secret') === PASSWORD
    ? { raw: { access_token: `token-of-${form.get('client_id')}`, expires_in: 600 } }
    : { status: 401, raw: { error: 'invalid_client' } };
}

/** A command line, as one text or as words. */
type CommandText = string | readonly string[];

/** A whole system of test doubles with a run file. */
export class StandInSystem {
  /** Texts shown while commands ran. */
  readonly announced: string[] = [];

  private constructor(
    readonly intake: StandIn,
    readonly ledger: StandIn,
    readonly connector: StandIn,
    private readonly others: ReadonlyMap<string, StandIn>,
    private readonly folder: string,
  ) {}

  static async start({
    intake,
    ledger,
    connector,
    venues = {},
    webhooks,
    wallet,
    signer,
    password = PASSWORD,
    demo,
  }: Scripts): Promise<StandInSystem> {
    const [one, two, three] = await Promise.all([
      StandIn.start(intake ?? {}),
      StandIn.start(ledger ?? {}),
      StandIn.start(connector ?? {}),
    ]);
    const further = Object.entries(venues).map(
      ([venue, script]) => [`connector_${venue}`, script] as const,
    );
    const wanted = Object.entries({ webhooks, connector_evm: wallet, signer });
    const others = await Promise.all(
      [...further, ...wanted].flatMap(([name, script]) =>
        script ? [StandIn.start(script).then((standIn) => [name, standIn] as const)] : [],
      ),
    );
    const folder = mkdtempSync(join(tmpdir(), 'sluice-cli-'));
    const admin = { intake_api: one.url, ledger: two.url, connector_gateio: three.url };
    const issuer = await StandIn.start({ 'POST /token': granted });
    const people = { demo: password, peter: password };
    const urls = others.map(([name, { url }]) => [name, url] as const);
    const internal = { ...admin, ...(Object.fromEntries(urls) as Record<string, string>) };
    writeFileSync(
      join(folder, 'run.json'),
      JSON.stringify({
        intake_url: one.url,
        internal,
        issuer: { token_url: `${issuer.url}/token`, people },
        ...(demo !== false && { demo: DEMO }),
      }),
    );
    return new StandInSystem(one, two, three, new Map([...others, ['issuer', issuer]]), folder);
  }

  get webhooks(): StandIn {
    const standIn = this.others.get('webhooks');
    if (!standIn) throw new Error('no script of webhooks was given');
    return standIn;
  }

  /** Runs a command line like an operator; `env`: environment of the process. */
  async sluice(line: CommandText, env: Readonly<Record<string, string>> = {}) {
    const config = cliConfig({ SLUICE_RUN: join(this.folder, 'run.json'), ...env }, false);
    return runCli(wordsIn(line), config, (text) => void this.announced.push(text));
  }

  /** Runs with `--json`. Returns the exit code and the document, the complete stdout. */
  async json(line: CommandText, env: Readonly<Record<string, string>> = {}) {
    const { exitCode, stdout } = await this.sluice([...wordsIn(line), '--json'], env);
    return { exitCode, document: JSON.parse(stdout) };
  }

  async stop(): Promise<void> {
    await Promise.all(
      [this.intake, this.ledger, this.connector, ...this.others.values()].map((one) => one.stop()),
    );
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function wordsIn(line: CommandText): readonly string[] {
  return typeof line === 'string' ? wordsOf(line) : line;
}
