import { StandInSystem } from './testkit/stand-in.js';

const BREAK = {
  id: '4',
  kind: 'orphan',
  subject: 'w7',
  withdrawal_id: null,
  details: 'nobody here has sent w7',
  halt_id: '3',
  opened_at: '2026-05-16T22:00:00.000Z',
  closed_at: null,
  closed_by: null,
  close_evidence: null,
};
const CLOSED = { ...BREAK, id: '3', closed_at: '2026-05-16T23:00:00.000Z', closed_by: 'A' };

let system: StandInSystem;
beforeEach(async () => {
  const list = (...data: readonly object[]) => ({ 'GET /internal/breaks': { data } });
  system = await StandInSystem.start({
    connector: {
      ...list(BREAK, CLOSED),
      'GET /internal/breaks/4': { data: BREAK },
      'POST /internal/breaks/4/close': { data: CLOSED },
    },
    venues: { bybit: list() },
  });
});
afterEach(() => system.stop());

describe('the breaks commands', () => {
  it('list what is open at every venue, and closed ones when asked', async () => {
    const { document } = await system.json('breaks list');
    const all = await system.json('breaks list --venue gateio --all');

    expect(document).toEqual([{ venue: 'gateio', ...BREAK }]);
    expect(all.document).toHaveLength(2);
    expect((await system.sluice('breaks list --venue bybit')).stdout).toBe('no break is open\n');
  });

  it('show one in full', async () => {
    const { stdout } = await system.sluice('breaks show 4 --venue gateio');

    expect(stdout).toMatch(/^details +nobody here has sent w7$/m);
    expect((await system.sluice('breaks show 5 --venue gateio')).stderr).toContain(
      '"sluice breaks list" shows them',
    );
  });

  it('close one with evidence, and say which halt is left', async () => {
    const { stdout } = await system.sluice('breaks close 4 --venue gateio --evidence "by hand"');

    expect(stdout).toContain('sluice halt lift 3 --venue gateio');
    expect(JSON.parse(system.connector.seen[0]?.body ?? '')).toEqual({ evidence: 'by hand' });
  });
});
