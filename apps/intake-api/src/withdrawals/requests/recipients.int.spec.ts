import { randomUUID } from 'node:crypto';
import { testDatabase } from '@sluice/test-servers';
import { givenApi, givenLedgerApi, type TestApi } from '../../testkit/given-api.js';
import { countOf, givenAccount } from '../../testkit/given-intake.js';
import {
  giveWalletRoutes,
  HOT,
  HOT_ON_BSC,
  OF_ANOTHER,
  RECIPIENTS,
  type RecipientVerdict,
  RETIRED,
  TANK,
  tellWallets,
  TOKEN,
} from '../../testkit/given-wallet.js';

const MESSAGES: Readonly<Record<RecipientVerdict, string>> = {
  taken: 'OK',
  malformed: 'The address format is invalid for this network',
  lost: 'Nobody could spend what is sent to this address',
  ours: 'This address is a paying address of the gateway',
};

describe('who is paid on an EVM chain, and who is not', () => {
  let ledger: Awaited<ReturnType<typeof givenLedgerApi>>;
  let api: TestApi;
  let key: { keyId: string; secret: string };
  beforeAll(async () => {
    ledger = await givenLedgerApi((target) =>
      target.endsWith('/signers') ? [] : [{ available: '1000' }],
    );
    api = await givenApi(await testDatabase('intake'), { LEDGER_URL: ledger.url });
    await giveWalletRoutes(api.database);
    key = await api.createKey(await givenAccount(api.database), ['withdraw']);
    const hot = (address: string, network = 'ETH') =>
      ({ network, address, purpose: 'hot' }) as const;
    const token = { network: 'ETH', currency: 'DAI', address: TOKEN };
    const wallets = [
      hot(HOT),
      { ...hot(TANK), purpose: 'tank' as const },
      { ...hot(OF_ANOTHER), accountId: randomUUID() },
      hot(HOT_ON_BSC, 'BSC'),
    ];
    await tellWallets(api, [...wallets, hot(RETIRED)], [token]);
    await tellWallets(api, wallets);
  });
  afterAll(() => Promise.all([api.close(), ledger.close()]));

  const ask = async (target: string, to_address: string, network: string, venue: string) => {
    const body = JSON.stringify({ currency: 'USDT', network, to_address, amount: '50', venue });
    const answer = await api.send({ method: 'POST', target, body, key });
    return [answer.status, answer.body.message];
  };

  it('has sixty addresses and more', () => {
    expect(RECIPIENTS.length).toBeGreaterThanOrEqual(60);
    expect(new Set(RECIPIENTS.map(([, address]) => address)).size).toBe(RECIPIENTS.length);
  });

  it.each(RECIPIENTS)('%s: %j is %s, whoever would pay', async (_why, address, verdict) => {
    const expected = [verdict === 'taken' ? 200 : 400, MESSAGES[verdict]];
    for (const [network, venue] of [
      ['ETH', 'wallet'],
      ['ETH', 'gateio'],
      ['BSC', 'wallet'],
    ] as const) {
      expect(await ask('/v1/withdrawals/preview', address, network, venue)).toEqual(expected);
      if (verdict !== 'taken')
        expect(await ask('/v1/withdrawals', address, network, venue)).toEqual(expected);
    }
  });

  it('has put nothing on record and asked for no hold', async () => {
    expect(await countOf(api.database, 'withdrawal')).toBe(0);
    expect(await countOf(api.database, 'outbox')).toBe(0);
  });
});
