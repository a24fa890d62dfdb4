import fc from 'fast-check';
import { eventParser } from './event-parser.js';

const STREAM =
  ': hello\n\nid: 1\nevent: changed\ndata: {"ids":["a"]}\n\nevent: reset\ndata:\n\r\nid: 7\r\ndata: one\r\ndata: two\r\n\r\n: still here\n\n';
const EVENTS = [
  { name: 'changed', data: '{"ids":["a"]}', id: '1' },
  { name: 'reset', data: '', id: '1' },
  { name: 'message', data: 'one\ntwo', id: '7' },
];

describe('a stream of events', () => {
  it('is read whatever its parts', () =>
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: STREAM.length })), (cuts) => {
        const parser = eventParser();
        const ends = [...cuts.sort((a, b) => a - b), STREAM.length];
        const events = ends.flatMap((end, at) =>
          parser.push(STREAM.slice(at === 0 ? 0 : ends[at - 1], end)),
        );

        expect(events).toEqual(EVENTS);
      }),
    ));

  it('has no event without its empty line', () =>
    expect(eventParser().push('event: changed\ndata: x\n')).toEqual([]));
});
