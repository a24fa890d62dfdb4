import { isIP } from 'node:net';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import ipaddr from 'ipaddr.js';
import type { Logger } from 'pino';
import { isIpRule } from '@sluice/http-api';
import { FaultLog, setting } from '@sluice/runtime';
import { InjectConfig, InjectLogger } from '../settings/tokens.js';
import { plainAddress } from './refused-credentials.js';

/** Address of no client: on no list, and shared by all requests of unknown origin. */
const UNKNOWN = '';
const LONGEST_SHOWN = 100;

/** Our proxies, trusted for the origin of a request. */
export const TRUSTED_PROXIES = setting('TRUSTED_PROXIES', ipRules, []);

function ipRules(text: string): readonly string[] {
  const rules = text.split(',').map((rule) => rule.trim());
  if (!rules.every(isIpRule))
    throw new Error('must be addresses or ranges of at most /8 (IPv6: /16), with commas between');
  return rules;
}

/** Origins of requests, from the socket and from trusted proxies. */
@Injectable()
export class ClientAddresses {
  private readonly faults: FaultLog;

  constructor(
    @InjectConfig() private readonly config: { readonly trustedProxies: readonly string[] },
    @InjectLogger() logger: Pick<Logger, 'warn'>,
  ) {
    this.faults = new FaultLog(logger);
  }

  /** Returns the client's address; empty if unknown. Reports an unreadable entry once a minute. */
  of({ socket, headers }: Pick<FastifyRequest, 'socket' | 'headers'>): string {
    const forwarded = [headers['x-forwarded-for'] ?? []].flat().join(',');
    const { trustedProxies } = this.config;
    return clientAddress(
      socket.remoteAddress ?? UNKNOWN,
      forwarded,
      trustedProxies,
      (entry, proxy) =>
        this.faults.warn(
          proxy, // the entries of one proxy may all differ
          { entry: entry.slice(0, LONGEST_SHOWN), proxy },
          'an entry of X-Forwarded-For is no address: the origin of the requests is unknown, and keys with allowed addresses refuse them',
        ),
    );
  }
}

/**
 * Origin of a request: the socket's address, or behind trusted proxies the last entry of
 * `X-Forwarded-For` not written by them. Empty for an unreadable entry: the proxy itself may be on
 * a list.
 */
export function clientAddress(
  socketAddress: string,
  forwardedFor: string | undefined,
  trustedProxies: readonly string[],
  onUnreadable: (entry: string, proxy: string) => void = () => undefined,
): string {
  const hops = forwardedFor?.split(',').map(trimmed).filter(Boolean) ?? [];
  let address = addressIn(socketAddress) ?? UNKNOWN;
  while (isListed(address, trustedProxies)) {
    const next = hops.pop();
    if (next === undefined) return address;
    const hop = addressIn(next);
    if (hop === null) {
      onUnreadable(next, address);
      return UNKNOWN;
    }
    address = hop;
  }
  return address;
}

/** Without blanks and quotes, also around nothing. */
function trimmed(entry: string): string {
  return entry.trim().replace(/^"(.*)"$/, (_all, quoted: string) => quoted.trim());
}

/** `203.0.113.7:47011`, `[2001:db8::7]:47011`, `[2001:db8::7]`. */
const WITH_PORT = /^(?:\[([^\]]+)\]|([^:]+))(?::\d{1,5})?$/;

function addressIn(text: string): string | null {
  const [, bracketed, unbracketed] = WITH_PORT.exec(text) ?? [];
  const [address = ''] = (bracketed ?? unbracketed ?? text).split('%', 1);
  const version = isIP(address);
  if (version === 0 || (bracketed !== undefined && version !== 6)) return null;
  return plainAddress(address);
}

/** Matches an address against addresses and CIDR ranges, IPv4-mapped IPv6 as IPv4. */
export function isListed(ip: string, list: readonly string[]): boolean {
  if (!ipaddr.isValid(ip)) return false; // the peer has gone already
  const address = ipaddr.process(ip);
  return list.some((entry) => {
    const [base, bits] = rangeOf(entry);
    return base.kind() === address.kind() && address.match(base, bits);
  });
}

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** Bits in front of the IPv4 address in a mapped address. */
const MAPPED_BITS = 96;

function rangeOf(entry: string): Range {
  if (!entry.includes('/')) return wholeAddress(entry);
  const [base, bits] = ipaddr.parseCIDR(entry);
  const plain = ipaddr.process(base.toString());
  const isMapped = plain.kind() !== base.kind() && bits >= MAPPED_BITS;
  return isMapped ? [plain, bits - MAPPED_BITS] : [base, bits];
}

function wholeAddress(entry: string): Range {
  const address = ipaddr.process(entry);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}
