import { StandInSystem, type Script } from './testkit/stand-in.js';

const ID = '0193a1b2-0000-7000-8000-00000000000a';
const ACCOUNT = '3f0c9d52-6a3e-4f5e-9a51-0b6d2f1c7e11';
const PATH = `/internal/accounts/${ACCOUNT}`;
const ENTRY = {
  id: ID,
  account_id: ACCOUNT,
  network: 'XRP',
  destination: { type: 'address', address: 'rPEPPER7kfTD9w2To4CQk6UCfuHM9c6GDY', memo: '0017' },
  label: 'office',
  author: 'person:ada',
  added_at: '2026-11-20T08:00:00.000Z',
  confirmation: 'none',
  confirmed_by: null,
  usable_at: '2026-11-21T08:00:00.000Z',
  removed_at: null,
  removed_by: null,
};
const TERMS = { only_book: true, confirmation: 'none', waits_hours: 24 };

describe('address books by command', () => {
  let system: StandInSystem;
  const given = async (ledger: Script) => void (system = await StandInSystem.start({ ledger }));
  afterEach(() => system.stop());
  const sluice = (line: string) => system.sluice(`address ${line} --account ${ACCOUNT}`);
  const body = () => JSON.parse(system.ledger.seen.at(-1)?.body ?? '') as object;

  it('are listed, page by page, each recipient with its memo', async () => {
    const uid = { type: 'venue_account', kind: 'uid', value: '1234' };
    await given({ [`GET ${PATH}/addresses`]: { data: [ENTRY, { ...ENTRY, destination: uid }] } });
    const { stdout } = await sluice('list');
    expect(stdout).toContain('rPEPPER7kfTD9w2To4CQk6UCfuHM9c6GDY 0017');
    expect(stdout).toContain('uid 1234');
  });

  it('get entries, which count later', async () => {
    await given({ [`POST ${PATH}/addresses`]: { data: ENTRY } });
    const { address, memo } = ENTRY.destination;
    const { stdout } = await sluice(
      `add --network XRP --address ${address} --memo ${memo} --label office`,
    );
    expect(stdout).toBe(`entry ${ID} counts from 2026-11-21 08:00:00Z on\n`);
    const { network, destination, label } = ENTRY;
    expect(body()).toEqual({ network, destination, label });
  });

  it('have entries that are confirmed and removed', async () => {
    await given({
      [`POST ${PATH}/addresses/${ID}/confirm`]: { data: { ...ENTRY, usable_at: null } },
      [`POST ${PATH}/addresses/${ID}/remove`]: {
        data: { ...ENTRY, removed_at: '2026-11-22T08:00:00.000Z' },
      },
    });
    expect((await sluice(`confirm ${ID}`)).stdout).toBe(`entry ${ID} waits for its confirmation\n`);
    expect((await sluice(`remove ${ID}`)).stdout).toBe(
      `entry ${ID} is removed since 2026-11-22 08:00:00Z\n`,
    );
  });

  it('have settings, and looser settings that wait', async () => {
    const next = { ...TERMS, only_book: false, starts_at: '2026-11-23T08:00:00.000Z' };
    await given({
      [`GET ${PATH}/address-book`]: { data: { account_id: ACCOUNT, ...TERMS, next } },
      [`POST ${PATH}/address-book`]: { data: { account_id: ACCOUNT, ...TERMS, next: null } },
    });
    expect((await sluice('settings')).stdout).toContain(
      'from 2026-11-23 08:00:00Z on: only_book false, confirmation none, waits_hours 24',
    );
    await sluice('set --only-book yes --confirmation none --waits-hours 24');
    expect(body()).toEqual(TERMS);
  });
});
