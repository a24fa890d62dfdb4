import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Injectable } from '@nestjs/common';
import type { OpenApi } from './document/open-api.js';
import { referencePage } from './page/page.js';
import { STYLE } from './page/style.js';

/** Forbids loading, running and sending any content; the page's inline style is allowed by hash. */
export const CONTENT_SECURITY_POLICY = [
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
