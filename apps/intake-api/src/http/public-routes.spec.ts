import { allowedMethods, pathOf } from './public-routes.js';

describe('allowedMethods', () => {
  it.each([
    ['/v1/withdrawals', 'POST'],
    ['/v1/withdrawals/17', 'GET, HEAD, DELETE'],
    ['/v1/withdrawals/x', 'GET, HEAD, DELETE'],
    ['/v1/balances', 'GET, HEAD'],
    ['/v1/webhooks', 'GET, HEAD, POST'],
    ['/v1/webhooks/17', 'GET, HEAD, DELETE'],
    ['/v1/webhooks/17/test', null],
    ['/v1/_ping', 'GET, HEAD'],
    ['/openapi.json', 'GET, HEAD'],
    ['/reference', 'GET, HEAD'],
    ['/openapixjson', null],
    ['/reference/', null],
    ['/v1/withdrawals/', null],
    ['/v1/withdrawals/17/', null],
    ['/v1/withdrawals/17/cancel', null],
    ['/v1/currencies', null],
    ['//v1/_ping', null],
    ['/', null],
    ['', null],
  ])('%s: %s', (path, allow) => {
    expect(allowedMethods(path)).toBe(allow);
  });
});

describe('pathOf', () => {
  it.each([
    ['/v1/_ping', '/v1/_ping'],
    ['/v1/_ping?', '/v1/_ping'],
    ['/v1/_ping?a=?b', '/v1/_ping'],
    ['?a', ''],
  ])('%s: %s', (target, path) => {
    expect(pathOf(target)).toBe(path);
  });
});
