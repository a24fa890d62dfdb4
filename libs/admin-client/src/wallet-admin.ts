import type { WalletDto } from '@sluice/admin-api';
import { ConnectorAdmin } from './connector-admin.js';

/** What the connector of our own wallet answers operators beside what every connector does. */
export class WalletAdmin extends ConnectorAdmin {
  wallets(): Promise<readonly WalletDto[]> {
    return this.http.list('/internal/wallets');
  }
}
