import { createHash, randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** `__Host-`: only this host sets the cookie, over TLS or at localhost, for all paths. */
const SESSION_COOKIE = '__Host-sluice-console';
/** Lax, because the issuer's redirect comes from another site. */
const LOGIN_COOKIE = '__Host-sluice-login';

const COMMON = { path: '/', httpOnly: true, secure: true } as const;
const SECRET = /^[\w-]{43}$/;

/** Returns 256 random bits as text. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

export function sessionSecretIn(request: FastifyRequest): string | null {
  return secretIn(request, SESSION_COOKIE);
}

export function loginSecretIn(request: FastifyRequest): string | null {
  return secretIn(request, LOGIN_COOKIE);
}

/** Sets a session cookie without an age: browsers forget the cookie when they close. */
export function setSessionCookie(reply: FastifyReply, secret: string): void {
  void reply.setCookie(SESSION_COOKIE, secret, { ...COMMON, sameSite: 'strict' });
}

export function clearSessionCookie(reply: FastifyReply): void {
  void reply.clearCookie(SESSION_COOKIE, { ...COMMON, sameSite: 'strict' });
}

export function setLoginCookie(reply: FastifyReply, secret: string, lifeMs: number): void {
  const maxAge = Math.ceil(lifeMs / 1_000);
  void reply.setCookie(LOGIN_COOKIE, secret, { ...COMMON, sameSite: 'lax', maxAge });
}

function secretIn({ cookies }: FastifyRequest, name: string): string | null {
  const value = cookies[name];
  return value !== undefined && SECRET.test(value) ? value : null;
}
