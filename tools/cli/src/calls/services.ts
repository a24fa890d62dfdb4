import {
  LedgerAdmin,
  SystemAdmin,
  type AdminTarget,
  type ConnectorAdmin,
  type ServiceAdmin,
} from '@sluice/admin-client';
import { connectorOf, venueOfConnector } from '@sluice/messages';
import { CliError, nearest } from '../errors/errors.js';
import type { RunFile } from '../settings/run-file.js';

/** The services of the run file, each with a typed client of the admin API. */
export class Services extends SystemAdmin {
  constructor(
    private readonly run: RunFile,
    private readonly token: AdminTarget['token'],
  ) {
    super();
  }

  /** Client of the ledger whose calls carry a passkey. */
  ledgerWith(passkey: NonNullable<AdminTarget['passkey']>): LedgerAdmin {
    return new LedgerAdmin({ ...this.target('ledger'), passkey });
  }

  /** Services with halts: intake-api stops accepting orders, a connector stops sending. */
  haltingNames(): readonly string[] {
    return ['intake-api', ...this.venues().map(connectorOf)];
  }

  names(): readonly string[] {
    return [...this.run.services.keys()];
  }

  /** Venues with a connector in this system. */
  venues(): readonly string[] {
    return this.names().flatMap((name) => venueOfConnector(name) ?? []);
  }

  /** Rows of several services, each with the name of its service. */
  async rowsOf<T extends object>(
    names: readonly string[],
    ask: (name: string) => Promise<readonly T[]>,
  ) {
    const rows = await Promise.all(names.map(ask));
    return names.flatMap((service, at) => (rows[at] ?? []).map((row) => ({ service, ...row })));
  }

  /** Rows of a service (default: of every service), each with the name of its service. */
  async ofEach<T extends object>(
    service: string | undefined,
    ask: (admin: ServiceAdmin) => Promise<readonly T[]>,
  ) {
    const names = service === undefined ? this.names() : [service];
    return this.rowsOf(names, (name) => ask(this.service(name)));
  }

  /** Rows of a venue (default: of every venue with a connector), each with the name of its venue. */
  async ofVenues<T extends object>(
    venue: string | undefined,
    ask: (connector: ConnectorAdmin) => Promise<readonly T[]>,
  ) {
    const venues = venue === undefined ? this.venues() : [venue];
    const rows = await Promise.all(venues.map((name) => ask(this.connector(name))));
    return venues.flatMap((name, at) => (rows[at] ?? []).map((row) => ({ venue: name, ...row })));
  }

  /**
   * Throws a CliError naming the nearest service if the service is not part of the running system.
   */
  protected override target(service: string): AdminTarget {
    const baseUrl = this.run.services.get(service);
    if (baseUrl !== undefined) return { service, baseUrl, token: this.token };
    const known = this.names();
    throw new CliError(
      `there is no service ${service} here; did you mean ${nearest(service, known)}? (there are ${known.join(', ')})`,
      2,
    );
  }
}
