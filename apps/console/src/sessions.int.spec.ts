import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeJwt } from 'jose';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, LocalIssuer } from '@sluice/test-servers';
import { eventually } from '@sluice/test-kit';
import { SessionEnds } from './sessions/session-ends.js';
import { SESSION_COLUMNS, type LiveSession } from './sessions/sessions.js';
import { TokenSeals } from './sessions/token-seals.js';
import type { Browser } from './testkit/browser.js';
import { givenConsole, type TestConsole } from './testkit/given-console.js';

let console: TestConsole;
beforeAll(async () => void (console = await givenConsole()));
afterAll(() => console.close());
afterEach(async () => {
  console.ledger.answerWith();
  await console.database.query('DELETE FROM session');
});

const COOKIE = '__Host-sluice-console';
const ACCOUNTS = '/api/services/ledger/accounts';
const statusOf = async (browser: Browser, path = '/api/session') =>
  (await browser.call(path)).status;
const tokenSeen = () => console.ledger.seen.at(-1)?.headers.authorization;

interface ShownSession {
  readonly id: string;
  readonly person: string;
  readonly is_current: boolean;
}

const listOf = async (browser: Browser) =>
  (await browser.call('/api/sessions')).body.data as readonly ShownSession[];

describe('a session ends', () => {
  it('after its idle time', async () => {
    const browser = await console.as('olivia');
    await console.shift(
      `created_at = created_at - interval '1 hour', last_used_at = now() - interval '15 minutes'`,
    );

    expect(await statusOf(browser)).toBe(401);
  });

  it('after its absolute time, however much it is used', async () => {
    const browser = await console.as('olivia');
    await console.shift(`created_at = created_at - interval '9 hours', ends_at = now()`);

    expect(await statusOf(browser)).toBe(401);
  });

  it('not while the person acts, and in spite of reads in the background', async () => {
    const [active, idle] = [await console.as('olivia'), await console.as('peter')];
    await console.shift(
      `created_at = created_at - interval '1 hour', last_used_at = now() - interval '14 minutes'`,
    );
    const ageOf = async (person: string) =>
      (
        await console.database.query<{ minutes: number }>(
          'SELECT round(extract(epoch FROM now() - last_used_at) / 60)::int AS minutes FROM session WHERE person = $1',
          [person],
        )
      )[0]?.minutes;

    await active.call('/api/session');
    await idle.call('/api/session', { headers: { 'sluice-console': 'background' } });

    expect([await ageOf('olivia'), await ageOf('peter')]).toEqual([0, 14]);
  });

  it('by its person in another browser, or everywhere', async () => {
    const [one, two] = [await console.as('olivia'), await console.as('olivia')];
    const other = (await listOf(one)).find(({ is_current }) => !is_current);

    expect(await one.call(`/api/sessions/${other?.id}`, { method: 'DELETE' })).toMatchObject({
      status: 200,
      body: { data: { ended: 1 } },
    });
    expect([await statusOf(one), await statusOf(two)]).toEqual([200, 401]);

    expect((await one.call('/api/sessions', { method: 'DELETE' })).status).toBe(200);
    expect(await statusOf(one)).toBe(401);
  });

  it('by an administrator, who sees all; others see and end their own alone', async () => {
    const [olivia, peter, ada] = [
      await console.as('olivia'),
      await console.as('peter'),
      await console.as('ada'),
    ];
    const all = await listOf(ada);
    const ofPeter = all.find(({ person }) => person === 'peter');

    expect(all.map(({ person }) => person).toSorted()).toEqual(['ada', 'olivia', 'peter']);
    expect((await listOf(olivia)).map(({ person }) => person)).toEqual(['olivia']);
    const path = `/api/sessions/${ofPeter?.id}`;
    expect((await olivia.call(path, { method: 'DELETE' })).status).toBe(404);
    expect((await ada.call(path, { method: 'DELETE' })).status).toBe(200);
    expect(await statusOf(peter)).toBe(401);
    expect((await ada.call('/api/sessions/nonsense', { method: 'DELETE' })).status).toBe(404);
  });

  it.each(['revoked', 'idle'])('with its streams, when it is %s', async (how) => {
    const browser = await console.as('olivia');
    console.ledger.answerWith((_call, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('event: changed\ndata: {}\n\n');
    });
    const stream = await browser.stream('/api/services/ledger/stream', {
      headers: { 'sluice-console': '1', accept: 'text/event-stream' },
    });
    const ended = new Promise((resolve) => stream.once('close', resolve).once('error', resolve));
    expect(stream.headers['content-type']).toBe('text/event-stream');
    stream.resume();

    if (how === 'revoked') await browser.call('/api/sessions', { method: 'DELETE' });
    else
      await console.shift(
        `created_at = created_at - interval '1 hour', last_used_at = now() - interval '1 hour'`,
      );

    await Promise.race([
      ended,
      sleep(5_000).then(() => Promise.reject(new Error('it still runs'))),
    ]);
  });

  it('in the table too, with its tokens', async () => {
    await console.as('olivia');
    await console.shift(
      `created_at = created_at - interval '1 hour', last_used_at = now() - interval '1 hour'`,
    );
    await console.app.get(SessionEnds).endOld();

    const rows = await console.database.query('SELECT ended_because, tokens FROM session');
    expect(rows).toEqual([{ ended_because: 'idle', tokens: null }]);
  });
});

