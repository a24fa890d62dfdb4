import type { SimulatedFact } from './facts.js';
import { FaultBook } from './faults.js';

function givenFaults() {
  const facts: SimulatedFact[] = [];
  const faults: FaultBook = new FaultBook(
    { 'POST /pay': 'pay', 'GET /list': 'list', 'GET /read': 'read', 'DELETE /pay/{id}': 'cancel' },
    (fact) => {
      facts.push(fact);
      faults.apply(fact);
    },
  );
  const meet = (endpoint: string): string | null => {
    const fault = faults.due(endpoint);
    if (fault) faults.use(fault);
    return fault?.fault ?? null;
  };
  return { faults, facts, meet };
}

describe('FaultBook', () => {
  it('uses the faults of an endpoint in the armed order, each the configured number of times', () => {
    const { faults, meet } = givenFaults();
    faults.change({ endpoint: 'POST /pay', fault: 'accept_then_cut', times: 2 });
    faults.change({ endpoint: 'POST /pay', fault: 'html_body' });

    expect([
      meet('GET /read'),
      meet('POST /pay'),
      meet('POST /pay'),
      meet('POST /pay'),
      meet('POST /pay'),
    ]).toEqual([null, 'accept_then_cut', 'accept_then_cut', 'html_body', null]);
  });

  it('lets `after` requests pass first', () => {
    const { faults, meet } = givenFaults();
    faults.change({ endpoint: 'POST /pay', fault: 'html_body', after: 2 });

    expect([meet('POST /pay'), meet('POST /pay'), meet('POST /pay')]).toEqual([
      null,
      null,
      'html_body',
    ]);
  });

  it('keeps the answer that is written for a fault, for which there are defaults', () => {
    const { faults } = givenFaults();
    faults.change({
      endpoint: 'POST /pay',
      fault: 'accept_then_answer',
      http_status: 200,
      body: '{"code":1000,',
    });
    faults.change({
      endpoint: 'GET /read',
      fault: 'refuse_with',
      http_status: 403,
      body: 'no',
      content_type: 'text/plain',
    });

    expect(faults.list()).toMatchObject([
      { http_status: 200, body: '{"code":1000,', content_type: 'application/json' },
      { http_status: 403, body: 'no', content_type: 'text/plain' },
    ]);
  });

  it('is what its facts make it', () => {
    const { faults, facts, meet } = givenFaults();
    faults.change({ endpoint: 'POST /pay', fault: 'html_body', times: 3, after: 1 });
    meet('POST /pay');
    meet('POST /pay');

    const again = givenFaults().faults;
    for (const fact of facts) again.apply(fact);

    expect(again.list()).toEqual(faults.list());
    expect(again.list()).toMatchObject([{ passed: 1, used: 1 }]);
  });

  it.each([
    ['GET /list', 'accept_then_cut'],
    ['GET /read', 'status_goes_back'],
    ['DELETE /pay/{id}', 'status_goes_back'],
    ['POST /pay', 'slow_listing'],
    ['POST /pay', 'no_such_fault'],
    ['POST /elsewhere', 'html_body'],
    ['toString', 'html_body'],
  ])('refuses, at %s, %s', (endpoint, fault) => {
    const { faults } = givenFaults();

    expect(faults.change({ endpoint, fault }).ok).toBe(false);
    expect(faults.list()).toEqual([]);
  });

  it.each([
    null,
    'text',
    {},
    { clear: false },
    { endpoint: 'POST /pay', fault: 'html_body', times: 1.5 },
    { endpoint: 'POST /pay', fault: 'html_body', time: 1 },
    { endpoint: 'POST /pay', fault: 'html_body', http_status: 199 },
    { endpoint: 'POST /pay', fault: 'refuse_with', http_status: 600 },
    { endpoint: 'POST /pay', fault: 'refuse_with', body: { code: 1 } },
    { endpoint: 'POST /pay', fault: 'accept_then_answer', content_type: 'text/plain\r\n' },
  ])('refuses %j', (request) => {
    expect(givenFaults().faults.change(request).ok).toBe(false);
  });
});
