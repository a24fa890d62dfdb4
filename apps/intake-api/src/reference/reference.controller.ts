import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Controller, Get, Header, Injectable, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { AddressGuard } from '../api-keys/source-address-limit.js';
import type { OpenApi } from './document/open-api.js';
import { referencePage } from './page/page.js';
import { STYLE } from './page/prose.js';

/** Forbids loading, running and sending any content; the page's inline style is allowed by hash. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * Serves the reviewed document: the committed file, byte for byte, and the page rendered from the
 * file.
 */
@Injectable()
export class PublishedReference {
  readonly document = readFileSync(new URL('./openapi.json', import.meta.url), 'utf8');
  readonly page = referencePage(JSON.parse(this.document) as OpenApi);
}

const FOR_FIVE_MINUTES = 'public, max-age=300';

/** Public reference, readable without a signature: the OpenAPI document and the HTML page. */
@ApiExcludeController()
@UseGuards(AddressGuard)
@Controller()
export class ReferenceController {
  constructor(private readonly reference: PublishedReference) {}

  @Get('openapi.json')
  @Header('content-type', 'application/json; charset=utf-8')
  @Header('cache-control', FOR_FIVE_MINUTES)
  @Header('x-content-type-options', 'nosniff')
  document(): string {
    return this.reference.document;
  }

  @Get('reference')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('cache-control', FOR_FIVE_MINUTES)
  @Header('x-content-type-options', 'nosniff')
  @Header('referrer-policy', 'no-referrer')
  @Header('content-security-policy', CONTENT_SECURITY_POLICY)
  page(): string {
    return this.reference.page;
  }
}
