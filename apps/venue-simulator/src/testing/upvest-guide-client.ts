import { createHash, createPrivateKey, randomUUID, sign, type KeyObject } from 'node:crypto';
import { request } from 'node:http';

export interface GuideCredentials {
  readonly base_url: string;
  readonly client_id: string;
  readonly client_secret: string;
  readonly key_id: string;
  readonly private_key: string;
}

export interface GuideAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
}

/** Deviations from a correct request, for tests. */
export interface Bend {
  /** Headers sent and signed in addition to the usual headers. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Headers sent with a value different from the signed value. */
  readonly afterwards?: Readonly<Record<string, string>>;
  readonly uncovered?: readonly string[];
  readonly clockOffMs?: number;
  readonly nonce?: string;
}

/**
 * Small Upvest client from the venue's guide, without our signing code. Signatures draft 15,
 * components in another order.
 */
export class UpvestGuideClient {
  private readonly key: KeyObject;
  private token = '';

  constructor(private readonly credentials: GuideCredentials) {
    this.key = createPrivateKey(credentials.private_key);
  }

  async login(scope = 'payments:admin payments:read', bend: Bend = {}): Promise<GuideAnswer> {
    const { client_id, client_secret } = this.credentials;
    this.token = '';
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id,
      client_secret,
      scope,
    }).toString();
    const answer = await this.call('POST', '/auth/token', form, {
      ...bend,
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...bend.headers },
    });
    if (answer.status === 200)
      this.token = (JSON.parse(answer.text) as { access_token: string }).access_token;
    return answer;
  }

  call(method: string, target: string, body = '', bend: Bend = {}): Promise<GuideAnswer> {
    const headers: Record<string, string> = {
      accept: '*/*',
      'upvest-client-id': this.credentials.client_id,
      'upvest-api-version': '1',
      ...(this.token !== '' && { authorization: `Bearer ${this.token}` }),
      ...(body !== '' && {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(body)),
        'content-digest': digestOf(body),
      }),
      ...bend.headers,
    };
    return send(
      this.credentials.base_url,
      method,
      target,
      { ...headers, ...this.sign(method, target, headers, bend), ...bend.afterwards },
      body,
    );
  }

  private sign(
    method: string,
    target: string,
    headers: Readonly<Record<string, string>>,
    bend: Bend,
  ): Record<string, string> {
    const [path = '', query] = target.split('?');
    const derived: Record<string, string> = {
      '@path': path,
      '@method': method,
      ...(query !== undefined && { '@query': `?${query}` }),
    };
    const covered = Object.entries({ ...headers, ...derived }).filter(
      ([name]) => !bend.uncovered?.includes(name),
    );
    const created = Math.floor((Date.now() + (bend.clockOffMs ?? 0)) / 1000);
    const names = covered.map(([name]) => `"${name}"`).join(' ');
    const parameters = `(${names});keyid="${this.credentials.key_id}";created=${created};nonce="${bend.nonce ?? randomUUID()}";expires=${created + 5}`;
    const base = [
      ...covered.map(([name, value]) => `"${name}": ${value}`),
      `"@signature-params": ${parameters}`,
    ].join('\n');
    const algorithm = this.key.asymmetricKeyType === 'ed25519' ? null : 'sha512';
    const signature = sign(algorithm, Buffer.from(base), {
      key: this.key,
      dsaEncoding: 'der',
    }).toString('base64');
    return {
      'signature-input': `sig1=${parameters}`,
      signature: `sig1=:${signature}:`,
      'upvest-signature-version': '15',
    };
  }
}

export function digestOf(body: string): string {
  return `sha-512=:${createHash('sha512').update(body).digest('base64')}:`;
}

function send(
  base: string,
  method: string,
  target: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<GuideAnswer> {
  return new Promise((resolve, reject) => {
    const call = request(`${base}${target}`, { method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    });
    call.on('error', reject);
    call.end(body);
  });
}
