import type { DocumentSection } from '../ports/document.js';

/** Finds the section of an offset. Cheap where offsets ascend, as chunks' do. */
export class SectionFinder {
  private at = 0;

  constructor(private readonly sections: readonly DocumentSection[]) {}

  find(offset: number): DocumentSection | undefined {
    while (this.at > 0 && (this.sections[this.at]?.start ?? 0) > offset) this.at -= 1;
    while (this.at < this.sections.length - 1 && (this.sections[this.at]?.end ?? Infinity) <= offset) this.at += 1;
    return this.sections[this.at];
  }
}
