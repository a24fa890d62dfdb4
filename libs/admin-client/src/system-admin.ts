import { connectorOf, WALLET } from '@sluice/messages';
import type { AdminTarget } from './admin-http.js';
import { AuditorAdmin } from './auditor-admin.js';
import { ConnectorAdmin } from './connector-admin.js';
import { HaltingAdmin } from './halting-admin.js';
import { IntakeAdmin } from './intake-admin.js';
import { LedgerAdmin } from './ledger-admin.js';
import { ServiceAdmin } from './service-admin.js';
import { SignerAdmin } from './signer-admin.js';
import { WalletAdmin } from './wallet-admin.js';
import { WebhooksAdmin } from './webhooks-admin.js';

/** Typed clients of the services of one system. */
export abstract class SystemAdmin {
  /** Throws if the system has no such service. */
  protected abstract target(service: string): AdminTarget;

  get intake(): IntakeAdmin {
    return new IntakeAdmin(this.target('intake-api'));
  }

  get ledger(): LedgerAdmin {
    return new LedgerAdmin(this.target('ledger'));
  }

  get auditor(): AuditorAdmin {
    return new AuditorAdmin(this.target('auditor'));
  }

  get webhooks(): WebhooksAdmin {
    return new WebhooksAdmin(this.target('webhooks'));
  }

  get wallet(): WalletAdmin {
    return new WalletAdmin(this.target(connectorOf(WALLET)));
  }

  get signer(): SignerAdmin {
    return new SignerAdmin(this.target('signer'));
  }

  connector(venue: string): ConnectorAdmin {
    return new ConnectorAdmin(this.target(connectorOf(venue)));
  }

  service(name: string): ServiceAdmin {
    return new ServiceAdmin(this.target(name));
  }

  halting(name: string): HaltingAdmin {
    return new HaltingAdmin(this.target(name));
  }
}