describe('an end by a person', () => {
  it('is in the audit log, before and after', async () => {
    const [olivia, ada] = [await console.as('olivia'), await console.as('ada')];
    const [first] = (await listOf(olivia)).map(({ id }) => id);
    await ada.call(`/api/sessions/${first}`, { method: 'DELETE' });
    await ada.call('/auth/logout', { method: 'POST' });

    const rows = await console.database.query(
      `SELECT caller_name, caller_roles, remote, method, route, target, summary, status
         FROM audit_entry ORDER BY sequence DESC LIMIT 4`,
    );
    const byAda = { caller_name: 'ada', caller_roles: ['administer'], remote: '127.0.0.1' };
    const ofOlivia = {
      method: 'DELETE',
      route: '/api/sessions/:id',
      target: `/api/sessions/${first}`,
    };
    const ofAda = { method: 'POST', route: '/auth/logout', target: '/auth/logout' };
    expect(rows.toReversed()).toEqual([
      { ...byAda, ...ofOlivia, summary: `revoked: sessions ${first} of olivia`, status: null },
      { ...byAda, ...ofOlivia, summary: 'revoked: 1 ended', status: 200 },
      {
        ...byAda,
        ...ofAda,
        summary: expect.stringMatching(/^logout: sessions [\w-]+ of ada$/) as string,
        status: null,
      },
      { ...byAda, ...ofAda, summary: 'logout: 1 ended', status: 200 },
    ]);
  });

  it('does not happen without its entry', async () => {
    const browser = await console.as('olivia');
    await console.database.query('ALTER TABLE audit_entry RENAME TO hidden_entry');
    const refused = await browser.call('/api/sessions', { method: 'DELETE' });
    await console.database.query('ALTER TABLE hidden_entry RENAME TO audit_entry');

    expect(refused.status).toBeGreaterThanOrEqual(500);
    expect(await statusOf(browser)).toBe(200);
  });
});

describe('a token', () => {
  const expire = (seconds = -1) =>
    console.shift(
      `access_expires_at = now() + ${seconds} * interval '1 second', refresh_tried_at = NULL`,
    );

  it('is refreshed once for requests side by side', async () => {
    const browser = await console.as('olivia');
    await expire();

    const statuses = await Promise.all(
      Array.from({ length: 8 }, () => statusOf(browser, ACCOUNTS)),
    );

    expect(statuses).toEqual(Array.from({ length: 8 }, () => 200));
    expect(new Set(console.ledger.seen.map(({ headers }) => headers.authorization)).size).toBe(1);
    // a token used twice would have ended the whole family at the issuer
    await expire();
    expect(await statusOf(browser, ACCOUNTS)).toBe(200);
  });

  it('is refreshed once for two instances of the console', async () => {
    const { url, issuer, consoleUrl } = console;
    const second = await givenConsole({ url, issuer, consoleUrl });
    try {
      for (let round = 0; round < 5; round++) {
        const first = await console.as('olivia');
        const there = second.browser(first.jar);
        await expire();

        const statuses = await Promise.all([
          statusOf(first, ACCOUNTS),
          statusOf(there, ACCOUNTS),
          statusOf(first, ACCOUNTS),
          statusOf(there, ACCOUNTS),
        ]);

        expect(statuses).toEqual([200, 200, 200, 200]);
        expect(second.ledger.seen.at(-1)?.headers.authorization).toBe(tokenSeen());
        await expire();
        expect(await statusOf(there, ACCOUNTS)).toBe(200);
      }
    } finally {
      await second.close();
    }
  });

  it('is refreshed ahead without making the request wait', async () => {
    const browser = await console.as('olivia');
    await statusOf(browser, ACCOUNTS);
    const before = tokenSeen();
    await expire(30);

    await statusOf(browser, ACCOUNTS);
    expect(tokenSeen()).toBe(before);
    await eventually(async () => {
      await statusOf(browser, ACCOUNTS);
      expect(tokenSeen()).not.toBe(before);
    });
  });

  it('carries a change only with roles of the last minute', async () => {
    const rolesSeen = () =>
      (decodeJwt(tokenSeen()?.slice(7) ?? '') as { readonly roles: readonly string[] }).roles;
    const change = async (browser: Browser) =>
      (await browser.call(ACCOUNTS, { method: 'POST' })).status;
    const browser = await console.as('peter');
    console.issuer.setRoles('peter', ['operate']);
    try {
      await change(browser);
      expect(rolesSeen()).toEqual(['operate', 'approve']);
      await console.shift(`tokens_at = now() - interval '61 seconds'`);
      await statusOf(browser, ACCOUNTS);
      expect(rolesSeen()).toEqual(['operate', 'approve']);

      expect(await Promise.all([change(browser), change(browser)])).toEqual([200, 200]);
      expect(rolesSeen()).toEqual(['operate']);
      const fresh = tokenSeen();
      await change(browser);
      expect(tokenSeen()).toBe(fresh);
    } finally {
      console.issuer.setRoles('peter', ['operate', 'approve']);
    }
  });

  it('is sealed in the table, for its own row alone', async () => {
    await console.as('olivia');
    await console.as('peter');
    const rows = await console.database.query<{ text: string }>(
      'SELECT to_jsonb(s)::text AS text FROM session s',
    );
    expect(rows.map(({ text }) => /eyJ/.test(text))).toEqual([false, false]);

    const browser = await console.as('audrey');
    await console.shift(`tokens = (SELECT tokens FROM session WHERE person = 'peter')`);
    expect(await statusOf(browser, ACCOUNTS)).toBe(401);
  });
});

