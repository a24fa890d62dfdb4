import 'reflect-metadata';
import type { Type } from '@nestjs/common';
import { NumberText } from '@sluice/kernel';
import { ExactPipe } from '../../http/exact.pipe.js';
import { FundLedgerAccountDto } from './accounts.dto.js';
import { DetachJournalDto } from './detachments.dto.js';
import { HoldsQuery } from './holds.dto.js';
import { ProveBookDto } from './proof.dto.js';

const pipe = new ExactPipe();
/** Fields as a query brings them, or as the pipe has read them from a body. */
const read = (metatype: Type, fields: object) =>
  pipe.transform(fields, { type: 'query', metatype });

describe("the DTOs of the ledger's admin API", () => {
  const funding = (amount: unknown) => ({
    asset: 'USDT.ETH',
    amount,
    reference: 'r',
    evidence: 'e',
  });

  it.each(['0', '12.50', `${'9'.repeat(24)}.${'9'.repeat(30)}`])('take the amount %s', (amount) => {
    expect(read(FundLedgerAccountDto, funding(amount))).toEqual(funding(amount));
  });

  it.each([new NumberText('12.5'), '-1', '1e3', '', '9'.repeat(25)])(
    'refuse the amount %p',
    (amount) => {
      expect(() => read(FundLedgerAccountDto, funding(amount))).toThrow(
        'amount: Input should be a decimal string with at most 24 digits before the point and 30 after it',
      );
    },
  );

  it('take a head as a proof answers it and as a message has it, and no other', () => {
    const head = (shard: unknown) => ({ shard, sequence: '7', hash: 'a'.repeat(64) });

    expect(read(ProveBookDto, { heads: [head(new NumberText('3')), head('3')] })).toEqual({
      heads: [head(3), head(3)],
    });
    expect(() => read(ProveBookDto, { heads: [head('-1')] })).toThrow(
      'heads.0.shard: Input should be a whole number from 0 to 99999',
    );
  });

  it.each(['2026-11-01T00:00:00Z', '2026-13-01', 'yesterday'])(
    'refuse %s as the date of a detachment',
    (before) => {
      expect(() => read(DetachJournalDto, { before })).toThrow(
        'before: Input should be a date such as 2026-11-01',
      );
    },
  );

  it('read the query of holds', () => {
    expect(read(HoldsQuery, { state: 'placed', limit: '7' })).toEqual({
      state: 'placed',
      limit: 7,
    });
    expect(() => read(HoldsQuery, { state: 'placed', limit: '501' })).toThrow(
      'limit: Input should be a whole number from 1 to 500',
    );
  });
});
