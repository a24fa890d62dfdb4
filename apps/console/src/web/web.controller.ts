import { Controller, Get, Header, Headers, Inject, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '@sluice/http-api';
import { nonceOf } from './answer-headers.js';
import { WEB_FILES, type WebFiles } from './web-files.js';

const NO_PAGES = /^\/(api|auth|internal|assets|healthz|readyz|livez|metrics)(\/|$)/;

const TAKES_GZIP = /(^|,)\s*gzip\s*(;\s*q=(1|0\.0*[1-9])[^,]*)?(,|$)/i;

/** The page of the console, the same at every path, and its files. */
@ApiExcludeController()
@Controller()
export class WebController {
  constructor(@Inject(WEB_FILES) private readonly files: WebFiles) {}

  @Get('assets/*')
  @Header('cache-control', 'public, max-age=31536000, immutable')
  @Header('vary', 'accept-encoding')
  asset(
    @Param('*') name: string,
    @Headers('accept-encoding') encodings: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Buffer {
    const file = this.files.assets.get(name);
    if (!file) {
      void reply.header('cache-control', 'no-store');
      throw ApiError.notFound('Not found');
    }
    void reply.type(file.type);
    if (!TAKES_GZIP.test(encodings ?? '')) return file.bytes;
    void reply.header('content-encoding', 'gzip');
    return file.gzip;
  }

  @Get(['', '*'])
  page(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): string {
    const [path = ''] = request.url.split('?', 1);
    // the plain address answers every client with the page: with 404 the server would look like another one
    const isWanted = path === '/' || (request.headers.accept ?? '').includes('text/html');
    if (!isWanted || NO_PAGES.test(path)) throw ApiError.notFound('Not found');
    void reply.type('text/html; charset=utf-8');
    return this.files.index.replaceAll('__NONCE__', nonceOf(reply.raw));
  }
}
