import { Amount } from '@sluice/kernel';
import { decode, encode, ledgerCommands, orderDigest, recipientDigest } from '@sluice/messages';
import { createLogger } from '@sluice/service-shell';
import { commandOf, USDT } from '../testkit/given-ledger.js';
import type { OrderedCommand, TopicCommand } from '../wire/ledger-command.js';
import { LedgerCommandsConsumer, orderFault } from './ledger-commands.consumer.js';

const ACCOUNT = '0d6f1c1e-5b0a-4f0e-9f63-2f5a6c2f7b11';
const MONEY = { accountId: ACCOUNT, asset: 'USDT.ETH', amount: '5', reference: 'r' };

describe('ledger.commands', () => {
  it.each([
    ['ledger.fund-account.v1', MONEY],
    ['ledger.transfer-funds.v1', { ...MONEY, from: 'suspense', to: `customer:${ACCOUNT}` }],
    ['ledger.reverse-entry.v1', { accountId: ACCOUNT, entryId: ACCOUNT, reason: 'r' }],
    ['ledger.freeze-account.v1', { accountId: ACCOUNT, freezeId: 'f', reason: 'r' }],
    ['ledger.unfreeze-account.v1', { accountId: ACCOUNT, freezeId: 'f' }],
  ])('carries no %s: a person asks for that at the admin API', (type, data) => {
    const headers = {
      ce_specversion: '1.0',
      ce_id: 'm1',
      ce_type: type,
      ce_source: 'intake-api',
      ce_subject: ACCOUNT,
      ce_time: '2026-11-20T08:00:00.000Z',
      'content-type': 'application/json',
    };

    expect(decode(ledgerCommands, { key: ACCOUNT, headers, value: JSON.stringify(data) })).toEqual({
      ok: false,
      refusal: { kind: 'unknown_type', type },
    });
  });
});

const IDS = {
  withdrawalId: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
  accountId: '0d6f1c1e-5b0a-4f0e-9f63-2f5a6c2f7b11',
};
const RECIPIENT = recipientDigest({
  type: 'address',
  address: '0x52908400098527886E0F7030069857D2E4169EE7',
  memo: '7',
});
const MARKS = {
  recipientDigest: RECIPIENT,
  digest: orderDigest({
    ...IDS,
    asset: USDT,
    amount: '3.111',
    fee: '1.5',
    recipientDigest: RECIPIENT,
  }),
};
const PLACE = commandOf({
  type: 'ledger.place-hold.v1',
  data: { ...IDS, asset: USDT, amount: '4.611', payout: '3.111', fee: '1.5', ...MARKS },
}) as TopicCommand;
const CAPTURE = commandOf({
  type: 'ledger.capture-hold.v1',
  data: { ...IDS, asset: USDT, amount: '3.111', fee: '1.5', venue: 'gateio', ...MARKS },
}) as TopicCommand;

/** Describes what a command would hold or book, for comparison. */
function meaningOf(command: TopicCommand): string {
  const data = command.data as {
    withdrawalId: string;
    accountId: string;
    asset: string;
    amount: string;
    fee?: string;
  };
  const text = (amount = '0') => Amount.of(amount, USDT).toString();
  return JSON.stringify([
    command.type,
    data.withdrawalId,
    data.accountId,
    data.asset,
    text(data.amount),
    text(data.fee),
  ]);
}

describe('a command of which a character was changed in the log, its checksum put right', () => {
  it.each([PLACE, CAPTURE])('holds and books what was asked or nothing: $type', (command) => {
    const wire = encode(ledgerCommands, command);
    const believed = [...wire.value].flatMap((character, at) =>
      ['9', '4', 'a', '"', ' '].flatMap((put) => {
        const read = decode(ledgerCommands, {
          ...wire,
          value: wire.value.slice(0, at) + put + wire.value.slice(at + 1),
        });
        return read.ok && orderFault(read.value) === null ? [meaningOf(read.value)] : [];
      }),
    );

    expect(new Set(believed)).toEqual(new Set([meaningOf(command)]));
  });

  it('fails its batch before anything is decided', async () => {
    const applied: OrderedCommand[] = [];
    const consumer = new LedgerCommandsConsumer(
      {
        applyUnlessHalted: (commands) => {
          applied.push(...commands);
          return Promise.resolve([]);
        },
      },
      createLogger('test', 'silent'),
    );

    await expect(
      consumer.onBatch([{ ...PLACE, data: { ...PLACE.data, amount: '1.11' } } as TopicCommand]),
    ).rejects.toThrow('it reserves 1.11, but pays 3.111');
    expect(applied).toEqual([]);
    await consumer.onBatch([PLACE]);
    expect(applied).toEqual([PLACE]);
  });

  it('of a hold that is for no order there is nothing to check', () => {
    expect(
      orderFault(
        commandOf({
          type: 'ledger.place-hold.v1',
          data: { ...IDS, asset: USDT, amount: '1' },
        }) as TopicCommand,
      ),
    ).toBeNull();
  });
});
