import { adminPortOf, type ServiceName, type StackPorts } from '@sluice/stack';
import { fieldsOf, parsed, rowsOf, textOf, type Fields } from './json.js';

export interface AdminAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly message: string;
}

/** The admin APIs of every service: the first instance is asked, and the second when it does not answer. */
export class AdminClient {
  constructor(
    private readonly ports: Readonly<Record<1 | 2, StackPorts>>,
    private readonly token: string,
  ) {}

  /** Throws when neither instance gives an answer. */
  async ask(
    service: ServiceName,
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: object,
    patienceMs = 8_000,
  ): Promise<AdminAnswer> {
    let cause: unknown;
    for (const number of [1, 2] as const) {
      try {
        return await this.askOne(this.urlOf(service, number) + path, method, body, patienceMs);
      } catch (error) {
        cause = error;
      }
    }
    throw new Error(`${service} gives no answer to ${method} ${path}`, { cause });
  }

  /** The rows of a list endpoint; none where the endpoint does not exist, as in an earlier version. */
  async list(service: ServiceName, path: string): Promise<readonly Fields[]> {
    const { status, body, message } = await this.ask(service, 'GET', path, undefined, 30_000);
    if (status === 404) return [];
    if (status >= 300) throw new Error(`GET ${service}${path} answers ${status}: ${message}`);
    return rowsOf(body);
  }

  /** What each instance says against itself; nothing of one that is ready, or gives no answer. */
  async faultsOf(service: ServiceName): Promise<readonly string[]> {
    const faults = [1, 2].map(async (number) => {
      try {
        const { body } = await this.askOne(
          `${this.urlOf(service, number as 1 | 2)}/readyz`,
          'GET',
          undefined,
          3_000,
        );
        const { faults } = fieldsOf(body);
        return Array.isArray(faults) ? faults.map(textOf) : [];
      } catch {
        return [];
      }
    });
    return (await Promise.all(faults)).flat();
  }

  private urlOf(service: ServiceName, number: 1 | 2): string {
    return `http://127.0.0.1:${adminPortOf(this.ports[number], service)}`;
  }

  private async askOne(
    url: string,
    method: string,
    body: object | undefined,
    patienceMs: number,
  ): Promise<AdminAnswer> {
    const response = await fetch(url, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(patienceMs),
    });
    const answer = parsed(await response.text());
    const envelope = fieldsOf(answer);
    return {
      status: response.status,
      message: textOf(envelope['message']),
      body: 'success' in envelope ? envelope['data'] : answer,
    };
  }
}