describe('while the issuer is away', () => {
  it('the session stays: 503 for an expired token, and all is well afterwards', async () => {
    const file = `${process.env['TMPDIR'] ?? '/tmp'}/console-issuer-${process.pid}-${Date.now()}.json`;
    const issuer = await LocalIssuer.start({ file });
    const own = await givenConsole({ issuer });
    const port = Number(new URL(issuer.url).port);
    try {
      const browser = await own.as('olivia');
      await issuer.stop();

      // a halt stays possible: the token counts until its own end
      await own.shift(
        `access_expires_at = now() + interval '5 minutes', tokens_at = now() - interval '5 minutes'`,
      );
      expect((await browser.call(ACCOUNTS, { method: 'POST' })).status).toBe(200);
      await own.shift(`access_expires_at = now()`);
      expect(await browser.call(ACCOUNTS)).toMatchObject({
        status: 503,
        headers: { 'retry-after': '5' },
      });
      expect(await statusOf(browser)).toBe(200);

      const again = await LocalIssuer.start({ file, port });
      await own.shift('refresh_tried_at = NULL');
      // this issuer has forgotten the families, as after a revocation
      expect(await statusOf(browser, ACCOUNTS)).toBe(401);
      expect(await statusOf(browser)).toBe(401);
      await again.stop();
    } finally {
      await own.close();
    }
  });
});

describe('the tokens of a session at the issuer', () => {
  it('end with the session, also by its idle time', async () => {
    const { issuer, relay } = await relayedIssuer();
    const own = await givenConsole({ issuer });
    try {
      await own.as('olivia');
      const [row] = await own.database.query<LiveSession>(`SELECT ${SESSION_COLUMNS} FROM session`);
      if (!row) throw new Error('there is no session');
      const { refreshToken } = own.app.get(TokenSeals).openTokens(row.tokens, row);
      await own.shift(
        `created_at = created_at - interval '1 hour', last_used_at = now() - interval '1 hour'`,
      );

      await own.app.get(SessionEnds).endOld();

      await eventually(() => expect(relay.answered).toContain('/revoke'));
      const form = {
        grant_type: 'refresh_token',
        refresh_token: refreshToken ?? '',
        client_id: 'sluice-console',
        client_secret: issuer.consoleSecret,
      };
      const body = new URLSearchParams(form);
      const answer = await fetch(issuer.tokenUrl, { method: 'POST', body });
      expect(await answer.json()).toEqual({ error: 'invalid_grant' });
    } finally {
      await own.close();
      await Promise.all([relay.close(), issuer.stop()]);
    }
  });
});

