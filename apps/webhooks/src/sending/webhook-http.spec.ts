import { errors } from 'undici';
import { errorWord } from './webhook-http.js';

const withCode = (code: string) => Object.assign(new Error('no'), { code });

describe('errorWord', () => {
  it.each([
    ['headers_too_large', new errors.HeadersOverflowError()],
    ['not_http', new errors.HTTPParserError('Invalid header token')],
    ['not_http', new errors.ResponseContentLengthMismatchError()],
    ['not_http', new errors.SocketError('bad upgrade')],
    ['not_http', new errors.SocketError('bad response')],
    ['connection_lost', new errors.SocketError('other side closed')],
    ['timeout', new errors.ConnectTimeoutError()],
    ['tls', withCode('CERT_HAS_EXPIRED')],
    ['tls', withCode('CRL_HAS_EXPIRED')],
    ['tls', withCode('HOSTNAME_MISMATCH')],
    ['tls', withCode('INVALID_PURPOSE')],
    ['tls', withCode('ERR_SSL_WRONG_VERSION_NUMBER')],
    ['connection_refused', new AggregateError([withCode('ECONNREFUSED')])],
    ['connection_lost', new Error('no', { cause: withCode('ECONNRESET') })],
    ['failed', new Error('no')],
    ['failed', 'no'],
  ])('is %s', (word, error) => {
    expect(errorWord(error)).toBe(word);
  });
});
