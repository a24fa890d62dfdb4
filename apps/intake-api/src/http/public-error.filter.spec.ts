import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { pino } from 'pino';
import { PublicErrorFilter } from './public-error.filter.js';
import { ServiceAwayError } from '../other-services/asked-service.js';
import { DeadlineError } from './deadline.js';

describe('PublicErrorFilter', () => {
  const filtered = (error: unknown) => {
    const lines: Record<string, unknown>[] = [];
    const logger = pino(
      {},
      { write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>) },
    );
    const sent = { status: 0, headers: {}, body: {} };
    const reply = {
      code: (status: number) => ((sent.status = status), reply),
      headers: (headers: object) => ((sent.headers = headers), reply),
      send: (body: object) => ((sent.body = body), reply),
    };
    new PublicErrorFilter(logger).catch(
      error,
      new ExecutionContextHost([
        { method: 'GET', url: '/v1/balances?currency=USDT', apiKey: { keyId: 'ck_1' } },
        reply,
      ]),
    );
    return { sent, line: lines[0] };
  };
  const lost = Object.assign(new Error('terminating connection due to administrator command'), {
    code: '57P01',
  });

  it.each([
    ['a lost connection', lost],
    ['a ledger that cannot be asked', new ServiceAwayError('the ledger cannot be asked')],
    ['a look-up that takes too long', new DeadlineError('unavailable')],
  ])('answers 503 for %s, and logs for which request', (_what, error) => {
    const { sent, line } = filtered(error);

    expect(sent).toEqual({
      status: 503,
      headers: { 'retry-after': '5' },
      body: { success: false, message: 'Service temporarily unavailable' },
    });
    expect(line).toMatchObject({ level: 40, method: 'GET', path: '/v1/balances', keyId: 'ck_1' });
  });

  it('answers 500 for what nobody expected, and logs for which request', () => {
    const { sent, line } = filtered(new Error('no'));

    expect([sent.status, sent.body]).toEqual([
      500,
      { success: false, message: 'Internal server error' },
    ]);
    expect(line).toMatchObject({
      level: 50,
      method: 'GET',
      path: '/v1/balances',
      keyId: 'ck_1',
      msg: 'a request failed',
    });
  });
});
