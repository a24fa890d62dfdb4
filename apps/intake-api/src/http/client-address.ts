import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { isListed } from './ip-list.js';

/** Of a request as it came. */
export function addressOf(
  { socket, headers }: Pick<FastifyRequest, 'socket' | 'headers'>,
  trustedProxies: readonly string[],
): string {
  const forwarded = headers['x-forwarded-for'];
  return clientAddress(
    socket.remoteAddress ?? '',
    Array.isArray(forwarded) ? forwarded[0] : forwarded,
    trustedProxies,
  );
}

/**
 * From where a request comes: the socket's own address, or, where that is a proxy of ours, the one that the proxy has put at the end of
 * `X-Forwarded-For`, and so on through further proxies of ours. What anybody else has written there counts for nothing; what is no
 * address ends the walk at the proxy that sent it.
 */
export function clientAddress(
  socketAddress: string,
  forwardedFor: string | undefined,
  trustedProxies: readonly string[],
): string {
  const hops = forwardedFor?.split(',').map((hop) => hop.trim()) ?? [];
  let address = socketAddress;
  while (isListed(address, trustedProxies)) {
    const next = hops.pop();
    if (next === undefined || isIP(next) === 0) return address;
    address = next;
  }
  return address;
}
