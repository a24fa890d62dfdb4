import type { VenueAnswer } from '@sluice/connector-engine';
import { UpvestTokens, type Access } from './upvest.tokens.js';

/** The token endpoint, faked at the wire: answers t1, t2, … or what the test sets. */
class Endpoint {
  asked = 0;
  next: VenueAnswer | null = null;
  now = 0;
  readonly tokens = new UpvestTokens(
    () => Promise.resolve(this.answer()),
    () => this.now,
  );

  private answer(): VenueAnswer {
    this.asked++;
    return (
      this.next ?? {
        kind: 'answer',
        status: 200,
        headers: {},
        text: '',
        json: { access_token: `t${this.asked}`, expires_in: 100, token_type: 'bearer' },
      }
    );
  }
}

const failing = (status: number, json: unknown = {}): VenueAnswer => ({
  kind: 'answer',
  status,
  headers: {},
  text: '',
  json,
});

describe('the access token', () => {
  const taken = async ({ tokens }: Endpoint): Promise<Access> => {
    const outcome = await tokens.take();
    if (outcome.kind === 'no_access') throw new Error(outcome.cause);
    return outcome.access;
  };

  it('is asked for once, however many need it, and kept for four fifths of its life', async () => {
    const venue = new Endpoint();

    expect((await Promise.all([taken(venue), taken(venue)])).map(({ bearer }) => bearer)).toEqual([
      't1',
      't1',
    ]);
    venue.now = 79_999;
    await venue.tokens.take();
    expect(venue.asked).toBe(1);
    venue.now = 80_000;
    expect((await taken(venue)).bearer).toBe('t2');
  });

  it('is used to its end while a new one cannot be had, and not beyond', async () => {
    const venue = new Endpoint();
    await venue.tokens.take();
    venue.next = failing(500);

    venue.now = 99_999;
    expect((await taken(venue)).bearer).toBe('t1');
    venue.now = 100_000;
    expect(await venue.tokens.take()).toMatchObject({ kind: 'no_access', throttle: 'pause' });
  });

  it('that was honoured before and is refused now has ended: a new one is asked for', async () => {
    const venue = new Endpoint();
    const first = await taken(venue);
    venue.tokens.honoured(first);

    expect(venue.tokens.refused(first, '')).toMatchObject({ kind: 'no_access', throttle: null });
    expect((await taken(venue)).bearer).toBe('t2');
    expect(venue.tokens.refused(first, '')).toMatchObject({ throttle: null }); // another call that was under way with it
    expect((await taken(venue)).bearer).toBe('t2');
  });

  it('that is new and refused at once is a fault for a person', async () => {
    const venue = new Endpoint();

    expect(venue.tokens.refused(await taken(venue), '')).toMatchObject({
      kind: 'no_access',
      throttle: 'halt',
    });
  });

  it.each<[VenueAnswer, string]>([
    [failing(401), 'halt'],
    [failing(403), 'halt'],
    [failing(400), 'halt'],
    [failing(429), 'pause'],
    [failing(503), 'pause'],
    [{ kind: 'broken', cause: 'ECONNRESET', status: null, text: '' }, 'pause'],
    [{ kind: 'not_sent', cause: 'ECONNREFUSED' }, 'pause'],
    [failing(200, { access_token: 'with blank', expires_in: 5 }), 'pause'],
    [failing(200, { access_token: 'x' }), 'pause'],
  ])('that cannot be had (%j) means %s', async (answer, throttle) => {
    const venue = new Endpoint();
    venue.next = answer;

    expect(await venue.tokens.take()).toMatchObject({ kind: 'no_access', throttle });
  });
});
