import {
  endpointOf,
  SERVICE_NAMES,
  type AdminEndpoints,
  type ServiceName,
  type VenueName,
} from '@sluice/stack';

export interface Report {
  readonly service: ServiceName;
  readonly checked: number;
  readonly violations: readonly object[];
  readonly populations: Readonly<Record<string, number>>;
}

/** What a submission looks like to an operator. */
export interface Submission {
  readonly state: string;
  readonly venue_reference: string | null;
  readonly client_reference: string;
  readonly attempts: readonly { readonly number: number; readonly state: string }[];
  readonly cases: readonly { readonly kind: string; readonly text: string }[];
}

export interface WithdrawalRow {
  readonly id: string;
  readonly number: string;
  readonly client_reference: string | null;
  readonly currency: string;
  readonly network: string;
  readonly amount: string;
  readonly fee: string;
  readonly state: string;
  readonly status: string;
  readonly stage: string;
  readonly venue: string;
  readonly tx_hash: string | null;
  readonly error_message: string | null;
  readonly requested_at: string;
}

export interface WithdrawalDetail extends WithdrawalRow {
  readonly tried: readonly string[];
  readonly awaits: string | null;
  readonly history: readonly {
    readonly to: string;
    readonly trigger: string;
    readonly detail: string | null;
  }[];
  readonly cases: readonly object[];
}

export interface Entry {
  readonly kind: string;
  readonly postings: readonly {
    readonly account: string;
    readonly asset: string;
    readonly amount: string;
  }[];
}

export interface DeadLetter {
  readonly id: string;
  readonly topic: string;
  readonly key: string | null;
  readonly value: string;
  readonly cause: string;
}

/** The admin APIs of every service that runs. */
export class AdminClient {
  constructor(private readonly internal: () => AdminEndpoints) {}

  async ask<T>(
    service: ServiceName,
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    body?: object,
  ): Promise<T> {
    const { status, text } = await this.send(service, method, path, body);
    const answer = JSON.parse(text);
    if (status >= 300)
      throw new Error(`${method} ${service}${path} answers ${status}: ${text.slice(0, 500)}`);
    return (typeof answer === 'object' && 'success' in answer ? answer.data : answer) as T;
  }

  /** Lifts every open halt, as an operator does after a look: some faults make a record of an ended withdrawal seem to come to life again. */
  async liftHalts(connector: ServiceName): Promise<void> {
    const halts = await this.ask<
      readonly { readonly id: string; readonly lifted_at: string | null }[]
    >(connector, 'GET', '/internal/halts');
    for (const { id, lifted_at: liftedAt } of halts)
      if (liftedAt === null)
        await this.ask(connector, 'POST', `/internal/halts/${id}/lift`, {
          by: 'a test',
          evidence: 'the fault was armed here',
        });
  }

  async send(
    service: ServiceName,
    method: string,
    path: string,
    body?: object,
  ): Promise<{ status: number; text: string }> {
    const { token } = this.internal();
    const response = await fetch(`${this.urls().get(service)}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    return { status: response.status, text: await response.text() };
  }

  withdrawal(ref: string | number): Promise<WithdrawalDetail> {
    return this.ask('intake-api', 'GET', `/internal/withdrawals/${ref}`);
  }

  withdrawalsOf(accountId: string): Promise<WithdrawalRow[]> {
    return this.ask(
      'intake-api',
      'GET',
      `/internal/withdrawals?account_id=${accountId}&limit=9999`,
    );
  }

  entries(withdrawalId: string): Promise<Entry[]> {
    return this.ask('ledger', 'GET', `/internal/withdrawals/${withdrawalId}/entries`);
  }

  submission(withdrawalId: string, venue: VenueName = 'gateio'): Promise<Submission> {
    return this.ask(`connector-${venue}`, 'GET', `/internal/submissions/${withdrawalId}`);
  }

  deadLetters(service: ServiceName): Promise<DeadLetter[]> {
    return this.ask(service, 'GET', '/internal/dead-letters');
  }

  invariants(): Promise<Report[]> {
    return Promise.all(
      [...this.urls().keys()].map(async (service) => ({
        ...(await this.ask<Omit<Report, 'service'>>(service, 'GET', '/internal/invariants')),
        service,
      })),
    );
  }

  private urls(): ReadonlyMap<ServiceName, string> {
    const internal = this.internal();
    return new Map(
      SERVICE_NAMES.flatMap((name): [ServiceName, string][] => {
        const url = internal[endpointOf(name)];
        return url === undefined ? [] : [[name, url]];
      }),
    );
  }
}
