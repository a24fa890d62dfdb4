import { StandInSystem, type Script } from './testkit/stand-in.js';

const ACCOUNT = '3f0c9d52-6a3e-4f5e-9a51-0b6d2f1c7e11';
const ID = '0193a1b2-0000-7000-8000-00000000000a';
const WEBHOOK = {
  id: ID,
  account: ACCOUNT,
  url: 'https://shop.example/hooks',
  events: ['withdrawal.confirmed', 'withdrawal.failed'],
  description: null,
  state: 'enabled',
  created_at: '2026-11-20T08:00:00.000Z',
  paused_at: null,
  paused_because: null,
  failing_since: null,
};
const PAUSED = {
  ...WEBHOOK,
  state: 'paused',
  paused_at: '2026-11-22T08:00:00.000Z',
  paused_because: 'failures',
  failing_since: '2026-11-19T08:00:00.000Z',
};
const DELIVERY = {
  id: 42,
  webhook_id: ID,
  event: 'withdrawal.confirmed',
  status: 'failed',
  attempt_count: 7,
  next_retry_at: null,
  created_at: '2026-11-20T09:00:00.000Z',
  ended_at: '2026-11-21T23:36:00.000Z',
};
const ATTEMPT = {
  started_at: '2026-11-21T23:35:59.481Z',
  duration_ms: 12,
  status: 500,
  error: null,
  request_headers: { 'x-cpg-delivery': '42' },
  answer: 'no \u001b[31mdisk',
};

const service: Script = {
  'POST /internal/webhooks': { status: 201, data: { ...WEBHOOK, secret: 'whsec_MfKQ9r8G' } },
  'GET /internal/webhooks': { data: [WEBHOOK, PAUSED] },
  [`GET /internal/webhooks/${ID}`]: { data: PAUSED },
  [`DELETE /internal/webhooks/${ID}`]: { data: { ...WEBHOOK, state: 'deleted' } },
  [`POST /internal/webhooks/${ID}/test`]: { data: { ...DELIVERY, id: 43, status: 'pending' } },
  [`POST /internal/webhooks/${ID}/pause`]: { data: PAUSED },
  [`POST /internal/webhooks/${ID}/resume`]: { data: WEBHOOK },
  [`GET /internal/webhooks/${ID}/deliveries`]: {
    raw: { success: true, message: 'OK', data: [DELIVERY], data_count: 1, next_cursor: '42' },
  },
  'GET /internal/deliveries/42': {
    data: { ...DELIVERY, body: '{"id":42}', attempts: [ATTEMPT] },
  },
  'POST /internal/deliveries/42/requeue': { data: { ...DELIVERY, status: 'pending' } },
  [`POST /internal/webhooks/${ID}/requeue`]: { data: { requeued: 3 } },
};

describe('the webhook commands', () => {
  let system: StandInSystem;
  beforeEach(async () => void (system = await StandInSystem.start({ webhooks: service })));
  afterEach(async () => system.stop());

  const text = async (line: string) => (await system.sluice(`webhook ${line}`)).stdout;

  it('create one for an account, and show its secret once', async () => {
    const stdout = await text(
      `create --account ${ACCOUNT} --url ${WEBHOOK.url} --events 'withdrawal.confirmed, withdrawal.failed' --description 'the shop'`,
    );

    expect(stdout).toMatch(/^secret +whsec_MfKQ9r8G\nthe secret is not shown again/m);
    expect(system.webhooks.seen[0]).toMatchObject({
      method: 'POST',
      body: JSON.stringify({
        account: ACCOUNT,
        url: WEBHOOK.url,
        events: WEBHOOK.events,
        description: 'the shop',
      }),
    });
  });

  it('list those of an account, and show one: why it is paused', async () => {
    expect(await text(`list --account ${ACCOUNT}`)).toMatch(
      new RegExp(`^${ID} {2}enabled {2}https://shop.example/hooks {2}withdrawal.confirmed,`, 'm'),
    );
    expect(system.webhooks.seen[0]?.target).toBe(`/internal/webhooks?account=${ACCOUNT}`);
    expect(await text(`show ${ID}`)).toMatch(
      /^state +paused since 2026-11-22 08:00:00Z, after days of nothing but failures$/m,
    );
  });

  it.each([
    ['delete', 'DELETE', '', `${ID} is deleted`],
    ['pause', 'POST', '/pause', `${ID} is paused`],
    ['resume', 'POST', '/resume', `${ID} goes on`],
    ['test', 'POST', '/test', 'it goes out as delivery 43; see: sluice webhook delivery 43'],
  ])('%s', async (command, method, path, said) => {
    expect(await text(`${command} ${ID}`)).toBe(`${said}\n`);
    expect(system.webhooks.seen).toMatchObject([
      { method, target: `/internal/webhooks/${ID}${path}` },
    ]);
  });

  it('list deliveries, a page at a time', async () => {
    const stdout = await text(`deliveries ${ID} --status failed --limit 1`);

    expect(stdout).toMatch(
      / 42 {2}2026-11-20 09:00:00Z {2}withdrawal.confirmed {2}failed +7 {2}– +2026-11-21 23:36:00Z\nmore: --cursor 42$/m,
    );
    expect(system.webhooks.seen[0]?.target).toBe(
      `/internal/webhooks/${ID}/deliveries?status=failed&limit=1`,
    );
  });

  it('show a delivery with its attempts, and an answer that steers no terminal', async () => {
    const stdout = await text('delivery 42');

    expect(stdout).toMatch(/^body +\{"id":42\}$/m);
    expect(stdout).toMatch(/^2026-11-21 23:35:59\.481Z +500 +12 {2}–$/m);
    expect(stdout).toContain('no \\u{1b}[31mdisk');
  });

  it('requeue one delivery, or those of a time', async () => {
    const range = '--from 2026-11-20T08:00:00Z --to 2026-11-20T10:00:00Z';

    expect(await text('requeue 42')).toBe('delivery 42 goes out again\n');
    expect(await text(`requeue --webhook ${ID} ${range}`)).toBe('3 go out again\n');

    expect(system.webhooks.seen.at(-1)).toMatchObject({
      target: `/internal/webhooks/${ID}/requeue`,
      body: '{"from":"2026-11-20T08:00:00Z","to":"2026-11-20T10:00:00Z"}',
    });
  });

  it.each([
    ['requeue', 'it takes one DELIVERY, or --webhook with --from and --to'],
    [`requeue 42 --webhook ${ID}`, 'it takes one DELIVERY, or --webhook with --from and --to'],
    [`requeue --webhook ${ID} --from 2026-11-20T08:00:00Z`, '--to is missing'],
    [`requeue --webhook ${ID} --from now --to now`, '--from takes a UTC time'],
    [`deliveries ${ID} --status lost`, '--status takes pending or delivered or failed'],
    [`create --account ${ACCOUNT} --url x --events ,`, '--events names at least one event'],
  ])('send nothing for "%s"', async (line, message) => {
    const { exitCode, document } = await system.json(`webhook ${line}`);

    expect({ exitCode, error: document.error }).toEqual({
      exitCode: 2,
      error: expect.stringContaining(message) as string,
    });
    expect(system.webhooks.seen).toEqual([]);
  });

  it('say what to do about an unknown one', async () => {
    expect((await system.json(`webhook show ${ACCOUNT}`)).document).toEqual({
      error: 'Not found; "sluice webhook list --account A" shows them',
    });
  });
});
