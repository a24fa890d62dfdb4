import type { AwaitedDto, PlacedNonceDto, PlaceNonceDto, WalletParams } from '@sluice/admin-api';
import { path } from './admin-http.js';
import { ServiceAdmin } from './service-admin.js';

/** What the signer answers operators beside what every service does. */
export class SignerAdmin extends ServiceAdmin {
  placeNonce(
    { network, address }: WalletParams,
    order: PlaceNonceDto,
  ): Promise<PlacedNonceDto | AwaitedDto> {
    return this.http.post(path`/internal/wallets/${network}/${address}/next-nonce`, order);
  }
}
