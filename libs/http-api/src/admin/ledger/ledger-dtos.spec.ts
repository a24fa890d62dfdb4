import 'reflect-metadata';
import type { Type } from '@nestjs/common';
import { NumberText } from '@sluice/kernel';
import { ExactPipe } from '../../http/exact.pipe.js';
import { FundLedgerAccountDto } from './accounts.dto.js';
import { HoldsQuery } from './hold-record.js';
import { PreviewPolicyDto } from './policy.dto.js';
import { DetachJournalDto, ProveBookDto } from './journal.dto.js';

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

  it('take a withdrawal for the spending policy with a destination, and no other', () => {
    const withdrawal = {
      account_id: '0d6f1c1e-5b0a-4f0e-9f63-2f5a6c2f7b11',
      key_id: 'ck_1',
      asset: 'USDT.ETH',
      amount: '51.05',
      destination: { type: 'address', address: '0x7' },
      venue: 'gateio',
    };

    expect(read(PreviewPolicyDto, withdrawal)).toEqual(withdrawal);
    expect(() => read(PreviewPolicyDto, { ...withdrawal, destination: { type: 'x' } })).toThrow(
      /destination\.type: Input should be/,
    );
    expect(() => read(PreviewPolicyDto, { ...withdrawal, destination: 'x' })).toThrow(
      'destination: Input should be a valid object',
    );
  });

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
