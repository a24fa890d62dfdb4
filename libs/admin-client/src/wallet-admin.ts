import type {
  AwaitedDto,
  ResumeWalletDto,
  TransferTrialDto,
  TryTransferDto,
  WalletDto,
  WalletParams,
} from '@sluice/admin-api';
import { path } from './admin-http.js';
import { ConnectorAdmin } from './connector-admin.js';

/** What the connector of our own wallet answers operators beside what every connector does. */
export class WalletAdmin extends ConnectorAdmin {
  wallets(): Promise<readonly WalletDto[]> {
    return this.http.list('/internal/wallets');
  }

  resumeWallet(
    { network, address }: WalletParams,
    resume: ResumeWalletDto,
  ): Promise<WalletDto | AwaitedDto> {
    return this.http.post(path`/internal/wallets/${network}/${address}/resume`, resume);
  }

  /** Asks whether the wallet could make such a transfer now. */
  tryTransfer(transfer: TryTransferDto): Promise<TransferTrialDto> {
    return this.http.post('/internal/transfers/trial', transfer);
  }
}
