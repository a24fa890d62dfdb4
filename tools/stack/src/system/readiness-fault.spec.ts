import { readinessFault } from './readiness-fault.js';

const URL = 'http://127.0.0.1:1/readyz';

describe('readinessFault', () => {
  it('names every fault completely, however long the health document is', () => {
    const long = `the invariant is violated by ${'row '.repeat(200)}`;
    const error = {
      database: { status: 'down', faults: ['the database takes no writes', 'it is full'] },
      checks: { status: 'down', faults: [long], lastCompleted: {} },
    };
    const info = { kafka: { status: 'up' } };
    const body = JSON.stringify({ status: 'error', info, error, details: { ...info, ...error } });

    expect(readinessFault(URL, 503, body)).toBe(
      `database: the database takes no writes; it is full; checks: ${long}`,
    );
  });

  it.each(['', '<html>', '[]', 'null', '{"status":"error"}'])(
    'quotes an answer that is no health document: %s',
    (body) => expect(readinessFault(URL, 502, body)).toBe(`${URL} answers 502: ${body}`),
  );
});
