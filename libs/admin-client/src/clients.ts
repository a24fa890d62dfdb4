import type { AwaitedDto } from '@sluice/http-api';
import { connectorOf, WALLET } from '@sluice/messages';
import type {
  AuditorCalls,
  ConnectorCalls,
  HaltCalls,
  IntakeCalls,
  LedgerCalls,
  ServiceCalls,
  SignerCalls,
  WalletCalls,
  WebhooksCalls,
} from './admin-calls.js';
import { AdminHttp, type AdminTarget } from './admin-http.js';
import * as names from './call-names.js';

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

/** The calls of a group of routes, each under the name of its route. */
type CallsNamed<Calls, Names extends Readonly<Record<keyof Calls, string>>> = {
  readonly [Route in keyof Calls as Names[Route]]: Calls[Route] extends (
    ...given: infer Given
  ) => infer Answer
    ? (...given: Given) => Promise<Answer>
    : never;
};

/** Makes a client class with a method for each named route. */
function clientOf<Methods>(...groups: readonly Readonly<Record<string, string>>[]) {
  class Client extends Reports {}
  for (const [route, name] of groups.flatMap((group) => Object.entries(group)))
    Object.defineProperty(Client.prototype, name, {
      value(this: Reports, ...given: readonly unknown[]): Promise<unknown> {
        return this.http.call(route, given, names.TIMEOUTS_MS[route]);
      },
    });
  return Client as new (target: AdminTarget | AdminHttp) => Reports & Methods;
}

type Service = CallsNamed<ServiceCalls, typeof names.SERVICE>;
type Halting = Service & CallsNamed<HaltCalls, typeof names.HALT>;
type Intake = Halting & CallsNamed<IntakeCalls, typeof names.INTAKE>;
type Ledger = Service & CallsNamed<LedgerCalls, typeof names.LEDGER>;
type Auditor = Service & CallsNamed<AuditorCalls, typeof names.AUDITOR>;
type Webhooks = Service & CallsNamed<WebhooksCalls, typeof names.WEBHOOKS>;
type Connector = Halting & CallsNamed<ConnectorCalls, typeof names.CONNECTOR>;
type Wallet = Connector & CallsNamed<WalletCalls, typeof names.OWN_WALLET>;
type Signer = Service & CallsNamed<SignerCalls, typeof names.SIGNER>;

/** Client of the routes of every service. */
export const ServiceAdmin = clientOf<Service>(names.SERVICE);
const HaltingAdmin = clientOf<Halting>(names.SERVICE, names.HALT);
export const IntakeAdmin = clientOf<Intake>(names.SERVICE, names.HALT, names.INTAKE);
export const LedgerAdmin = clientOf<Ledger>(names.SERVICE, names.LEDGER);
const AuditorAdmin = clientOf<Auditor>(names.SERVICE, names.AUDITOR);
/** Used by operators, and by intake-api on behalf of customers. */
export const WebhooksAdmin = clientOf<Webhooks>(names.SERVICE, names.WEBHOOKS);
const OF_CONNECTOR = [names.SERVICE, names.HALT, names.CONNECTOR] as const;
export const ConnectorAdmin = clientOf<Connector>(...OF_CONNECTOR);
/** Client of the connector of our own wallet. */
export const WalletAdmin = clientOf<Wallet>(...OF_CONNECTOR, names.OWN_WALLET);
const SignerAdmin = clientOf<Signer>(names.SERVICE, names.SIGNER);

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

/** True if the call still needs the approval of a second person. */
export function isAwaited(answer: object): answer is AwaitedDto {
  return 'approval_id' in answer;
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
