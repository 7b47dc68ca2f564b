import type { MessageRecord } from '../threads/index.js';

/**
 * A message whose worker is gone. Its text was told only, not kept; an empty part stands for it, since programs read
 * `content[0].text` of whatever message they list.
 */
export function toIncomplete(
  message: MessageRecord,
  reason: 'run_failed' | 'run_cancelled' | 'run_expired',
  now: Date,
): MessageRecord {
  return {
    ...message,
    status: 'incomplete',
    incompleteReason: reason,
    incompleteAt: now,
    content: message.content.length > 0 ? message.content : [{ type: 'text', text: { value: '', annotations: [] } }],
  };
}
