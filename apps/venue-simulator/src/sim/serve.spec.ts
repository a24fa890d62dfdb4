import { RateLimiter } from './serve.js';

const LIMIT = { requests: 2, per_ms: 1_000 };

describe('RateLimiter', () => {
  it('allows so many requests per window, which opens with the first', () => {
    const limiter = new RateLimiter();

    expect(
      [100, 200, 300, 1_099, 1_100].map((now) => limiter.take('key', LIMIT, now).allowed),
    ).toEqual([true, true, false, false, true]);
  });

  it('returns the remaining requests and the end of the window', () => {
    expect(new RateLimiter().take('key', LIMIT, 100)).toEqual({
      allowed: true,
      limit: 2,
      remain: 1,
      resetAt: 1_100,
    });
  });

  it('reads the state without counting a request', () => {
    const limiter = new RateLimiter();
    limiter.take('key', LIMIT, 100);

    expect(limiter.look('key', LIMIT, 200)).toEqual({
      allowed: true,
      limit: 2,
      remain: 1,
      resetAt: 1_100,
    });
    expect(limiter.look('key', LIMIT, 200)).toMatchObject({ remain: 1 });
    expect(limiter.look('key', LIMIT, 1_100)).toEqual({
      allowed: true,
      limit: 2,
      remain: 2,
      resetAt: 2_100,
    });
  });

  it('counts whom it turned away', () => {
    const limiter = new RateLimiter();
    for (const now of [0, 1, 2, 3]) limiter.take('a', LIMIT, now);
    limiter.take('b', LIMIT, 0);

    expect(limiter.refusals()).toEqual({ a: 2 });
    limiter.reset();
    expect(limiter.refusals()).toEqual({});
  });

  it('counts each key by itself', () => {
    const limiter = new RateLimiter();
    limiter.take('a', { requests: 1, per_ms: 1_000 }, 0);

    expect(limiter.take('b', { requests: 1, per_ms: 1_000 }, 0).allowed).toBe(true);
  });
});
