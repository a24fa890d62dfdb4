import { Body, Inject, Injectable, Param, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { Address } from 'viem';
import {
  type Accepted,
  acceptedWhenAwaited,
  AdminController,
  Answers,
  ApiError,
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
import { UnitOfWork } from '@sluice/postgres';
import { Approvals, InjectLogger, type Logger } from '@sluice/service-shell';
import { RULES } from './signatures.js';
import type { SigningRules } from './understand.js';

const PLACE = 'place nonce';

/**
 * Moves the nonce window of an address to a next nonce confirmed by two people. Needed after an
 * abuse of the connector's credential: a nonce far above the nonces in use was signed. Assigned
 * nonces stay assigned, and no nonce is signed for a second purpose.
 */
@Injectable()
export class PlaceNonce {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly approvals: Approvals,
    @Inject(RULES) private readonly rules: SigningRules,
    @InjectLogger() private readonly logger: Logger,
  ) {
    approvals.register(PLACE, (target, request, caller) => {
      const [network = '', address = ''] = target.split(' ');
      return this.run({ network, address }, request as PlaceNonceDto, caller);
    });
  }

  async run(
    { network, address }: WalletParams,
    { next_nonce, evidence }: PlaceNonceDto,
    caller: Caller,
  ): Promise<AwaitedDto | PlacedNonceDto> {
    const chain = this.rules.chains.get(network);
    const wallet = chain?.wallet(address as Address);
    if (!chain || !wallet) throw ApiError.notFound('No such address of ours');
    const demand = {
      action: PLACE,
      target: `${network} ${wallet.address}`,
      request: { next_nonce, evidence },
    };
    return this.unitOfWork.run(async (tx) => {
      const awaited = await this.approvals.ask(tx, demand, caller);
      if (awaited) return awaited;
      const people = await this.approvals.approve(tx, demand, caller);
      await tx.query(PLACED, [
        chain.settings.chainId,
        wallet.address,
        next_nonce,
        evidence,
        people.requestedBy,
        people.approvedBy,
      ]);
      const placed = { network, address: wallet.address, next_nonce };
      this.logger.warn(
        { ...placed, evidence, ...people },
        'two people set the next nonce of an address',
      );
      return placed;
    });
  }
}

const PLACED = `
  INSERT INTO nonce_placement (chain_id, address, next_nonce, evidence, requested_by, approved_by) VALUES ($1, $2, $3, $4, $5, $6)`;

/** Endpoints for operators. */
@AdminController('wallets')
export class NoncesController {
  constructor(private readonly placing: PlaceNonce) {}

  /** Takes effect after a second person's approval. */
  @Post(':network/:address/next-nonce')
  @Requires('operate', 'approve')
  @ApiOperation({
    summary: 'Sets the nonce at which a blocked address continues; requires two people',
  })
  @Answers(PlacedNonceDto)
  @MayAwait()
  @Refuses({ 404: 'the address is no wallet address on this network' })
  async placeNonce(
    @Param() wallet: WalletParams,
    @Body() order: PlaceNonceDto,
    @CallerOf() caller: Caller,
  ): Promise<PlacedNonceDto | Accepted<AwaitedDto>> {
    return acceptedWhenAwaited(await this.placing.run(wallet, order, caller));
  }
}
