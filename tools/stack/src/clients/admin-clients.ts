import type { InvariantReportDto } from '@sluice/http-api';
import {
  IssuedTokens,
  SystemAdmin,
  type AdminTarget,
  type TokenClient,
} from '@sluice/admin-client';
import { SERVICE_NAMES, type ServiceName } from '../tables/services.js';
import { endpointOf, type LocalPeople, type RunFile } from '../layout/run-file.js';

type ServiceReport = InvariantReportDto & { readonly service: ServiceName };

const TIMEOUT_MS = 30_000;

/** Person with all rights on a local stack. */
export const DEMO_PERSON = 'demo';

/** Person approving the requests of another person. */
export const APPROVER = 'peter';

/** Admin API clients of every running service, acting as a single person. */
export class AdminClients extends SystemAdmin {
  private readonly tokens: IssuedTokens;

  constructor(
    private readonly run: () => Pick<RunFile, 'internal' | 'issuer'>,
    person = DEMO_PERSON,
  ) {
    super();
    this.tokens = new IssuedTokens(() => clientOf(run().issuer, person));
  }

  /** Names of the running services. */
  names(): readonly ServiceName[] {
    const { internal } = this.run();
    return SERVICE_NAMES.filter((name) => internal[endpointOf(name)] !== undefined);
  }

  /** Runs the invariant checks of every running service on the service's own tables. */
  invariants(): Promise<readonly ServiceReport[]> {
    return Promise.all(
      this.names().map(async (service) => ({
        service,
        ...(await this.service(service).invariants()),
      })),
    );
  }

  protected override target(service: ServiceName): AdminTarget {
    const baseUrl = this.run().internal[endpointOf(service)];
    if (baseUrl === undefined) throw new Error(`${service} does not run here`);
    return { service, baseUrl, token: this.tokens.token, timeoutMs: TIMEOUT_MS };
  }
}

/** Returns the token client of a person. Throws if the person is unknown on this machine. */
function clientOf({ token_url, people }: LocalPeople, person: string): TokenClient {
  const clientSecret = people[person];
  if (clientSecret === undefined) throw new Error(`there is no ${person} here`);
  return { tokenUrl: token_url, clientId: person, clientSecret };
}
