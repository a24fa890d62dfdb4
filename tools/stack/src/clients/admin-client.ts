import type { AdminEndpoints } from '../system/run-file.js';

export interface InvariantReport {
  readonly checked: number;
  readonly violations: readonly { readonly invariant: string }[];
}

export interface Funding {
  readonly currency: string;
  readonly network: string;
  readonly amount: string;
  /** The same reference funds an account once. */
  readonly reference: string;
}

/** Calls the services' admin APIs with the operators' token, as the operator command does. */
export class AdminClient {
  constructor(private readonly endpoints: AdminEndpoints) {}

  async openAccount(name: string): Promise<string> {
    const { account_id } = await this.intake<{ account_id: string }>('POST', '/internal/accounts', {
      name,
    });
    return account_id;
  }

  openKey(
    accountId: string,
    key: { label: string; permissions: readonly string[]; rateLimitPerMin: number },
  ): Promise<{ key_id: string; secret: string }> {
    const { label, permissions, rateLimitPerMin } = key;
    return this.intake('POST', `/internal/accounts/${accountId}/keys`, {
      label,
      permissions,
      rate_limit_per_min: rateLimitPerMin,
      allowed_ips: [],
    });
  }

  async fund(accountId: string, funding: Funding): Promise<void> {
    await this.intake('POST', `/internal/accounts/${accountId}/fundings`, funding);
  }

  intake<T>(method: string, path: string, body?: object): Promise<T> {
    return this.call(this.endpoints.intake_api, method, path, body);
  }

  ledger<T>(method: string, path: string, body?: object): Promise<T> {
    return this.call(this.endpoints.ledger, method, path, body);
  }

  /** Every service checks its own tables; the answers are added up. */
  async invariants(): Promise<InvariantReport> {
    const { token: _, ...services } = this.endpoints;
    const reports = await Promise.all(
      Object.values(services).map((endpoint) =>
        this.call<InvariantReport>(endpoint, 'GET', '/internal/invariants'),
      ),
    );
    return {
      checked: reports.reduce((sum, { checked }) => sum + checked, 0),
      violations: reports.flatMap(({ violations }) => violations),
    };
  }

  private async call<T>(endpoint: string, method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(`${endpoint}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.endpoints.token}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    const answer = (await response.json()) as T | Envelope<T>;
    if (!response.ok)
      throw new Error(
        `${method} ${path} answers ${response.status}: ${isEnvelope(answer) ? answer.message : ''}`,
      );
    return isEnvelope(answer) ? answer.data : answer; // some endpoints answer without the envelope
  }
}

interface Envelope<T> {
  readonly success: boolean;
  readonly message: string;
  readonly data: T;
}

function isEnvelope<T>(answer: T | Envelope<T>): answer is Envelope<T> {
  return typeof answer === 'object' && answer !== null && 'success' in answer;
}
