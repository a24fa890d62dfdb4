import { gzipSync } from 'node:zlib';
import { percentiles } from '@sluice/stack';
import type { BrowserContext, Page } from 'playwright-core';
import type { Verdict } from '../soak/verdicts.js';
import type { LoggedIn } from './logged-in.js';

const TIMES = 9;
const [MOST_MS, MOST_GZIP_KB] = [1_500, 250];

/** Pages, each with its first usable content: data of the services, not a frame around them. */
const PAGES = [
  { path: '/', usable: '.glance:not(.message-quiet)' },
  { path: '/withdrawals', usable: 'tbody tr' },
] as const;

interface FirstRow {
  readonly path: string;
  /** Milliseconds from the navigation to the frame with the first usable content. */
  readonly cold_p50_ms: number;
  readonly cold_max_ms: number;
  readonly warm_p50_ms: number;
  readonly warm_max_ms: number;
  /** The document and its files, compressed by gzip. */
  readonly gzip_kb: number;
  /** Everything sent without a cache, with the answers of the services. */
  readonly sent_kb: number;
}

interface FirstReport {
  readonly pages: readonly FirstRow[];
  readonly verdicts: readonly Verdict[];
}

/** Opens the pages with a session, with an empty cache and again with a filled cache. */
export async function measureFirst(
  browser: LoggedIn,
  say: (line: string) => void,
): Promise<FirstReport> {
  const pages: FirstRow[] = [];
  for (const { path, usable } of PAGES) {
    const [cold, warm]: [number[], number[]] = [[], []];
    let weight = { gzip_kb: 0, sent_kb: 0 };
    for (let time = 0; time < TIMES; time += 1) {
      const context = await browser.freshContext();
      const page = await prepared(context, usable);
      cold.push(await usableAfter(page, browser.url + path));
      weight = await weightOf(page);
      await page.goto('about:blank');
      warm.push(await usableAfter(page, browser.url + path));
      await context.close();
    }
    const row = { path, ...rowOf('cold', cold), ...rowOf('warm', warm), ...weight } as FirstRow;
    pages.push(row);
    say(`first: ${JSON.stringify(row)}`);
  }
  return { pages, verdicts: pages.flatMap(verdictsOn) };
}

function rowOf(cache: string, sample: readonly number[]): Readonly<Record<string, number>> {
  return {
    [`${cache}_p50_ms`]: Math.round(percentiles(sample).p50),
    [`${cache}_max_ms`]: Math.round(Math.max(...sample)),
  };
}

function verdictsOn({ path, gzip_kb, ...row }: FirstRow): readonly Verdict[] {
  const slower = Math.max(row.cold_p50_ms, row.warm_p50_ms);
  return [
    {
      what: `first content of ${path}`,
      ok: slower < MOST_MS,
      says: `median ${row.cold_p50_ms} ms with an empty cache, ${row.warm_p50_ms} ms with a filled one, below ${MOST_MS}`,
    },
    {
      what: `bytes of ${path}`,
      ok: gzip_kb <= MOST_GZIP_KB,
      says: `${gzip_kb} kB gzip, at most ${MOST_GZIP_KB}`,
    },
  ];
}

/** A tab that notes the time of the first frame with the content, by the page's own clock. */
async function prepared(context: BrowserContext, usable: string): Promise<Page> {
  const page = await context.newPage();
  const content = `window.usableMs = new Promise((resolve) => {
    new MutationObserver((_, observer) => {
      if (document.querySelector(${JSON.stringify(usable)}) === null) return;
      observer.disconnect();
      requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
    }).observe(document, { childList: true, subtree: true, attributes: true });
  });`;
  await page.addInitScript({ content });
  return page;
}

async function usableAfter(page: Page, url: string): Promise<number> {
  await page.goto(url);
  return page.evaluate<number>('window.usableMs');
}

async function weightOf(page: Page): Promise<Pick<FirstRow, 'gzip_kb' | 'sent_kb'>> {
  const sent = await page.evaluate<readonly { name: string; transferSize: number }[]>(
    `[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
      .map(({ name, transferSize }) => ({ name, transferSize }))`,
  );
  const [document = '', ...others] = sent.map(({ name }) => name);
  const files = [
    document,
    ...others.filter((name) => new URL(name).pathname.startsWith('/assets/')),
  ];
  const sizes = await Promise.all([...new Set(files)].map(gzipSize));
  return {
    gzip_kb: kilobytes(sizes.reduce((sum, size) => sum + size, 0)),
    sent_kb: kilobytes(sent.reduce((sum, { transferSize }) => sum + transferSize, 0)),
  };
}

async function gzipSize(url: string): Promise<number> {
  const answer = await fetch(url, { headers: { accept: 'text/html' } });
  return gzipSync(Buffer.from(await answer.arrayBuffer())).length;
}

function kilobytes(bytes: number): number {
  return Number((bytes / 1_000).toFixed(1));
}
