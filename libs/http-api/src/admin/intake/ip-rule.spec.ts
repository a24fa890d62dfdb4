import { isIpRule } from './ip-rule.js';

describe('isIpRule', () => {
  it.each(['10.0.0.1', '10.0.0.0/8', '::1', '2001:db8::/32', '::ffff:10.0.0.0/104'])(
    'takes %s',
    (rule) => {
      expect(isIpRule(rule)).toBe(true);
    },
  );

  it.each([
    '',
    '10',
    '10.1',
    '0x7f.1',
    '010.0.0.1',
    '10.0.0.1/33',
    '10.0.0.0/',
    '::1/129',
    'localhost',
    '10.0.0.1 ',
    '10.0.0.0/8/8',
    '0.0.0.0/0',
    '10.0.0.0/7',
    '128.0.0.0/1',
    '::/0',
    '2001::/15',
    '::ffff:0:0/96',
    '::ffff:10.0.0.0/103',
  ])('refuses %j', (rule) => {
    expect(isIpRule(rule)).toBe(false);
  });
});
