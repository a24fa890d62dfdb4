import { StandInSystem } from './testkit/stand-in.js';

const WALLET = {
  network: 'ETH',
  address: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
  purpose: 'hot',
  account_id: null,
  next_nonce: '17',
  waiting: 2,
  unconfirmed: 5,
  paused_because: null,
  head: 812,
  looked_at: '2026-11-22T10:00:00.000Z',
  funds: [
    { asset: 'ETH.ETH', balance: '3.5', under_way: '0.01' },
    { asset: 'USDT.ETH', balance: '800', under_way: '0' },
  ],
};

let system: StandInSystem;
beforeEach(async () => {
  system = await StandInSystem.start({
    wallet: {
      'GET /internal/wallets': { data: [WALLET] },
      [`POST /internal/wallets/ETH/${WALLET.address}/resume`]: ({ body }) =>
        body.includes('first')
          ? { status: 202, data: { approval_id: '7', awaits: 'x', expires_at: 'tomorrow' } }
          : { data: WALLET },
    },
    signer: {
      [`POST /internal/wallets/ETH/${WALLET.address}/next-nonce`]: ({ body }) =>
        body.includes('first')
          ? { status: 202, data: { approval_id: '7', awaits: 'x', expires_at: 'tomorrow' } }
          : { data: { network: 'ETH', address: WALLET.address, next_nonce: '17' } },
    },
  });
});
afterEach(() => system.stop());

describe('wallet place-nonce', () => {
  it('says who is awaited, and then where the nonces go on', async () => {
    const place = (evidence: string) => [
      'wallet',
      'place-nonce',
      '--network',
      'ETH',
      '--address',
      WALLET.address,
      '--next',
      '17',
      '--evidence',
      evidence,
    ];

    expect((await system.sluice(place('the first'))).stdout).toContain(
      'sluice approve 7 --service signer',
    );
    expect((await system.sluice(place('the second'))).stdout).toBe(
      `the nonces of ${WALLET.address} on ETH go on at 17\n`,
    );
  });
});

describe('wallet show', () => {
  it('lists what each of our addresses has and what is under way', async () => {
    const { stdout } = await system.sluice('wallet show');

    expect(stdout).toContain('3.5 ETH.ETH (0.01 under way), 800 USDT.ETH');
    expect((await system.json('wallet show')).document).toEqual([WALLET]);
  });
});

describe('wallet resume', () => {
  const resume = (evidence: string, address = WALLET.address) => [
    'wallet',
    'resume',
    '--network',
    'ETH',
    '--address',
    address,
    '--evidence',
    evidence,
  ];

  it('says who is awaited, and then that it is resumed', async () => {
    expect((await system.sluice(resume('the first'))).stdout).toContain(
      'sluice approve 7 --service connector-evm',
    );
    expect((await system.sluice(resume('the second'))).stdout).toBe(
      `${WALLET.address} on ETH is not paused any more; see: sluice wallet show\n`,
    );
  });

  it('says where the addresses are that there are', async () => {
    expect((await system.sluice(resume('x', '0x1'))).stderr).toContain('"sluice wallet show"');
  });
});
