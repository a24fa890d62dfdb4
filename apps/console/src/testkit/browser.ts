import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { LocalIssuer } from '@sluice/test-servers';

interface BrowserAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: { readonly message: string; readonly data: never };
}

interface BrowserCall {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

interface BrowserOptions {
  readonly consoleUrl: string;
  /** Address at which the console listens. */
  readonly origin: string;
  readonly issuer: LocalIssuer;
  readonly jar?: Map<string, string> | undefined;
}

/** Client with a cookie jar, and with the headers of the console's page. */
export class Browser {
  /** Everything that the console has sent to this browser, for searches of secrets. */
  readonly received: string[] = [];
  readonly jar: Map<string, string>;

  constructor(private readonly options: BrowserOptions) {
    this.jar = options.jar ?? new Map<string, string>();
  }

  /** Sends a call of the page to the console. */
  call(path: string, sent: BrowserCall = {}): Promise<BrowserAnswer> {
    const own = {
      'sluice-console': '1',
      origin: this.options.consoleUrl,
      'sec-fetch-site': 'same-origin',
    };
    return this.send(path, { ...sent, headers: { ...own, ...sent.headers } });
  }

  /** Opens an address as a navigation, without following redirects. */
  open(path: string, headers: Readonly<Record<string, string>> = {}): Promise<BrowserAnswer> {
    return this.send(path, { headers: { accept: 'text/html', ...headers } });
  }

  /** Sends a request with the cookies and nothing else. */
  async send(path: string, sent: BrowserCall = {}): Promise<BrowserAnswer> {
    const response = await this.stream(path, sent);
    const text = await textOf(response);
    const { statusCode: status = 0, headers } = response;
    this.received.push(`${status} ${JSON.stringify(headers)} ${text}`);
    return {
      status,
      headers,
      text,
      body: isJson(headers) ? (JSON.parse(text) as BrowserAnswer['body']) : EMPTY,
    };
  }

  /** Like `send`, with the answer while it arrives. */
  async stream(
    path: string,
    { method = 'GET', headers, body }: BrowserCall = {},
  ): Promise<IncomingMessage> {
    const cookie = [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const { hostname, port } = new URL(this.options.origin);
      request(
        { hostname, port, path, method, headers: { ...(cookie && { cookie }), ...headers } },
        resolve,
      )
        .on('error', reject)
        .end(body);
    });
    for (const line of response.headers['set-cookie'] ?? []) this.keep(line);
    return response;
  }

  /** Logs a person in, from the console's login to its page. Returns the address of the page. */
  async logIn(person: string, to = '/'): Promise<string> {
    const callback = await this.throughIssuer(person, to);
    const { status, headers, text } = await this.open(callback);
    if (status !== 302) throw new Error(text);
    return headers.location ?? '';
  }

  /** Goes to the issuer and logs in there; returns the target of the way back. */
  async throughIssuer(person: string, to = '/'): Promise<string> {
    const { headers, text } = await this.open(`/auth/login?to=${encodeURIComponent(to)}`);
    if (headers.location === undefined) throw new Error(text);
    return this.atIssuer(headers.location, person);
  }

  /** Fills the issuer's form; returns path and query of the console's callback. */
  async atIssuer(authorize: string, person: string): Promise<string> {
    const { issuer } = this.options;
    const page = await fetch(authorize);
    const attempt = /name="attempt" value="([^"]+)"/.exec(await page.text())?.[1] ?? '';
    const cookie = page.headers.get('set-cookie')?.split(';', 1)[0] ?? '';
    const form = { attempt, name: person, password: issuer.people[person] ?? '' };
    const back = await fetch(`${issuer.url}/login`, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie },
      body: new URLSearchParams(form),
    });
    const { pathname, search } = new URL(back.headers.get('location') ?? '');
    return pathname + search;
  }

  private keep(line: string): void {
    const [pair = ''] = line.split(';', 1);
    const [name = '', value = ''] = pair.split('=', 2);
    if (value === '') this.jar.delete(name);
    else this.jar.set(name, value);
  }
}

const EMPTY = { message: '', data: undefined as never };

function isJson(headers: IncomingHttpHeaders): boolean {
  return (headers['content-type'] ?? '').startsWith('application/json');
}

async function textOf(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of response as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts).toString();
}
