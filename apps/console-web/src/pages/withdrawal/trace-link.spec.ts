import { traceLink } from './trace-link.js';

const PAGE = 'https://traces.example/trace/{trace_id}?all';

describe('the link to a trace', () => {
  it('has the id in its place', () =>
    expect(traceLink(PAGE, 'ab'.repeat(16))).toBe(
      `https://traces.example/trace/${'ab'.repeat(16)}?all`,
    ));

  it.each([
    ['a template', null, 'ab'.repeat(16)],
    ['a trace id', PAGE, '../../other'],
  ])('is missing without %s', (_what, template, id) => expect(traceLink(template, id)).toBeNull());
});
