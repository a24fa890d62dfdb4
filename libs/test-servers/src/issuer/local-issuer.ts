/**
 * Small OIDC token issuer for developer machines: the people have generated passwords. Imports only
 * Node modules, because the composed stack runs this file directly.
 */
import {
  createHash,
  createPrivateKey,
  generateKeyPairSync,
  randomBytes,
  randomUUID,
  sign,
  timingSafeEqual,
  type JsonWebKey,
} from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** People of a local stack, each with the granted roles. */
export const LOCAL_ROLES: Readonly<Record<string, readonly string[]>> = {
  demo: ['operate', 'approve', 'administer', 'audit'],
  olivia: ['operate'],
  peter: ['operate', 'approve'],
  ada: ['administer'],
  audrey: ['audit'],
};

const AUDIENCE = 'sluice';
const LIFE_S = 600;

interface LocalIssuerOptions {
  /**
   * File with the key and the passwords; created if missing. Default: new key and passwords on each
   * start.
   */
  readonly file?: string;
  /** Port (default: any free port). */
  readonly port?: number;
  readonly host?: string;
  /** Issuer name known to the services (default: the issuer's address). */
  readonly issuer?: string;
}

interface Kept {
  readonly key: JsonWebKey & { readonly kid: string };
  /** The password of each person. */
  readonly people: Readonly<Record<string, string>>;
}

type Claims = Readonly<Record<string, unknown>>;

export class LocalIssuer {
  readonly people: Readonly<Record<string, string>>;
  private readonly key: Kept['key'];
  private readonly server: Server;
  private issuer = '';

  private constructor({ key, people }: Kept) {
    this.key = key;
    this.people = people;
    this.server = createServer((request, response) => void this.serve(request, response));
  }

  static async start({
    file,
    port = 0,
    host = '127.0.0.1',
    issuer,
  }: LocalIssuerOptions = {}): Promise<LocalIssuer> {
    const one = new LocalIssuer(load(file));
    await new Promise<void>((resolve, reject) =>
      one.server.once('error', reject).listen(port, host, resolve),
    );
    one.issuer = issuer ?? `http://${host}:${(one.server.address() as AddressInfo).port}`;
    return one;
  }

  /** Value of the claim `iss`. */
  get url(): string {
    return this.issuer;
  }

  get tokenUrl(): string {
    return `${this.issuer}/token`;
  }

  /** Returns a token of a person. `claims` and `header` override the defaults, for tests. */
  tokenOf(name: string, claims: Claims = {}, header: Claims = {}): string {
    const now = Math.floor(Date.now() / 1_000);
    const own = { iss: this.issuer, aud: AUDIENCE, sub: name, roles: LOCAL_ROLES[name] ?? [] };
    const times = { iat: now, nbf: now, exp: now + LIFE_S, jti: randomUUID() };
    const head = { alg: 'EdDSA', typ: 'at+jwt', kid: this.key.kid, ...header };
    const signed = [head, { ...own, ...times, ...claims }].map(encoded).join('.');
    const key = createPrivateKey({ key: this.key, format: 'jwk' });
    return `${signed}.${sign(null, Buffer.from(signed), key).toString('base64url')}`;
  }

  /** Returns the public part of the issuer's key. */
  publicKey(): Claims {
    const { kty, crv, x, kid } = this.key;
    return { kty, crv, x, kid, alg: 'EdDSA', use: 'sig' };
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [status, body] = await this.answer(request);
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(JSON.stringify(body));
  }

  private async answer(request: IncomingMessage): Promise<readonly [number, object]> {
    switch (`${request.method} ${request.url}`) {
      case 'GET /.well-known/openid-configuration':
        return [200, this.discovery()];
      case 'GET /jwks.json':
        return [200, { keys: [this.publicKey()] }];
      case 'POST /token':
        return this.grant(new URLSearchParams(await textOf(request)));
      default:
        return [404, { error: 'not_found' }];
    }
  }

  private discovery(): object {
    return {
      issuer: this.issuer,
      jwks_uri: `${this.issuer}/jwks.json`,
      token_endpoint: this.tokenUrl,
      grant_types_supported: ['client_credentials'],
      token_endpoint_auth_methods_supported: ['client_secret_post'],
    };
  }

  private grant(form: URLSearchParams): readonly [number, object] {
    const [name, password] = [form.get('client_id') ?? '', form.get('client_secret') ?? ''];
    if (form.get('grant_type') !== 'client_credentials')
      return [400, { error: 'unsupported_grant_type' }];
    const known = new Map(Object.entries(this.people)).get(name);
    if (known === undefined || !isSame(password, known)) return [401, { error: 'invalid_client' }];
    return [200, { access_token: this.tokenOf(name), token_type: 'Bearer', expires_in: LIFE_S }];
  }
}

/** Loads the stored key and passwords, and generates passwords for new people. */
function load(file: string | undefined): Kept {
  const kept =
    file !== undefined && existsSync(file)
      ? (JSON.parse(readFileSync(file, 'utf8')) as Kept)
      : null;
  const passwords = Object.keys(LOCAL_ROLES).map((name) => [name, randomBytes(18).toString('hex')]);
  const now: Kept = {
    key: kept?.key ?? newKey(),
    people: { ...(Object.fromEntries(passwords) as Kept['people']), ...kept?.people },
  };
  if (file !== undefined) writeFileSync(file, JSON.stringify(now, null, 2), { mode: 0o600 });
  return now;
}

function newKey(): Kept['key'] {
  const { privateKey } = generateKeyPairSync('ed25519');
  return { ...privateKey.export({ format: 'jwk' }), kid: randomUUID() };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) if (text.length < 4_096) text += String(chunk);
  return text;
}

function isSame(given: string, known: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(known));
}

function encoded(part: Claims): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
