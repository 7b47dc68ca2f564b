/** All that code finds in its environment where it is a process of the system. */
export const KERNEL_ENVIRONMENT: Readonly<Record<string, string>> = {
  HOME: '/tmp',
  USER: 'sandbox',
  PATH: '/usr/local/bin:/usr/bin:/bin',
  LANG: 'C.UTF-8',
  MPLBACKEND: 'Agg',
  // Each thread of a numeric library counts as a process and reserves memory.
  OPENBLAS_NUM_THREADS: '1',
  OMP_NUM_THREADS: '1',
  PYTHONDONTWRITEBYTECODE: '1',
};
