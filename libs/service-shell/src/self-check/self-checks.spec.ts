import { SelfChecks } from './self-checks.js';

const FINDING = { code: 'x', wrong: 'w', follows: 'f', remedy: 'r' };

describe('the self-checks of a service', () => {
  let checks: SelfChecks;
  beforeEach(() => void (checks = new SelfChecks()));

  it('tell what was looked at, what is wrong, and what nobody can tell', async () => {
    checks.add(
      { name: 'one', look: () => Promise.resolve({ findings: [FINDING] }) },
      { name: 'two', look: () => Promise.resolve({ untold: ['Nobody says it.'] }) },
    );

    expect(await checks.run()).toEqual({
      checked: ['one', 'two'],
      findings: [FINDING],
      unchecked: [],
      untold: [{ what: 'two', because: 'Nobody says it.' }],
    });
  });

  it('that fail are no clean result', async () => {
    checks.add({ name: 'one', look: () => Promise.reject(new Error('the venue is away')) });

    expect(await checks.run()).toMatchObject({
      checked: [],
      unchecked: [{ what: 'one', because: 'the venue is away' }],
    });
  });

  it('are made once for all who ask meanwhile, and anew for who asks later', async () => {
    let looks = 0;
    checks.add({ name: 'one', look: async () => Promise.resolve((looks++, {})) });

    await Promise.all([checks.run(), checks.run(), checks.run()]);
    expect(looks).toBe(1);
    await checks.run();
    expect(looks).toBe(2);
  });
});
