import type {
  AwaitedDto,
  ResumeWalletDto,
  TransferTrialDto,
  TryTransferDto,
  WalletDto,
  WalletParams,
} from '@sluice/http-api';
import { path } from './admin-http.js';
import { ConnectorAdmin } from './connector-admin.js';

/**
 * Client of the admin API of our own wallet's connector, in addition to the part common to all
 * connectors.
 */
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

  /** Checks if the wallet could make the given transfer now. */
  tryTransfer(transfer: TryTransferDto): Promise<TransferTrialDto> {
    return this.http.post('/internal/transfers/trial', transfer);
  }
}
