import type { AdminRequest, Caller } from '@sluice/http-api';
import { OftenRead } from './often-read.js';

type Read = Pick<AdminRequest, 'isReadOften' | 'caller' | 'ip' | 'url' | 'headers'>;

const ADA: Caller = { kind: 'person', name: 'ada', roles: ['audit'], client: 'console' };
const READ: Read = {
  isReadOften: true,
  url: '/internal/inbox',
  ip: '10.0.0.1',
  headers: { 'sluice-browser': '203.0.113.7' },
  caller: ADA,
};
const OK = { statusCode: 200 };
const MINUTES = 60_000;

describe('reads that are made often', () => {
  let nowMs: number;
  let often: OftenRead;
  beforeEach(() => {
    nowMs = 0;
    often = new OftenRead(() => nowMs);
    often.note(READ, OK);
  });
  const isRecorded = (change: Partial<Read> = {}, reply = OK) =>
    often.isRecorded({ ...READ, ...change }, reply);

  it('are recorded once in five minutes', () => {
    nowMs = 5 * MINUTES - 1;
    expect(isRecorded()).toBe(true);
    nowMs = 5 * MINUTES;
    expect(isRecorded()).toBe(false);
  });

  it.each<[string, Partial<Read>]>([
    ['another person', { caller: { ...ADA, name: 'bob' } }],
    ['another client', { caller: { ...ADA, client: 'cli' } }],
    ['other roles', { caller: { ...ADA, roles: ['operate'] } }],
    ['a service', { caller: { ...ADA, kind: 'service' } }],
    ['another address', { ip: '10.0.0.2' }],
    ['another browser', { headers: { 'sluice-browser': '203.0.113.8' } }],
    ['no browser', { headers: {} }],
    ['another query', { url: '/internal/inbox?x=1' }],
    ['another route', { isReadOften: false }],
  ])('are other reads by %s', (_what, change) => {
    expect(isRecorded(change)).toBe(false);
  });

  it('are always recorded where they are refused', () => {
    for (const statusCode of [403, 422, 503]) {
      often.note(READ, { statusCode });
      expect(isRecorded({}, { statusCode })).toBe(false);
    }
  });
});
