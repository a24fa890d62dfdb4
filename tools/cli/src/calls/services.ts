import {
  ConnectorAdmin,
  HaltingAdmin,
  IntakeAdmin,
  LedgerAdmin,
  ServiceAdmin,
  SignerAdmin,
  WalletAdmin,
  WebhooksAdmin,
  type AdminTarget,
} from '@sluice/admin-client';
import { connectorOf, venueOfConnector, WALLET } from '@sluice/messages';
import { CliError, nearest } from '../errors.js';
import type { RunFile } from '../settings/run-file.js';

const INTAKE = 'intake-api';

/** The services of the run file, each with a typed client of the admin API. */
export class Services {
  constructor(
    private readonly run: RunFile,
    private readonly token: AdminTarget['token'],
  ) {}

  get intake(): IntakeAdmin {
    return new IntakeAdmin(this.require(INTAKE));
  }

  get ledger(): LedgerAdmin {
    return new LedgerAdmin(this.require('ledger'));
  }

  get webhooks(): WebhooksAdmin {
    return new WebhooksAdmin(this.require('webhooks'));
  }

  get wallet(): WalletAdmin {
    return new WalletAdmin(this.require(connectorOf(WALLET)));
  }

  get signer(): SignerAdmin {
    return new SignerAdmin(this.require('signer'));
  }

  connector(venue: string): ConnectorAdmin {
    return new ConnectorAdmin(this.require(connectorOf(venue)));
  }

  service(name: string): ServiceAdmin {
    return new ServiceAdmin(this.require(name));
  }

  halting(name: string): HaltingAdmin {
    return new HaltingAdmin(this.require(name));
  }

  /** Services with halts: intake-api stops accepting orders, a connector stops sending. */
  haltingNames(): readonly string[] {
    return [INTAKE, ...this.venues().map(connectorOf)];
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
  private require(service: string): AdminTarget {
    const baseUrl = this.run.services.get(service);
    if (baseUrl !== undefined) return { service, baseUrl, token: this.token };
    const known = this.names();
    throw new CliError(
      `there is no service ${service} here; did you mean ${nearest(service, known)}? (there are ${known.join(', ')})`,
      2,
    );
  }
}
