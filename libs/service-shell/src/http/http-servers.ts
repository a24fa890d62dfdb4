import { once } from 'node:events';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { Server as TlsServer } from 'node:https';
import { Server as NetServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { ApiError, failure, type Port, SERVED_AT } from '@sluice/http-api';
import { monotonicMs } from '@sluice/runtime';
import { INTERNAL_PORT } from '../settings/tokens.js';
import type { ServerCertificate } from '../tls/server-certificate.js';
import { httpServer, type WatchedServer } from './http-adapter.js';

/** A port to listen at. Only on a port that the public cannot reach does `/readyz` give the reasons: they name hosts and logins. */
export interface HttpPort {
  readonly host: string;
  readonly port: number;
  readonly reportsFaults: boolean;
}

const RETRY_AFTER_SECONDS = '5';

/**
 * Shutdown limits (ms): kept-alive connections close after `quietMs` unused, `longestMs` at the
 * latest.
 */
const GOODBYE = { quietMs: 200, longestMs: 3_000 };
const LOOK_EVERY_MS = 20;

/**
 * The HTTP servers of a service, which may listen for hours before the database is there:
 * `/healthz` answers 200, `/readyz` 503 with the reason, others 503.
 */
export class HttpServers {
  private readonly servers: readonly (WatchedServer & { readonly port: HttpPort })[];
  private handler: RequestListener | null = null;
  private unreadyReason = 'starting';
  private listening: Promise<unknown> | null = null;
  private lastRequestMs = -Infinity;

  /**
   * Plain HTTP without a certificate. `keepAliveMs`: least time a connection stays open; default:
   * 620 s.
   */
  constructor(
    ports: readonly HttpPort[],
    private readonly certificate: ServerCertificate | null = null,
    private readonly goodbye: { readonly quietMs: number; readonly longestMs: number } = GOODBYE,
    keepAliveMs?: number,
  ) {
    this.servers = ports.map((port) => ({
      port,
      ...httpServer(
        (request, response) => {
          this.lastRequestMs = monotonicMs();
          if (this.handler) this.handler(request, response);
          else this.answerUnready(port, request, response);
        },
        keepAliveMs === undefined ? {} : { keepAliveMs },
        certificate?.options,
      ),
    }));
    certificate?.keepUpToDate(
      this.servers.flatMap(({ server }) => (server instanceof TlsServer ? server : [])),
    );
  }

  async serveUnready(reason: string): Promise<void> {
    this.unreadyReason = reason;
    await this.listen();
  }

  async serve(handler: RequestListener): Promise<void> {
    this.handler = handler;
    await this.listen();
  }

  /**
   * Stops accepting, and resolves once every request is answered. Responses announce the close
   * (`connection: close`): a closed connection would leave a sending client unsure.
   */
  async close(): Promise<void> {
    await this.certificate?.stop();
    await Promise.all(this.servers.map((one) => this.closeServer(one)));
  }

  private async closeServer({ server, unused }: WatchedServer): Promise<void> {
    // Node's HTTP close would cut idle connections at once
    const closed = new Promise((resolve) => NetServer.prototype.close.call(server, resolve));
    const endsMs = monotonicMs() + this.goodbye.longestMs;
    const isBusy = (): boolean => monotonicMs() - this.lastRequestMs < this.goodbye.quietMs;
    const last = async (): Promise<void> => {
      while (isBusy() && monotonicMs() < endsMs) await sleep(LOOK_EVERY_MS);
    };
    await Promise.race([closed, last()]);
    server.close();
    unused.close();
    await closed;
  }

  private async listen(): Promise<void> {
    this.listening ??= Promise.all(this.servers.map(({ server, port }) => listen(server, port)));
    await this.listening;
  }

  private answerUnready(
    { reportsFaults }: HttpPort,
    { url }: IncomingMessage,
    response: ServerResponse,
  ): void {
    const headers = { 'content-type': 'application/json; charset=utf-8', connection: 'close' };
    if (url === '/healthz')
      return void response.writeHead(200, headers).end(JSON.stringify({ status: 'alive' }));
    const start = { start: { status: 'down', faults: [this.unreadyReason] } };
    const readiness = {
      status: 'error',
      ...(reportsFaults && { info: {}, error: start, details: start }),
    };
    if (url === '/readyz')
      return void response.writeHead(503, headers).end(JSON.stringify(readiness));
    const unavailable = failure('Service temporarily unavailable');
    response
      .writeHead(503, { ...headers, 'retry-after': RETRY_AFTER_SECONDS })
      .end(JSON.stringify(unavailable));
  }
}

/** `::` also takes IPv4, and is `0.0.0.0` on a machine without IPv6. */
async function listen(server: Server, { host, port }: HttpPort): Promise<void> {
  try {
    await listenAt(server, host, port);
  } catch (error) {
    if (host !== '::' || !WITHOUT_IPV6.has(codeOf(error))) throw error;
    await listenAt(server, '0.0.0.0', port);
  }
}

/** Errors of a kernel that has no IPv6, or no IPv6 address. */
const WITHOUT_IPV6: ReadonlySet<string> = new Set(['EAFNOSUPPORT', 'EADDRNOTAVAIL', 'EINVAL']);

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

async function listenAt(server: Server, host: string, port: number): Promise<void> {
  server.listen(port, host);
  await once(server, 'listening'); // rejects with an 'error' event
}

/** With a separate admin port, each controller answers at its own, and 404 at the other. */
@Injectable()
export class PortGuard implements CanActivate {
  constructor(
    @Inject(INTERNAL_PORT) private readonly internalPort: number | null,
    private readonly reflector: Reflector,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    if (this.internalPort === null || context.getType() !== 'http') return true;
    const port = this.reflector.get<Port | undefined>(SERVED_AT, context.getClass()) ?? 'public';
    const { socket } = context.switchToHttp().getRequest<FastifyRequest>();
    const isInternal = socket.localPort === this.internalPort;
    if (port === 'every' || isInternal === (port === 'internal')) return true;
    throw ApiError.notFound('Not found');
  }
}
