import { StandInSystem, type Scripts } from './testkit/stand-in.js';

let system: StandInSystem;
const given = async (scripts: Scripts) => {
  system = await StandInSystem.start(scripts);
};
afterEach(async () => system.stop());

describe('the check of the invariants', () => {
  const clean = {
    'GET /internal/invariants': { data: { checked: 3, violations: [], populations: { holds: 4 } } },
  };
  const small = {
    'GET /internal/invariants': { data: { checked: 2, violations: [], populations: {} } },
  };
  const violated = {
    'GET /internal/invariants': {
      data: {
        checked: 5,
        violations: [{ invariant: 'L1 entries balance', rows: [{ entry: 1 }] }],
        populations: {},
      },
    },
  };

  it('adds up what every service says, and holds when nothing is violated', async () => {
    await given({ intake: clean, ledger: clean, connector: small });

    expect(await system.json('invariants check')).toEqual({
      exitCode: 0,
      document: { checked: 8, violations: [] },
    });
    expect((await system.sluice('invariants check')).stdout).toContain('every invariant holds');
  });

  it('fails when one is violated, and names the service', async () => {
    await given({ intake: clean, ledger: violated, connector: small });

    expect(await system.json('invariants check')).toEqual({
      exitCode: 1,
      document: {
        checked: 10,
        violations: [{ service: 'ledger', invariant: 'L1 entries balance', rows: [{ entry: 1 }] }],
      },
    });
  });

  it('proves nothing while a service cannot be asked, and keeps what the others found', async () => {
    await given({ intake: clean, ledger: violated, connector: clean });
    await system.connector.stop();

    const { exitCode, document } = await system.json('invariants check');

    expect(exitCode).toBe(2);
    expect(document).toMatchObject({
      error: expect.stringMatching(
        /^connector-gateio cannot be reached.*; the others report 1 violated$/,
      ),
      checked: 8,
      violations: [{ invariant: 'L1 entries balance' }],
    });
  });

  it('does not take a report without a number of checks for a clean one', async () => {
    await given({
      intake: clean,
      ledger: { 'GET /internal/invariants': { data: {} } },
      connector: small,
    });

    expect(await system.json('invariants check')).toMatchObject({
      exitCode: 2,
      document: { error: expect.stringContaining('ledger did not report the number') },
    });
  });
});
