import { randomUUIDv7 } from 'node:crypto';
import type { LedgerRefusal } from '@sluice/ledger-core';
import { capture, commandOf, place, release } from '../testkit/given-ledger.js';
import * as wire from '../wire/wire.js';
import { type CommandDecision, reasonToHalt } from './decision.js';

const hold = place(randomUUIDv7(), '5');
const refused = (
  kind: LedgerRefusal['kind'],
  body: Parameters<typeof commandOf>[0] = capture(hold, '5'),
): CommandDecision => {
  const command = commandOf(body);
  return {
    command,
    event: wire.commandRefused(command, kind),
    refusal: { kind } as LedgerRefusal,
  };
};

describe('a refused capture', () => {
  it.each(['already_released', 'already_expired', 'hold_not_found'] as const)(
    'halts the book where the paid money is free again: %s',
    (kind) => {
      expect(reasonToHalt([refused(kind)])).toContain(`${hold.data.withdrawalId} (${kind})`);
    },
  );

  it.each([
    'already_captured',
    'assigned_elsewhere',
    'exceeds_hold',
    'hold_mismatch',
    'amount_not_positive',
  ] as const)('halts nothing where the money is held or captured: %s', (kind) => {
    expect(reasonToHalt([refused(kind)])).toBeNull();
  });

  it('is no refused release', () => {
    expect(reasonToHalt([refused('hold_not_found', release(hold))])).toBeNull();
  });

  it('is one of many: the reason names three, and counts the others', () => {
    const many = Array.from({ length: 5 }, () => refused('already_released'));

    expect(reasonToHalt(many)).toContain(' and 2 more');
  });
});
