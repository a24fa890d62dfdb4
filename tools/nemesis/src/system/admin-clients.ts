import {
  AdminError,
  AdminHttp,
  ServiceAdmin,
  SystemAdmin,
  type AdminTarget,
} from '@sluice/admin-client';
import { adminPortOf, type ServiceName, type StackPorts } from '@sluice/stack';
import { SIMULATED_ONLY, type Scope } from './names.js';

const PATIENCE_MS = 30_000;
/** Longest timeout of calls reading whole tables. */
const LONG_PATIENCE_MS = 120_000;
const READINESS_WITHIN_MS = 3_000;
const INSTANCES = [1, 2] as const;

type AdminCall = Parameters<AdminHttp['send']>[0];

/**
 * Admin APIs of all services. If an instance does not respond, the other instance is called, and is
 * called first from now on: a frozen process must not delay every request of the operator.
 */
export class AdminClients extends SystemAdmin {
  private readonly answering = new Map<string, 1 | 2>();

  constructor(
    private readonly ports: Readonly<Record<1 | 2, StackPorts>>,
    private readonly token: () => string,
    /** Venues and services of this system. */
    readonly scope: Scope = SIMULATED_ONLY,
  ) {
    super();
  }

  /** Faults reported by the instances; empty for ready instances and for missing responses. */
  async faultsOf(service: ServiceName): Promise<readonly string[]> {
    const answers = await Promise.allSettled(
      INSTANCES.map((number) =>
        new ServiceAdmin(this.target(service, number, READINESS_WITHIN_MS)).readiness(),
      ),
    );
    return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value.faults : []));
  }

  /** Codes of the self-check of each instance; no entry for an instance without a response. */
  async findingsOf(service: ServiceName): Promise<ReadonlyMap<1 | 2, readonly string[]>> {
    const found = new Map<1 | 2, readonly string[]>();
    for (const number of INSTANCES)
      await new ServiceAdmin(this.target(service, number)).selfCheck().then(
        ({ findings }) => {
          const codes = findings.map(({ code }) => code);
          found.set(number, codes);
        },
        () => undefined,
      );
    return found;
  }

  protected override target(
    service: string,
    number: 1 | 2 = this.answering.get(service) ?? 1,
    timeoutMs?: number,
  ): AdminTarget {
    const baseUrl = `http://127.0.0.1:${adminPortOf(this.ports[number], service as ServiceName)}`;
    return {
      service,
      baseUrl,
      token: this.token,
      ...(timeoutMs !== undefined && { timeoutMs }),
    };
  }

  protected override httpOf(service: string): AdminHttp {
    const send = (call: AdminCall) => this.sendToEither(service, call);
    return Object.assign(super.httpOf(service), { send });
  }

  /** Throws the error of the other instance if the first instance does not respond. */
  private async sendToEither(service: string, call: AdminCall): ReturnType<AdminHttp['send']> {
    const timeoutMs = Math.min(call.timeoutMs ?? PATIENCE_MS, LONG_PATIENCE_MS);
    const first = this.answering.get(service) ?? 1;
    const sendTo = (number: 1 | 2): ReturnType<AdminHttp['send']> =>
      new AdminHttp(this.target(service, number)).send({ ...call, timeoutMs });
    try {
      return await sendTo(first);
    } catch (error) {
      if (!(error instanceof AdminError) || error.failure.kind !== 'unreachable') throw error;
      const other = first === 1 ? 2 : 1;
      this.answering.set(service, other);
      return sendTo(other);
    }
  }
}