describe('a refresh', () => {
  it('whose answer is lost is repeated: the session stays where the issuer allows it', async () => {
    const { issuer, relay } = await relayedIssuer(60_000);
    const own = await givenConsole({ issuer });
    const again = `access_expires_at = now(), refresh_tried_at = NULL`;
    try {
      const browser = await own.as('olivia');
      await own.shift(again);
      relay.losesAnswer = true;
      expect(await statusOf(browser, ACCOUNTS)).toBe(503);
      relay.losesAnswer = false;

      for (let round = 0; round < 2; round++) {
        await own.shift(again);
        expect(await statusOf(browser, ACCOUNTS)).toBe(200);
      }
    } finally {
      await own.close();
      await Promise.all([relay.close(), issuer.stop()]);
    }
  });

  it('whose answer is lost ends the session at the next attempt, and strands nobody', async () => {
    const { issuer, relay } = await relayedIssuer();
    const own = await givenConsole({ issuer });
    try {
      const browser = await own.as('olivia');
      await own.shift('access_expires_at = now()');
      relay.losesAnswer = true;
      expect(await statusOf(browser, ACCOUNTS)).toBe(503);
      relay.losesAnswer = false;
      expect(await statusOf(browser, ACCOUNTS)).toBe(503); // the issuer is not asked again at once
      expect(await statusOf(browser)).toBe(200);

      await own.shift('refresh_tried_at = NULL');
      expect(await statusOf(browser, ACCOUNTS)).toBe(401);
      expect(await statusOf(browser)).toBe(401);
    } finally {
      await own.close();
      await Promise.all([relay.close(), issuer.stop()]);
    }
  });

  it('that the database does not store is stored later, without a second use of the token', async () => {
    const browser = await console.as('olivia');
    await console.database.query(`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$BEGIN RAISE EXCEPTION 'disk full' USING ERRCODE = '53100'; END$$;
      CREATE TRIGGER refuse BEFORE UPDATE OF tokens ON session FOR EACH ROW EXECUTE FUNCTION refuse()`);
    const expire = `access_expires_at = now(), refresh_tried_at = NULL`;
    await console.shift(expire);
    const refused = await statusOf(browser, ACCOUNTS);
    await console.database.query('DROP TRIGGER refuse ON session; DROP FUNCTION refuse');

    expect(refused).toBe(503);
    expect(await statusOf(browser, ACCOUNTS)).toBe(200);
    await console.shift(expire);
    expect(await statusOf(browser, ACCOUNTS)).toBe(200);
  });
});

describe('a call is refused', () => {
  const refusals: readonly [string, Readonly<Record<string, string>>][] = [
    ['without the header of the page', { 'sluice-console': '' }],
    ['with another value of the header', { 'sluice-console': 'true' }],
    ['from another origin', { origin: 'https://evil.example' }],
    ['from a sandboxed frame', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
    ['from another site', { 'sec-fetch-site': 'cross-site' }],
    ['from another host of the site', { 'sec-fetch-site': 'same-site' }],
    ['as a navigation', { 'sec-fetch-site': 'none' }],
  ];

  it.each(refusals)('%s', async (_what, headers) => {
    const browser = await console.as('demo');
    for (const [method, path] of [
      ['GET', '/api/session'],
      ['POST', ACCOUNTS],
      ['GET', '/api/every/approvals'],
      ['DELETE', '/api/sessions'],
      ['POST', '/auth/logout'],
    ] as const)
      expect((await browser.call(path, { method, headers })).status).toBe(403);
    expect(console.ledger.seen).toEqual([]);
    expect(await statusOf(browser)).toBe(200);
  });

  it('without a session, or with a cookie of the wrong form', async () => {
    const browser = console.browser();
    expect(await browser.call('/api/session')).toMatchObject({
      status: 401,
      body: { message: 'The session has ended: log in again' },
    });
    for (const value of ['x', 'y'.repeat(43), `${'z'.repeat(43)}"; DROP`]) {
      browser.jar.set(COOKIE, value);
      expect(await statusOf(browser)).toBe(401);
    }
  });
});

it('keeps its invariants', async () => {
  await console.as('olivia');
  expect(await console.violations()).toEqual([]);
});

/** An issuer behind a relay that can lose the answer of the token endpoint. */
async function relayedIssuer(reuseWithinMs = 0) {
  const answered: string[] = [];
  const relay = { losesAnswer: false, answered, close: async (): Promise<void> => undefined };
  const port = await freePort();
  const server = createServer((request, response) => {
    const { method = 'GET', url = '', headers } = request;
    const ahead = httpRequest({ port, method, path: url, headers }, (answer) => {
      if (relay.losesAnswer && url === '/token') return void response.destroy();
      response.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(response).once('finish', () => answered.push(url));
    });
    request.pipe(ahead);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  relay.close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { relay, issuer: await LocalIssuer.start({ port, issuer: url, reuseWithinMs }) };
}
