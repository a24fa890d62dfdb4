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
import { CliError } from './cli-error.js';
import { nearest } from './nearest.js';
import type { RunFile } from './run-file.js';

const INTAKE = 'intake-api';

/** The services of the run file, each with the typed client of its admin API. */
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

  /** Those that can halt something: intake-api takes nothing new, a connector sends nothing. */
  halting(): ReadonlyMap<string, HaltingAdmin> {
    const names = [INTAKE, ...this.venues().map(connectorOf)];
    return new Map(names.map((name) => [name, new HaltingAdmin(this.require(name))]));
  }

  service(name: string): ServiceAdmin {
    return new ServiceAdmin(this.require(name));
  }

  names(): readonly string[] {
    return [...this.run.services.keys()];
  }

  /** Those that have a connector here. */
  venues(): readonly string[] {
    return this.names().flatMap((name) => venueOfConnector(name) ?? []);
  }

  /** Throws a CliError that names the nearest for a service that is not part of what runs here. */
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
