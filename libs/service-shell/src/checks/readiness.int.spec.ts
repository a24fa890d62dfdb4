import { testDatabase } from '@sluice/test-servers';
import { Health } from '../platform/health.js';
import { givenAuditedApp } from '../testkit/given-audited-app.js';
import { Check } from './check.js';

describe('the readiness of a service with a missed check', () => {
  let audited: Awaited<ReturnType<typeof givenAuditedApp>>;
  let now = 0;
  let check: Check;
  beforeAll(async () => {
    audited = await givenAuditedApp(await testDatabase('checks'));
    check = audited.app
      .get(Health)
      .watch(new Check({ name: 'venue record', everyMs: 60_000 }, () => now));
  });
  afterAll(() => audited.close());

  const readiness = () => audited.ask('GET', '/readyz');

  it('is 503 with the name, the age and the next step, until the check completes', async () => {
    expect(await readiness()).toMatchObject({
      status: 200,
      body: { info: { checks: { lastCompleted: { 'venue record': null } } } },
    });

    now = 121_000;
    expect(await readiness()).toMatchObject({
      status: 503,
      body: {
        error: {
          checks: {
            faults: [
              'the check "venue record" has not completed for 121 s since the start, and its interval is 60 s: read the warnings of this process, then search its database for sessions with locks',
            ],
          },
        },
      },
    });

    check.completed();
    expect((await readiness()).status).toBe(200);
  });
});
