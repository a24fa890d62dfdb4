import { haltFault, haltRequests } from './halt-requests.js';

const CONNECTORS = ['connector-evm', 'connector-gateio'];
const WISH = { details: 'ticket 1', name: 'a name', target: '' };

describe('the requests of a halt', () => {
  it('halt a venue at intake-api by its name, and at its connector without a name', () =>
    expect(haltRequests({ ...WISH, scope: 'venue', target: 'wallet' }, CONNECTORS)).toEqual([
      {
        service: 'intake-api',
        body: { scope: 'venue', target: 'wallet', details: 'ticket 1', name: 'a name' },
      },
      {
        service: 'connector-evm',
        body: { scope: 'venue', details: 'ticket 1', name: 'a name' },
      },
    ]));

  it('halt everything else at intake-api and every connector, with one name', () => {
    const requests = haltRequests({ ...WISH, scope: 'all' }, CONNECTORS);

    expect(requests.map(({ service }) => service)).toEqual(['intake-api', ...CONNECTORS]);
    expect(new Set(requests.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(requests[0]?.body).not.toHaveProperty('target');
  });
});

describe('the check of a halt', () => {
  it('needs a reason, and a known subject unless all is halted', () => {
    const fault = (wish: object) => haltFault({ ...WISH, scope: 'venue', ...wish }, CONNECTORS);

    expect(fault({ target: 'gateio' })).toBeNull();
    expect(fault({ target: 'wallet' })).toBeNull();
    expect(fault({ target: 'bybti' })).toBe(
      'No connector pays through bybti: there are wallet, gateio.',
    );
    expect(fault({})).toBe('Name the venue.');
    expect(fault({ scope: 'all' })).toBeNull();
    expect(fault({ scope: 'all', target: 'x' })).toBe('A halt of all names nothing.');
    expect(fault({ target: 'gateio', details: '' })).toBe('A reason is needed.');
  });
});
