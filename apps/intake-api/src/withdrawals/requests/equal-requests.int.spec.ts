import { testValues } from '@sluice/runtime';
import { testDatabase } from '@sluice/test-servers';
import { ADDRESS } from '../../testkit/a-withdrawal.js';
import { givenApi, type ApiAnswer, type ApiCall, type TestApi } from '../../testkit/given-api.js';
import { countOf, givenAccount } from '../../testkit/given-intake.js';

const BITCOIN = 'bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4';
const TRON = 'TGZQXjpvvfjZFLYdL6cnNTaxNRbGmthPLL';
const TON = {
  bounceable: 'EQCD39VS5jcptHL8vMjEXrzGaRcCVYto7HUn4bpAOg8xqB2N',
  canonical: 'UQCD39VS5jcptHL8vMjEXrzGaRcCVYto7HUn4bpAOg8xqEBI',
  raw: '0:83dfd552e63729b472fcbcc8c45ebcc6691702558b68ec7527e1ba403a0f31a8',
};
const ID = '0b6a1cde-4d1c-4b7e-9a1f-2c3d4e5f6a7b';
const BANK = {
  type: 'reference_account',
  user_id: ID,
  account_group_id: ID,
  reference_account_id: ID,
};
const UID = { type: 'venue_account', kind: 'uid', value: '12345678' };
const asAddress = (address: string, more: object = {}) => ({
  to_address: null,
  destination: { type: 'address', address, ...more },
});

/** A request, and the fields of requests that mean the same payment. */
const EQUAL: [string, object, object[]][] = [
  [
    'spellings of an address of EVM',
    { to_address: ADDRESS },
    [
      { to_address: ADDRESS.toLowerCase() },
      { to_address: `0x${ADDRESS.slice(2).toUpperCase()}` },
      asAddress(ADDRESS.toLowerCase()),
      asAddress(ADDRESS, { memo: null }),
      asAddress(ADDRESS, { memo: '' }),
    ],
  ],
  [
    'spellings of bech32',
    { currency: 'BTC', network: 'BTC', to_address: BITCOIN, amount: '0.5' },
    [{ to_address: BITCOIN.toUpperCase() }, asAddress(BITCOIN.toUpperCase())],
  ],
  [
    'forms of a TRON address',
    { network: 'TRX', to_address: TRON },
    [asAddress(TRON), { to_address: null, destination: { address: TRON, type: 'address' } }],
  ],
  [
    'forms of a TON address',
    { network: 'TON', to_address: TON.bounceable },
    [
      { to_address: TON.canonical },
      { to_address: TON.raw },
      asAddress(TON.canonical, { memo: null }),
    ],
  ],
  [
    'ids of a bank account',
    { currency: 'EUR', network: 'SEPA', destination: BANK },
    [
      { destination: { ...BANK, user_id: ID.toUpperCase() } },
      { destination: { ...BANK, remittance_information: null, purpose_code: '' } },
      { destination: { ...BANK, remittance_information: '' }, to_address: null },
    ],
  ],
  [
    'an account at a venue',
    { destination: UID },
    [{ destination: { ...UID, area_code: null } }, { destination: { ...UID, area_code: '' } }],
  ],
  [
    'spellings of an amount',
    { to_address: ADDRESS, amount: '10' },
    [{ amount: '10.0' }, { amount: '010.000000' }, { amount: 10 }],
  ],
  [
    'codes in any case, and null for what is absent',
    { to_address: ADDRESS, venue: 'gateio' },
    [
      { currency: 'usdt', network: 'Eth', venue: 'GATEIO' },
      { venue: null, destination: null },
      { venue: undefined, memo: null, note: 'x' },
    ],
  ],
];

describe('a repetition with the same reference', () => {
  let api: TestApi;
  let key: NonNullable<ApiCall['key']>;
  beforeAll(async () => {
    api = await givenApi(await testDatabase('intake'), testValues({ holdTimeoutMs: 50 }));
    await api.database.query(`INSERT INTO network (code, family) VALUES ('TON', 'ton')`);
    await api.database.query(
      `INSERT INTO currency (currency, network, name, contract_address, decimals, min_withdrawal_amount, withdrawal_fee_flat, withdrawal_fee_percent)
       VALUES ('USDT', 'TON', 'Tether USD', NULL, 6, 1, 1, 0)`,
    );
    await api.database.query(
      `INSERT INTO route (currency, network, position, venue, pays)
       VALUES ('USDT', 'TON', 1, 'gateio', '{address}'), ('EUR', 'SEPA', 1, 'upvest', '{reference_account}')`,
    );
    key = await api.createKey(await givenAccount(api.database), ['withdraw']);
  });
  afterAll(() => api.close());

  const ask = (body: object): Promise<ApiAnswer> => api.post('/v1/withdrawals', body, { key });

  it.each(EQUAL)('is the same request: %s', async (reference, first, repeats) => {
    const body = { currency: 'USDT', network: 'ETH', amount: '50', ...first };
    const asked = { ...body, client_reference: reference };

    expect(await ask(asked)).toMatchObject({ status: 504 }); // recorded: the ledger is silent
    const [shown, ...others] = [
      await ask(asked),
      ...(await Promise.all(repeats.map((change) => ask({ ...asked, ...change })))),
    ];

    expect(shown).toMatchObject({ status: 200, body: { data: { client_reference: reference } } });
    for (const other of others) expect(other).toMatchObject({ status: 200, body: shown?.body });
    const rows = 'withdrawal WHERE client_reference = $1';
    expect(await countOf(api.database, rows, [reference])).toBe(1);
  });

  it.each<[string, object]>([
    ['another amount', { amount: '10.01' }],
    ['another recipient', { to_address: '0x8ba1f109551bd432803012645ac136ddd64dba72' }],
    ['another network', { network: 'BSC' }],
    ['another venue', { venue: 'bybit' }],
  ])('is another request with %s', async (_what, change) => {
    const asked = {
      currency: 'USDT',
      network: 'ETH',
      to_address: ADDRESS,
      amount: '10',
      client_reference: 'another',
    };
    await ask(asked);

    expect(await ask({ ...asked, ...change })).toMatchObject({
      status: 409,
      body: { message: 'client_reference was already used with different parameters' },
    });
  });
});
