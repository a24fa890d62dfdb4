import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { Database } from '@sluice/postgres';
import { proveBook, type Proof } from './prove-book.js';
import type { ChainHead } from './chain-report.js';
import { failure, success, type Success } from '../admin/responses.js';

@Controller('internal/proof')
export class ProofController {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Reads the whole book: for operators, not for every minute. `heads`, if given, are heads that were published before. */
  @Post()
  @HttpCode(200)
  async prove(@Body() body: unknown): Promise<Success<Proof>> {
    const heads = typeof body === 'object' && body !== null && 'heads' in body ? body.heads : [];
    if (!Array.isArray(heads) || !heads.every(isHead))
      throw failure(400, 'heads must be a list of {shard, sequence, hash}');
    return success(await proveBook(this.database, heads.map(headFrom)));
  }
}

/** As a proof answers it, or as a message has it: there the shard is text. */
type HeadGiven = Omit<ChainHead, 'shard'> & { readonly shard: number | string };

function isHead(head: unknown): head is HeadGiven {
  if (
    typeof head !== 'object' ||
    head === null ||
    !('shard' in head) ||
    !('sequence' in head) ||
    !('hash' in head)
  )
    return false;
  return (
    /^\d{1,5}$/.test(String(head.shard)) &&
    /^\d{1,19}$/.test(String(head.sequence)) &&
    /^[0-9a-f]{64}$/.test(String(head.hash))
  );
}

function headFrom({ shard, sequence, hash }: HeadGiven): ChainHead {
  return { shard: Number(shard), sequence: String(sequence), hash: String(hash) };
}
