import { Body, Post } from '@nestjs/common';
import { ApiBody, ApiOperation } from '@nestjs/swagger';
import {
  AdminController,
  Answers,
  ProofDto,
  ProveBookDto,
  Refuses,
  Requires,
  ROLES,
} from '@sluice/http-api';
import { Database } from '@sluice/postgres';
import { HoldAuthority } from '../commands/hold-authority.js';
import { ChainKeys } from '../hash-chain/chain-keys.js';
import { HeadSigner } from '../hash-chain/head-signer.js';
import { proveBook } from './prove-book.js';

@AdminController('proof')
export class ProofController {
  constructor(
    private readonly database: Database,
    private readonly keys: ChainKeys,
    private readonly signer: HeadSigner,
    private readonly authority: HoldAuthority,
  ) {}

  @Post()
  @Requires(...ROLES)
  @ApiOperation({
    summary:
      'Verifies the chains, recomputes balances and holds from the journal, and names the first divergence',
    description: 'Reads the whole book: for operators, not for every minute.',
  })
  @ApiBody({ type: ProveBookDto, required: false })
  @Answers(ProofDto)
  @Refuses()
  prove(@Body() { heads }: ProveBookDto): Promise<ProofDto> {
    const { keys, signer, authority } = this;
    return proveBook(this.database, { keys, signer, authority }, heads);
  }
}
