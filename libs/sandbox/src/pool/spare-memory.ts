/** What a machine must have left, so that kernels which only wait do not take it from those that work. */
const LEAST_SPARE_BYTES = 768 * 1024 * 1024;

/** Whether a kernel more may wait here. Counts what the process may still have, its own control group considered. */
export function hasSpareMemory(): boolean {
  return process.availableMemory() >= LEAST_SPARE_BYTES;
}
