/**
 * Small OIDC issuer for developer machines: the people have generated passwords. Imports only Node
 * modules, because the composed stack runs these files directly.
 */
import { createPrivateKey, createPublicKey, randomUUID, sign, verify } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isSame, jsonAnswer, refused, textOf, type IssuerAnswer } from './answers.js';
import { CodeFlow, CONSOLE_CLIENT } from './code-flow.js';
import { RefreshFamilies } from './refresh-families.js';
import { loadKept, LOCAL_ROLES, type Kept } from './kept.js';

const AUDIENCE = 'sluice';
const LIFE_S = 600;

/** Client of the tokens that a name and a password obtain. */
const COMMAND_LINE = 'sluice-cli';

interface LocalIssuerOptions {
  /**
   * File with the key, the passwords and the secret of the console; created if missing. Default: new
   * secrets on each start.
   */
  readonly file?: string;
  /** Port (default: any free port). */
  readonly port?: number;
  readonly host?: string;
  /** Issuer name known to the services (default: the issuer's address). */
  readonly issuer?: string;
  /** Secret of the client `sluice-console` (default: the secret in the file). */
  readonly consoleSecret?: string | undefined;
  /**
   * Time in which a used refresh token may be used again, while no token that followed from it was used
   * (ms). Default: 0, a second use ends the tokens.
   */
  readonly reuseWithinMs?: number;
  /** Address for browsers, if different from the issuer's name. */
  readonly browserUrl?: string;
}

type Claims = Readonly<Record<string, unknown>>;

export class LocalIssuer {
  readonly people: Record<string, string>;
  /** Secret of the client `sluice-console`. */
  readonly consoleSecret: string;
  private readonly key: Kept['key'];
  private readonly server: Server;
  private readonly flow: CodeFlow;
  private readonly roles = new Map(Object.entries(LOCAL_ROLES));
  private issuer = '';
  private browserUrl = '';

  private constructor({ key, people, consoleSecret }: Kept, reuseWithinMs: number) {
    this.key = key;
    this.people = { ...people };
    this.consoleSecret = consoleSecret;
    this.flow = this.codeFlow(reuseWithinMs);
    this.server = createServer((request, response) => void this.serve(request, response));
  }

  static async start({
    file,
    port = 0,
    host = '127.0.0.1',
    issuer,
    browserUrl,
    consoleSecret,
    reuseWithinMs = 0,
  }: LocalIssuerOptions = {}): Promise<LocalIssuer> {
    const kept = loadKept(file);
    const secret = consoleSecret ?? kept.consoleSecret;
    const one = new LocalIssuer({ ...kept, consoleSecret: secret }, reuseWithinMs);
    await new Promise<void>((resolve, reject) =>
      one.server.once('error', reject).listen(port, host, resolve),
    );
    one.issuer = issuer ?? `http://${host}:${(one.server.address() as AddressInfo).port}`;
    one.browserUrl = browserUrl ?? one.issuer;
    return one;
  }

  /** Value of the claim `iss`. */
  get url(): string {
    return this.issuer;
  }

  get tokenUrl(): string {
    return `${this.issuer}/token`;
  }

  /** Changes the roles of a person, which later tokens carry. */
  setRoles(name: string, roles: readonly string[]): void {
    this.roles.set(name, roles);
  }

  /** Returns a token of a person. `claims` and `header` override the defaults, for tests. */
  tokenOf(name: string, claims: Claims = {}, header: Claims = {}): string {
    const own = { aud: AUDIENCE, client_id: COMMAND_LINE, roles: this.roles.get(name) ?? [] };
    return this.signed({ typ: 'at+jwt', ...header }, { sub: name, ...own, ...claims });
  }

