import type { ReactNode } from 'react';
import type { Tone } from '../format/states.js';

/** Message for the person. Results of a decision are announced to screen readers. */
export function Message({
  tone = 'quiet',
  isResult = false,
  children,
}: {
  readonly tone?: Tone;
  /** True for the result of an action. */
  readonly isResult?: boolean;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <div
      className={`message message-${tone}`}
      {...(isResult && { role: tone === 'bad' ? 'alert' : 'status' })}
    >
      {children}
    </div>
  );
}
