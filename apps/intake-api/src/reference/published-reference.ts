import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Injectable } from '@nestjs/common';
import type { OpenApi } from './open-api.js';
import { referencePage } from './page/page.js';
import { STYLE } from './page/style.js';

/** Nothing is loaded, run or sent: the page has its one style inside, let in by its hash. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** What was reviewed is what is served: the committed document, to the byte, and the page made of it. */
@Injectable()
export class PublishedReference {
  readonly document = readFileSync(new URL('./openapi.json', import.meta.url), 'utf8');
  readonly page = referencePage(JSON.parse(this.document) as OpenApi);
}
