import { execFileSync } from 'node:child_process';
import { verifyIntake } from '@sluice/signing';
import { DEMO, StandInSystem, type Reply, type Seen } from './testkit/stand-in.js';

const BODY = `{"currency":"USDT", "amount":"5", "client_reference":"it's 1"}`;

let system: StandInSystem;
afterEach(async () => system.stop());

describe('a call of the public API', () => {
  it('is signed with the demo key over the very bytes that arrive', async () => {
    system = await StandInSystem.start({
      intake: { 'POST /v1/withdrawals': { data: { withdrawal_id: 17 } } },
    });

    const { exitCode, document } = await system.json([
      'api',
      'POST',
      '/v1/withdrawals',
      BODY,
      '--prefer-wait',
      '5',
    ]);

    expect(exitCode).toBe(0);
    expect(document).toMatchObject({
      status: 200,
      body: { success: true, data: { withdrawal_id: 17 } },
    });
    const [seen] = system.intake.seen;
    expect(seen).toMatchObject({
      body: BODY,
      headers: { 'x-cpg-key': DEMO.key_id, 'content-type': 'application/json', prefer: 'wait=5' },
    });
    expect(isSigned(seen, DEMO.secret)).toBe(true);
  });

  it('is signed with the key of the environment, and with a given key before that', async () => {
    system = await StandInSystem.start({
      intake: { 'GET /v1/balances': { data: [] } },
      demo: false,
    });
    const env = { SLUICE_KEY_ID: 'key_env', SLUICE_SECRET: 'env' };

    await system.json('api GET /v1/balances?b=2&a=%41', env);
    await system.json('api GET /v1/balances --key-id key_given --secret given', env);

    const [first, second] = system.intake.seen;
    expect([first?.headers['x-cpg-key'], isSigned(first, 'env')]).toEqual(['key_env', true]);
    expect([second?.headers['x-cpg-key'], isSigned(second, 'given')]).toEqual(['key_given', true]);
  });

  it('says which key it wants when there is none', async () => {
    system = await StandInSystem.start({ demo: false });

    expect(await system.json('api GET /v1/balances')).toMatchObject({
      exitCode: 2,
      document: { error: expect.stringContaining('no key to sign with') },
    });
    expect(await system.json('api GET /v1/balances --key-id k')).toMatchObject({
      exitCode: 2,
      document: { error: expect.stringContaining('go together') },
    });
  });

  it('ends with 1 when the API refuses, and shows its answer', async () => {
    system = await StandInSystem.start({
      intake: { 'POST /v1/withdrawals': { status: 422, message: 'amount: Field required' } },
    });

    const { exitCode, stdout } = await system.sluice('api POST /v1/withdrawals {}');

    expect(exitCode).toBe(1);
    expect(stdout).toContain(
      '422 Unprocessable Entity\n{\n  "success": false,\n  "message": "amount: Field required"\n}\n',
    );
    expect(stdout).toContain('sent again, it pays again');
  });

  it('is shown as a curl that a shell takes apart into a request with a signature of its own', async () => {
    system = await StandInSystem.start({ intake: { 'POST /v1/withdrawals': { data: {} } } });

    const { document } = await system.json(['api', 'POST', '/v1/withdrawals', BODY]);
    const words = wordsOf(document.curl);

    expect(words.at(-1)).toBe(BODY);
    expect(words).toContain(`${system.intake.url}/v1/withdrawals`);
    const headers = Object.fromEntries(
      words
        .filter((word) => word.startsWith('X-CPG-'))
        .map((word) => [word.split(': ')[0]?.toLowerCase(), word.split(': ')[1]]),
    );
    expect(
      isSigned({ method: 'POST', target: '/v1/withdrawals', headers, body: BODY }, DEMO.secret),
    ).toBe(true);
    expect(headers['x-cpg-signature']).not.toBe(system.intake.seen[0]?.headers['x-cpg-signature']);
    expect(document.curl).not.toContain(DEMO.secret);
  });

  it('is not sent when it is only to be printed', async () => {
    system = await StandInSystem.start({});

    const { exitCode, document } = await system.json([
      'api',
      'POST',
      '/v1/withdrawals',
      BODY,
      '--print-only',
    ]);

    expect(exitCode).toBe(0);
    expect(document).toMatchObject({
      request: { method: 'POST', body: BODY, headers: { 'X-CPG-Key': DEMO.key_id } },
      curl: expect.stringContaining('curl '),
    });
    expect(system.intake.seen).toEqual([]);
  });

  it('says that the outcome is not known when a POST gets no answer', async () => {
    system = await StandInSystem.start({});
    await system.intake.stop();

    const { exitCode, stderr } = await system.sluice(['api', 'POST', '/v1/withdrawals', BODY]);

    expect(exitCode).toBe(2);
    expect(stderr).toContain('the outcome is unknown');
  });
});

describe('a signature that was used before', () => {
  const SPENT = { status: 401, message: 'Request signature has already been used' };
  const signatures = () => system.intake.seen.map(({ headers }) => headers['x-cpg-signature']);
  const refusingTwice = () => {
    let refusals = 2;
    return (): Reply => (refusals-- > 0 ? SPENT : { data: [] });
  };

  it('is replaced for a GET: asking twice within a second is no fault', async () => {
    system = await StandInSystem.start({ intake: { 'GET /v1/balances': refusingTwice() } });

    const { exitCode } = await system.json('api GET /v1/balances');

    expect(exitCode).toBe(0);
    expect(system.intake.seen.every((seen) => isSigned(seen, DEMO.secret))).toBe(true);
    expect(signatures()).toHaveLength(3);
    expect(new Set(signatures()).size).toBe(3);
  });

  it('is never tried again, in whatever second and however often another is refused', async () => {
    system = await StandInSystem.start({ intake: { 'GET /v1/balances': SPENT } });

    const { exitCode } = await system.json('api GET /v1/balances');

    expect(exitCode).toBe(1);
    expect(signatures()).toHaveLength(6);
    expect(new Set(signatures()).size).toBe(6);
  });

  it('is never replaced for a POST: the refusal may have prevented a second payment', async () => {
    system = await StandInSystem.start({ intake: { 'POST /v1/withdrawals': refusingTwice() } });

    const { exitCode } = await system.json(['api', 'POST', '/v1/withdrawals', BODY]);

    expect(exitCode).toBe(1);
    expect(system.intake.seen).toHaveLength(1);
  });
});

/** As the intake API checks it, within the window. */
function isSigned(seen: Seen | undefined, secret: string): boolean {
  if (!seen) return false;
  const timestamp = String(seen.headers['x-cpg-timestamp']);
  const [path = '', query = ''] = seen.target.split('?');
  const isFresh = Math.abs(Date.now() / 1000 - Number(timestamp)) < 300;
  return (
    isFresh &&
    verifyIntake(
      secret,
      { timestamp, method: seen.method, path, query, body: seen.body },
      String(seen.headers['x-cpg-signature']),
    )
  );
}

/** What a shell would hand to curl. */
function wordsOf(command: string): string[] {
  const shown = execFileSync('sh', ['-c', `curl() { printf '%s\\0' "$@"; }\n${command}`], {
    encoding: 'utf8',
  });
  return shown.split('\0').slice(0, -1);
}
