import type { InvariantReportDto } from '@sluice/admin-api';
import {
  ConnectorAdmin,
  IntakeAdmin,
  LedgerAdmin,
  ServiceAdmin,
  type AdminTarget,
} from '@sluice/admin-client';
import { SERVICE_NAMES, type ServiceName } from '../services.js';
import { endpointOf, type AdminEndpoints } from '../system/run-file.js';
import { connectorOf, type VenueName } from '../venues.js';

export type ServiceReport = InvariantReportDto & { readonly service: ServiceName };

const TIMEOUT_MS = 30_000;

/** Who approves what another person has asked for. */
export const APPROVER = 'peter';

/** The admin APIs of every service that runs, as one person calls them. */
export class AdminClients {
  constructor(
    private readonly endpoints: () => AdminEndpoints,
    private readonly person?: string,
  ) {}

  get intake(): IntakeAdmin {
    return new IntakeAdmin(this.target('intake-api'));
  }

  get ledger(): LedgerAdmin {
    return new LedgerAdmin(this.target('ledger'));
  }

  connector(venue: VenueName): ConnectorAdmin {
    return new ConnectorAdmin(this.target(connectorOf(venue)));
  }

  service(name: ServiceName): ServiceAdmin {
    return new ServiceAdmin(this.target(name));
  }

  /** Those that run. */
  names(): readonly ServiceName[] {
    const endpoints = this.endpoints();
    return SERVICE_NAMES.filter((name) => endpoints[endpointOf(name)] !== undefined);
  }

  /** Every service checks its own tables. */
  invariants(): Promise<readonly ServiceReport[]> {
    return Promise.all(
      this.names().map(async (service) => ({
        service,
        ...(await this.service(service).invariants()),
      })),
    );
  }

  private target(service: ServiceName): AdminTarget {
    const endpoints = this.endpoints();
    const baseUrl = endpoints[endpointOf(service)];
    if (baseUrl === undefined) throw new Error(`${service} does not run here`);
    const token = tokenOf(endpoints.token, this.person);
    return { service, baseUrl, token, timeoutMs: TIMEOUT_MS };
  }
}

/** The shared token, under a name. */
function tokenOf(token: string, person: string | undefined): string {
  return person === undefined ? token : `${token}~${person}`;
}
