import type { AwaitedDto, PlacedNonceDto, PlaceNonceDto, WalletParams } from '@sluice/http-api';
import { path } from './admin-http.js';
import { ServiceAdmin } from './service-admin.js';

/** Client of the signer's admin API, in addition to the common part. */
export class SignerAdmin extends ServiceAdmin {
  placeNonce(
    { network, address }: WalletParams,
    order: PlaceNonceDto,
  ): Promise<PlacedNonceDto | AwaitedDto> {
    return this.http.post(path`/internal/wallets/${network}/${address}/next-nonce`, order);
  }
}
