import { allowedMethods, pathOf } from './public-routes.js';

describe('allowedMethods', () => {
  it.each([
    ['/v1/withdrawals', 'GET, HEAD, POST'],
    ['/v1/withdrawals/batch', 'POST'],
    ['/v1/withdrawals/preview', 'POST'],
    ['/v1/withdrawals/17/timeline', 'GET, HEAD'],
    ['/v1/withdrawals/17', 'GET, HEAD, DELETE'],
    ['/v1/withdrawals/x', 'GET, HEAD, DELETE'],
    ['/v1/balances', 'GET, HEAD'],
    ['/v1/webhooks', 'GET, HEAD, POST'],
    ['/v1/webhooks/17', 'GET, HEAD, PATCH, DELETE'],
    ['/v1/webhooks/17/test', 'POST'],
    ['/v1/webhooks/17/pause', null],
    ['/v1/webhooks/17/deliveries', 'GET, HEAD'],
    ['/v1/webhooks/17/deliveries/3', 'GET, HEAD'],
    ['/v1/webhooks/17/deliveries/3/redeliver', 'POST'],
    ['/v1/events', 'GET, HEAD'],
    ['/v1/event-keys', 'GET, HEAD'],
    ['/v1/_ping', 'GET, HEAD'],
    ['/openapi.json', 'GET, HEAD'],
    ['/reference', 'GET, HEAD'],
    ['/openapixjson', null],
    ['/reference/', null],
    ['/v1/withdrawals/', null],
    ['/v1/withdrawals/17/', null],
    ['/v1/withdrawals/17/cancel', null],
    ['/v1/currencies', 'GET, HEAD'],
    ['/v1/transactions', 'GET, HEAD'],
    ['/v1/hot-wallet-address', 'GET, HEAD'],
    ['/v1/deposit-addresses', null],
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
