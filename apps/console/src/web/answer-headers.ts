import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { fastifyCookie } from '@fastify/cookie';
import { fastifyHelmet } from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

const YEAR_S = 31_536_000;
const PERMISSIONS = [
  'publickey-credentials-get=(self)',
  'publickey-credentials-create=(self)',
  ...['camera', 'display-capture', 'geolocation', 'microphone', 'payment', 'usb'].map(
    (feature) => `${feature}=()`,
  ),
].join(', ');

const nonces = new WeakMap<object, string>();

/** Returns the nonce of an answer: scripts and styles run only with the nonce. */
export function nonceOf(response: object): string {
  const nonce = nonces.get(response) ?? randomBytes(18).toString('base64url');
  nonces.set(response, nonce);
  return nonce;
}

/** Sets the headers of every answer, and reads cookies. To be called before the routes are made. */
export function setAnswerHeaders(fastify: FastifyInstance, consoleUrl: string): void {
  fastify.register(fastifyCookie);
  fastify.addHook('onRequest', (_request, reply, done) => {
    void reply.headers({ 'cache-control': 'no-store', 'permissions-policy': PERMISSIONS });
    done();
  });
  const ofNonce = (_request: object, response: ServerResponse): string =>
    `'nonce-${nonceOf(response)}'`;
  fastify.register(fastifyHelmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': [ofNonce, "'strict-dynamic'"],
        'style-src': ["'self'", ofNonce],
        'img-src': ["'self'"],
        'font-src': ["'self'"],
        'connect-src': ["'self'"],
        'base-uri': ["'none'"],
        'form-action': ["'self'"],
        'frame-ancestors': ["'none'"],
        'require-trusted-types-for': ["'script'"],
        'trusted-types': [],
      },
    },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: consoleUrl.startsWith('https:') && { maxAge: YEAR_S },
    xFrameOptions: { action: 'deny' },
  });
}
