import type { Person } from './browser.js';

interface ConsoleAnswer {
  readonly status: number;
  /** Text of the answer; empty for a stream. */
  readonly text: string;
}

interface RequestParts {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Calls the console by plain HTTP, with the session of a person's browser. */
export class ConsoleCaller {
  private constructor(
    readonly name: string,
    private readonly url: string,
    private readonly cookie: string,
  ) {}

  static async of(person: Person): Promise<ConsoleCaller> {
    return new ConsoleCaller(person.name, person.url, await person.cookie());
  }

  /** The same caller with another cookie. */
  withCookie(change: (cookie: string) => string): ConsoleCaller {
    return new ConsoleCaller(this.name, this.url, change(this.cookie));
  }

  async ask(
    method: string,
    path: string,
    { headers, body }: RequestParts = {},
  ): Promise<ConsoleAnswer> {
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        accept: 'application/json',
        'sluice-console': '1',
        cookie: this.cookie,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body }),
    });
    const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream') === true;
    if (isStream) await answer.body?.cancel();
    return { status: answer.status, text: isStream ? '' : await answer.text() };
  }

  /** The parsed data of a successful GET. Throws for any other answer. */
  async data<Data>(path: string): Promise<Data> {
    const { status, text } = await this.ask('GET', path);
    if (status !== 200) throw new Error(`${path} answers ${this.name} with ${status}: ${text}`);
    const answer = JSON.parse(text) as { readonly data?: Data };
    return answer.data ?? (answer as Data);
  }
}
