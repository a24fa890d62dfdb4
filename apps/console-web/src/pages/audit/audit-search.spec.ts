import { auditQuery } from './audit-search.js';
import { newestFirst, withoutReads } from './newest-first.js';

describe('the filter of the audit log', () => {
  it('takes caller and time', () =>
    expect(auditQuery({ by: 'R. Ortiz', since: '2026-11-20T08:00:00Z' })).toEqual({
      limit: 25,
      by: 'R. Ortiz',
      since: '2026-11-20T08:00:00Z',
    }));

  it('takes a cursor only for one service, whose numbers the cursor has', () => {
    expect(auditQuery({ cursor: '9' })).toEqual({ limit: 25 });
    expect(auditQuery({ cursor: '9', service: 'ledger' })).toEqual({ limit: 100, cursor: '9' });
  });
});

describe('the entries of all services', () => {
  it('are in the order of their time, each with its service', () => {
    const entry = (sequence: string, at: string) => ({ sequence, at }) as never;

    expect(
      newestFirst([
        { service: 'a', status: 200, data: [entry('1', '2026-11-20T08:00:00.000Z')] },
        { service: 'b', status: 200, data: [entry('7', '2026-11-20T08:00:00.001Z')] },
        { service: 'c', status: 502, message: 'away' },
      ]).map(({ service, sequence }) => `${service} ${sequence}`),
    ).toEqual(['b 7', 'a 1']);
  });
});

describe('the entries without reads', () => {
  it('keep changes, and refused reads', () => {
    const call = (method: string, status: number | null) => ({ method, status });

    expect(
      withoutReads([call('GET', 200), call('POST', null), call('POST', 200), call('GET', 403)]),
    ).toEqual([call('POST', null), call('POST', 200), call('GET', 403)]);
  });
});
