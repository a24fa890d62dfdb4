import { ServiceCredential } from '@sluice/service-shell';
import { Secret } from '@sluice/runtime';
import { benchFor, type TestConnector } from '@sluice/connector-testing';
import { deployBurner, deployPurse, setBlocked, setShut } from '@sluice/test-servers/evm';
import { eventually } from '@sluice/test-kit';
import { newServiceKey } from '@sluice/test-servers';
import { kitWith } from '../testing/wallet-kit.js';
import { someAddress } from '../testing/orders.js';
import type { WalletVenue } from '../testing/wallet-venue.js';

const SLOW = 240_000;
const INTAKE = newServiceKey();
const ACCOUNT = '0b6c1c8e-3a52-4f0e-9a51-5d0f6f6f2a11';

let venue: WalletVenue;
let connector: TestConnector;
const bench = benchFor(
  kitWith({}, (started) => {
    venue = started;
  }),
);
beforeEach(async () => {
  const serviceCallers = new Secret(`{"intake-api":[${INTAKE.publicKey}]}`);
  connector = await bench.connector({ serviceCallers });
});
afterEach(() => venue.proxy.honest());

const now = () => new Date();
const tokenOf = (itself: string) =>
  new ServiceCredential(itself, 'connector-evm', new Secret(INTAKE.privateKey), now).token();

async function ask(change: object, token?: string) {
  const answer = await connector.app.inject({
    method: 'POST',
    url: '/internal/transfers/trial',
    headers: {
      authorization: `Bearer ${token ?? (await tokenOf('intake-api'))}`,
      'content-type': 'application/json',
    },
    payload: JSON.stringify({
      account_id: ACCOUNT,
      asset: 'ETH.ETH',
      to_address: someAddress(),
      amount: '0.01',
      ...change,
    }),
  });
  const { data = null } = answer.json<{ data?: object }>();
  return { status: answer.statusCode, data };
}

const answers = (data: object) => ({ status: 200, data: expect.objectContaining(data) as object });
/** Once its addresses are compared with their chain, an ordinary transfer works. */
const isReady = () =>
  eventually(async () => expect(await ask({})).toEqual(answers({ outcome: 'works' })), {
    withinMs: 90_000,
  });

describe('POST /internal/transfers/trial', () => {
  it(
    'says of coins and tokens whether the recipient takes them within the limit of its gas, and takes no nonce for it',
    async () => {
      await isReady();
      const [shut, burner, modest] = [
        await deployPurse(venue.chain),
        await deployBurner(venue.chain, 30),
        await deployPurse(venue.chain),
      ];
      await setShut(venue.chain, shut, true);
      const blocked = someAddress();
      await setBlocked(venue.chain, venue.token, blocked, true);
      const works = answers({ outcome: 'works', reason: null, message: null });
      const refusedFor = (reason: string) =>
        answers({ outcome: 'refused', reason, message: expect.any(String) as string });
      const token = { asset: 'USDT.ETH', amount: '3.5' };

      expect(await ask({ to_address: modest })).toEqual(works);
      expect(await ask({ to_address: shut })).toEqual(refusedFor('would_revert'));
      expect(await ask({ to_address: burner })).toEqual(refusedFor('gas_above_limit'));
      expect(await ask({ ...token, to_address: burner })).toEqual(works);
      expect(await ask({ ...token, to_address: blocked })).toEqual(refusedFor('would_revert'));

      expect(await connector.database.query('SELECT FROM nonce')).toEqual([]);
      expect(venue.proxy.countOf('eth_sendRawTransaction')).toBe(0);
    },
    SLOW,
  );

  it(
    'refuses nothing that it cannot try',
    async () => {
      await isReady();
      const unknown = answers({ outcome: 'unknown', reason: null });

      expect(await ask({ asset: 'DOGE.DOGE' })).toEqual(unknown);
      expect(await ask({ amount: '20000' })).toEqual(unknown);
      expect(await ask({ amount: '0.0000000000000000001' })).toEqual(unknown);
      expect(await ask({ to_address: 'nobody' })).toEqual(unknown);
      venue.proxy.lie({ kind: 'status', status: 503 }, { methods: ['eth_estimateGas'] });
      expect(await ask({})).toEqual(unknown);
      venue.proxy.honest().lie({ kind: 'status', status: 503 });
      await eventually(async () => expect(await ask({})).toEqual(unknown));
    },
    SLOW,
  );

  it('answers intake-api alone', async () => {
    expect(await ask({}, connector.issuer.tokenOf('demo'))).toMatchObject({ status: 403 });
    expect(await ask({}, await tokenOf('ledger'))).toMatchObject({ status: 401 });
    expect(await ask({ amount: '-1' })).toMatchObject({ status: 422 });
    expect(await ask({ asset: 'ETH' })).toMatchObject({ status: 422 });
  });
});
