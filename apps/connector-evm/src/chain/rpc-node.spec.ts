import { answersOf } from './rpc-node.js';

const answer = (json: unknown, status = 200, text = '') => ({
  ...({ kind: 'answer', status, headers: {}, text } as const),
  json,
});
const html = (status: number, text = '<html>') =>
  ({ kind: 'broken', cause: 'text/html', status, text }) as const;

describe('the answers of a batch', () => {
  it('are told in the order of the calls, in whatever order they came', () => {
    const json = [
      { id: 1, error: { code: -32000, message: 'nonce too low' } },
      { id: '0', result: '0x1' },
    ];

    expect(answersOf(answer(json), 2)).toEqual({
      answers: [
        { kind: 'result', result: '0x1' },
        { kind: 'error', message: '-32000 nonce too low' },
      ],
      unanswered: [],
    });
  });

  it('are broken where a call was left out, or has neither result nor error', () => {
    expect(answersOf(answer([{ id: 1 }]), 2)).toEqual({
      answers: [
        { kind: 'broken', cause: 'the node left this call out' },
        { kind: 'broken', cause: 'an answer without a result' },
      ],
      unanswered: [0],
    });
  });

  it('are null where the node says null', () => {
    expect(answersOf(answer([{ id: 0, result: null }]), 1).answers).toEqual([
      { kind: 'result', result: null },
    ]);
  });

  it.each([
    ['a single error', answer({ id: null, error: { code: -32600, message: 'batch too large' } })],
    ['a list with a single error', answer([{ id: null, error: { code: -32600, message: '' } }])],
    ['a status', answer(undefined, 413)],
    ['a page', html(400)],
    ['a page with a reason', html(503, 'request body too large')],
  ])('are wanted again in smaller batches after %s', (_what, whole) => {
    expect(answersOf(whole, 2)).toMatchObject({
      answers: [{ kind: 'broken' }, { kind: 'broken' }],
      unanswered: [0, 1],
    });
  });

  it('are wanted again where a single call reports the limit of the batch', () => {
    const json = [
      { id: 0, result: '0x1' },
      { id: 1, error: { code: -32003, message: 'response too large' } },
    ];

    expect(answersOf(answer(json), 2).unanswered).toEqual([1]);
    expect(answersOf(answer([{ ...json[1], id: 0 }]), 1).unanswered).toEqual([]);
  });

  it('are broken, and refused by nobody, where a node answers nothing now', () => {
    const json = { id: null, error: { code: -32005, message: 'too many requests' } };
    const cause = 'status 429 for the whole batch: -32005 too many requests';

    expect(answersOf(answer(json, 429), 2)).toEqual({
      answers: [
        { kind: 'broken', cause },
        { kind: 'broken', cause },
      ],
      unanswered: [],
    });
    expect(answersOf(html(502), 2).unanswered).toEqual([]);
  });

  it.each([
    [200, null, 'error'],
    [400, 0, 'error'],
    [400, null, 'broken'],
  ])('of a single call are its own by status %s and id %s: %s', (status, id, kind) => {
    const json = { id, error: { code: -32000, message: 'nonce too low' } };

    expect(answersOf(answer(json, status), 1).answers).toMatchObject([{ kind }]);
  });

  it.each(['not_sent', 'broken'] as const)('are all %s where the request was', (kind) => {
    const failed =
      kind === 'not_sent' ? { kind, cause: 'c' } : { kind, cause: 'c', status: null, text: '' };

    expect(answersOf(failed, 2)).toEqual({
      answers: [
        { kind, cause: 'c' },
        { kind, cause: 'c' },
      ],
      unanswered: [],
    });
  });
});
