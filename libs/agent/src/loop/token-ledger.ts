import type { TokenUsage } from '@libs/llm';
import { addUsage, NO_USAGE } from '../usage.js';

/** What an agent's calls of its model have used, whoever made them, and how much of it no step bears yet. */
export class TokenLedger {
  private whole: TokenUsage = NO_USAGE;
  private untold: TokenUsage = NO_USAGE;

  /** @param mostWritten tokens that all calls together may write; undefined: as many as they like */
  constructor(private readonly mostWritten?: number) {}

  add(usage: TokenUsage): void {
    this.whole = addUsage(this.whole, usage);
    this.untold = addUsage(this.untold, usage);
  }

  get spent(): Readonly<TokenUsage> {
    return this.whole;
  }

  /** What was spent since it was last taken, for a step to bear, or the end. */
  take(): TokenUsage {
    const usage = this.untold;
    this.untold = NO_USAGE;
    return usage;
  }

  /** What one call may write that may by itself write so much. */
  limitOf(own: number | undefined): number | undefined {
    if (this.mostWritten === undefined) return own;
    return Math.min(this.mostWritten - this.whole.completionTokens, own ?? Infinity);
  }
}