  /** Adds a person of a test with roles. Returns the password. */
  admit(name: string, roles: readonly string[]): string {
    this.roles.set(name, roles);
    return (this.people[name] ??= randomUUID());
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

  private codeFlow(reuseWithinMs: number): CodeFlow {
    const url = (): string => this.issuer;
    const issuer = {
      get url() {
        return url();
      },
      consoleSecret: this.consoleSecret,
      isPassword: (name: string, password: string) => this.isPassword(name, password),
      accessToken: (name: string, client: string) => ({
        token: this.tokenOf(name, { client_id: client }),
        lifeS: LIFE_S,
      }),
      idToken: (name: string, claims: Claims) =>
        this.signed({ typ: 'JWT' }, { sub: name, ...claims }),
      sidOf: (idToken: string) => this.sidOf(idToken),
    };
    return new CodeFlow(issuer, new RefreshFamilies(reuseWithinMs));
  }

  private signed(header: Claims, claims: Claims): string {
    const now = Math.floor(Date.now() / 1_000);
    const times = { iat: now, nbf: now, exp: now + LIFE_S, jti: randomUUID() };
    const head = { alg: 'EdDSA', kid: this.key.kid, ...header };
    const signed = [head, { iss: this.issuer, ...times, ...claims }].map(encoded).join('.');
    const key = createPrivateKey({ key: this.key, format: 'jwk' });
    return `${signed}.${sign(null, Buffer.from(signed), key).toString('base64url')}`;
  }

  private sidOf(idToken: string): string | null {
    const [head = '', body = '', signature = ''] = idToken.split('.');
    const key = createPublicKey({ key: { ...this.publicKey() }, format: 'jwk' });
    if (!verify(null, Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url')))
      return null;
    const { sid, aud } = JSON.parse(Buffer.from(body, 'base64url').toString()) as Claims;
    return aud === CONSOLE_CLIENT && typeof sid === 'string' ? sid : null;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, headers, body } = await this.answer(request).catch(() =>
      refused(400, 'invalid_request'),
    );
    response.writeHead(status, { 'cache-control': 'no-store', ...headers });
    response.end(body);
  }

  private async answer(request: IncomingMessage): Promise<IssuerAnswer> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://issuer');
    const form = async () => new URLSearchParams(await textOf(request));
    switch (`${request.method} ${pathname}`) {
      case 'GET /.well-known/openid-configuration':
        return jsonAnswer(200, this.discovery());
      case 'GET /jwks.json':
        return jsonAnswer(200, { keys: [this.publicKey()] });
      case 'POST /token':
        return this.grant(await form(), request);
      case 'GET /authorize':
        return this.flow.authorize(searchParams);
      case 'POST /login':
        return this.flow.login(await form(), request.headers);
      case 'POST /revoke':
        return this.flow.revoke(await form(), request.headers);
      case 'GET /logout':
        return this.flow.endSession(searchParams);
      default:
        return refused(404, 'not_found');
    }
  }

  private discovery(): object {
    return {
      issuer: this.issuer,
      jwks_uri: `${this.issuer}/jwks.json`,
      token_endpoint: this.tokenUrl,
      revocation_endpoint: `${this.issuer}/revoke`,
      authorization_endpoint: `${this.browserUrl}/authorize`,
      end_session_endpoint: `${this.browserUrl}/logout`,
      response_types_supported: ['code'],
      scopes_supported: ['openid'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['EdDSA'],
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
      grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    };
  }

  private grant(form: URLSearchParams, { headers }: IncomingMessage): IssuerAnswer {
    const type = form.get('grant_type');
    if (type === 'authorization_code' || type === 'refresh_token')
      return this.flow.grant(form, headers);
    if (type !== 'client_credentials') return refused(400, 'unsupported_grant_type');
    const [name, password] = [form.get('client_id') ?? '', form.get('client_secret') ?? ''];
    if (!this.isPassword(name, password)) return refused(401, 'invalid_client');
    const answer = { access_token: this.tokenOf(name), token_type: 'Bearer', expires_in: LIFE_S };
    return jsonAnswer(200, answer);
  }

  private isPassword(name: string, password: string): boolean {
    const known = new Map(Object.entries(this.people)).get(name);
    return known !== undefined && isSame(password, known);
  }
}

function encoded(part: Claims): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
