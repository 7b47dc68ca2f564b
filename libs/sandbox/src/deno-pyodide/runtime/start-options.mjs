/** How every interpreter starts, that whose memory is kept and those that begin with it. */
export function startOptions(pyodide) {
  return { indexURL: `${pyodide.folder}/`, env: { HOME: '/tmp', MPLBACKEND: 'Agg' } };
}
