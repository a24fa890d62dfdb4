import { testDatabase } from '@sluice/test-servers';
import { REFUSED_PER_MINUTE, RefusedCredentials } from './refused-credentials.js';
import { givenAuditedApp } from '../testkit/given-audited-app.js';

describe('a flood of credentials that prove nobody', () => {
  let app: Awaited<ReturnType<typeof givenAuditedApp>>;
  beforeAll(async () => void (app = await givenAuditedApp(await testDatabase('flood'))));
  afterAll(() => app.close());

  it('is told to wait, fills no audit log, and locks nobody out', async () => {
    const attempt = () => app.ask('GET', '/internal/things', undefined, 'nonsense');
    const first = await Promise.all(Array.from({ length: REFUSED_PER_MINUTE }, attempt));
    expect(new Set(first.map(({ status }) => status))).toEqual(new Set([401]));
    const entries = (await app.entries()).length;

    expect(await attempt()).toMatchObject({
      status: 429,
      retryAfter: expect.stringMatching(/^\d+$/),
      body: { success: false, message: 'Too many refused credentials from this address' },
    });
    expect((await app.entries()).length).toBe(entries);
    expect((await app.ask('GET', '/internal/things')).status).toBe(200);
  });

  it('counts each address for itself', async () => {
    const credentials = new RefusedCredentials();
    for (let n = 0; n < REFUSED_PER_MINUTE; n++) await credentials.count('10.0.0.1');

    expect(await credentials.count('10.0.0.1')).toBeGreaterThan(0);
    expect(await credentials.count('10.0.0.2')).toBeNull();
  });
});
