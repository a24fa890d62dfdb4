import { Body, Param, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  type Accepted,
  acceptedWhenAwaited,
  AdminController,
  Answers,
  type AwaitedDto,
  type Caller,
  CallerOf,
  MayAwait,
  PlacedNonceDto,
  PlaceNonceDto,
  Refuses,
  Requires,
  WalletParams,
} from '@sluice/http-api';
import { PlaceNonce } from './place-nonce.js';

/** Endpoints for operators. */
@AdminController('wallets')
export class NoncesController {
  constructor(private readonly placeNonce: PlaceNonce) {}

  /** Takes effect after a second person's approval. */
  @Post(':network/:address/next-nonce')
  @Requires('operate', 'approve')
  @ApiOperation({
    summary: 'Sets the nonce at which a blocked address continues; requires two people',
  })
  @Answers(PlacedNonceDto)
  @MayAwait()
  @Refuses({ 404: 'the address is no wallet address on this network' })
  async place(
    @Param() wallet: WalletParams,
    @Body() order: PlaceNonceDto,
    @CallerOf() caller: Caller,
  ): Promise<PlacedNonceDto | Accepted<AwaitedDto>> {
    return acceptedWhenAwaited(await this.placeNonce.run(wallet, order, caller));
  }
}
