import type { WithdrawalOrder } from '@sluice/connector-rules';
import type { VenueAnswer, VenueRequest } from '@sluice/connector-engine';
import { Secret } from '@sluice/runtime';
import * as fc from 'fast-check';
import { Amount } from '@sluice/kernel';
import { GateioAdapter } from './gateio.adapter.js';
import { gateioCapabilities } from './gateio.capabilities.js';
import { GateioClient } from './gateio.client.js';
import { GateioFees } from './gateio.fees.js';
import { withdrawalRecord } from './gateio.mapping.js';

/** The time of the venue is known. */
const CLOCK = { earliest: () => new Date(), observe: () => undefined };

/** Answers of the venue by path; only the wire is ours to fake. */
function adapterOver(answers: Readonly<Record<string, unknown>>): GateioAdapter {
  const wire = {
    call: ({ path }: VenueRequest): Promise<VenueAnswer> => {
      const json = answers[path.split('?', 1)[0] ?? ''];
      return Promise.resolve({
        kind: 'answer',
        status: json === undefined ? 500 : 200,
        headers: {},
        text: '',
        json,
      });
    },
  };
  const options = {
    apiKey: 'k',
    apiSecret: new Secret('s'),
    baseUrl: 'https://venue.test/api/v4',
    submitTimeoutMs: 1,
  };
  const client = new GateioClient(wire, CLOCK, options, { turn: () => Promise.resolve() });
  return new GateioAdapter(gateioCapabilities(1_000), client, new GateioFees(client), {
    doneSettlesAfterMs: 1,
  });
}

const order: WithdrawalOrder = {
  withdrawalId: '01932d5a-7c3e-7f00-8000-0123456789ab',
  form: 'chain',
  asset: 'USDT.ETH',
  amount: Amount.of('12.5', 'USDT.ETH'),
  destination: { type: 'address', address: '0xabc' },
  clientReference: 'ref1',
  accountId: 'account 1',
  fee: Amount.of('0.5', 'USDT.ETH'),
  digest: 'a digest',
  signerReceipt: null,
};
const status = (fields: object): Record<string, unknown> => ({
  '/api/v4/wallet/withdraw_status': [{ currency: 'USDT', ...fields }],
});

/** In units of 10^-18, by whole numbers alone: independent of our own arithmetic. */
function units(text: string): bigint {
  const [whole = '', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(18, '0'));
}
const anAmount = fc.stringMatching(/^[1-9][0-9]{0,19}(\.[0-9]{0,17}[1-9])?$/);
const aFee = fc.stringMatching(/^(0|[1-9][0-9]{0,3})(\.[0-9]{0,17}[1-9])?$/);

describe('prepare', () => {
  it('asks for the amount plus the fee of the chain, so that the recipient gets exactly the amount', async () => {
    const preparation = await adapterOver(
      status({ withdraw_fix_on_chains: { ETH: '1.05', TRX: '9' } }),
    ).prepare(order);

    expect(preparation).toMatchObject({
      kind: 'ready',
      request: { gross: Amount.of('13.55', 'USDT.ETH'), evidence: { fee: '1.05', chain: 'ETH' } },
    });
    expect(preparation.kind === 'ready' && preparation.request.body).toBe(
      '{"currency":"USDT","chain":"ETH","amount":"13.55","address":"0xabc","withdraw_order_id":"ref1"}',
    );
  });

  it.each([
    ['the chain map is null', status({ withdraw_fix_on_chains: null })],
    ['the chain is missing', status({ withdraw_fix_on_chains: { TRX: '1' } })],
    [
      'a percentage is added',
      status({ withdraw_fix_on_chains: { ETH: '1' }, withdraw_percent_on_chains: { ETH: '0.1%' } }),
    ],
    ['the fees cannot be read', {}],
  ])('waits when %s: a guessed fee would pay another amount', async (_why, answers) => {
    expect((await adapterOver(answers).prepare(order)).kind).toBe('not_ready');
  });

  it('whatever amount and fee: what Gate leaves after its fee is what was asked for, to the digit, and is read back so', () =>
    fc.assert(
      fc.asyncProperty(anAmount, aFee, async (amount, fee) => {
        const preparation = await adapterOver(
          status({ withdraw_fix_on_chains: { ETH: fee } }),
        ).prepare({ ...order, amount: Amount.of(amount, 'USDT.ETH') });
        const gross =
          preparation.kind === 'ready'
            ? (JSON.parse(preparation.request.body) as { amount: string }).amount
            : '';

        expect(units(gross) - units(fee)).toBe(units(amount));
        const context = {
          doneSettlesAfterMs: 1,
          now: new Date(),
          clockOffsetMs: 0,
        };
        const record = withdrawalRecord(
          { id: 'w1', timestamp: '1745220149', amount: gross, fee },
          context,
        );
        expect(units(record?.net?.toString() ?? '')).toBe(units(amount));
      }),
    ));

  it('pushes exactly the amount to the UID, written digit by digit', async () => {
    const push: WithdrawalOrder = {
      ...order,
      form: 'push',
      destination: { type: 'venue_account', kind: 'uid', value: '9007199254740993' },
    };

    expect(await adapterOver({}).prepare(push)).toMatchObject({
      kind: 'ready',
      request: {
        gross: Amount.of('12.5', 'USDT.ETH'),
        body: '{"receive_uid":9007199254740993,"currency":"USDT","amount":"12.5"}',
      },
    });
  });

  it.each(['abc', '0', '-1', '1.5', '12345678901234567890'])(
    'refuses the UID %s before any call',
    async (value) => {
      const push: WithdrawalOrder = {
        ...order,
        form: 'push',
        destination: { type: 'venue_account', kind: 'uid', value },
      };

      expect(await adapterOver({}).prepare(push)).toMatchObject({
        kind: 'refused',
        reason: 'invalid_destination',
      });
    },
  );
});

describe('a listing with rows that cannot be read', () => {
  const path = '/api/v4/wallet/withdrawals';
  const window = { form: 'chain', from: new Date(0), to: new Date(), offset: 0 };
  const readable = { id: 'w1', timestamp: '1745220149', status: 'DONE' };
  const ours = { ...readable, id: 'w2', timestamp: '0', withdraw_order_id: 'ours' };

  it('puts each aside with its field and raw value, and keeps the records', async () => {
    const rows = [ours, readable, { ...readable, id: null }, null, 'w3'];

    expect(await adapterOver({ [path]: rows }).list(window)).toMatchObject({
      kind: 'page',
      last: true,
      records: [{ venueReference: 'w1' }],
      unreadable: [
        { field: 'timestamp', value: '"0"', draft: { venueReference: 'w2', createdAt: null } },
        { field: 'id', value: 'null', draft: { venueReference: '' } },
        { field: 'row', value: 'null', draft: null },
        { field: 'row', value: '"w3"', draft: null },
      ],
    });
    expect(await adapterOver({ [path]: [readable] }).list(window)).not.toHaveProperty('unreadable');
  });

  it.each([
    ['with our reference', ours, false],
    ['without a reference', { ...ours, withdraw_order_id: '' }, false],
    ['that is no object', null, false],
    ['with the reference of another order', { ...ours, withdraw_order_id: 'other' }, true],
  ])(
    'a row %s in a look-up by reference leaves a proof of absence: %j',
    async (_how, row, proves) => {
      const to = new Date();
      const found = await adapterOver({ [path]: [row] }).lookup({
        form: 'chain',
        clientReference: 'ours',
        from: new Date(to.getTime() - 60_000),
        to,
      });

      expect(found.kind === 'not_found' && found.covered.from < found.covered.to).toBe(proves);
    },
  );
});
