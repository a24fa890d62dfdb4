import { Body, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  AdminController,
  Answers,
  ApiError,
  DetachJournalDto,
  DetachmentDto,
  Refuses,
  Requires,
} from '@sluice/http-api';
import { Database } from '@sluice/postgres';
import { unreachable } from '@sluice/kernel';
import { ChainKeys } from '../hash-chain/chain-keys.js';
import { HeadSigner } from '../hash-chain/head-signer.js';
import { detachJournal, type Detached } from './detach-journal.js';

@AdminController('journal/detachments')
export class DetachmentsController {
  constructor(
    private readonly database: Database,
    private readonly keys: ChainKeys,
    private readonly signer: HeadSigner,
  ) {}

  @Post()
  @Requires('administer')
  @ApiOperation({
    summary:
      "Proves the book, keeps the proof as a checkpoint, and detaches the partitions of the journal before a date's month",
    description: 'Reads the whole book: for operators.',
  })
  @Answers(DetachmentDto)
  @Refuses({ 409: 'there is nothing to detach, or what is not over or not proven would be' })
  async detach(@Body() { before }: DetachJournalDto): Promise<DetachmentDto> {
    const now = this.database.clock.now();
    const detached = await detachJournal(this.database, this.keys, new Date(before), now);
    if (detached.kind !== 'detached') throw ApiError.conflict(refusalOf(detached));
    const { until, partitions, entries, proof } = detached;
    return {
      until,
      partitions,
      entries,
      heads: proof.chain.heads.map((head) => this.signer.sign(head)),
    };
  }
}

function refusalOf(refused: Exclude<Detached, { kind: 'detached' }>): string {
  const { until } = refused;
  switch (refused.kind) {
    case 'nothing_to_detach':
      return `No partition of the journal ends before ${until}`;
    case 'not_over':
      return `The time before ${until} must have been over for a day`;
    case 'entry_dated_later':
      return `Entry ${refused.entry} lies before ${until} but counts later`;
    case 'too_many_outliers':
      return `Too many entries before ${until} lie outside their partitions`;
    case 'not_proven': {
      const { chain, book } = refused.proof;
      const broken = [
        ...(chain.divergence ? [chain.divergence.kind] : []),
        ...book.violations.map(({ invariant }) => invariant),
      ];
      return `Nothing was detached, because the book is not proven: ${broken.join('; ')}`;
    }
    default:
      return unreachable(refused);
  }
}
