import type { RequestListener } from 'node:http';
import { startTestServer, type TestServer } from './test-server.js';

/** A span in OTLP's JSON format, reduced to the fields used by tests. */
export interface CollectedSpan {
  readonly service: string;
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Empty or absent for the first span of a trace. */
  readonly parentSpanId?: string;
  readonly links?: readonly { readonly traceId: string }[];
}

interface ExportRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly Omit<CollectedSpan, 'service'>[] }[];
  }[];
}

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string };
}

/** An OTLP receiver on this machine. */
export class TraceCollector {
  readonly spans: CollectedSpan[] = [];
  /** Responds to collected requests; replaceable by tests. */
  answer: RequestListener = (_request, response) => void response.end('{}');

  private constructor(private readonly server: TestServer) {}

  static async start(): Promise<TraceCollector> {
    const server = await startTestServer((request, response, body) => {
      collector.spans.push(...spansOf(body));
      collector.answer(request, response);
    });
    const collector = new TraceCollector(server);
    return collector;
  }

  get endpoint(): string {
    return this.server.url;
  }

  of(traceId: string): readonly CollectedSpan[] {
    return this.spans.filter((span) => span.traceId === traceId);
  }

  stop(): Promise<void> {
    return this.server.stop();
  }
}

function spansOf(text: string): readonly CollectedSpan[] {
  const { resourceSpans } = JSON.parse(text) as ExportRequest;
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const named = resource.attributes.find(({ key }) => key === 'service.name');
    const service = named?.value.stringValue ?? '';
    return scopeSpans.flatMap(({ spans }) => spans.map((span) => ({ ...span, service })));
  });
}
