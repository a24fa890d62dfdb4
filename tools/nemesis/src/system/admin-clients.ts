import {
  AdminError,
  AuditorAdmin,
  ConnectorAdmin,
  IntakeAdmin,
  LedgerAdmin,
  ServiceAdmin,
  type AdminTarget,
} from '@sluice/admin-client';
import {
  adminPortOf,
  connectorOf,
  type ServiceName,
  type StackPorts,
  type VenueName,
} from '@sluice/stack';
import { SIMULATED_ONLY, type Scope } from './names.js';

const PATIENCE_MS = 30_000;
/** Timeout for requests reading whole tables. */
export const LONG_PATIENCE_MS = 120_000;
const READINESS_WITHIN_MS = 3_000;

/**
 * Admin APIs of all services. If an instance does not respond, the other instance is called, and is
 * called first from now on: a frozen process must not delay every request of the operator.
 */
export class AdminClients {
  private readonly answering = new Map<ServiceName, 1 | 2>();

  constructor(
    private readonly ports: Readonly<Record<1 | 2, StackPorts>>,
    private readonly token: () => string,
    /** Venues and services of this system. */
    readonly scope: Scope = SIMULATED_ONLY,
  ) {}

  /** Client of the first instance, for use before any fault. */
  firstIntake(): IntakeAdmin {
    return new IntakeAdmin(this.target('intake-api', 1));
  }

  intake<T>(ask: (intake: IntakeAdmin) => Promise<T>): Promise<T> {
    return this.either('intake-api', (target) => ask(new IntakeAdmin(target)));
  }

  ledger<T>(ask: (ledger: LedgerAdmin) => Promise<T>, withinMs?: number): Promise<T> {
    return this.either('ledger', (target) => ask(new LedgerAdmin(target)), withinMs);
  }

  auditor<T>(ask: (auditor: AuditorAdmin) => Promise<T>): Promise<T> {
    return this.either('auditor', (target) => ask(new AuditorAdmin(target)));
  }

  connector<T>(venue: VenueName, ask: (connector: ConnectorAdmin) => Promise<T>): Promise<T> {
    return this.either(connectorOf(venue), (target) => ask(new ConnectorAdmin(target)));
  }

  service<T>(
    name: ServiceName,
    ask: (service: ServiceAdmin) => Promise<T>,
    withinMs?: number,
  ): Promise<T> {
    return this.either(name, (target) => ask(new ServiceAdmin(target)), withinMs);
  }

  /** Faults reported by the instances; empty for ready instances and for missing responses. */
  async faultsOf(service: ServiceName): Promise<readonly string[]> {
    const answers = await Promise.allSettled(
      ([1, 2] as const).map((number) =>
        new ServiceAdmin(this.target(service, number, READINESS_WITHIN_MS)).readiness(),
      ),
    );
    return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value.faults : []));
  }

  /** Codes of the self-check of each instance; no entry for an instance without a response. */
  async findingsOf(service: ServiceName): Promise<ReadonlyMap<1 | 2, readonly string[]>> {
    const found = new Map<1 | 2, readonly string[]>();
    for (const number of [1, 2] as const)
      await new ServiceAdmin(this.target(service, number)).selfCheck().then(
        ({ findings }) =>
          found.set(
            number,
            findings.map(({ code }) => code),
          ),
        () => undefined,
      );
    return found;
  }

  /** Throws the error of the other instance if the first instance does not respond. */
  private async either<T>(
    service: ServiceName,
    ask: (target: AdminTarget) => Promise<T>,
    withinMs?: number,
  ): Promise<T> {
    const first = this.answering.get(service) ?? 1;
    try {
      return await ask(this.target(service, first, withinMs));
    } catch (error) {
      if (!(error instanceof AdminError) || error.failure.kind !== 'unreachable') throw error;
      const other = first === 1 ? 2 : 1;
      this.answering.set(service, other);
      return ask(this.target(service, other, withinMs));
    }
  }

  private target(service: ServiceName, number: 1 | 2, timeoutMs = PATIENCE_MS): AdminTarget {
    const baseUrl = `http://127.0.0.1:${adminPortOf(this.ports[number], service)}`;
    return { service, baseUrl, token: this.token, timeoutMs };
  }
}
