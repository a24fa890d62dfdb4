import { useState, type ReactNode } from 'react';

const SHOWN_MS = 2_000;

/** Copies an exact text. */
export function CopyButton({
  text,
  what,
}: {
  readonly text: string;
  /** Name of the text, for example `address`. */
  readonly what: string;
}): ReactNode {
  const [result, setResult] = useState('');
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setResult('Copied');
    } catch {
      setResult('Not copied');
    }
    setTimeout(() => setResult(''), SHOWN_MS);
  };
  return (
    <button
      type="button"
      className="button button-small copy"
      aria-label={`Copy ${what}`}
      onClick={() => void copy()}
    >
      <span aria-live="polite">{result === '' ? 'Copy' : result}</span>
    </button>
  );
}
