import type { AwaitedDto } from '@sluice/http-api';
import { connectorOf, WALLET } from '@sluice/messages';
import * as calls from './admin-calls.js';
import { AdminHttp, type AdminTarget } from './admin-http.js';
import { isAwaited, type Routes } from './requests.js';

/** Readiness of a service. `faults` has a sentence for each reason against readiness. */
export interface Readiness {
  readonly ready: boolean;
  readonly faults: readonly string[];
}

/** Answer of `/readyz` at the port for operators. */
interface ReadinessReport {
  readonly error?: Readonly<Record<string, { readonly faults?: readonly string[] }>>;
}

/** A client with a target, and what a service answers outside `/internal`. */
class Reports {
  readonly http: AdminHttp;

  constructor(target: AdminTarget | AdminHttp) {
    this.http = target instanceof AdminHttp ? target : new AdminHttp(target);
  }

  async readiness(): Promise<Readiness> {
    const { status, text } = await this.http.send({ method: 'GET', path: '/readyz' });
    const { error = {} } = JSON.parse(text) as ReadinessReport;
    return {
      ready: status === 200,
      faults: Object.values(error).flatMap(({ faults = [] }) => faults),
    };
  }

  async metrics(): Promise<string> {
    return (await this.http.send({ method: 'GET', path: '/metrics' })).text;
  }
}

/** Timeouts (ms) of calls that read whole tables, check much, or wait for another service. */
const TIMEOUTS_MS: {
  readonly [Name in keyof (Service & Intake & Ledger)]?: number;
} = {
  detachJournal: 3_600_000,
  dryRunPolicy: 600_000,
  invariants: 120_000,
  prove: 3_600_000,
  proveAudit: 120_000,
  recoverLedger: 120_000,
  selfCheck: 30_000,
};

/** Makes a client class with a method for each call. */
function clientOf<Methods>(...groups: readonly Routes[]) {
  class Client extends Reports {}
  const timeouts: Readonly<Record<string, number>> = TIMEOUTS_MS;
  for (const [name, [route, answers]] of groups.flatMap((group) => Object.entries(group))) {
    const timeoutMs = timeouts[name];
    Object.defineProperty(Client.prototype, name, {
      value(this: Reports, ...given: readonly unknown[]): Promise<unknown> {
        return this.http.call(route, given, { answers, ...(timeoutMs && { timeoutMs }) });
      },
    });
  }
  return Client as new (target: AdminTarget | AdminHttp) => Reports & Methods;
}

type Service = calls.ServiceCalls;
type Halting = Service & calls.HaltCalls;
type Intake = Halting & calls.IntakeCalls;
type Ledger = Service & calls.LedgerCalls;
type Connector = Halting & calls.ConnectorCalls;

/** Client of the routes of every service. */
export const ServiceAdmin = clientOf<Service>(calls.SERVICE);
const HaltingAdmin = clientOf<Halting>(calls.SERVICE, calls.HALT);
export const IntakeAdmin = clientOf<Intake>(calls.SERVICE, calls.HALT, calls.INTAKE);
export const LedgerAdmin = clientOf<Ledger>(calls.SERVICE, calls.LEDGER);
const AuditorAdmin = clientOf<Service & calls.AuditorCalls>(calls.SERVICE, calls.AUDITOR);
/** Used by operators, and by intake-api on behalf of customers. */
export const WebhooksAdmin = clientOf<Service & calls.WebhooksCalls>(calls.SERVICE, calls.WEBHOOKS);
const OF_CONNECTOR = [calls.SERVICE, calls.HALT, calls.CONNECTOR] as const;
export const ConnectorAdmin = clientOf<Connector>(...OF_CONNECTOR);
/** Client of the connector of our own wallet. */
export const WalletAdmin = clientOf<Connector & calls.WalletCalls>(...OF_CONNECTOR, calls.WALLET);
const SignerAdmin = clientOf<Service & calls.SignerCalls>(calls.SERVICE, calls.SIGNER);

export type ServiceAdmin = InstanceType<typeof ServiceAdmin>;
type HaltingAdmin = InstanceType<typeof HaltingAdmin>;
export type IntakeAdmin = InstanceType<typeof IntakeAdmin>;
export type LedgerAdmin = InstanceType<typeof LedgerAdmin>;
type AuditorAdmin = InstanceType<typeof AuditorAdmin>;
export type WebhooksAdmin = InstanceType<typeof WebhooksAdmin>;
export type ConnectorAdmin = InstanceType<typeof ConnectorAdmin>;
export type WalletAdmin = InstanceType<typeof WalletAdmin>;

/** Typed clients of the services of one system. */
export abstract class SystemAdmin {
  /** Throws if the system has no such service. */
  protected abstract target(service: string): AdminTarget;

  get intake(): IntakeAdmin {
    return new IntakeAdmin(this.httpOf('intake-api'));
  }

  get ledger(): LedgerAdmin {
    return new LedgerAdmin(this.httpOf('ledger'));
  }

  get auditor(): AuditorAdmin {
    return new AuditorAdmin(this.httpOf('auditor'));
  }

  get webhooks(): WebhooksAdmin {
    return new WebhooksAdmin(this.httpOf('webhooks'));
  }

  get wallet(): WalletAdmin {
    return new WalletAdmin(this.httpOf(connectorOf(WALLET)));
  }

  get signer(): InstanceType<typeof SignerAdmin> {
    return new SignerAdmin(this.httpOf('signer'));
  }

  connector(venue: string): ConnectorAdmin {
    return new ConnectorAdmin(this.httpOf(connectorOf(venue)));
  }

  service(name: string): ServiceAdmin {
    return new ServiceAdmin(this.httpOf(name));
  }

  halting(name: string): HaltingAdmin {
    return new HaltingAdmin(this.httpOf(name));
  }

  protected httpOf(service: string): AdminHttp {
    return new AdminHttp(this.target(service));
  }
}

/**
 * Completes a call of the first person. If the call needs a second person, `second` approves the
 * call.
 */
export async function approvedBy<T extends object>(
  second: Pick<ServiceAdmin, 'approve'>,
  asked: Promise<T | AwaitedDto>,
): Promise<T> {
  const answer = await asked;
  return isAwaited(answer) ? ((await second.approve(answer.approval_id)).result as T) : answer;
}
